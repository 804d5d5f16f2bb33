"""A workspace's log that tests fill and damage."""

from contextlib import closing
from pathlib import Path

from sqlalchemy import insert

from archive.canonical import SALT_BYTES, canonical_bytes, salted_digest
from archive.log import entries
from archive.log.entries import LogEntry
from archive.workspace.workspace import open_workspace


def grow(root: Path, count: int) -> None:
    """Log so many acts at once."""
    with closing(open_workspace(root)) as workspace, workspace.deciding() as session:
        start = entries.size(session)
        rows = [entry(number) for number in range(start, start + count)]
        session.execute(insert(LogEntry), rows)


def entry(number: int) -> dict[str, object]:
    salt, content = bytes(SALT_BYTES), canonical_bytes({"number": number})
    digest = salted_digest(salt, content)
    at = "2026-11-23T20:00:00.000000Z"
    return {
        "index": number, "kind": "decision", "subject": f"act-{number}", "at": at,
        "digest": digest, "salt": salt, "content": content,
    }  # fmt: skip


def sql(root: Path, statement: str) -> None:
    """Change the database behind the program's back."""
    with closing(open_workspace(root)) as workspace, workspace.database.transaction() as connection:
        connection.exec_driver_sql(statement)
