"""The labelled texts that ship: which criteria each of them meets.

The first line of each file says who made and labelled it, with the names and the texts that
detectors compare with; the lines after it are the examples.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from blog.criteria.detecting import Draft
from interviews.interviewer.measuring import Half, half_of

FOLDER = Path(__file__).with_name("labelled")
SETS = ("flags", "flags-unexpected")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledText:
    """A text, and the ids of the criteria by which it has to be flagged."""

    draft: Draft
    criteria: frozenset[str]

    @property
    def half(self) -> Half:
        return half_of(self.draft.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledTexts:
    """Texts that were made in one way."""

    name: str
    version: int
    labelled: str  # by whom, and who checked it
    written: str  # when, seen from the rules
    made: str  # the day
    examples: Sequence[LabelledText]


@cache
def labelled_sets() -> tuple[LabelledTexts, ...]:
    """Return the labelled sets that ship."""
    return tuple(map(_set, SETS))


def _set(name: str) -> LabelledTexts:
    lines = (FOLDER / f"{name}.jsonl").read_text("utf-8").strip().split("\n")
    head, *rows = map(json.loads, lines)
    others = {f"the text {number}": text for number, text in enumerate(head["sources"], start=1)}
    return LabelledTexts(
        name=name,
        version=head["version"],
        labelled=head["labelled"],
        written=head["written"],
        made=head["made"],
        examples=[
            LabelledText(
                draft=Draft(text=row["text"], names=head["names"], others=others),
                criteria=frozenset(row["criteria"]),
            )
            for row in rows
        ],
    )
