"""Coverage: what became of each core question, in every session that was ever begun.

Pure. A question that was not reached is missing, not answered; so is every question of a session
whose fate is to be excluded (`flow`). Of one that the participant ended, or that failed, what was
answered before counts. A question whose reply never came counts as not reached.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from interviews.protocols.script import Answer, Ask, Fate, fate_of, next_ask


class Reached(StrEnum):
    """What became of a core question in one session."""

    ANSWERED = "answered"
    DECLINED = "declined"
    LEFT_OUT = "left out"  # by a branch of the protocol
    NOT_REACHED = "not reached"
    EXCLUDED = "excluded"  # whatever was answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One session, as coverage looks at it."""

    asks: Sequence[Ask]
    answers: Sequence[Answer]
    unrecorded: frozenset[str]
    excluded: bool  # complete, and a rule excludes it


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCoverage:
    """What became of one question over many sessions; the counts add up to `sessions`."""

    question: str
    counts: Mapping[Reached, int]

    @property
    def asked(self) -> int:
        """In how many sessions that are not excluded it was asked and replied to."""
        return self.counts[Reached.ANSWERED] + self.counts[Reached.DECLINED]

    @property
    def sessions(self) -> int:
        """In how many sessions it could have been asked."""
        return sum(self.counts.values())


def coverage(sessions: Iterable[Asked]) -> list[QuestionCoverage]:
    """Return what became of each question, in the order in which it was first met."""
    counts: dict[str, Counter[Reached]] = {}
    for session in sessions:
        for question, reached in reached_in(session).items():
            counts.setdefault(question, Counter())[reached] += 1
    return [
        QuestionCoverage(
            question=question, counts={reached: counted[reached] for reached in Reached}
        )
        for question, counted in counts.items()
    ]


def reached_in(session: Asked) -> dict[str, Reached]:
    """Return what became of each question of one session."""
    if session.excluded:
        return {ask.id: Reached.EXCLUDED for ask in session.asks}
    coming = next_ask(session.asks, session.answers, unrecorded=session.unrecorded)
    places = {ask.id: place for place, ask in enumerate(session.asks)}
    frontier = len(session.asks) if coming is None else places[coming.id]
    return {
        ask.id: _reached(fate_of(ask.id, session.answers), passed=places[ask.id] < frontier)
        for ask in session.asks
    }


def _reached(fate: Fate, *, passed: bool) -> Reached:
    match fate:
        case Fate.ANSWERED:
            return Reached.ANSWERED
        case Fate.DECLINED:
            return Reached.DECLINED
        case Fate.NOT_ASKED:
            return Reached.LEFT_OUT if passed else Reached.NOT_REACHED
