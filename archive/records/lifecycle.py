"""A model's life on each channel, derived from what sources said of it; none is preferred.

Pure. A voice is a source as one reader passed it on. Where voices disagree all are shown, each
with its source. A retirement that was only scheduled when it was read is said to be so, and one
that a source dates "not before" is none.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

from archive.errors import InputError

LAG_DAYS = 30  # between two readings: the older one may not know what the newer one does

# the standard library reads weeks and days without hyphens besides
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")

CONFLICT = "sources conflict"
NOT_DETERMINABLE = "not determinable"


class Event(StrEnum):
    """What can be observed of a model on a channel, in the order of its life."""

    ANNOUNCED = "announced"
    RELEASED = "released"
    LISTED = "listed"  # it stood in the list of what the channel has; no more was said
    ACTIVE = "active"
    LEGACY = "legacy"
    DEPRECATED = "deprecated"  # its end was announced
    EXTENDED_ACCESS = "extended access"
    RETIRED = "retired"  # no longer offered
    LAST_ANSWER = "last answer"  # the last time that it was seen to answer


_ORDER: Sequence[str] = [event.value for event in Event]

WEAK = frozenset({Event.ANNOUNCED, Event.RELEASED, Event.LISTED})
"""What an end that was announced does not contradict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a source said of a model's life, when we looked."""

    channel: str | None  # its name; None: everywhere
    event: str  # an Event
    date: str | None  # YYYY, YYYY-MM or YYYY-MM-DD; None: so when it was read, since when unsaid
    source: str  # a URL, a document, or who said so
    observed_at: str  # RFC 3339
    not_before: bool = False  # the source says "on this date at the earliest"
    told_by: str | None = None  # who passed it on; None: read at the source itself

    @property
    def voice(self) -> tuple[str, str | None]:
        """Whose word it is."""
        return self.source, self.told_by

    @property
    def who(self) -> str:
        """Whose word it is, in words."""
        return self.source if self.told_by is None else f"{self.source} as {self.told_by} has it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one voice says of the present state."""

    source: str
    told_by: str | None
    state: str  # an Event
    since: str | None  # a date; None: the voice does not say
    basis: (
        str  # "seen": so when it was read; "dated": past when it was read; "scheduled": it was not
    )
    observed_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The notice that one voice's dates come to."""

    source: str
    told_by: str | None
    days: int
    at_least: bool  # the retirement is dated "not before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """How long before the end it was announced; internal: no page shows it."""

    days: int | None  # None: not determinable
    at_least: bool
    why: str | None  # why it is not determinable
    by_source: Sequence[Period]


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A model's life on one channel."""

    channel: str | None  # None: everywhere
    state: str  # an Event, CONFLICT or NOT_DETERMINABLE
    says: Sequence[Said]
    dates: Sequence[Statement]  # what each voice last said of each event that it dates
    conflicts: Sequence[str]
    flags: Sequence[str]  # what a source says and cannot be so
    notice: Notice


def check_date(text: str, *, at: str) -> str:
    """Return `text` if it is a date to the year, the month or the day.

    Raises:
        InputError: It is not.
    """
    try:
        first_day(text if _DATE.fullmatch(text) else "")
    except ValueError as error:
        raise InputError(
            f"not a date: {text!r}", at=at, mend="Write 2026, 2026-11 or 2026-11-23."
        ) from error
    return text


def first_day(text: str) -> date:
    """Return the first day that a date of any precision can mean."""
    return date.fromisoformat({4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text))


