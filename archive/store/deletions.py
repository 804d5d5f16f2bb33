"""Deletions under authority as they are kept: what was decided, and which places are done.

A deletion stands from the transaction that decides it. Each place that held the bytes is then
*removed* by the program, or stays *pending* until it is within reach, or a person has *confirmed*
that it holds nothing any more.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, select

from archive.identifiers import new_id

KIND = "deletion"
"""The kind of the log's entry; its subject is what was deleted, so that the leaf names it."""

DATABASE, STORE, ASIDE = "database", "store", "set aside"
COPY, EXPORT, SITE = AWAY = ("copy", "export", "site")
"""What a place is: of the workspace itself, or away from it. What quotes has its kind's name."""

BEYOND_REACH = (
    "backups of the database, of the workspace and of the machine, and snapshots of its disks",
    "the write-ahead log of a database server, and what it archived of it",
    "blocks of a disk that its file system has freed and not written over",
    "what others have copied of the site, its feeds, the copies and the exports",
)
"""Where the words may still be and no program of ours can look: told with every deletion."""


class Standing(StrEnum):
    """How far a place is."""

    REMOVED = "removed"
    PENDING = "pending"
    CONFIRMED = "confirmed"


class Deletion(SQLModel, table=True):
    """One decision to delete one subject, and what became of each place that held it."""

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str
    subject: str = Field(index=True)
    model: str | None = None  # the slug of the model that it was about
    object_id: str  # urn:uuid:… of the archival object that it had, or would have had
    versions: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))  # of its seals
    rewritten: list[dict[str, str]] = Field(sa_column=Column(JSON, nullable=False))
    """Objects that held its words too, and are sealed anew: kind, subject, object_id."""
    reason: str
    basis: str  # the law, contract or request that demands it
    by: str  # a person's id
    at: str
    places: list[dict[str, str]] = Field(sa_column=Column(JSON, nullable=False))
    """Every place that held the bytes: what, where, state, and why where that is to be said."""
    source: str | None = None  # the key of the file and the place that it was imported from
    note: str  # the signed note of its tombstone
    removed_at: str | None = None  # when nothing of it was left in the workspace itself
    completed_at: str | None = None  # when nothing was pending any more

    @property
    def objects(self) -> list[str]:
        """The ids of all objects whose bytes of then must go."""
        return [self.object_id, *(one["object_id"] for one in self.rewritten)]

    @property
    def pending(self) -> list[dict[str, str]]:
        """The places that may still hold the bytes."""
        return [place for place in self.places if place["state"] == Standing.PENDING]

    @property
    def words(self) -> str:
        """What is said where the subject stood."""
        return f"deleted on {self.at[:10]} under authority: {self.basis}"

    def settle(self, what: str, where: str, standing: Standing, why: str | None = None) -> None:
        """Say how far a place is."""
        said = {"what": what, "where": where, "state": standing.value}
        said |= {} if why is None else {"why": why}
        self.places = [
            said if (place["what"], place["where"]) == (what, where) else place
            for place in self.places
        ]

    def reopen(self, what: str, where: str) -> None:
        """Wait for a place that was found to hold the bytes, known or not."""
        others = [one for one in self.places if (one["what"], one["where"]) != (what, where)]
        waiting = {"what": what, "where": where, "state": Standing.PENDING.value}
        self.places, self.completed_at = [*others, waiting], None


def deletion_of(session: Session, kind: str, subject: str) -> Deletion | None:
    """Return the deletion of a subject; None: it was not deleted."""
    rows = select(Deletion).where(Deletion.kind == kind, Deletion.subject == subject)
    return session.exec(rows).first()


def deletions(session: Session) -> list[Deletion]:
    """Return every deletion, oldest first."""
    return list(session.exec(select(Deletion).order_by(Deletion.id)))


def deleted(session: Session) -> Mapping[tuple[str, str], Deletion]:
    """Return every deletion by the kind and the subject that were deleted."""
    return {(row.kind, row.subject): row for row in deletions(session)}


def deleted_sources(session: Session, model: str) -> set[str]:
    """Return the keys of what was imported of a model and deleted: it is not imported again."""
    rows = select(Deletion.source).where(Deletion.model == model, col(Deletion.source).is_not(None))
    return {source for source in session.exec(rows) if source is not None}


def unfinished(session: Session) -> list[Deletion]:
    """Return the deletions of which a place is pending, oldest first."""
    rows = select(Deletion).where(col(Deletion.completed_at).is_(None))
    return list(session.exec(rows.order_by(Deletion.id)))


def not_removed(session: Session) -> list[Deletion]:
    """Return the deletions that a crash has left before the workspace itself held nothing."""
    return list(session.exec(select(Deletion).where(col(Deletion.removed_at).is_(None))))
