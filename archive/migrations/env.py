"""What Alembic runs: the tables of every wing against the database that it is given."""

from typing import Literal

from alembic import context  # noqa: TID253  # Alembic itself imports this file
from sqlalchemy import create_engine
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

with create_engine(url).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        render_item=plainly,
    )
    with context.begin_transaction():
        context.run_migrations()
