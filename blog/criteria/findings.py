"""What a detector finds in a text, and where; its words stay in the text.

Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place in a text."""

    what: str  # "an e-mail address"; never the words themselves
    start: int  # in characters of the text
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one criterion's detector says of a text."""

    criterion: str  # its id
    detector: str | None  # its name and version; None: there is none for the criterion
    not_checked: str | None = None  # why; None: it was checked
    findings: Sequence[Finding] = ()

    @property
    def flags(self) -> list[dict[str, Any]]:
        """What a review records of it: each place, and by which detector."""
        return [
            {
                "criterion": self.criterion,
                "detector": self.detector,
                "what": one.what,
                "start": one.start,
                "end": one.end,
            }
            for one in self.findings
        ]


def flags(readings: Sequence[Reading]) -> list[dict[str, Any]]:
    """Return all that was found in a text, criterion by criterion."""
    return [flag for reading in readings for flag in reading.flags]
