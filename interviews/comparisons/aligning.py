"""Sessions aligned question by question: what each answered, and where it said nothing, why.

Pure. Core questions are the same in every session of a protocol, in the same words; follow-ups
stand below their question, by their number. Two versions of a protocol align by the ids that
they share.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from interviews.campaigns.coverage import Asked, Reached, reached_in
from interviews.protocols.script import Answer
from interviews.sessions.scripts import ask_of

Document = Mapping[str, Any]
"""A session, as `session_document` gives it."""


class Found(StrEnum):
    """What one session has at a question."""

    ANSWERED = "answered"
    DECLINED = "declined"
    LEFT_OUT = "not asked: a branch of the protocol left it out"
    NOT_REACHED = "not reached"
    NOT_IN_IT = "not in its protocol"
    NO_FOLLOW_UP = "no follow-up"


_FOUND = {
    Reached.ANSWERED: Found.ANSWERED,
    Reached.DECLINED: Found.DECLINED,
    Reached.LEFT_OUT: Found.LEFT_OUT,
    Reached.NOT_REACHED: Found.NOT_REACHED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What one session has at a question or a follow-up."""

    found: Found
    turn: int | None = None  # the index of the reply
    asked: str | None = None  # a follow-up's words
    text: str | None = None  # None: nothing was said, or it is not kept
    declined_in: str | None = None
    cut: bool = False  # at the longest length


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question, or one follow-up to it, in every session."""

    question: str
    follow_up: int  # from 1; 0: the question itself
    words: str | None  # the core question's
    places: Sequence[Place]  # one for each session, in their order


def aligned(documents: Sequence[Document]) -> list[Row]:
    """Return the questions of all sessions, each with its follow-ups below it."""
    read = [_Session(document) for document in documents]
    rows: list[Row] = []
    for question in _in_order([list(one.words) for one in read]):
        words = next(one.words[question] for one in read if question in one.words)
        core = [one.core(question) for one in read]
        rows.append(Row(question=question, follow_up=0, words=words, places=core))
        follow_ups = [one.follow_ups(question) for one in read]
        for number in range(max(map(len, follow_ups))):
            places = [
                some[number] if number < len(some) else Place(found=Found.NO_FOLLOW_UP)
                for some in follow_ups
            ]
            rows.append(Row(question=question, follow_up=number + 1, words=None, places=places))
    return rows


class _Session:
    """One session, read for its questions."""

    def __init__(self, document: Document) -> None:
        header = document["header"]
        asks = [ask_of(one) for one in header["prompts"]["asks"]]
        self.words: Mapping[str, str] = {ask.id: ask.question for ask in asks}
        self._turns: Sequence[Document] = document["turns"]
        answers = [
            Answer(
                question=turn["question"],
                text=turn["text"],
                declined=turn["declined"] is not None,
                probe=turn["probe"] is not None,
            )
            for turn in self._replies()
            if turn["text"] is not None
        ]
        asked = Asked(
            asks=asks,
            answers=answers,
            unrecorded=frozenset(header.get("unrecorded", ())),
            excluded=False,
        )
        self._reached = reached_in(asked)

    def core(self, question: str) -> Place:
        """Return what it has at a core question."""
        if question not in self.words:
            return Place(found=Found.NOT_IN_IT)
        for turn in self._replies():
            if turn["question"] == question and turn["probe"] is None:
                return _place(turn)
        return Place(found=_FOUND[self._reached[question]])

    def follow_ups(self, question: str) -> list[Place]:
        """Return what it has at the follow-ups to a question, in their order."""
        return [
            _place(turn, asked=self._asked(turn["index"]))
            for turn in self._replies()
            if turn["question"] == question and turn["probe"] is not None
        ]

    def _replies(self) -> Iterator[Document]:
        return (turn for turn in self._turns if turn["speaker"] == "participant")

    def _asked(self, index: int) -> str | None:
        return next((turn["text"] for turn in self._turns if turn["index"] == index - 1), None)


def _place(turn: Document, *, asked: str | None = None) -> Place:
    return Place(
        found=Found.ANSWERED if turn["declined"] is None else Found.DECLINED,
        turn=turn["index"],
        asked=asked,
        text=turn["text"],
        declined_in=turn["declined_in"],
        cut=turn["stop_reason"] == "max_tokens",
    )


def _in_order(orders: Sequence[Sequence[str]]) -> list[str]:
    """Return all ids in the first order; those that it lacks stand after what precedes them."""
    merged = list(orders[0])
    for order in orders[1:]:
        place = 0
        for name in order:
            if name not in merged:
                merged.insert(place, name)
            place = merged.index(name) + 1
    return merged
