"""What Alembic runs: the tables of every wing against the database that it is given."""

from typing import Literal

from alembic import context  # noqa: TID253  # Alembic itself imports this file
from sqlalchemy import event, make_url
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from archive.wing import import_tables
from archive.workspace.database import WRITES, open_engine


def plainly(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write SQLModel's string type as SQLAlchemy's: a revision then needs no SQLModel."""
    return "sa.String()" if kind == "type" and isinstance(item, AutoString) else False


import_tables()
url = context.config.attributes.get("url") or context.config.get_main_option("sqlalchemy.url")
if url is None:
    raise RuntimeError("archive.migrations.upgrade gives the database's URL")

# one transaction: a migration that is killed leaves the tables that were
engine = open_engine(make_url(url))
on_sqlite = engine.dialect.name == "sqlite"
if on_sqlite:
    # a table that is made anew is dropped in between, while others refer to it
    event.listen(engine, "connect", lambda bare, _: bare.execute("PRAGMA foreign_keys = OFF"))
with engine.connect().execution_options(**WRITES) as connection, connection.begin():
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        render_item=plainly,
    )
    context.run_migrations()
    if on_sqlite and (left := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
        raise RuntimeError(f"the migration would leave a reference to nothing: {tuple(left)}")
engine.dispose()
