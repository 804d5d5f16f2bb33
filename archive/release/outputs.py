"""Outputs: the folders into which a wing has written what it publishes.

Each is on record and in the log before the first page is written: nothing of the record may lie
where nobody knows of it. Rows are never changed; the last of a folder holds.
"""

from sqlmodel import Field, Session, SQLModel, select

from archive.identifiers import new_id
from archive.log import entries
from archive.times import now, to_text
from archive.workspace.workspace import Workspace

KIND = "site"
"""The kind of the log's entry."""


class Output(SQLModel, table=True):
    """A folder that was written to, and whom that was for."""

    id: str = Field(default_factory=new_id, primary_key=True)
    path: str  # absolute, on the operator's machine: never published
    audience: str  # public, internal
    since: str


def outputs(session: Session) -> dict[str, Output]:
    """Return every folder that was written to, by its path."""
    return {row.path: row for row in session.exec(select(Output).order_by(Output.id))}


def register(workspace: Workspace, path: str, audience: str) -> None:
    """Put a folder on record, unless it is.

    Raises:
        InputError: The log's key is missing.
        FaultError: The log disagrees with itself.
        ServiceError: The database refused.
    """
    with workspace.database.reading() as session:
        known = outputs(session).get(path)
    if known is not None and known.audience == audience:
        return
    row = Output(path=path, audience=audience, since=to_text(now()))
    with workspace.deciding() as session:
        session.add(row)
        entries.append(session, KIND, row.id, row.model_dump())
