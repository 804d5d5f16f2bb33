"""Sessions as they are found on record: which there are, how far each is, what it holds."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from archive.canonical import as_kept
from archive.errors import FaultError, InputError
from archive.records.models import load_model, participant_of
from archive.release.releases import is_public, releases_of
from archive.store.deletions import deleted, deletion_of
from archive.times import now
from archive.workspace.locks import has_runner
from archive.workspace.workspace import Workspace
from interviews.attempts import AttemptRecord, by_position
from interviews.sessions.content import decoded
from interviews.sessions.header import Addresses, Header
from interviews.sessions.listing import deletion_document
from interviews.sessions.presenting import (
    names_of_model,
    release_word,
    session_record,
    turn_document,
)
from interviews.sessions.records import (
    InterviewSession,
    Probe,
    State,
    Turn,
    state_of,
    words_held_of,
)


def load_session(session: Session, identifier: str) -> InterviewSession:
    """Return the session on record.

    Raises:
        InputError: There is none with that id.
    """
    row = session.get(InterviewSession, identifier)
    if row is None:
        gone = deletion_of(session, "session", identifier)  # of a database that was rebuilt
        raise InputError(
            "no such session" if gone is None else f"was {gone.words}",
            at=identifier,
            mend="See `emeritus interview list` for their ids.",
        )
    return row


def check_not_deleted(session: Session, identifiers: Iterable[str]) -> None:
    """Raise a FaultError if one of the sessions whose words are to be sent was deleted by now."""
    for identifier in identifiers:
        if (gone := deletion_of(session, "session", identifier)) is not None:
            raise FaultError(
                f"was {gone.words}",
                at=f"session {identifier}",
                mend="Nothing was asked: its words are not there any more.",
            )


def sessions_of(session: Session, model: str | None = None) -> list[InterviewSession]:
    """Return the sessions, of one model if it is named, the oldest first."""
    rows = select(InterviewSession).order_by(
        col(InterviewSession.started_at), col(InterviewSession.id)
    )
    return list(
        session.exec(rows if model is None else rows.where(InterviewSession.model == model))
    )


def turns_of(session: Session, identifier: str) -> list[Turn]:
    """Return a session's turns in their order."""
    rows = select(Turn).where(Turn.session == identifier)
    return list(session.exec(rows.order_by(col(Turn.index))))


def public_turns(session: Session, turns: Iterable[Turn], as_of: datetime) -> set[int]:
    """Return which turns of a public session may be seen: all that nobody has withheld."""
    return {
        turn.index
        for turn in turns
        if not (releases := releases_of(session, "turn", f"{turn.session}:{turn.index}"))
        or is_public(releases, as_of)
    }


def attempts_of(session: Session, identifier: str) -> list[AttemptRecord]:
    """Return every attempt made for a session, in their order."""
    rows = select(AttemptRecord).where(AttemptRecord.subject == identifier)
    return list(session.exec(rows.order_by(col(AttemptRecord.position), col(AttemptRecord.number))))


def probes_of(session: Session, identifier: str) -> list[Probe]:
    """Return every probe that was written for a session, sent or not, in their order."""
    rows = select(Probe).where(Probe.session == identifier)
    return list(session.exec(rows.order_by(col(Probe.position), col(Probe.number))))


def probes_at(session: Session, identifier: str, position: int) -> list[Probe]:
    """Return the probes that were written for one turn of a session, in their order."""
    rows = select(Probe).where(Probe.session == identifier, Probe.position == position)
    return list(session.exec(rows.order_by(col(Probe.number))))


def present_state(workspace: Workspace, row: InterviewSession) -> State:
    """Return a session's state; one that nobody runs any more is interrupted."""
    left = row.state == State.RUNNING and not has_runner(workspace.lock(row.id))
    return State.INTERRUPTED if left else state_of(row)


