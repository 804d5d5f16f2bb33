"""`emeritus protocol detectors`: how often the detectors of an interview are right."""

from collections.abc import Sequence
from typing import Any

import click

from archive.commands import json_option, show
from interviews.interviewer.examples import Provenance, labelled_probes, labelled_replies
from interviews.interviewer.measuring import Figures, Half, decline_figures, probe_figures
from interviews.interviewer.presenting import figures_document, table

PROBES, REPLIES = "probes", "declining in words"


@click.command()
@json_option
def detectors(*, as_json: bool) -> None:
    """Measure the check of probes and the reading of declines on the labelled sets that ship.

    Example: emeritus protocol detectors
    """
    documents, texts = [], []
    for name, provenance, half, figures in measured():
        documents.append(_document(name, provenance, half, figures))
        texts.append(f"{heading(name, half, figures)}\n{provenance.labelled}\n\n{table(figures)}")
    show({"detectors": documents}, "\n\n".join(texts), as_json=as_json)


def measured() -> list[tuple[str, Provenance, Half, list[Figures]]]:
    """Return the figures of each detector on each half of its set, test first."""
    of_probes, probes = labelled_probes()
    of_replies, replies = labelled_replies()
    halves = (Half.TEST, Half.DEVELOPMENT)
    return [
        *(
            (PROBES, of_probes, half, probe_figures([one for one in probes if one.half is half]))
            for half in halves
        ),
        *(
            (
                REPLIES,
                of_replies,
                half,
                decline_figures([one for one in replies if one.half is half]),
            )
            for half in halves
        ),
    ]


def heading(name: str, half: Half, figures: Sequence[Figures]) -> str:
    """Return what a table shows."""
    return f"{name}, {half} half: {figures[0].examples} examples"


def _document(
    name: str, provenance: Provenance, half: Half, figures: Sequence[Figures]
) -> dict[str, Any]:
    return {
        "detector": name,
        "labelled": provenance.labelled,
        "made": provenance.made,
        "version": provenance.version,
        "half": half,
        "examples": figures[0].examples,
        "figures": [figures_document(each) for each in figures],
    }
