"""Deciding when posts of a model appear, and saying why in one week none did. Both are logged."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from archive.errors import FaultError, InputError
from archive.log import entries
from archive.records.models import load_model
from archive.times import now, to_text
from archive.workspace.people import Person
from archive.workspace.workspace import Workspace
from blog.posts.posts import Post, Publication
from blog.schedule.schedules import Gap, Schedule, Week, weeks

_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is promised from a day on."""

    weekday: str | None  # one of WEEKDAYS; None: nothing
    time: str  # HH:MM, UTC
    since: str  # YYYY-MM-DD


def set_schedule(workspace: Workspace, model: str, wish: Wish, *, by: Person) -> Schedule:
    """Promise posts of a model from a day on, or end the promise.

    Raises:
        InputError: There is no such model, or a time or a day is none.
    """
    if not _TIME.fullmatch(wish.time):
        raise InputError(f"not a time: {wish.time!r}", at="--at", mend="Write it as 09:00, in UTC.")
    row = Schedule(
        model=model,
        weekday=wish.weekday,
        time=wish.time,
        since=_day(wish.since, at="--from").isoformat(),
        by=by.id,
        at=to_text(now()),
    )
    with workspace.deciding() as session:
        load_model(session, model)
        entries.record(session, "schedule", row)
    return row


def note_gap(workspace: Workspace, model: str, week: str, note: str, *, by: Person) -> Gap:
    """Say why no post came in the week of a day, or will come.

    Raises:
        InputError: There is no such model, the day is none, or the note is empty.
        FaultError: No slot is in that week, a post came in it, or a note stands there already.
    """
    day = _day(week, at="--week")
    if not note.strip():
        raise InputError("empty", at="--note", mend="Say in a sentence why no post came.")
    with workspace.deciding() as session:
        load_model(session, model)
        found = _week_of(weeks_of(session, model, until=_end_of(day)), day)
        if found is None:
            raise FaultError(
                f"no post is promised in the week of {day}",
                at=f"model {model}",
                mend=f"See `emeritus post schedule {model} --show`.",
            )
        if found.posts or found.gap is not None:
            raise FaultError(
                "a post came in it" if found.posts else "it has a note already",
                at=f"the week of {found.slot:%Y-%m-%d}",
                mend="Nothing was recorded.",
            )
        row = Gap(
            model=model,
            slot=f"{found.slot:%Y-%m-%d}",
            note=note,
            by=by.id,
            at=to_text(now()),
        )
        entries.record(session, "gap", row)
    return row


def weeks_of(session: Session, model: str, *, until: datetime) -> list[Week]:
    """Return every week of a model's schedule whose slot has come, oldest first."""
    rows = select(Publication.at, Publication.post).join(Post).where(Post.model == model)
    published = sorted((datetime.fromisoformat(at), post) for at, post in session.exec(rows))
    return weeks(schedules_of(session, model), gaps_of(session, model), published, until=until)


def schedules_of(session: Session, model: str) -> list[Schedule]:
    """Return what was decided about when posts of a model appear, in order."""
    rows = select(Schedule).where(Schedule.model == model)
    return list(session.exec(rows.order_by(col(Schedule.at), col(Schedule.id))))


def gaps_of(session: Session, model: str) -> list[Gap]:
    """Return the notes on weeks without a post, by week."""
    return list(session.exec(select(Gap).where(Gap.model == model).order_by(col(Gap.slot))))


def _week_of(found: list[Week], day: date) -> Week | None:
    """Return the week in which a day is: a slot's own day is in the week that begins with it."""
    return next((one for one in found if one.slot.date() <= day < one.end.date()), None)


def _end_of(day: date) -> datetime:
    return datetime.fromisoformat(f"{day}T23:59:59+00:00")


def _day(text: str, *, at: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"not a day: {text!r}", at=at, mend="Write it as 2026-11-23.") from error
