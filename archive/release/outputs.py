"""Outputs: the folders into which a wing has written what it publishes.

Each is on record and in the log before the first page is written: nothing of the record may lie
where nobody knows of it. Rows are never changed; the last of a folder holds.
"""

from pathlib import Path

from sqlmodel import Field, Session, SQLModel, select

from archive.identifiers import new_id
from archive.log import entries
from archive.times import now, to_text
from archive.workspace.settings import FILE_NAME
from archive.workspace.workspace import Workspace

KIND = "site"
"""The kind of the log's entry."""

PUBLIC = "public"
"""The audience of a folder of which no build says anything else."""


class Output(SQLModel, table=True):
    """A folder that was written to, and whom that was for."""

    id: str = Field(default_factory=new_id, primary_key=True)
    path: str  # in the workspace: relative to it; else absolute, and never published
    audience: str  # public, internal
    since: str


def outputs(session: Session, root: Path) -> dict[str, Output]:
    """Return every folder that was written to, by its path as `named` gives it."""
    rows = session.exec(select(Output).order_by(Output.id))
    return {named(root, root / row.path): row for row in rows}


def named(root: Path, folder: Path) -> str:
    """Return the name of a folder: one in the workspace at `root` moves with it."""
    inside = folder.is_relative_to(root)
    return str(folder.relative_to(root)) if inside else str(folder)


def is_anothers(root: Path, folder: Path) -> bool:
    """Return whether a folder lies in another workspace than that at `root`: a copy's path may."""
    return not folder.is_relative_to(root) and (folder.parent / FILE_NAME).is_file()


def register(workspace: Workspace, folder: Path, audience: str) -> None:
    """Put a folder on record, unless it is.

    Raises:
        InputError: The log's key is missing.
        FaultError: The log disagrees with itself.
        ServiceError: The database refused.
    """
    root = workspace.root.resolve()
    path = named(root, folder.resolve())
    with workspace.database.reading() as session:
        known = outputs(session, root).get(path)
    if known is not None and known.audience == audience:
        return
    row = Output(path=path, audience=audience, since=to_text(now()))
    with workspace.deciding() as session:
        session.add(row)
        entries.append(session, KIND, row.id, row.model_dump())
