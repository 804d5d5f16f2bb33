"""Verifying sessions: every digest computed again, and the first bad turn of each named.

It shows that the record agrees with itself, and with what the log noted when the session ended.
It does not show that a provider returned this text, nor that a model meant it.
"""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from archive.canonical import as_kept, sha256
from archive.log import entries
from archive.log.entries import LogEntry
from archive.store.deletions import KIND as DELETION
from archive.store.deletions import deletion_of
from archive.workspace.workspace import Workspace
from interviews.attempts import AttemptRecord, Role
from interviews.sessions import chain
from interviews.sessions.content import Speaker, decoded
from interviews.sessions.header import Header
from interviews.sessions.imported import ENTRY, ImportedHeader
from interviews.sessions.quoting import words_shown
from interviews.sessions.reading import (
    attempts_of,
    load_session,
    sessions_of,
    turns_of,
    words_deleted_with,
)
from interviews.sessions.records import InterviewSession, State, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What came of verifying one session."""

    session: str
    turns: int
    faults: list[str]  # empty: every digest and every link holds


def verify_sessions(workspace: Workspace, identifiers: Sequence[str]) -> list[Verified]:
    """Verify the sessions of these ids; with none, all.

    Raises:
        InputError: There is no session of that id.
    """
    with workspace.database.reading() as session:
        rows = [load_session(session, identifier) for identifier in identifiers]
        return [verify(session, row) for row in rows or sessions_of(session)]


def verify(session: Session, row: InterviewSession) -> Verified:
    """Compute every digest of one session again."""
    turns, attempts = turns_of(session, row.id), attempts_of(session, row.id)
    entry = session.exec(
        select(LogEntry).where(
            LogEntry.kind == (ENTRY if row.origin is not None else "session end"),
            LogEntry.subject == row.id,
        )
    ).first()
    deleted = session.exec(
        select(LogEntry).where(LogEntry.kind == DELETION, LogEntry.subject == row.id)
    ).first()
    bad = chain.first_fault(row.id, row.header_digest, turns)
    sound = turns if bad is None else turns[: bad.index]
    words_gone = words_deleted_with(session, row)
    faults = [
        *record_faults(
            row, turns, entry, deleted=deleted is not None, words_deleted=bool(words_gone)
        ),
        *(_branch_faults(session, row, sound) if row.branch_of is not None else ()),
        *(_attempt_faults(row, sound, attempts) if row.origin is None else ()),
    ]
    if not faults and deleted is None:  # so the header can be read
        faults += _words_left(session, row, words_gone)
    return Verified(session=row.id, turns=len(turns), faults=faults)


def record_faults(
    row: InterviewSession,
    turns: Sequence[Turn],
    entry: LogEntry | None,
    *,
    deleted: bool = False,
    words_deleted: bool = False,
) -> list[str]:
    """Return what is wrong with a session's header, chain and end.

    Args:
        row: The session.
        turns: All of its turns, in order.
        entry: What the log noted when it ended.
        deleted: Whether the log says that it was deleted: then nothing that was said is there.
        words_deleted: Whether one was deleted whose words it held: then these are not there.
    """
    return [
        *_header_faults(row, deleted=deleted, words_deleted=words_deleted),
        *(_left_faults(turns) if deleted else ()),
        *_chain_faults(row, turns),
        *_end_faults(row, turns, entry),
    ]


def _left_faults(turns: Sequence[Turn]) -> Iterable[str]:
    for turn in turns:
        if turn.content is not None:
            yield f"turn {turn.index}: it was deleted, and what was said is here"


def _header_faults(row: InterviewSession, *, deleted: bool, words_deleted: bool) -> Iterable[str]:
    # where words of it were deleted its salt is destroyed, and its digest stands for the chain alone
    erased = deleted or (words_deleted and _has_no_salt(row))
    if not erased and sha256(as_kept(row.header)) != row.header_digest:
        yield "header: it is not what was recorded"
        return
    if row.origin is not None:
        yield from _import_faults(row)
        return
    header = Header.decoded(row.header)
    place = header.place
    fixed = (row.id, row.model, row.protocol, row.condition, row.replicate, row.started_at)
    planned = (row.pilot, row.branch_of, row.checks, row.campaign, row.slot, row.again)
    if planned != (
        header.pilot,
        None if header.branch is None else header.branch.session,
        None if header.member_check is None else list(header.member_check.sessions),
        *((None, None, None) if place is None else (place.campaign, place.slot, place.again)),
    ):
        yield "header: the session's row does not say what it says"
    if fixed != (
        header.session,
        header.model,
        header.protocol.digest,
        header.condition,
        header.replicate,
        header.started_at,
    ):
        yield "header: the session's row does not say what it says"


def _has_no_salt(row: InterviewSession) -> bool:
    try:
        return not json.loads(as_kept(row.header))["salt"]
    except (ValueError, KeyError, TypeError):
        return False  # it is no header any more, and its digest tells


def _words_left(session: Session, row: InterviewSession, deleted: Iterable[str]) -> Iterable[str]:
    """Yield which deleted sessions' words a member check or its replay still shows."""
    for one in deleted:
        shown = words_shown(session, row, of=one)
        if shown is not None and (shown.facts or (row.checks and shown.quotations)):
            yield f"header: {one} was deleted, and what was shown of it is here"


