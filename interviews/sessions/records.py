"""Sessions and turns as they are kept.

A turn is never changed. Its content is canonical bytes, from which its columns are projected;
without content and salt (withheld, or deleted under authority) its link still holds.
"""

from enum import StrEnum

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel, col

from archive.errors import FaultError
from archive.identifiers import new_id
from interviews.campaigns import campaign  # noqa: F401  # the table that sessions refer to


class State(StrEnum):
    """How far a session is; whether somebody runs it now, its lock tells."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    COMPLETE = "complete"
    DECLINED = "declined"  # the participant ended it
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether nothing more will be asked."""
        return self in {State.COMPLETE, State.DECLINED, State.FAILED}


class Validity(StrEnum):
    """Whether a session's answers may be counted."""

    USABLE = "usable"
    EXCLUDED = "excluded"


_LISTED = ("started_at", "id", "campaign", "protocol", "state", "validity", "pilot")
"""What lists are ordered and filtered by, but for the condition: a header is large, so that to
read through whole rows is slow."""


class InterviewSession(SQLModel, table=True):
    """One interview."""

    __tablename__ = "session"
    __table_args__ = (
        UniqueConstraint("campaign", "slot", "again"),
        UniqueConstraint("model", "source"),
        Index("ix_session_listing", *_LISTED),
        Index("ix_session_listing_of_model", "model", *_LISTED),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    model: str = Field(foreign_key="model.slug", index=True)
    protocol: str | None = Field(foreign_key="protocol_version.digest")  # None: it was imported
    condition: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    replicate: int  # from 1, within the condition
    header: bytes  # canonical bytes: protocol, condition, participant, prompts, software
    header_digest: str  # sha256 of the header: the first turn's `previous`
    state: str = State.RUNNING
    reason: str | None = None  # why it stopped where it did, in words
    validity: str = Validity.USABLE
    exclusion_rule: str | None = None
    started_at: str
    ended_at: str | None = None
    pilot: bool = False  # held to try a protocol out
    campaign: str | None = Field(default=None, foreign_key="campaign.slug")
    slot: int | None = None  # of the campaign's plan, from 0
    again: int | None = None  # how often the slot was begun before
    branch_of: str | None = Field(default=None, index=True)  # a session's id: this replays it
    checks: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """The sessions that this member check is about; None: it is none."""
    origin: dict[str, str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """Where it was imported from; None: it was recorded here."""
    source: str | None = None  # the key of its origin: an import twice adds nothing


class Turn(SQLModel, table=True):
    """One utterance."""

    session: str = Field(foreign_key="session.id", primary_key=True)
    index: int = Field(primary_key=True)  # from 0
    speaker: str  # interviewer, participant; in an import also system, tool
    at: str  # RFC 3339
    content: bytes | None  # canonical bytes; None: withheld or deleted
    salt: bytes | None  # 16 random bytes; goes with the content
    content_digest: str  # sha256(salt ‖ content), hex
    previous: str  # the link before it
    link: str = Field(unique=True)


class Probe(SQLModel, table=True):
    """A probe that an interviewing model wrote, sent or not, and what its check found."""

    session: str = Field(foreign_key="session.id", primary_key=True)
    position: int = Field(primary_key=True)  # the index of the turn that it was to be
    number: int = Field(primary_key=True)  # from 1, at this position
    question: str  # the core question that it follows up
    kind: str | None  # what it asks for, as its writer named it
    text: str | None  # None: it was deleted
    faults: list[dict[str, str]] = Field(sa_column=Column(JSON, nullable=False))
    judged: str | None  # what a judge said of it; None: none was asked
    sent: bool
    raw_digest: str | None  # sha256 of the response that brought it; None: it was deleted
    at: str  # RFC 3339


def is_interview(row: InterviewSession) -> bool:
    """Return whether a session is an interview: no replay of a question of one, no member check."""
    return row.branch_of is None and row.checks is None


def words_held_of(row: InterviewSession, parent: InterviewSession | None) -> set[str]:
    """Return the sessions whose words a session may hold beside its own.

    Args:
        row: The session.
        parent: The one that it replays; None: it replays none, or that one is not here any more.
    """
    of_parent = () if parent is None else parent.checks or ()
    replayed = () if row.branch_of is None else (row.branch_of,)
    return {*replayed, *(row.checks or ()), *of_parent}


INTERVIEWS_ONLY = (
    col(InterviewSession.branch_of).is_(None),
    col(InterviewSession.checks).is_(None),
)
"""What `is_interview` says, as the conditions of a query."""


def state_of(row: InterviewSession) -> State:
    """Return the state that a session is on record with.

    Raises:
        FaultError: It is none that a session can be in.
    """
    return state_named(row.state, session=row.id)


def state_named(name: str, *, session: str) -> State:
    """Return the state of that name, as it stands on record of a session.

    Raises:
        FaultError: There is none.
    """
    try:
        return State(name)
    except ValueError as error:
        raise FaultError(
            f"{name!r} is no state that a session can be in",
            at=f"session {session}",
            mend="Somebody changed the record: bring the database back from a backup.",
        ) from error
