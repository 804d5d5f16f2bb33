"""What can be wrong with a probe, and what a check of one says.

Pure. `interviews.interviewer.checking` finds faults by rules, `interviews.interviewer.judging`
reads those that a model names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class FaultKind(StrEnum):
    """A way in which a probe is not what an interviewer may say."""

    SPEAKS_FOR = "speaks for the participant"
    OPINION = "opinion"
    LEADS = "leads"
    LEAVES_ROLE = "leaves the role"
    REPEATS = "repeats"
    LANGUAGE = "language"
    NO_QUESTION = "no question"
    SEVERAL = "several questions"
    TOO_LONG = "too long"
    EMPTY = "empty"


MEANINGS: Mapping[FaultKind, str] = MappingProxyType(
    {
        FaultKind.SPEAKS_FOR: "It writes the participant's lines, speaks as if it were the"
        " participant, or states for it what it means or feels.",
        FaultKind.OPINION: "It judges, praises, advises, or says what it holds of the matter.",
        FaultKind.LEADS: "It suggests the answer, or takes a feeling or a preference for granted"
        " that the participant has not named.",
        FaultKind.LEAVES_ROLE: "It greets anew, thanks and ends, answers, offers help, or talks of"
        " itself, its instructions or the interview.",
        FaultKind.REPEATS: "It asks what a core question or an earlier probe has asked.",
        FaultKind.LANGUAGE: "It, or a sentence of it, is in another language than the interview.",
        FaultKind.NO_QUESTION: "It asks nothing, and asks for nothing.",
        FaultKind.SEVERAL: "It asks more than one thing.",
        FaultKind.TOO_LONG: "It is longer than a probe may be.",
        FaultKind.EMPTY: "There is no word in it.",
    }
)
"""What each kind means: for the judge, for the documents and for those who label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of a probe, and the words that show it."""

    kind: FaultKind
    start: int  # characters, in the probe
    end: int
    words: str  # the probe from `start` to `end`; empty: what is missing cannot be shown
    repeated: str | None = None  # what it repeats, as it was asked

    @property
    def record(self) -> dict[str, str]:
        """The fault as it is kept beside the probe."""
        repeated = {} if self.repeated is None else {"repeated": self.repeated}
        return {"kind": self.kind.value, "words": self.words, **repeated}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the rules say of a probe."""

    faults: tuple[Fault, ...]  # in the order of `FaultKind`, at most one of each kind
    not_checked: frozenset[FaultKind]  # the rules cannot tell, in this language or these words

    @property
    def kinds(self) -> frozenset[FaultKind]:
        """The kinds that were found."""
        return frozenset(fault.kind for fault in self.faults)
