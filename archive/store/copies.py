"""Copies of the store: where each is, since when, and when it was last verified."""

from sqlmodel import Field, Session, SQLModel, select

from archive.identifiers import new_id

GONE = "copy gone"
"""The kind of the log's entry of a copy that a person has given up; its subject is the copy."""


class StoreCopy(SQLModel, table=True):
    """A folder that holds a copy of the store; on record before the first byte is written."""

    __tablename__ = "store_copy"

    id: str = Field(default_factory=new_id, primary_key=True)
    path: str = Field(unique=True)  # absolute, on the operator's machine: never published
    since: str
    replicated_at: str | None = None  # when it last held all that was sealed; None: not yet
    verified_at: str | None = None  # when every byte of it was last read and found sound


def copies(session: Session) -> list[StoreCopy]:
    """Return every copy on record, by path."""
    return list(session.exec(select(StoreCopy).order_by(StoreCopy.path)))
