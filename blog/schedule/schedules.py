"""Schedules: when a model's posts are promised, and the weeks in which none came.

Nothing is read here: rows are taken as values. Times are UTC. A schedule holds from its first day
until the next one's; one without a weekday ends it. A week is from one slot to the next.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from sqlmodel import Field, UniqueConstraint

from archive.log.entries import WholeAct

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEK = timedelta(days=7)


class Schedule(WholeAct, table=True):
    """What somebody decided about when posts of a model appear."""

    model: str = Field(foreign_key="model.slug", index=True)
    weekday: str | None  # one of WEEKDAYS; None: from then on nothing is promised
    time: str  # HH:MM, UTC
    since: str  # YYYY-MM-DD
    by: str  # a person's id; also for the releases that follow from it
    at: str


class Gap(WholeAct, table=True):
    """Why in one week no post came, in the operator's words."""

    __table_args__ = (UniqueConstraint("model", "slot"),)

    model: str = Field(foreign_key="model.slug", index=True)
    slot: str  # YYYY-MM-DD
    note: str
    by: str  # a person's id
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One slot with what became of it."""

    slot: datetime
    end: datetime
    posts: Sequence[str] = ()  # ids of those that were published in it
    gap: Gap | None = None


def weeks(
    schedules: Sequence[Schedule],
    gaps: Sequence[Gap],
    published: Sequence[tuple[datetime, str]],
    *,
    until: datetime,
) -> list[Week]:
    """Return every week whose slot has come, oldest first.

    Args:
        schedules: Of one model, in the order in which they were decided.
        gaps: Of the same model.
        published: When each of its posts was, and its id; the earliest first.
        until: The present.
    """
    gap_of = {gap.slot: gap for gap in gaps}
    times = [at for at, _ in published]
    return [
        Week(
            slot=slot,
            end=end,
            posts=[
                post for _, post in published[bisect_left(times, slot) : bisect_left(times, end)]
            ],
            gap=gap_of.get(f"{slot:%Y-%m-%d}"),
        )
        for slot, end in _slots(schedules, until)
    ]


def _slots(schedules: Sequence[Schedule], until: datetime) -> list[tuple[datetime, datetime]]:
    in_order = sorted(schedules, key=lambda row: (row.since, row.at, row.id))
    starts: list[datetime] = []
    for number, row in enumerate(in_order):
        later = in_order[number + 1 :]
        stop = _first_moment(later[0]) if later else until + WEEK
        slot = _first_slot(row)
        while slot is not None and slot < stop and slot <= until:
            starts.append(slot)
            slot += WEEK
    ends = [min(start + WEEK, later) for start, later in pairwise(starts)]
    return list(zip(starts, [*ends, *(start + WEEK for start in starts[-1:])], strict=True))


def _first_moment(row: Schedule) -> datetime:
    return datetime.combine(date.fromisoformat(row.since), time(), UTC)


def _first_slot(row: Schedule) -> datetime | None:
    if row.weekday is None:
        return None
    day = date.fromisoformat(row.since)
    day += timedelta(days=(WEEKDAYS.index(row.weekday) - day.weekday()) % 7)
    return datetime.combine(day, time.fromisoformat(row.time), UTC)


def in_force(schedules: Sequence[Schedule], at: datetime) -> Schedule | None:
    """Return the schedule that holds at a time; None: nothing is promised then."""
    begun = [row for row in schedules if _first_moment(row) <= at]
    last = max(begun, key=lambda row: (row.since, row.at, row.id), default=None)
    return last if last is not None and last.weekday is not None else None


def in_words(schedule: Schedule) -> str:
    """Return a schedule in words: "weekly, on Mondays at 09:00 UTC, from 2026-11-02 on"."""
    day = (schedule.weekday or "").capitalize()
    return f"weekly, on {day}s at {schedule.time} UTC, from {schedule.since} on"
