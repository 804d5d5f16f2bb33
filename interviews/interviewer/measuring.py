"""How often the detectors are right: precision and recall on labelled examples, with intervals.

Pure. An example stands in one half for good, by a digest of its text: the rules were written
with the development half in view and are judged on the test half.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from archive.canonical import sha256
from interviews.interviewer.checking import check_probe
from interviews.interviewer.declining import declined_in_words
from interviews.interviewer.faults import FaultKind
from interviews.protocols.protocol import Declined

_Z = 1.959963984540054  # the normal quantile of a 95 % interval


class Half(StrEnum):
    """A part of a labelled set."""

    DEVELOPMENT = "development"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledProbe:
    """A probe, what it followed, and what is wrong with it."""

    probe: str
    earlier: tuple[str, ...]
    reply: str
    language: str
    kinds: frozenset[FaultKind]  # empty: it is clean

    @property
    def half(self) -> Half:
        return half_of(self.probe)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledReply:
    """A reply, and what it declines."""

    reply: str
    language: str
    opening: bool  # whether it answers the question whether to begin
    declined: Declined | None

    @property
    def half(self) -> Half:
        return half_of(self.reply)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a whole, with its 95 % interval; None where there is no whole."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The score interval, from 0 to 1.

        Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
        inference", Journal of the American Statistical Association 22 (1927).
        """
        if not self.whole:
            return None
        n, p, z2 = self.whole, self.part / self.whole, _Z * _Z
        centre = (p + z2 / (2 * n)) / (1 + z2 / n)
        margin = _Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        return max(0.0, centre - margin), min(1.0, centre + margin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How a detector did on examples, for one kind of finding."""

    kind: str
    found: int  # and right
    false: int  # found, and not there
    missed: int  # there, and not found
    examples: int  # of which it could have been found in each

    @property
    def precision(self) -> Share:
        """Which part of what was found is there."""
        return Share(part=self.found, whole=self.found + self.false)

    @property
    def recall(self) -> Share:
        """Which part of what is there was found."""
        return Share(part=self.found, whole=self.found + self.missed)


ANY = "any fault"
"""Whether a probe is rejected at all, whatever for."""

ANY_DECLINE = "any decline"


def half_of(text: str) -> Half:
    """Return the half in which an example stands, for good: by its digest's first byte."""
    odd = int(sha256(text.encode())[:2], 16) % 2
    return Half.TEST if odd else Half.DEVELOPMENT


def rules(example: LabelledProbe) -> frozenset[FaultKind]:
    """Return the kinds that the rules find in a labelled probe."""
    return check_probe(
        example.probe,
        earlier=example.earlier,
        reply=example.reply,
        language=example.language,
    ).kinds


def probe_figures(
    examples: Sequence[LabelledProbe],
    judge: Callable[[LabelledProbe], frozenset[FaultKind]] = rules,
) -> list[Figures]:
    """Return how `judge` does on labelled probes: for each kind, and for rejecting at all."""
    pairs = [(example.kinds, judge(example)) for example in examples]
    each = [
        figures(kind.value, [(kind in truth, kind in found) for truth, found in pairs])
        for kind in FaultKind
    ]
    return [*each, figures(ANY, [(bool(truth), bool(found)) for truth, found in pairs])]


def decline_figures(examples: Sequence[LabelledReply]) -> list[Figures]:
    """Return how the rules for declining in words do on labelled replies."""
    pairs = [(example.declined, _declined(example)) for example in examples]
    each = [
        figures(what.value, [(truth is what, found is what) for truth, found in pairs])
        for what in Declined
    ]
    any_at_all = [(truth is not None, found is not None) for truth, found in pairs]
    return [*each, figures(ANY_DECLINE, any_at_all)]


def figures(kind: str, pairs: Sequence[tuple[bool, bool]]) -> Figures:
    """Return the figures of pairs: whether it is there, and whether it was found."""
    return Figures(
        kind=kind,
        found=sum(truth and found for truth, found in pairs),
        false=sum(found and not truth for truth, found in pairs),
        missed=sum(truth and not found for truth, found in pairs),
        examples=len(pairs),
    )


def _declined(example: LabelledReply) -> Declined | None:
    found = declined_in_words(example.reply, language=example.language, opening=example.opening)
    return None if found is None else found.what
