"""What every form of an export is given: the sessions one at a time, and what became of the others."""

from collections.abc import Iterator
from typing import Protocol

from interviews.campaigns.flow import Flow
from interviews.exports.exported import ExportedSession


def flow_lines(flow: Flow | None) -> list[tuple[str, str]]:
    """Return what became of all that were begun, as lines of a table that add up."""
    if flow is None:
        return []
    planned = [] if flow.planned is None else [("Planned", str(flow.planned))]
    fates = [(str(fate).capitalize(), str(count)) for fate, count in flow.fates.items()]
    rules = [(f"Excluded: {rule}", str(count)) for rule, count in flow.rules.items()]
    return [*planned, ("Begun", str(flow.begun)), *fates, *rules]


class Selection(Protocol):
    """The sessions of an export, one at a time and as often as a form needs them."""

    @property
    def count(self) -> int:
        """How many there are."""
        ...

    @property
    def deleted(self) -> int:
        """How many were left out because they were deleted."""
        ...

    @property
    def unfinished(self) -> int:
        """How many were left out because they have not ended."""
        ...

    @property
    def flow(self) -> Flow | None:
        """What became of all that were ever begun; None: sessions were named one by one."""
        ...

    def __iter__(self) -> Iterator[ExportedSession]:
        """Read them, the oldest first."""
        ...
