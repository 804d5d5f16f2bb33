"""Comparing two fingerprints: the same, the same within a tolerance, or different, and where.

Pure. What is compared was replied to the same prompts with the same settings; who calls sees to
that. Log-probabilities are counted in millionths of a nat.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from interviews.participants.seam import Token

TOLERANCE = 0.05
"""Nats, absolute. Measured on the embedded model: with one thread in place of two nothing shifts;
each of four single bits flipped in its tensors shifts some by 0.3 or more. Another processor or
build of the engine was not measured, and may shift them as much."""

SHOWN = 40  # characters of each text from where they part


class Verdict(StrEnum):
    """What comparing came to."""

    IDENTICAL = "identical"
    WITHIN_TOLERANCE = "same within tolerance"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What was replied to one prompt."""

    prompt: str  # its id
    text: str
    stop_reason: str | None
    logprobs: Sequence[Token] | None  # None: not measured
    provider_model: str | None = None  # the provider's own name for what answered; not compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where the replies to one prompt part."""

    prompt: str
    what: str  # text, stop reason, tokens, log-probability
    place: int | None  # from 1: the character of a text, else the token; None: of the whole reply
    one: str  # what stands there in the earlier one, cut
    other: str
    by: int | None = None  # millionths of a nat


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two fingerprints beside each other."""

    verdict: Verdict
    same_texts: int
    replies: int
    largest: int | None  # difference of a log-probability, millionths of a nat; None: not measured
    differences: Sequence[Difference]


def compare(one: Sequence[Reply], other: Sequence[Reply], *, tolerance: float) -> Comparison:
    """Return how the replies `other` differ from those of `one`, to the same prompts in order.

    Args:
        one: Of the earlier fingerprint.
        other: Of the later one.
        tolerance: Nats by which a log-probability may differ.
    """
    pairs = list(zip(one, other, strict=True))
    found = [
        difference for a, b in pairs for difference in _differences(a, b, round(tolerance * 1e6))
    ]
    apart = [_apart(a, b) for pair in pairs for a, b in _tokens(*pair)]
    if found:
        verdict = Verdict.DIFFERENT
    else:
        same = all(a == b for pair in pairs for a, b in _tokens(*pair))
        verdict = Verdict.IDENTICAL if same else Verdict.WITHIN_TOLERANCE
    return Comparison(
        verdict=verdict,
        same_texts=sum(a.text == b.text for a, b in pairs),
        replies=len(pairs),
        largest=max(apart, default=None),
        differences=found,
    )


def _differences(one: Reply, other: Reply, tolerance: int) -> Iterator[Difference]:
    """Yield where two replies part; what follows from that is not told again."""
    if one.text != other.text:
        at = _parting(one.text, other.text)
        shown = [text[at : at + SHOWN] for text in (one.text, other.text)]
        yield _difference(one, "text", at + 1, *shown)
        return
    if one.stop_reason != other.stop_reason:
        stops = [reply.stop_reason or "none given" for reply in (one, other)]
        yield _difference(one, "stop reason", None, *stops)
    mine, others = ([token.text for token in reply.logprobs or ()] for reply in (one, other))
    if mine != others:
        at = _parting(mine, others)
        shown = ["".join(texts[at : at + 1]) or "none" for texts in (mine, others)]
        yield _difference(one, "tokens", at + 1, *shown)
        return
    pairs = enumerate(_tokens(one, other))
    at, (a, b) = max(pairs, key=lambda pair: _apart(*pair[1]), default=(0, (None, None)))
    if a is not None and b is not None and (by := _apart(a, b)) > tolerance:
        yield _difference(one, "log-probability", at + 1, a.text, b.text, by=by)


def _difference(
    reply: Reply, what: str, place: int | None, one: str, other: str, *, by: int | None = None
) -> Difference:
    return Difference(prompt=reply.prompt, what=what, place=place, one=one, other=other, by=by)


def _parting(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the first place at which two sequences differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _tokens(one: Reply, other: Reply) -> Iterable[tuple[Token, Token]]:
    """Yield the tokens of two replies in pairs, up to where another one was drawn."""
    for a, b in zip(one.logprobs or (), other.logprobs or (), strict=False):
        yield a, b
        if a.text != b.text:
            return


def _apart(one: Token, other: Token) -> int:
    """Return by how much the log-probabilities at one place differ, at least."""
    known = [{**token.top, token.text: token.logprob} for token in (one, other)]
    return max(_beyond(*known), _beyond(*reversed(known)))


def _beyond(one: dict[str, int], other: dict[str, int]) -> int:
    """Return the largest difference; what `other` does not list is below all that it lists."""
    least = min(other.values())
    return max(
        abs(value - other[text]) if text in other else max(0, value - least)
        for text, value in one.items()
    )
