"""The labelled sets that ship with the package: probes, and replies that may decline.

The first line of each file says who made and labelled it; the lines after it are the examples.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interviews.interviewer.faults import FaultKind
from interviews.interviewer.measuring import LabelledProbe, LabelledReply
from interviews.protocols.protocol import Declined

FOLDER = Path(__file__).with_name("labelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a set comes from, and who says that its labels are right."""

    version: int
    labelled: str
    made: str  # the day


def labelled_probes() -> tuple[Provenance, list[LabelledProbe]]:
    """Return the labelled probes that ship."""
    head, rows = _read("probes.jsonl")
    probes = [
        LabelledProbe(
            probe=row["probe"],
            earlier=tuple(row["earlier"]),
            reply=row["reply"],
            language=row["language"],
            kinds=frozenset(map(FaultKind, row["kinds"])),
        )
        for row in rows
    ]
    return head, probes


def labelled_replies() -> tuple[Provenance, list[LabelledReply]]:
    """Return the labelled replies that ship."""
    head, rows = _read("declines.jsonl")
    replies = [
        LabelledReply(
            reply=row["reply"],
            language=row["language"],
            opening=row["opening"],
            declined=None if row["declined"] is None else Declined(row["declined"]),
        )
        for row in rows
    ]
    return head, replies


def _read(name: str) -> tuple[Provenance, list[Mapping[str, Any]]]:
    lines = (FOLDER / name).read_text("utf-8").strip().split("\n")
    head, *rows = map(json.loads, lines)
    return Provenance(**head), rows
