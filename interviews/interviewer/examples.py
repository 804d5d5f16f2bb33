"""The labelled sets that ship with the package: probes, and replies that may decline.

The first line of each file says who made and labelled it; the lines after it are the examples.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from interviews.interviewer.faults import FaultKind
from interviews.interviewer.measuring import LabelledProbe, LabelledReply
from interviews.protocols.protocol import Declined

FOLDER = Path(__file__).with_name("labelled")
PROBES = ("probes", "probes-later")
REPLIES = ("declines", "declines-later")

Example = TypeVar("Example")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a set comes from, and who says that its labels are right."""

    version: int
    labelled: str  # by whom, and who checked it
    written: str  # when and by whom the texts were, seen from the rules
    made: str  # the day


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSet(Generic[Example]):
    """Examples that were made in one way."""

    name: str
    provenance: Provenance
    examples: Sequence[Example]


def probe_sets() -> list[LabelledSet[LabelledProbe]]:
    """Return the sets of labelled probes that ship; the first is the one that the rules grew on."""
    return [_set(name, _probe) for name in PROBES]


def reply_sets() -> list[LabelledSet[LabelledReply]]:
    """Return the sets of labelled replies that ship, in the same order."""
    return [_set(name, _reply) for name in REPLIES]


def _probe(row: Mapping[str, Any]) -> LabelledProbe:
    return LabelledProbe(
        probe=row["probe"],
        earlier=tuple(row["earlier"]),
        reply=row["reply"],
        language=row["language"],
        kinds=frozenset(map(FaultKind, row["kinds"])),
    )


def _reply(row: Mapping[str, Any]) -> LabelledReply:
    return LabelledReply(
        reply=row["reply"],
        language=row["language"],
        opening=row["opening"],
        declined=None if row["declined"] is None else Declined(row["declined"]),
    )


def _set(name: str, made_of: Callable[[Mapping[str, Any]], Example]) -> LabelledSet[Example]:
    lines = (FOLDER / f"{name}.jsonl").read_text("utf-8").strip().split("\n")
    head, *rows = map(json.loads, lines)
    return LabelledSet(
        name=name, provenance=Provenance(**head), examples=[made_of(row) for row in rows]
    )