def last_day(text: str) -> date:
    """Return the last day that a date of any precision can mean."""
    if len(text) == 4:
        return date(int(text), 12, 31)
    if len(text) == 7:
        year, month = int(text[:4]), int(text[5:])
        following = date(year + month // 12, month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)
    return date.fromisoformat(text)


def lives(statements: Iterable[Statement], as_of: date) -> list[Life]:
    """Return a model's life on each channel by name, as it stands on the day `as_of`.

    What was said of all channels counts on each.
    """
    by_channel: dict[str | None, list[Statement]] = defaultdict(list)
    for one in statements:
        by_channel[one.channel].append(one)
    everywhere = by_channel.get(None, [])
    return [
        _life(name, rows if name is None else [*rows, *everywhere], as_of)
        for name, rows in sorted(by_channel.items(), key=lambda item: item[0] or "")
    ]


def in_force(statements: Iterable[Statement]) -> list[Statement]:
    """Return what each voice last said of each event that it dates, and of the state it saw.

    A voice that said two things in one reading contradicts itself: both stay.
    """
    last: dict[tuple[object, ...], list[Statement]] = {}
    for one in sorted(statements, key=lambda one: one.observed_at):
        subject = None if one.date is None else one.event
        line = (one.channel, one.voice, subject)
        before = last.get(line)
        if before and before[-1].observed_at == one.observed_at:
            before.append(one)
        else:
            last[line] = [one]
    return [one for rows in last.values() for one in rows]


def adds(statement: Statement, known: Iterable[Statement]) -> bool:
    """Whether `statement` says more than `known`, which is on record of the same model.

    It does if its voice has changed a date, or saw a state on another day.
    """
    same = [
        one
        for one in known
        if (one.channel, one.voice) == (statement.channel, statement.voice)
        and (one.date is None) == (statement.date is None)
        and (one.event == statement.event or statement.date is None)
    ]
    if any(_content(one) == _content(statement) and _same_day(one, statement) for one in same):
        return False
    before = [one for one in same if one.observed_at <= statement.observed_at]
    last = max(before, key=lambda one: one.observed_at, default=None)
    if last is None or statement.date is None:
        return True
    return _content(last) != _content(statement)


def _content(one: Statement) -> tuple[str, str | None, bool]:
    return one.event, one.date, one.not_before


def _same_day(one: Statement, other: Statement) -> bool:
    return one.observed_at[:10] == other.observed_at[:10]


def _life(name: str | None, statements: Sequence[Statement], as_of: date) -> Life:
    current = in_force(statements)
    dates = sorted(
        (one for one in current if one.date is not None),
        key=lambda one: (one.date or "", one.event, one.source, one.told_by or ""),
    )
    voices: dict[tuple[str, str | None], list[Statement]] = defaultdict(list)
    for one in current:
        voices[one.voice].append(one)
    said = [found for rows in voices.values() if (found := _said(rows, as_of)) is not None]
    conflicts = _conflicts(dates)
    flags = [_flag(rows) for rows in voices.values() if (_days(rows) or 0) < 0]
    return Life(
        channel=name,
        state=_state(said),
        says=said,
        dates=dates,
        conflicts=[words for _, words in conflicts],
        flags=flags,
        notice=_notice(voices.values(), conflicts, flags),
    )


def _said(voice: Sequence[Statement], as_of: date) -> Said | None:
    """Return the state that a voice's statements come to, if they come to one by `as_of`."""
    reached = sorted(
        (
            (day, _ORDER.index(one.event), one)
            for one in voice
            if one.event != Event.LAST_ANSWER
            and not one.not_before
            and (day := _effective(one)) <= as_of
        ),
        key=lambda found: found[:2],
    )
    if not reached:
        return None
    chosen = reached[-1][2]
    if chosen.event in WEAK:  # what is on its way out is still in the list
        leaving = [one for *_, one in reached if one.event not in WEAK | {Event.RETIRED}]
        chosen = leaving[-1] if leaving else chosen
    elif chosen.event == Event.DEPRECATED and chosen.date is not None:
        # to be announced after it has come does not undo an end
        ends = [one for *_, one in reached if one.event == Event.RETIRED and _holds(one, chosen)]
        chosen = ends[-1] if ends else chosen
    return Said(
        source=chosen.source,
        told_by=chosen.told_by,
        state=chosen.event,
        since=chosen.date,
        basis=_basis(chosen),
        observed_at=chosen.observed_at,
    )


def _holds(retired: Statement, announced: Statement) -> bool:
    """Whether an end that a voice dates before its announcement is more than a plan given up."""
    return _basis(retired) == "dated" or retired.observed_at >= announced.observed_at


def _effective(one: Statement) -> date:
    return last_day(one.observed_at[:10] if one.date is None else one.date)


def _basis(one: Statement) -> str:
    if one.date is None:
        return "seen"
    return "dated" if _effective(one) <= date.fromisoformat(one.observed_at[:10]) else "scheduled"


def _state(said: Sequence[Said]) -> str:
    states = {one.state for one in said}
    strong = states - WEAK
    if strong and (strong != {Event.RETIRED} or Event.LISTED not in states):
        states = strong
    if len(states) == 1:
        return states.pop()
    if states and states <= WEAK:
        return max(states, key=_ORDER.index)
    return CONFLICT if states else NOT_DETERMINABLE


def _conflicts(dates: Sequence[Statement]) -> list[tuple[str, str]]:
    """Return what sources disagree on: the event, and in words who says what."""
    found = []
    for event in Event:
        rows = [one for one in dates if one.event == event]
        if all(_agree(one, other) for one, other in combinations(rows, 2)):
            continue
        said = "; ".join(
            f"{'not before ' if one.not_before else ''}{one.date}, says {one.who}"
            f" (read {one.observed_at[:10]})"
            for one in rows
        )
        found.append((event.value, f"{event}: {said}"))
    return found


def _agree(one: Statement, other: Statement) -> bool:
    """Whether two dates of one event can both be so: one may be less precise, or a bound."""
    if one.date is None or other.date is None:
        return True
    if one.not_before != other.not_before:
        bound, exact = (one.date, other.date) if one.not_before else (other.date, one.date)
        return first_day(bound) <= last_day(exact)
    return one.date.startswith(other.date) or other.date.startswith(one.date)


def _end(voice: Sequence[Statement]) -> tuple[Statement, Statement] | None:
    """Return a voice's deprecation and retirement, if it dates each once and to the day."""
    ends = [
        [one for one in voice if one.event == event and one.date is not None]
        for event in (Event.DEPRECATED, Event.RETIRED)
    ]
    if any(len(rows) != 1 or len(rows[0].date or "") != 10 for rows in ends):
        return None
    return ends[0][0], ends[1][0]


def _days(voice: Sequence[Statement]) -> int | None:
    found = _end(voice)
    if found is None:
        return None
    deprecated, retired = (last_day(one.date or "") for one in found)
    return (retired - deprecated).days


def _flag(voice: Sequence[Statement]) -> str:
    ends = _end(voice)
    if ends is None:
        raise ValueError("a voice without both dates has nothing to flag")
    deprecated, retired = ends
    return f"retired {retired.date}, before its end was announced {deprecated.date}, says {retired.who}"


def _notice(
    voices: Iterable[Sequence[Statement]],
    conflicts: Sequence[tuple[str, str]],
    flags: Sequence[str],
) -> Notice:
    periods = [
        Period(source=end[1].source, told_by=end[1].told_by, days=days, at_least=end[1].not_before)
        for rows in voices
        if (end := _end(rows)) is not None and (days := _days(rows)) is not None and days >= 0
    ]
    why = _why_not(voices, dict(conflicts), flags, periods)
    return Notice(
        days=periods[0].days if why is None else None,
        at_least=why is None and periods[0].at_least,
        why=why,
        by_source=periods,
    )


def _why_not(
    voices: Iterable[Sequence[Statement]],
    conflicts: Mapping[str, str],
    flags: Sequence[str],
    periods: Sequence[Period],
) -> str | None:
    """Return why no notice period can be said; None: it can."""
    ends = [event.value for event in (Event.DEPRECATED, Event.RETIRED) if event in conflicts]
    if ends:
        read = sorted(
            one.observed_at[:10]
            for rows in voices
            for one in rows
            if one.date is not None and one.event in ends
        )
        lag = (date.fromisoformat(read[-1]) - date.fromisoformat(read[0])).days
        kind = f"a source lags by {lag} days" if lag > LAG_DAYS else CONFLICT
        return f"{kind}, on when it was {' and '.join(ends)}"
    if flags:
        return flags[0]
    if not periods:
        return "no source dates both the announcement of its end and the end, to the day"
    if len({(one.days, one.at_least) for one in periods}) > 1:
        return "sources give different periods"
    return None
