"""What stands in a workspace's tables, whatever database it is kept in."""

from contextlib import closing
from pathlib import Path

from sqlalchemy import text
from sqlmodel import SQLModel

from archive.workspace.workspace import open_workspace


def rows(workspace: Path, query: str) -> list[tuple[object, ...]]:
    """Return the rows that a query finds."""
    with closing(open_workspace(workspace)) as opened, opened.database.reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query))]


def all_rows(workspace: Path) -> dict[str, list[str]]:
    """Return every row of every table, in an order of their own."""
    with closing(open_workspace(workspace)) as opened, opened.database.reading() as session:
        connection = session.connection()
        return {
            table.name: sorted(
                repr(_plain(tuple(row))) for row in connection.execute(table.select())
            )
            for table in SQLModel.metadata.sorted_tables
        }


def _plain(value: object) -> object:
    """Return a value in which the order of an object's keys tells nothing."""
    if isinstance(value, dict):
        return sorted((key, _plain(item)) for key, item in value.items())
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
