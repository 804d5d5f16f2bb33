"""How often each detector of flags is right, on labelled texts.

Nothing else is read than the labelled sets and the criteria that ship.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from blog.criteria.criteria import parse
from blog.criteria.detecting import DETECTORS, read
from blog.criteria.examples import LabelledText, LabelledTexts, labelled_sets
from blog.criteria.reading import FILE_NAME, SHIPPED
from interviews.interviewer.measuring import Figures, Half, figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The figures of all detectors on one half of a labelled set."""

    texts: LabelledTexts
    half: Half
    figures: Sequence[Figures]  # by the criterion's id, as their kind

    @property
    def heading(self) -> str:
        """Which half of which set this is."""
        return f"{self.texts.name}, {self.half} half: {self.figures[0].examples} examples"


def measured() -> Iterator[Measured]:
    """Measure every detector on each half of each set that ships."""
    for texts in labelled_sets():
        for half in (Half.TEST, Half.DEVELOPMENT):
            part = [example for example in texts.examples if example.half is half]
            yield Measured(texts=texts, half=half, figures=flag_figures(part))


def flag_figures(examples: Sequence[LabelledText]) -> list[Figures]:
    """Return how every detector does on labelled texts."""
    criteria = parse(SHIPPED.read_bytes(), name=FILE_NAME)
    pairs = [
        (
            example.criteria,
            {one.criterion for one in read(example.draft, criteria) if one.findings},
        )
        for example in examples
    ]
    return [
        figures(name, [(name in truth, name in found) for truth, found in pairs])
        for name in DETECTORS
    ]


@cache
def error_of(criterion: str) -> Figures | None:
    """Return the figures of a criterion's detector on the test halves of all sets; None: it has none."""
    if criterion not in DETECTORS:
        return None
    examples = (example for texts in labelled_sets() for example in texts.examples)
    test = [example for example in examples if example.half is Half.TEST]
    return next(each for each in flag_figures(test) if each.kind == criterion)
