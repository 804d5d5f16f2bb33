"""`emeritus protocol detectors`: how often the detectors of an interview are right."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from archive.commands import json_option, show
from interviews.interviewer.examples import LabelledSet, Provenance, probe_sets, reply_sets
from interviews.interviewer.measuring import (
    Figures,
    Half,
    LabelledProbe,
    LabelledReply,
    decline_figures,
    probe_figures,
)
from interviews.interviewer.presenting import figures_document, table

Example = TypeVar("Example", LabelledProbe, LabelledReply)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A detector's figures on one half of a labelled set."""

    set: str
    provenance: Provenance
    half: Half
    figures: Sequence[Figures]

    @property
    def heading(self) -> str:
        """Which half of which set this is."""
        return f"{self.set}, {self.half} half: {self.figures[0].examples} examples"


@click.command()
@json_option
def detectors(*, as_json: bool) -> None:
    """Measure the check of probes and the reading of declines on the labelled sets that ship.

    Example: emeritus protocol detectors
    """
    found = list(measured())
    texts = (
        f"{each.heading}\n{each.provenance.labelled}\nwritten {each.provenance.written}\n\n"
        f"{table(each.figures)}"
        for each in found
    )
    show({"detectors": list(map(_document, found))}, "\n\n".join(texts), as_json=as_json)


def measured() -> Iterator[Measured]:
    """Measure each detector on each half of each set that ships."""
    for probes in probe_sets():
        yield from _on_halves(probes, probe_figures)
    for replies in reply_sets():
        yield from _on_halves(replies, decline_figures)


def _on_halves(
    labelled: LabelledSet[Example], measure: Callable[[Sequence[Example]], list[Figures]]
) -> Iterator[Measured]:
    for half in (Half.TEST, Half.DEVELOPMENT):
        part = [example for example in labelled.examples if example.half is half]
        yield Measured(
            set=labelled.name,
            provenance=labelled.provenance,
            half=half,
            figures=measure(part),
        )


def _document(each: Measured) -> dict[str, Any]:
    return {
        "set": each.set,
        "version": each.provenance.version,
        "labelled": each.provenance.labelled,
        "written": each.provenance.written,
        "made": each.provenance.made,
        "half": each.half,
        "examples": each.figures[0].examples,
        "figures": [figures_document(figures) for figures in each.figures],
    }
