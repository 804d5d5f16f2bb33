"""A record that is kept in PostgreSQL: whose it is, and what happens where the server refuses."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from archive.errors import ServiceError
from archive.records.models import Model
from archive.workspace.database import Database
from archive.workspace.workspace import open_workspace
from tests.conftest import Emeritus
from tests.support import postgresql
from tests.support.messages_server import unused_port


@pytest.fixture
def url(postgresql_server: str) -> Iterator[str]:
    """The URL of an empty database."""
    with postgresql.new_database(postgresql_server) as found:
        yield found


@pytest.fixture
def kept(emeritus: Emeritus, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose record is kept there."""
    folder = tmp_path / "kept"
    assert emeritus("init", folder, "--database", url).exit_code == 0
    monkeypatch.chdir(folder)
    return folder


REFUSED = {
    "a password": ("postgresql://ana:secret@127.0.0.1/archive", "holds a password"),
    "another database": ("mysql://ana@127.0.0.1/archive", "no PostgreSQL: mysql"),
    "no URL": ("the usual one", "not a database's URL"),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_a_url_that_cannot_be_used_is_refused_and_nothing_is_made(
    text: str, message: str, emeritus: Emeritus, tmp_path: Path
) -> None:
    result = emeritus("init", tmp_path / "new", "--database", text)

    assert (result.exit_code, message in result.stderr) == (2, True)
    assert not (tmp_path / "new").exists()


def test_a_server_that_is_not_there_is_named(emeritus: Emeritus, tmp_path: Path) -> None:
    address = f"postgresql://ana@127.0.0.1:{unused_port()}/archive"

    result = emeritus("init", tmp_path / "new", "--database", address)

    assert (result.exit_code, f"{address}: the database cannot be reached" in result.stderr) == (
        3,
        True,
    )
    assert not (tmp_path / "new/emeritus.toml").exists()


@pytest.mark.slow
def test_a_database_that_is_in_use_is_not_taken(
    emeritus: Emeritus, kept: Path, url: str, tmp_path: Path
) -> None:
    emeritus("model", "add", "halcyon-2", "--name", "Halcyon 2", "--participant", "embedded")

    other = emeritus("init", tmp_path / "other", "--database", url)

    assert (other.exit_code, "the record of another workspace" in other.stderr) == (2, True)
    assert emeritus("--workspace", kept, "model", "list").exit_code == 0


@pytest.mark.slow
def test_another_workspaces_database_is_not_opened(
    emeritus: Emeritus, kept: Path, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del kept
    assert emeritus("init", tmp_path / "second").exit_code == 0
    monkeypatch.setenv("EMERITUS_DATABASE_URL", url)

    opened = emeritus("--workspace", tmp_path / "second", "model", "list")

    assert (opened.exit_code, "belongs to another workspace" in opened.stderr) == (2, True)


@pytest.mark.slow
def test_a_server_that_goes_away_in_mid_transaction_leaves_nothing_of_it(
    emeritus: Emeritus, kept: Path, url: str
) -> None:
    def write_half(database: Database) -> None:
        with database.writing() as session:
            session.add(Model(slug="half", name="Half", participant="embedded"))
            session.flush()
            disconnect_others(url)

    with (
        closing(open_workspace(kept)) as opened,
        pytest.raises(ServiceError, match="cannot be reached"),
    ):
        write_half(opened.database)

    assert emeritus("model", "list", "--json").json == {"models": []}


@pytest.mark.slow
def test_a_writer_waits_for_another_and_says_so_if_it_waits_in_vain(
    kept: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.workspace.database.BUSY_SECONDS", 1)
    with closing(open_workspace(kept)) as first, closing(Database(url)) as second:
        with (
            first.database.writing(),
            pytest.raises(ServiceError, match="the database is locked"),
            second.writing(),
        ):
            pass

        with second.writing():
            pass


def disconnect_others(url: str) -> None:
    """Break every other connection to a database, as a restart of its server does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database()"
        )
