"""Sessions that hold words of another: what of them goes when that one is deleted.

A member check holds what it showed, and so does a replay of one. A replay holds the question that
it asked anew, which may be a probe that takes up an answer, and digests of all that was said before
it. All of that goes; answers stay, but for those that hold what was shown. One that was not at its
end cannot go on, and ends as failed.
"""

import json
from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, select, update

from archive.canonical import Canonical, as_kept, canonical_bytes
from archive.log import entries
from archive.store.deletions import deletion_of
from archive.store.erasure import DELETED, Quotes
from archive.times import now, to_text
from interviews.attempts import AttemptRecord, erase_what_was_quoted
from interviews.participants.seam import Cause
from interviews.sessions import chain
from interviews.sessions.content import Content, Speaker, decoded
from interviews.sessions.header import Header
from interviews.sessions.reading import member_checks_of, turns_of
from interviews.sessions.records import (
    InterviewSession,
    State,
    Turn,
    state_of,
)
from interviews.sessions.shown_words import ShownWords, shown_words, without_words

KIND = "session"

CANNOT_GO_ON = "a session whose words it has to send again was deleted"


def quoting(session: Session, kind: str, subject: str) -> Sequence[tuple[str, str]]:
    """Return the sessions that hold words of the one that is deleted."""
    return [(KIND, row.id) for row in _quoting(session, kind, subject)]


def erase_quotes(session: Session, kind: str, subject: str) -> None:
    """Destroy those words, and end what cannot go on without them."""
    found = _quoting(session, kind, subject)
    words = {row.id: words_shown(session, row, of=subject) for row in found}  # before any is gone
    for row in found:
        turns = turns_of(session, row.id)
        if not state_of(row).ended:
            _end_as_failed(session, row, turns)
        if (shown := words[row.id]) is not None:
            document = json.loads(as_kept(row.header))
            row.header = canonical_bytes(without_words(document, shown, of=subject))
            session.add(row)
        erase_what_was_quoted(session, row.id, _erase_turns(session, row, turns, shown))


def words_shown(
    session: Session, row: InterviewSession, *, of: str | None = None
) -> ShownWords | None:
    """Return what a session holds of what a member check showed; None: it is none, nor replays one.

    Args:
        session: Of the database.
        row: The session.
        of: The session that is quoted; None: whichever.
    """
    check = row
    if row.branch_of is not None:
        parent = session.get(InterviewSession, row.branch_of)
        if parent is None:
            return None
        check, of = parent, None  # what a replay holds is not told apart any more
    shown = None if check.checks is None else Header.decoded(as_kept(check.header)).member_check
    return None if shown is None else shown_words(Header.decoded(as_kept(row.header)), shown, of=of)


def _quoting(session: Session, kind: str, subject: str) -> list[InterviewSession]:
    quoted = None if kind != KIND else session.get(InterviewSession, subject)
    if quoted is None:
        return []
    checks = member_checks_of(session, quoted)
    replays = select(InterviewSession.id).where(
        col(InterviewSession.branch_of).in_([subject, *checks])
    )
    near = sorted({*checks, *session.exec(replays)})
    rows = [session.get_one(InterviewSession, one) for one in near]
    return [row for row in rows if _holds_words(session, row, subject)]


def _holds_words(session: Session, row: InterviewSession, subject: str) -> bool:
    if deletion_of(session, KIND, row.id) is not None:
        return False
    digests = select(AttemptRecord.id).where(
        AttemptRecord.subject == row.id, AttemptRecord.request_digest != DELETED
    )
    if not state_of(row).ended or session.exec(digests).first() is not None:
        return True
    shown = None if row.checks is None else words_shown(session, row, of=subject)
    return shown is not None and not shown.gone


def _end_as_failed(session: Session, row: InterviewSession, turns: Sequence[Turn]) -> None:
    row.state, row.reason, row.ended_at = State.FAILED, CANNOT_GO_ON, to_text(now())
    session.add(row)
    session.exec(
        update(AttemptRecord)
        .where(
            col(AttemptRecord.subject) == row.id,
            col(AttemptRecord.ended_at).is_(None),
            col(AttemptRecord.failure).is_(None),
        )
        .values(failure=Cause.LOST)
    )
    end: Canonical = {
        "state": State.FAILED,
        "length": len(turns),
        "head": chain.head(row.header_digest, turns),
    }
    entries.append(session, "session end", row.id, end)


def _erase_turns(
    session: Session, row: InterviewSession, turns: Iterable[Turn], shown: ShownWords | None
) -> set[int]:
    """Destroy what turns say of it; return which turns they are."""
    gone = set()
    for turn in turns:
        if turn.content is not None and _goes(row, turn, decoded(as_kept(turn.content)), shown):
            session.add(turn.sqlmodel_update({"content": None, "salt": None}))
            gone.add(turn.index)
    return gone


def _goes(row: InterviewSession, turn: Turn, content: Content, shown: ShownWords | None) -> bool:
    # what a replay asks was written for the session that it replays
    asked_anew = row.branch_of is not None and turn.speaker == Speaker.INTERVIEWER
    if asked_anew and content.probe is not None:
        return True
    return shown is not None and shown.told_in(content)


QUOTES = Quotes(of=quoting, erase=erase_quotes)
