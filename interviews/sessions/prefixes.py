"""The part of a session on record that a replay begins with: what was said, and the question.

The words stay where they were said: a replay names the turn by its link, and reads them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from archive.canonical import as_kept
from archive.errors import FaultError, InputError
from archive.store.deletions import deletion_of
from interviews.sessions.content import Content, Speaker, decoded
from interviews.sessions.header import Branch, Header
from interviews.sessions.reading import load_session, turns_of
from interviews.sessions.records import InterviewSession, Turn
from interviews.sessions.verifying import verify


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """What a session on record and its replay share."""

    branch: Branch  # the turn that is asked anew
    header: Header  # of the session that is replayed
    before: tuple[Content, ...]  # what was said before that turn
    question: Content  # the words of that turn, as they are asked again


def prefix_of(session: Session, identifier: str, index: int) -> Prefix:
    """Return what a replay of turn `index` of a session begins with.

    Raises:
        InputError: There is no such session, it was not recorded here, or the turn asks nothing.
        FaultError: It does not verify, or some of what was said is not kept any more.
    """
    row = load_session(session, identifier)
    if (gone := deletion_of(session, "session", identifier)) is not None:
        raise FaultError(
            f"was {gone.words}",
            at=f"session {identifier}",
            mend="What was said in it is gone: it cannot be replayed.",
        )
    _check_replayable(row)
    if faults := verify(session, row).faults:
        raise FaultError(
            faults[0],
            at=f"session {identifier}",
            mend="Nothing was asked. See `emeritus interview verify`.",
        )
    turns = turns_of(session, identifier)
    asked = _question(turns, identifier, index)
    said = [_words(turn) for turn in turns[: index + 1]]
    return Prefix(
        branch=Branch(session=identifier, index=index, link=asked.link),
        header=Header.decoded(as_kept(row.header)),
        before=tuple(said[:-1]),
        question=Content(question=said[-1].question, blocks=said[-1].blocks, probe=said[-1].probe),
    )


def prefix_of_branch(session: Session, branch: Branch) -> Prefix:
    """Return what a replay that was begun goes on from.

    Raises:
        FaultError: The session that it replays is not what it was.
    """
    try:
        prefix = prefix_of(session, branch.session, branch.index)
    except InputError as error:
        raise FaultError(error.what, at=str(error.at), mend=error.mend) from error
    if prefix.branch != branch:
        raise _changed(branch)
    return prefix


def _check_replayable(row: InterviewSession) -> None:
    if row.origin is not None:
        raise InputError(
            "was imported: what its participant was sent is not on record",
            at=f"session {row.id}",
            mend="Replay a session that was held here.",
        )
    if row.branch_of is not None:
        raise InputError(
            "is a replay itself",
            at=f"session {row.id}",
            mend=f"Replay the session that it replays: {row.branch_of}.",
        )


def _question(turns: Sequence[Turn], identifier: str, index: int) -> Turn:
    asked = [turn.index for turn in turns if turn.speaker == Speaker.INTERVIEWER]
    if index not in asked:
        there = index < len(turns)
        raise InputError(
            f"turn {index} asks nothing" if there else f"there is no turn {index}",
            at=f"session {identifier}: --turn",
            mend=f"Name the turn of a question: {', '.join(map(str, asked))}."
            if asked
            else "Nothing was said in it.",
        )
    return turns[index]


def _words(turn: Turn) -> Content:
    if turn.content is None:
        raise FaultError(
            "what was said is not kept",
            at=f"session {turn.session}: turn {turn.index}",
            mend="Replay a turn before it.",
        )
    return decoded(as_kept(turn.content))


def _changed(branch: Branch) -> FaultError:
    return FaultError(
        f"turn {branch.index} is not the one that was replayed",
        at=f"session {branch.session}",
        mend="Nothing was asked. See `emeritus interview verify`.",
    )
