"""Criteria, and what their detectors say of a text, as documents and as text for a terminal.

The figures of the detectors are measured on the sets that ship.
"""

from collections.abc import Sequence
from typing import Any

from blog.criteria.criteria import Criteria
from blog.criteria.detecting import DETECTORS, NO_DETECTOR
from blog.criteria.findings import Reading
from blog.criteria.measuring import error_of
from interviews.interviewer.measuring import Figures
from interviews.interviewer.presenting import figures_document, shown

SOURCE = "constructed examples, labelled by a language model and checked by nobody"


_OPENING = f"""\
# What a text is read for before it is published

A text is approved or vetoed as it is, by the criteria below; nobody edits it. A veto needs two people,
and names one of these as its class, or the model's own wish, or another reason. The approval of a text
that a detector has flagged needs two people as well. How many texts were vetoed, and for what, stands
on the page of each model.

Detectors are rules that point a reviewer to a place. They decide nothing and change nothing. Their
error was measured on {SOURCE}; what they do not find may still be there.
"""


def criteria_document(criteria: Criteria) -> dict[str, Any]:
    """Return the criteria for a program, each with its detector's figures."""
    return {
        "version": criteria.version,
        "sha256": criteria.sha256,
        "criteria": [
            {
                "id": one.id,
                "name": one.name,
                "means": one.means,
                "checked": one.id in DETECTORS,
                "error": _error(one.id),
            }
            for one in criteria.criteria
        ],
        "classes": criteria.classes,
    }


def criteria_text(criteria: Criteria) -> str:
    """Return the criteria for a terminal."""
    lines = [f"Criteria, version {criteria.version}, sha256 {criteria.sha256}"]
    for one in criteria.criteria:
        figures = error_of(one.id)
        checked = f"not checked: {NO_DETECTOR}" if figures is None else in_words(figures)
        lines += ["", f"{one.id}: {one.name}", f"  {one.means}", f"  {checked}"]
    return "\n".join([*lines, "", f"Classes of a veto: {', '.join(criteria.classes)}"])


def criteria_page(criteria: Criteria) -> str:
    """Return the standing page that publishes the criteria, in Markdown."""
    lines = [_OPENING]
    for one in criteria.criteria:
        figures = error_of(one.id)
        checked = (
            f"Not checked: {NO_DETECTOR}" if figures is None else f"Checked: {in_words(figures)}"
        )
        lines += [f"## {one.name[:1].upper()}{one.name[1:]}", "", one.means, "", f"{checked}.", ""]
    return "\n".join(
        [*lines, f"Version {criteria.version}. SHA-256 of its file: `{criteria.sha256}`", ""]
    )


def readings_document(
    readings: Sequence[Reading], criteria: Criteria, text: str
) -> list[dict[str, Any]]:
    """Return what every detector says of `text` for a program, with the words that it points at."""
    names = criteria.classes
    return [
        {
            "criterion": reading.criterion,
            "name": names[reading.criterion],
            "detector": reading.detector,
            "error": _error(reading.criterion),
            "not_checked": reading.not_checked,
            "flags": [
                {
                    "what": one.what,
                    "start": one.start,
                    "end": one.end,
                    "words": text[one.start : one.end],
                }
                for one in reading.findings
            ],
        }
        for reading in readings
    ]


def readings_text(readings: Sequence[Reading], criteria: Criteria, text: str) -> list[str]:
    """Return the same as lines for a terminal."""
    lines = [f"Read for the criteria, version {criteria.version}:"]
    for reading in readings:
        name, figures = criteria.classes[reading.criterion], error_of(reading.criterion)
        if reading.findings:
            lines.append(f"  FLAG  {name}")
        elif reading.not_checked is not None:
            lines.append(f"  not checked  {name}: {reading.not_checked}")
        else:
            lines.append(f"  nothing found  {name}")
        lines += [
            f"        {one.what}, characters {one.start} to {one.end}:"
            f" {' '.join(text[one.start : one.end].split())[:200]!r}"
            for one in reading.findings
        ]
        if figures is not None and reading.detector is not None:
            lines.append(f"        {reading.detector}: {in_words(figures)}")
    return lines


def in_words(figures: Figures) -> str:
    """Return a detector's measured error in a line."""
    return (
        f"precision {shown(figures.precision)}, recall {shown(figures.recall)}"
        f" on {figures.examples} {SOURCE}"
    )


def _error(criterion: str) -> dict[str, Any] | None:
    figures = error_of(criterion)
    return None if figures is None else figures_document(figures) | {"source": SOURCE}
