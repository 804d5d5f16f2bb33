"""Models: what they are, through which channels they answered, and what was seen of each.

Observations are added and never overwritten; the present state is derived from them, in
`archive.records.lifecycle`.
"""

from difflib import get_close_matches

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from archive.errors import InputError
from archive.identifiers import new_id
from archive.records.lifecycle import Statement
from archive.times import now, to_text

MOST_NAMED = 12  # models in an error message


class Model(SQLModel, table=True):
    """A language model on record; None: not recorded."""

    slug: str = Field(primary_key=True)
    id: str = Field(default_factory=new_id, unique=True)  # of its archival object
    name: str
    held: bool = True  # the operator keeps it, or speaks for it; False: only known from sources
    participant: str | None = None  # how it is reached: `anthropic:MODEL`, `embedded`, `gguf:PATH`
    aliases: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    maker: str | None = None
    family: str | None = None
    description: str | None = None  # what it is, in a sentence or two
    parameters: str | None = None  # as the maker states it: "135M"
    context_window: int | None = None  # tokens
    licence: str | None = None  # SPDX where there is one
    modalities: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    rights: str | None = None  # who holds which rights, and on what basis it is kept
    sources: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    registered_at: str = Field(default_factory=lambda: to_text(now()))


class Channel(SQLModel, table=True):
    """Where a model was offered: an API, a cloud platform, a download."""

    __table_args__ = (UniqueConstraint("model", "name"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    model: str = Field(foreign_key="model.slug")
    name: str


class Observation(SQLModel, table=True):
    """What a source said of a model's life, when we looked; a later one never replaces it."""

    id: str = Field(default_factory=new_id, primary_key=True)
    model: str = Field(foreign_key="model.slug", index=True)
    channel: str | None = Field(default=None, foreign_key="channel.id")  # None: everywhere
    event: str  # a lifecycle.Event
    date: str | None  # YYYY, YYYY-MM or YYYY-MM-DD; None: so when observed, since when unsaid
    not_before: bool = False  # the source says "on this date at the earliest"
    source: str  # a URL, a document, or who said so
    told_by: str | None = None  # who passed it on; None: read at the source itself
    observed_at: str = Field(default_factory=lambda: to_text(now()))


class Replacement(SQLModel, table=True):
    """What a source names as the replacement of a model: its successor, as that source says."""

    id: str = Field(default_factory=new_id, primary_key=True)
    model: str = Field(foreign_key="model.slug", index=True)
    name: str  # as the source writes it; it need not be on record
    source: str
    told_by: str | None = None  # as of an Observation
    observed_at: str = Field(default_factory=lambda: to_text(now()))


class Snapshot(SQLModel, table=True):
    """What a folder of a model's files held when it was looked at; nothing in it was digested."""

    id: str = Field(default_factory=new_id, primary_key=True)
    model: str = Field(foreign_key="model.slug", index=True)
    source: str  # the folder's name, with its revision if known
    files: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))  # bytes, by path in it
    weights: list[str] = Field(sa_column=Column(JSON, nullable=False))  # which of them are weights
    missing: list[str] = Field(sa_column=Column(JSON, nullable=False))  # what running it wants
    headers_refused: dict[str, str] | None = Field(  # by path, why; None: it was not noted then
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    observed_at: str = Field(default_factory=lambda: to_text(now()))


def load_model(session: Session, slug: str) -> Model:
    """Return the model on record.

    Raises:
        InputError: There is none with that slug.
    """
    model = session.get(Model, slug)
    if model is None:
        slugs = session.exec(select(Model.slug).order_by(Model.slug)).all()
        near = get_close_matches(slug, slugs, n=5) if len(slugs) > MOST_NAMED else slugs
        known = ", ".join(near) or ("none yet" if not slugs else f"{len(slugs)}, none like it")
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


def statements_of(session: Session, slug: str) -> list[Statement]:
    """Return what was observed of a model as values, each with the name of its channel."""
    names = {channel.id: channel.name for channel in channels_of(session, slug)}
    return [
        Statement(
            channel=None if row.channel is None else names[row.channel],
            **row.model_dump(exclude={"id", "model", "channel"}),
        )
        for row in observations_of(session, slug)
    ]


def participant_of(model: Model) -> str:
    """Return the address at which a model is reached.

    Raises:
        InputError: It is not on record.
    """
    if model.participant is None:
        raise InputError(
            "how it is reached is not recorded",
            at=model.slug,
            mend=f"Say it: emeritus model edit {model.slug} --participant anthropic:MODEL.",
        )
    return model.participant
