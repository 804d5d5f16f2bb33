"""The one migration tree makes the tables that the classes describe."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic.autogenerate import compare_metadata  # noqa: TID253  # a test starts once
from alembic.config import Config  # noqa: TID253  # a test starts once
from alembic.migration import MigrationContext  # noqa: TID253  # a test starts once
from alembic.script import ScriptDirectory  # noqa: TID253  # a test starts once
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from archive import migrations
from archive.wing import import_tables
from archive.workspace.database import Database
from tests.support import killing


def test_a_migrated_database_has_the_tables_of_the_classes(tmp_path: Path) -> None:
    import_tables()
    Database(tmp_path / "new.db").upgrade()

    engine = create_engine(f"sqlite:///{tmp_path / 'new.db'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, SQLModel.metadata)
    engine.dispose()

    assert differences == []


def test_every_revision_is_known_without_importing_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    revisions = ScriptDirectory.from_config(config).walk_revisions("base", "heads")

    assert [revision.revision for revision in revisions] == list(reversed(migrations.KNOWN))


def test_an_upgrade_of_a_present_database_changes_nothing(tmp_path: Path) -> None:
    database = tmp_path / "there.db"
    Database(database).upgrade()
    before = schema(database)

    Database(database).upgrade()

    assert schema(database) == before


def schema(database: Path) -> list[tuple[str]]:
    connection = sqlite3.connect(database)
    rows: list[tuple[str]] = connection.execute("SELECT sql FROM sqlite_master").fetchall()
    connection.close()
    return rows


def test_a_migration_that_is_killed_leaves_the_tables_that_were(tmp_path: Path) -> None:
    """All changes are one transaction: no table of a half-made set stands."""
    statement = "sqlalchemy.engine.default:DefaultDialect.do_execute"
    killing.run_until("archive.cli:main", "init", tmp_path / "made", kill_at=40, acts=[statement])

    with closing(sqlite3.connect(tmp_path / "made/emeritus.db")) as database:
        tables = database.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == []
