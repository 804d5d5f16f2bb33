"""The script of one session: what is asked next, given what was asked and answered.

Pure. The script is fixed in the session's header before the first question: core questions in
their exact words and order, which of them may be followed up by probes, and the jumps that an
answer or a recorded fact can make. Jumps go forward only, so every session comes to an end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from interviews.protocols.probes import ProbeKind
from interviews.protocols.words import spaced


class Fate(StrEnum):
    """What became of a core question."""

    ANSWERED = "answered"
    DECLINED = "declined"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerIs:
    """A core question that came earlier met this fate."""

    question: str
    fate: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSays:
    """The answer to an earlier core question, or to a probe on it, holds one of these words."""

    question: str
    words: tuple[str, ...]  # in the session's language; whole words, case folded


@dataclass(frozen=True, slots=True, kw_only=True)
class FactIs:
    """The workspace has a fact on record, or not."""

    fact: str
    recorded: bool


When: TypeAlias = AnswerIs | AnswerSays | FactIs


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """Where the script goes on, if a condition holds."""

    when: When
    go: str  # the id of a later question or section, or the closing's


@dataclass(frozen=True, slots=True, kw_only=True)
class Probing:
    """How a core question may be followed up by an interviewer that is a model."""

    most: int
    kinds: tuple[ProbeKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What the interviewer says in one exchange."""

    id: str  # the question's, OPENING or CLOSING: the same in every condition and version
    section: str | None  # the section's id; None: the opening and the closing
    before: str  # what leads to the question; may be empty
    question: str
    probing: Probing | None = None
    jumps: tuple[Jump, ...] = ()

    @property
    def text(self) -> str:
        """The words as they are sent."""
        return paragraphs(self.before, self.question)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered to a core question or to a probe on it."""

    question: str
    text: str
    declined: bool
    probe: bool = False


def next_ask(
    asks: Sequence[Ask], answers: Sequence[Answer], *, unrecorded: frozenset[str]
) -> Ask | None:
    """Return the core question that comes next; None: all is asked.

    Args:
        asks: The session's script.
        answers: All that was answered so far, in order.
        unrecorded: The facts that the workspace had not on record when the session began.
    """
    asked = [answer.question for answer in answers if not answer.probe]
    if not asked:
        return asks[0] if asks else None
    places = {ask.id: place for place, ask in enumerate(asks)}
    here = places[asked[-1]]
    for jump in asks[here].jumps:
        if holds(jump.when, answers, unrecorded=unrecorded):
            return asks[_target(asks, jump.go)]
    return asks[here + 1] if here + 1 < len(asks) else None


def to_follow_up(asks: Sequence[Ask], answers: Sequence[Answer]) -> Ask | None:
    """Return the core question whose answer may be followed up by a probe now; None: none may."""
    if not answers or answers[-1].declined or not answers[-1].text.strip():
        return None
    ask = next(ask for ask in asks if ask.id == answers[-1].question)
    probes = sum(answer.probe and answer.question == ask.id for answer in answers)
    return ask if ask.probing is not None and probes < ask.probing.most else None


def holds(when: When, answers: Sequence[Answer], *, unrecorded: frozenset[str]) -> bool:
    """Return whether a condition holds, after these answers."""
    match when:
        case FactIs():
            return (when.fact not in unrecorded) == when.recorded
        case AnswerIs():
            return fate_of(when.question, answers) == when.fate
        case AnswerSays():
            return any(
                has_word(answer.text, *when.words)
                for answer in answers
                if answer.question == when.question and not answer.declined
            )


def fate_of(question: str, answers: Sequence[Answer]) -> Fate:
    """Return what became of a core question."""
    for answer in answers:
        if answer.question == question and not answer.probe:
            return Fate.DECLINED if answer.declined else Fate.ANSWERED
    return Fate.NOT_ASKED


def has_word(text: str, *words: str) -> bool:
    """Return whether one of `words`, each of one word or more, stands in `text` as a whole."""
    said = spaced(text)
    return any(spaced(word) in said for word in words)


def paragraphs(*texts: str) -> str:
    """Return the texts that are not empty, as paragraphs."""
    return "\n\n".join(text for text in texts if text)


def _target(asks: Sequence[Ask], go: str) -> int:
    """Return the place of a question, or of the first question of a section."""
    return next(place for place, ask in enumerate(asks) if go in {ask.id, ask.section})
