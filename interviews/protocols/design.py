"""The design of a protocol's interviews: what is varied, how often, and which are left out of count.

Pure. Terms are those of survey research: a *condition* is fixed before the first question, a
*replicate* is one draw within it, an *exclusion rule* is named before anything is asked.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TypeVar

from archive.canonical import sha256

Item = TypeVar("Item")


class CharacterKind(StrEnum):
    """Which character is interviewed: by what stands in the system prompt."""

    NONE = "none"  # no system prompt is sent
    OWN = "own"  # the interview's own
    DEPLOYED = "deployed"  # the one that the model was deployed with, as the workspace has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """A character that can be interviewed, and what it means."""

    kind: CharacterKind
    means: str
    system: str | None = None  # of the interview's own only


class Varied(StrEnum):
    """What is asked in another order from one session to the next."""

    NOTHING = "nothing"
    QUESTIONS = "questions"  # within each section
    SECTIONS = "sections"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderVariation:
    """Whether the order of questions varies, and why, or why not."""

    varied: Varied
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicates:
    """How many sessions each condition has, and why so many."""

    each: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingAgain:
    """How often another session is begun where the participant declined, and why."""

    most: int  # 0: never
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One condition: what differs from one session of a protocol to another."""

    stance: str
    information: str
    language: str
    character: str | None = None  # None: the protocol has none, and no system prompt is sent

    @property
    def words(self) -> str:
        """The condition in few words, as `--only` takes it."""
        return "/".join(part for part in asdict(self).values() if part is not None)


class ExclusionRule(StrEnum):
    """Why a session's answers are not counted; the session stays, and counts as missing."""

    NOTHING_SAID = "nothing said"  # no question was answered
    CUT = "cut"  # replies were cut off at the longest length
    LANGUAGE = "language"  # replies are in another language
    NOT_REACHED = "core question not reached"  # and no branch of the protocol left it out


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A rule, and how many replies may break it."""

    rule: ExclusionRule
    more_than: int = 0  # replies; of no meaning for NOTHING_SAID and NOT_REACHED


def ordered(items: Sequence[Item], *, seed: str, number: int) -> tuple[Item, ...]:
    """Return `items` in the order of draw `number`, from 0.

    A shuffle by the seed, turned by one place with each draw: over as many draws as there are
    items each stands in each place once (a cyclic Latin square).
    """
    base = shuffled(items, seed=seed)
    turn = number % len(base) if base else 0
    return (*base[turn:], *base[:turn])


def shuffled(items: Sequence[Item], *, seed: str) -> list[Item]:
    """Return `items` in an order that follows from the seed alone, on every machine."""
    places = sorted(range(len(items)), key=lambda place: sha256(f"{seed}:{place}".encode()))
    return [items[place] for place in places]
