"""Audits of the store: what was read, when, and what was found of it."""

from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, func, select

from archive.identifiers import new_id

ROOT = "."
"""What stands for the files of the store itself where an object is named."""


class Audit(SQLModel, table=True):
    """One reading of everything that is kept; it may be stopped and gone on with."""

    id: str = Field(default_factory=new_id, primary_key=True)
    started_at: str
    ended_at: str | None = None  # None: it goes on where it was
    checked: int | None = None  # how many objects and files, when it ended
    faulty: int | None = None


class ObjectCheck(SQLModel, table=True):
    """One reading of one archival object, kept whatever it found: a PREMIS fixity check."""

    __tablename__ = "object_check"

    id: str = Field(default_factory=new_id, primary_key=True)
    audit: str | None = Field(
        default=None, foreign_key="audit.id", index=True
    )  # None: after a repair
    object_id: str = Field(index=True)  # or, of what no seal names, its folder in the store
    faults: list[dict[str, str]] = Field(sa_column=Column(JSON, nullable=False))  # none: sound
    checked_at: str

    @property
    def sound(self) -> bool:
        return not self.faults


def unfinished(session: Session) -> Audit | None:
    """Return the audit that was begun and not ended."""
    return session.exec(select(Audit).where(col(Audit.ended_at).is_(None))).first()


def checks_of(session: Session, audit: str) -> list[ObjectCheck]:
    """Return what an audit has found so far, in the order of its reading."""
    return list(
        session.exec(select(ObjectCheck).where(ObjectCheck.audit == audit).order_by(ObjectCheck.id))
    )


def last_checks(session: Session) -> dict[str, dict[str, Any]]:
    """Return when each object was last read, and whether it was sound, by object id."""
    last = select(func.max(ObjectCheck.id)).group_by(ObjectCheck.object_id)  # ids sort by time
    rows = session.exec(select(ObjectCheck).where(col(ObjectCheck.id).in_(last)))
    return {row.object_id: {"at": row.checked_at, "sound": row.sound} for row in rows}
