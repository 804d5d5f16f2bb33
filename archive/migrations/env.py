"""What Alembic runs: the tables of every wing against the database that it is given."""

import sqlite3
from typing import Literal

from alembic import context  # noqa: TID253  # Alembic itself imports this file
from sqlalchemy import Connection, create_engine, event
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from archive.wing import import_tables


def plainly(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write SQLModel's string type as SQLAlchemy's: a revision then needs no SQLModel."""
    return "sa.String()" if kind == "type" and isinstance(item, AutoString) else False


import_tables()
url = context.config.get_main_option("sqlalchemy.url")
if url is None:
    raise RuntimeError("archive.migrations.upgrade gives the database's URL")

engine = create_engine(url)


@event.listens_for(engine, "connect")
def leave_beginning_to_us(connection: sqlite3.Connection, _record: object) -> None:
    """Keep the driver from committing before each change of a table."""
    connection.isolation_level = None


@event.listens_for(engine, "begin")
def begin(connection: Connection) -> None:
    """Begin a transaction: a migration that is killed leaves the tables that were."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


with engine.begin() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        render_item=plainly,
    )
    context.run_migrations()
