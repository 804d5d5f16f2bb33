"""The detectors' figures as they are shown: one document for programs, tables for people.

Pure. The tables are Markdown: `docs/detectors.md` has them, and a test holds it to them.
"""

from collections.abc import Sequence
from typing import Any

from interviews.interviewer.measuring import Figures, Share

NOT_MEASURED = "not measured"

_HEAD = """\
| kind | there | found | of these right | precision | recall |
| --- | ---: | ---: | ---: | --- | --- |"""


def figures_document(figures: Figures) -> dict[str, Any]:
    """Return the figures of one kind for a program."""
    return {
        "kind": figures.kind,
        "examples": figures.examples,
        "there": figures.recall.whole,
        "found": figures.found,
        "false": figures.false,
        "missed": figures.missed,
        "precision": _share_document(figures.precision),
        "recall": _share_document(figures.recall),
    }


def table(figures: Sequence[Figures]) -> str:
    """Return figures as a table in Markdown."""
    rows = (
        f"| {each.kind} | {each.recall.whole} | {each.precision.whole} | {each.found}"
        f" | {shown(each.precision)} | {shown(each.recall)} |"
        for each in figures
    )
    return "\n".join([_HEAD, *rows])


def shown(share: Share) -> str:
    """Return a share with its interval: `0.94 (0.81-0.98)`, of 1."""
    if share.value is None or share.interval is None:
        return NOT_MEASURED
    low, high = share.interval
    return f"{share.value:.2f} ({low:.2f}-{high:.2f})"


def _share_document(share: Share) -> dict[str, Any] | None:
    """Return a share for a program; None: not measured."""
    if share.value is None or share.interval is None:
        return None
    low, high = share.interval
    return {
        "value": round(share.value, 4),
        "n": share.whole,
        "interval": [round(low, 4), round(high, 4)],
    }