def session_document(workspace: Workspace, identifier: str) -> dict[str, Any]:
    """Return all that is on record of a session, but for the bytes of the responses.

    Raises:
        InputError: There is no such session.
    """
    with workspace.database.reading() as session:
        row = load_session(session, identifier)
        turns, attempts = turns_of(session, identifier), attempts_of(session, identifier)
        of_turn = by_position(attempts)
        gone = deletion_of(session, "session", identifier)
        release = release_word(releases_of(session, "session", identifier), now())
        replays = select(InterviewSession.id).where(InterviewSession.branch_of == identifier)
        probes, words_gone = probes_of(session, identifier), words_deleted_with(session, row)
        return session_record(row, turns, attempts, probes, words_gone) | {
            "state": present_state(workspace, row),
            "replays": _replayed(session, row),
            "replayed_by": sorted(session.exec(replays)),
            "member_checks": member_checks_of(session, row),
            "release": release,
            "deleted": deletion_document(gone),
            "provider_models": names_of_model(
                decoded(as_kept(turn.content)) for turn in turns if turn.content is not None
            ),
            "turns": [turn_document(turn, of_turn[turn.index], pilot=row.pilot) for turn in turns],
        }


def member_checks_of(session: Session, row: InterviewSession) -> list[str]:
    """Return the ids of the member checks that a session is shown in, the oldest first."""
    checks = select(InterviewSession.id, InterviewSession.checks).where(
        InterviewSession.model == row.model, col(InterviewSession.checks).is_not(None)
    )
    return sorted(
        identifier for identifier, about in session.exec(checks) if row.id in (about or ())
    )


def words_deleted_with(session: Session, row: InterviewSession) -> list[str]:
    """Return the sessions that were deleted and whose words a session held: these went with them."""
    parent = None if row.branch_of is None else session.get(InterviewSession, row.branch_of)
    held = words_held_of(row, parent)
    return sorted(one for one in held if deletion_of(session, "session", one) is not None)


def _replayed(session: Session, row: InterviewSession) -> dict[str, Any] | None:
    """Return which turn a session replays, and the question there; None: it is no replay."""
    branch = None if row.origin is not None else Header.decoded(as_kept(row.header)).branch
    if branch is None:
        return None
    turn = session.get(Turn, (branch.session, branch.index))
    content = None if turn is None or turn.content is None else decoded(as_kept(turn.content))
    gone = deletion_of(session, "session", branch.session)
    return {
        "session": branch.session,
        "turn": branch.index,
        "link": branch.link,
        "question": None if content is None else content.text,
        "deleted": None if gone is None else deletion_document(gone),
    }


def left_sessions(workspace: Workspace, identifiers: tuple[str, ...]) -> dict[Addresses, list[str]]:
    """Return the sessions that can be gone on with, by the addresses of those who speak in them.

    Args:
        workspace: Where they are on record.
        identifiers: Those that somebody named; none: all that are unfinished.

    Raises:
        InputError: There is no session of that id.
        FaultError: One that was named has failed for good, or was deleted.
    """
    with workspace.database.reading() as session:
        gone = deleted(session)
        rows = [load_session(session, identifier) for identifier in identifiers]
        left: dict[Addresses, list[str]] = {}
        for row in rows or sessions_of(session):
            if rows and row.state == State.FAILED:
                raise FaultError(
                    f"has failed for good: {row.reason}",
                    at=f"session {row.id}",
                    mend="What was said is kept. Begin another with `emeritus interview run`.",
                )
            if rows and ("session", row.id) in gone:
                raise FaultError(
                    f"was {gone['session', row.id].words}",
                    at=f"session {row.id}",
                    mend="Begin another with `emeritus interview run`.",
                )
            if not state_of(row).ended and ("session", row.id) not in gone:
                asks = Header.decoded(as_kept(row.header)).interviewer
                addresses = Addresses(
                    participant=participant_of(load_model(session, row.model)),
                    interviewer=None if asks is None else asks.address,
                    judge=None if asks is None else asks.judge,
                )
                left.setdefault(addresses, []).append(row.id)
        return left
