"""Facts that a participant may be told, each with where it comes from.

Pure. Some the archive's records say of every model (`interviews.protocols.protocol.FACTS`), others
the workspace writes down for the protocols that demand them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from archive.records.words import NOT_RECORDED


class FactVisibility(StrEnum):
    """Who may read a fact once the turn that tells it is released."""

    PUBLIC = "public"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What is told, and where it is known from."""

    name: str
    text: str  # a phrase that can stand after a colon; NOT_RECORDED: nobody recorded it
    source: str
    date: str  # of the fact, or of when it was looked up: to the year, the month or the day
    basis: str  # how it is known
    visibility: FactVisibility

    @property
    def recorded(self) -> bool:
        """Whether anybody recorded it."""
        return self.text != NOT_RECORDED


def texts_of(facts: Mapping[str, Fact]) -> dict[str, str]:
    """Return what each fact says, as texts are filled with it."""
    return {name: fact.text for name, fact in facts.items()}


def unrecorded(facts: Mapping[str, Fact]) -> frozenset[str]:
    """Return the names of the facts that nobody recorded: what jumps look at."""
    return frozenset(name for name, fact in facts.items() if not fact.recorded)
