"""One line of the retirement checklist, and how a wing offers its lines.

Pure.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:  # the workspace imports tables; a checklist's lines do not
    from archive.workspace.workspace import Workspace


class State(StrEnum):
    """How one thing stands."""

    DONE = "done"
    OPEN = "open"
    OVERDUE = "overdue"
    NOT_RECORDED = "not recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that a retirement needs."""

    subject: str  # what it is about: "weights", "channel api"
    state: State
    detail: str  # one line: what is there, what is missing
    due: date | None = None
    next: str | None = None  # the command to type next

    @property
    def awaits_a_decision(self) -> bool:
        """Whether what comes next is a decision, which somebody on the roster has to sign."""
        decides = self.next is not None and "--by PERSON" in self.next
        return decides and self.state is not State.DONE


Checklist: TypeAlias = "Callable[[Workspace, str, date], Sequence[Item]]"
"""Takes the workspace, a model's slug and today; returns the wing's lines."""


def overdue(items: Iterable[Item]) -> list[Item]:
    """Return the items whose time is past."""
    return [item for item in items if item.state is State.OVERDUE]


def days_left(due: date, today: date) -> str:
    """Return how far off `due` is, in words: "in 12 days", "today", "3 days ago"."""
    days = (due - today).days
    unit = "day" if abs(days) == 1 else "days"
    if days == 0:
        return "today"
    return f"in {days} {unit}" if days > 0 else f"{-days} {unit} ago"
