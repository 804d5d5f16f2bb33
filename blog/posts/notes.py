"""Operator's notes on a post: what an operator says beside the model's text, and signs.

Nothing is read here: rows are taken as values. A note is no part of the text and of no digest. Rows
are added; a note that stands in the place of another one is shown instead of it.
"""

from collections.abc import Sequence
from enum import StrEnum

from sqlmodel import Field

from archive.log.entries import WholeAct


class Side(StrEnum):
    """Where a note stands."""

    ABOVE = "above"  # before the text: what a reader should know first
    BELOW = "below"


class OperatorNote(WholeAct, table=True):
    """One note of one person."""

    __tablename__ = "operator_note"

    post: str = Field(foreign_key="post.id", index=True)
    text: str  # Markdown
    side: str  # a Side
    instead_of: str | None = Field(default=None, foreign_key="operator_note.id")
    by: str  # a person's id
    at: str


def shown_notes(notes: Sequence[OperatorNote]) -> list[OperatorNote]:
    """Return the notes in whose place no other stands, oldest first."""
    replaced = {note.instead_of for note in notes}
    return [note for note in notes if note.id not in replaced]
