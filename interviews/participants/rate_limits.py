"""What the headers of a response say of rate limits; what cannot be is doubted, not believed.

Pure. Times are durations from when the head of the response came: the provider's clock is
compared with itself where it and ours disagree.

Source: the Messages API's page on rate limits (limit, remaining, and a reset as RFC 3339);
OpenAI's (limit, remaining, and a reset as a duration: 1s, 6m0s, 20ms).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from interviews.participants.failures import LONGEST_RETRY_AFTER, seconds_of

KINDS = ("requests", "tokens", "input-tokens", "output-tokens")

LARGEST_LIMIT = 10**12

CLOCKS_AGREE = timedelta(minutes=1)
"""So far a provider's clock and ours may differ, and ours is still the finer one."""

ROUNDING = 5.0
"""Seconds by which a reset may lie in the past and mean: now."""

_DURATION = re.compile(
    r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9}(?:\.\d{1,9})?)s)?"
    r"(?:(\d{1,9}(?:\.\d{1,9})?)ms)?"
)
_UNITS = (86400.0, 3600.0, 60.0, 1.0, 0.001)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is left of one limit."""

    kind: str  # one of KINDS
    limit: int
    remaining: int
    full_after: float  # seconds, from the head of the response


class _DoubtError(Exception):
    """A header says what cannot be."""


def readings_of(headers: Mapping[str, str], *, at: datetime) -> tuple[list[Reading], list[str]]:
    """Return what is left of each limit that is told of, and what is not believed.

    Args:
        headers: Their names in lower case.
        at: When the head of the response came, by our clock.
    """
    readings, doubts = [], []
    told_at = provider_time(headers, at)
    for kind in KINDS:
        texts = _anthropic(headers, kind) or _openai(headers, kind)
        if texts is None:
            continue
        try:
            readings.append(_reading(kind, texts, told_at))
        except _DoubtError as doubt:
            doubts.append(f"rate limit of {kind}: {doubt}")
    if (asked := headers.get("retry-after")) is not None and seconds_of(asked, at=told_at) is None:
        doubts.append(f"retry-after: {asked!r}")
    return readings, doubts


def provider_time(headers: Mapping[str, str], at: datetime) -> datetime:
    """Return `at`, or the response's own date where that is another time altogether."""
    try:
        date = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError):
        return at
    date = date.replace(tzinfo=UTC) if date.tzinfo is None else date
    return at if abs(date - at) <= CLOCKS_AGREE else date


def _anthropic(headers: Mapping[str, str], kind: str) -> tuple[str, str, str] | None:
    return _three(headers, f"anthropic-ratelimit-{kind}-{{}}")


def _openai(headers: Mapping[str, str], kind: str) -> tuple[str, str, str] | None:
    return _three(headers, f"x-ratelimit-{{}}-{kind}")


def _three(headers: Mapping[str, str], name: str) -> tuple[str, str, str] | None:
    """Return limit, remaining and reset; None unless all three came."""
    limit, remaining, reset = (
        headers.get(name.format(part)) for part in ("limit", "remaining", "reset")
    )
    if limit is None or remaining is None or reset is None:
        return None
    return limit, remaining, reset


def _reading(kind: str, texts: tuple[str, str, str], at: datetime) -> Reading:
    limit, remaining = _count(texts[0]), _count(texts[1])
    if limit == 0:
        raise _DoubtError("a limit of 0")
    if remaining > limit:
        raise _DoubtError(f"{remaining} remaining of {limit}")
    return Reading(kind=kind, limit=limit, remaining=remaining, full_after=_seconds(texts[2], at))


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18) or int(text) > LARGEST_LIMIT:
        raise _DoubtError(f"{text!r} is no count")
    return int(text)


def _seconds(text: str, at: datetime) -> float:
    match = _DURATION.fullmatch(text)
    if match and text:
        parts = zip(match.groups(), _UNITS, strict=True)
        seconds = sum(float(part) * unit for part, unit in parts if part is not None)
    else:
        seconds = _until(text, at)
    if seconds < -ROUNDING:
        raise _DoubtError(f"a reset in the past: {text!r}")
    if not seconds <= LONGEST_RETRY_AFTER:
        raise _DoubtError(f"a reset after more than a day: {text!r}")
    return max(0.0, seconds)


def _until(text: str, at: datetime) -> float:
    try:
        return float(text)
    except ValueError:
        pass
    try:
        then = datetime.fromisoformat(text)
        then = then.replace(tzinfo=UTC) if then.tzinfo is None else then
        return (then - at).total_seconds()
    except (ValueError, OverflowError):
        raise _DoubtError(f"{text!r} is no time") from None
