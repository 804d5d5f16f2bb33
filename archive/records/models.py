"""Models: what they are, through which channels they answered, and what was seen of each.

Observations are added and never overwritten; the present state is derived from them.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from archive.errors import InputError
from archive.identifiers import new_id
from archive.times import now, to_text


class Model(SQLModel, table=True):
    """A language model on record; None: not recorded."""

    slug: str = Field(primary_key=True)
    id: str = Field(default_factory=new_id, unique=True)  # of its archival object
    name: str
    participant: str  # how it is reached: `anthropic:MODEL`, `embedded`, `gguf:PATH`
    maker: str | None = None
    family: str | None = None
    description: str | None = None  # what it is, in a sentence or two
    parameters: str | None = None  # as the maker states it: "135M"
    context_window: int | None = None  # tokens
    licence: str | None = None  # SPDX where there is one
    registered_at: str = Field(default_factory=lambda: to_text(now()))


class Channel(SQLModel, table=True):
    """Where a model was offered: an API, a cloud platform, a download."""

    __table_args__ = (UniqueConstraint("model", "name"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    model: str = Field(foreign_key="model.slug")
    name: str


class Event(StrEnum):
    """What can be observed of a model on a channel."""

    ANNOUNCED = "announced"
    RELEASED = "released"
    LEGACY = "legacy"
    DEPRECATED = "deprecated"
    RETIRED = "retired"  # no longer offered
    LAST_ANSWER = "last answer"  # the last time that it was seen to answer


class Observation(SQLModel, table=True):
    """What a source said of a model's life, when we looked; a later one never replaces it."""

    id: str = Field(default_factory=new_id, primary_key=True)
    model: str = Field(foreign_key="model.slug", index=True)
    channel: str | None = Field(default=None, foreign_key="channel.id")  # None: everywhere
    event: str  # an Event
    date: str  # YYYY, YYYY-MM or YYYY-MM-DD: its precision is its length
    source: str  # a URL, a document, or who said so
    observed_at: str = Field(default_factory=lambda: to_text(now()))


def check_date(text: str, *, at: str) -> str:
    """Return `text` if it is a date to the year, the month or the day.

    Raises:
        InputError: It is not.
    """
    padded = {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text)
    try:
        date.fromisoformat(padded)
    except ValueError as error:
        raise InputError(
            f"not a date: {text!r}", at=at, mend="Write 2026, 2026-11 or 2026-11-23."
        ) from error
    return text


def last_day(text: str) -> date:
    """Return the last day that a date of any precision can mean."""
    if len(text) == 4:
        return date(int(text), 12, 31)
    if len(text) == 7:
        year, month = int(text[:4]), int(text[5:])
        following = date(year + month // 12, month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)
    return date.fromisoformat(text)


def latest(observations: Iterable[Observation]) -> dict[tuple[str | None, str], Observation]:
    """Return the observation made last for each channel and event."""
    by_time = sorted(observations, key=lambda observation: observation.observed_at)
    return {(observation.channel, observation.event): observation for observation in by_time}


def load_model(session: Session, slug: str) -> Model:
    """Return the model on record.

    Raises:
        InputError: There is none with that slug.
    """
    model = session.get(Model, slug)
    if model is None:
        known = ", ".join(session.exec(select(Model.slug).order_by(Model.slug))) or "none yet"
        raise InputError(
            "no such model",
            at=slug,
            mend=f"Register it with `emeritus model add {slug}`. On record: {known}.",
        )
    return model


def observations_of(session: Session, slug: str) -> list[Observation]:
    """Return what was observed of a model, in the order in which it was written down."""
    rows = select(Observation).where(Observation.model == slug)
    return list(session.exec(rows.order_by(col(Observation.observed_at), col(Observation.id))))


def channels_of(session: Session, slug: str) -> list[Channel]:
    """Return a model's channels by name."""
    return list(session.exec(select(Channel).where(Channel.model == slug).order_by(Channel.name)))
