"""Which sessions there are: those that somebody asks for, found by the database.

The filters and the page are one statement, however many sessions there are; indexes hold all that is
filtered by but the condition (`InterviewSession.__table_args__`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlmodel import Session, SQLModel, col

from archive.errors import InputError
from archive.records.models import load_model
from archive.store.deletions import Deletion, deleted
from archive.workspace.locks import has_runner
from archive.workspace.workspace import Workspace
from interviews.campaigns.campaign import load_campaign
from interviews.protocols.versions import ProtocolVersion
from interviews.sessions.records import InterviewSession, State, Turn, state_named

DIGEST = 64
"""Characters of a digest in hex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which sessions somebody asks for; None: whichever."""

    model: str | None = None  # slug
    campaign: str | None = None  # its name
    protocol: str | None = None  # slug, or a version's digest
    state: State | None = None
    validity: str | None = None
    pilot: bool | None = None
    since: str | None = None  # RFC 3339: begun then or later
    condition: Mapping[str, str] = field(
        default_factory=dict
    )  # stance, information, language, character
    most: int | None = None  # the newest


def summaries(workspace: Workspace, wanted: Wanted | None = None) -> list[dict[str, Any]]:
    """Return a line's worth of each session that is wanted, the oldest first.

    Raises:
        InputError: There is no such model, campaign or protocol.
    """
    wanted = Wanted() if wanted is None else wanted
    with workspace.database.reading() as session:
        gone = deleted(session)
        found = list(islice(_rows(workspace, session, wanted), wanted.most))
        return [
            _summary(row, state, gone.get(("session", row.id))) for row, state in reversed(found)
        ]


def deletion_document(gone: Deletion | None) -> dict[str, str] | None:
    """Return how a session was deleted; None: it was not."""
    return None if gone is None else {"at": gone.at, "basis": gone.basis, "words": gone.words}


def _rows(
    workspace: Workspace, session: Session, wanted: Wanted
) -> Iterator[tuple[Row[Any], State]]:
    """Yield the rows that are wanted with their states, the newest first."""
    for row in session.connection().execute(_statement(session, wanted)):
        state = state_named(row.state, session=row.id)
        if state is State.RUNNING and not has_runner(workspace.lock(row.id)):
            state = State.INTERRUPTED
        if wanted.state in {None, state}:
            yield row, state


def _statement(session: Session, wanted: Wanted) -> Select[Any]:
    length = (
        select(func.count())
        .select_from(Turn)
        .where(col(Turn.session) == col(InterviewSession.id))
        .scalar_subquery()
        .label("length")
    )
    table = SQLModel.metadata.tables[str(InterviewSession.__tablename__)].c
    names = ("id", "model", "condition", "replicate", "validity", "started_at", "ended_at")
    later = ("origin", "branch_of", "checks", "state", "exclusion_rule", "pilot", "campaign")
    rows = (
        select(*(table[name] for name in (*names, *later)), length)
        .where(*_conditions(session, wanted))
        .order_by(table.started_at.desc(), table.id.desc())
    )
    unsettled = wanted.state in {State.RUNNING, State.INTERRUPTED}  # a lock tells which
    return rows if wanted.most is None or unsettled else rows.limit(wanted.most)


def _conditions(session: Session, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """Yield what a session must be.

    Raises:
        InputError: There is no such model, campaign or protocol.
    """
    if wanted.model is not None:
        load_model(session, wanted.model)
        yield col(InterviewSession.model) == wanted.model
    if wanted.campaign is not None:
        load_campaign(session, wanted.campaign)
        yield col(InterviewSession.campaign) == wanted.campaign
    if wanted.protocol is not None:
        yield col(InterviewSession.protocol).in_(_versions(session, wanted.protocol))
    if wanted.state is not None:
        yield col(InterviewSession.state).in_(_recorded_as(wanted.state))
    if wanted.validity is not None:
        yield col(InterviewSession.validity) == wanted.validity
    if wanted.pilot is not None:
        yield col(InterviewSession.pilot).is_(wanted.pilot)
    if wanted.since is not None:
        yield col(InterviewSession.started_at) >= wanted.since
    for name, value in wanted.condition.items():
        yield col(InterviewSession.condition)[name].as_string() == value


def _recorded_as(state: State) -> Sequence[State]:
    """Return what stands on record of sessions in a state: one that died is still `running`."""
    return (State.RUNNING, State.INTERRUPTED) if state is State.INTERRUPTED else (state,)


def _versions(session: Session, named: str) -> list[str]:
    rows = select(col(ProtocolVersion.digest)).where(
        or_(col(ProtocolVersion.slug) == named, col(ProtocolVersion.digest) == named)
    )
    found = list(session.scalars(rows))
    if not found:
        raise InputError(
            "no session ran on it, and nobody approved it",
            at=f"protocol {named[:DIGEST]}",
            mend="See `emeritus protocol list`; or give a version's digest in full.",
        )
    return found


def _summary(row: Row[Any], state: State, gone: Deletion | None) -> dict[str, Any]:
    told = row._asdict()
    rare = {name: told.pop(name) for name in ("origin", "branch_of", "checks")}
    present = {name: value for name, value in rare.items() if value is not None}
    return told | present | {"state": state, "deleted": deletion_document(gone)}