def _import_faults(row: InterviewSession) -> Iterable[str]:
    header = ImportedHeader.decoded(row.header)
    fixed = (row.id, row.model, row.condition, row.replicate, row.started_at, row.origin)
    if fixed != (
        header.session,
        header.model,
        header.condition,
        header.replicate,
        header.started_at,
        header.origin,
    ):
        yield "header: the session's row does not say what it says"


def _chain_faults(row: InterviewSession, turns: Sequence[Turn]) -> Iterable[str]:
    if (fault := chain.first_fault(row.id, row.header_digest, turns)) is not None:
        yield f"turn {fault.index}: {fault.what}"


def _end_faults(
    row: InterviewSession, turns: Sequence[Turn], entry: LogEntry | None
) -> Iterable[str]:
    if row.state not in set(State):
        yield f"end: {row.state!r} is no state that a session can be in"
        return
    if entry is None:
        if State(row.state).ended:
            yield "end: the log has no entry of it"
        return
    if entry.content is None:
        return  # destroyed with what it was about
    if (fault := entries.damage(entry)) is not None:
        yield f"end: {fault}"
        return
    end = json.loads(entry.content)
    if end["length"] != len(turns):
        first = min(end["length"], len(turns))
        yield f"turn {first}: there were {end['length']} turns at the end, and {len(turns)} are here"
    elif end["head"] != chain.head(row.header_digest, turns):
        yield f"turn {len(turns) - 1}: its link is not the one that the log has as the last"
    if end["state"] != row.state:
        yield f"end: it is on record as {row.state}, and the log has {end['state']}"


def _branch_faults(session: Session, row: InterviewSession, turns: Sequence[Turn]) -> Iterable[str]:
    """Yield what is wrong between a replay and the turn that it replays."""
    branch = Header.decoded(as_kept(row.header)).branch
    if branch is None:
        return  # the row does not say what the header says, and that was found
    parent = session.get(InterviewSession, branch.session)
    if parent is None:
        if deletion_of(session, "session", branch.session) is None:
            yield f"header: the session that it replays is not here: {branch.session}"
        return
    before = turns_of(session, parent.id)[: branch.index + 1]
    bad = chain.first_fault(parent.id, parent.header_digest, before)
    if bad is not None or [turn.link for turn in before[branch.index :]] != [branch.link]:
        yield f"header: turn {branch.index} of {parent.id} is not the one that it replays"
    elif turns and turns[0].content is not None and before[-1].content is not None:
        asked, again = decoded(before[-1].content), decoded(turns[0].content)
        if (asked.question, asked.text) != (again.question, again.text):
            yield f"turn 0: it is not the question at turn {branch.index} of {parent.id}"


def _attempt_faults(
    row: InterviewSession, turns: Sequence[Turn], attempts: Sequence[AttemptRecord]
) -> Iterable[str]:
    for attempt in attempts:
        if attempt.raw_digest is not None and attempt.raw_digest != _raw_digest(attempt):
            yield f"turn {attempt.position}: the bytes of try {attempt.number} are not what came"
    answers = {
        attempt.position: attempt.raw_digest
        for attempt in attempts
        if attempt.failure is None and attempt.role != Role.JUDGE
    }
    for turn in turns:
        if turn.content is None:
            continue
        content = decoded(turn.content)
        # what a replay asks was written for the session that it replays
        written_here = content.probe is not None and row.branch_of is None
        scripted = turn.speaker == Speaker.INTERVIEWER and not written_here
        if not scripted and content.raw_digest != answers.get(turn.index):
            yield f"turn {turn.index}: no try on record brought it"


def _raw_digest(attempt: AttemptRecord) -> str | None:
    try:
        return sha256(attempt.response_body)
    except (zlib.error, TypeError):  # no deflated bytes, or no bytes at all
        return None
