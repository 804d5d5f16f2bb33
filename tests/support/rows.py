"""What stands in a workspace's tables, whatever database it is kept in."""

from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from archive.workspace.workspace import open_workspace


def rows(workspace: Path, query: str) -> list[tuple[object, ...]]:
    """Return the rows that a query finds."""
    with closing(open_workspace(workspace)) as opened, opened.database.reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query))]
