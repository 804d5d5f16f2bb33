"""Every criterion with what its detector says of a text; most have none, and say so.

Pure. Nothing that is found decides anything, and nothing rewrites a text: flags tell a reviewer
where to look, and that a second person is needed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from blog.criteria import despair, overlap, private_data, promotion
from blog.criteria.criteria import Criteria, Criterion
from blog.criteria.findings import Reading

LONGEST = 400_000  # characters that are read
NO_DETECTOR = "there is no detector: a person has to read for it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text, and what its detectors compare it with."""

    text: str
    names: Sequence[str] = ()  # of the operator and its products
    others: Mapping[str, str] = field(default_factory=dict)  # other texts, by what they are called


Detect = Callable[[Draft, Criterion], Reading]


def read(draft: Draft, criteria: Criteria) -> list[Reading]:
    """Return what is found in a text, criterion by criterion."""
    return [_read(draft, criterion) for criterion in criteria.criteria]


def _read(draft: Draft, criterion: Criterion) -> Reading:
    detect = DETECTORS.get(criterion.id)
    if detect is None:
        return Reading(criterion=criterion.id, detector=None, not_checked=NO_DETECTOR)
    if len(draft.text) > LONGEST:
        return Reading(
            criterion=criterion.id,
            detector=None,
            not_checked=f"the text is longer than {LONGEST:,} characters",
        )
    return detect(draft, criterion)


def _private_data(draft: Draft, criterion: Criterion) -> Reading:
    return Reading(
        criterion=criterion.id,
        detector=private_data.DETECTOR,
        findings=private_data.find(draft.text),
    )


def _self_harm(draft: Draft, criterion: Criterion) -> Reading:
    found = despair.find(draft.text)
    return Reading(
        criterion=criterion.id,
        detector=despair.DETECTOR,
        not_checked=None if found else despair.not_checked(draft.text),
        findings=found,
    )


def _overlap(draft: Draft, criterion: Criterion) -> Reading:
    return Reading(
        criterion=criterion.id,
        detector=overlap.DETECTOR,
        findings=overlap.find(draft.text, draft.others, words=criterion.words),
    )


def _promotion(draft: Draft, criterion: Criterion) -> Reading:
    unnamed = None if draft.names else "the operator is not stated in emeritus.toml"
    return Reading(
        criterion=criterion.id,
        detector=promotion.DETECTOR,
        not_checked=unnamed,
        findings=promotion.find(draft.text, draft.names),
    )


DETECTORS: Mapping[str, Detect] = {
    "private-data": _private_data,
    "self-harm": _self_harm,
    "overlap": _overlap,
    "promotion": _promotion,
}
"""The detector of each criterion that has one, by the criterion's id."""
