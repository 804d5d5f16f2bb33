"""Times: UTC, written as RFC 3339 with microseconds and a Z."""

from datetime import UTC, date, datetime

from archive.errors import InputError


def now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


def to_text(time: datetime) -> str:
    """Return `time` as RFC 3339 in UTC: `2026-11-23T15:32:58.000000Z`."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_text(text: str, *, at: str) -> datetime:
    """Return the time that RFC 3339 `text` names; a date alone is its midnight in UTC.

    Raises:
        InputError: `text` is no time; `at` says where it stood.
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"not a time: {text!r}",
            at=at,
            mend="Write it as 2026-11-23 or 2026-11-23T15:00:00Z.",
        ) from error
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def long_date(day: date) -> str:
    """Return a date as prose has it: 23 November 2026."""
    return f"{day.day} {day:%B} {day.year}"
