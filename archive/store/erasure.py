"""Erasure: how a wing destroys the words of what is deleted, and of what quotes it.

Pure. `archive.store.deleting` decides and removes; a wing alone knows its own rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the workspace imports tables; an erasure only names it
    from sqlmodel import Session

    from archive.workspace.workspace import Workspace

DELETED = "deleted"
"""What stands in a column that must hold a text, in the place of one that was destroyed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasable:
    """A subject that can be deleted."""

    subject: str  # its id
    model: str | None  # the slug of the model that it is about
    object_id: str  # of its archival object, sealed or not
    source: str | None = None  # where it was imported from, as a digest: it is not imported again
    logged: Sequence[tuple[str, str]] = ()  # kind and subject of log entries that hold its words


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """How the subjects of one kind are destroyed in the database."""

    find: "Callable[[Session, str], Erasable]"
    """What a person named; InputError if there is none such."""
    erase: "Callable[[Session, str], None]"
    """Destroy the words of a subject in the caller's transaction; what holds no word stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    """Where else a wing keeps the words of what is deleted, whatever its kind."""

    of: "Callable[[Session, str, str], Sequence[tuple[str, str]]]"
    """The kinds and subjects of all that holds words of the subject of a kind."""
    erase: "Callable[[Session, str, str], None]"
    """Destroy those words in the caller's transaction; what is deleted is whole then."""
    publish_again: "Callable[[Workspace, Path, str], None] | None" = None
    """Write what is published again into a folder on record, for its audience, from what is on
    record now; an EmeritusError or OSError if that cannot be done. None: the wing publishes none."""
