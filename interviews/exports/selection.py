"""What every form of an export is given: the sessions one at a time, and what became of the others."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from interviews.campaigns.coverage import QuestionCoverage, Reached
from interviews.campaigns.flow import Flow
from interviews.campaigns.presenting import of_all_begun
from interviews.exports.exported import ExportedSession


def flow_lines(flow: Flow | None) -> list[tuple[str, str]]:
    """Return what became of all that were begun, as lines of a table that add up."""
    if flow is None:
        return []
    planned = [] if flow.planned is None else [("Planned", str(flow.planned))]
    fates = [(str(fate).capitalize(), str(count)) for fate, count in flow.fates.items()]
    rules = [(f"Excluded: {rule}", str(count)) for rule, count in flow.rules.items()]
    return [*planned, ("Begun", str(flow.begun)), *fates, *rules]


def coverage_lines(flow: Flow | None, rows: Sequence[QuestionCoverage]) -> list[tuple[str, str]]:
    """Return what became of each question, as lines of a table; the first says of how many."""
    if flow is None:
        return []
    return [("Interviews", of_all_begun(flow)), *((row.question, _reached(row)) for row in rows)]


def _reached(row: QuestionCoverage) -> str:
    parts = (f"{row.counts[one]} {one}" for one in Reached if row.counts[one])
    return f"asked in {row.asked} of {row.sessions}: {', '.join(parts)}"


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

    @property
    def coverage(self) -> Sequence[QuestionCoverage]:
        """What became of each question in them; none where there is no flow."""
        ...

    def __iter__(self) -> Iterator[ExportedSession]:
        """Read them, the oldest first."""
        ...
