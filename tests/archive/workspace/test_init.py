"""Making a workspace, and what a person meets when there is none or a wrong one."""

import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from archive.workspace.settings import NO_RIGHTS_CLAIMED, read_settings
from tests.conftest import Emeritus

pytestmark = pytest.mark.sqlite


def test_init_keeps_what_it_was_told(emeritus: Emeritus, tmp_path: Path) -> None:
    result = emeritus("init", tmp_path / "w", "--operator", 'Ana "A" \\ Ruiz', "--contact", "a@b.c")

    operator = read_settings(tmp_path / "w/emeritus.toml", {}).operator
    assert (result.exit_code, operator.name, operator.contact) == (0, 'Ana "A" \\ Ruiz', "a@b.c")
    assert operator.licence == NO_RIGHTS_CLAIMED


def test_what_was_not_given_stays_not_stated(emeritus: Emeritus, tmp_path: Path) -> None:
    """With no terminal nothing is asked, and nothing is filled in."""
    result = emeritus("init", tmp_path / "w")

    operator = read_settings(tmp_path / "w/emeritus.toml", {}).operator
    assert operator.not_stated == ["name", "responsible", "contact", "relation", "basis"]
    assert "Not stated yet: name, responsible" in result.stderr


@pytest.mark.parametrize(
    ("path", "mode"),
    [("", 0o700), ("emeritus.db", 0o600), ("keys", 0o700), ("keys/log.key", 0o600)],
)
def test_what_is_not_public_is_for_its_owner_alone(workspace: Path, path: str, mode: int) -> None:
    assert stat.S_IMODE((workspace / path).stat().st_mode) == mode


def test_a_folder_that_was_there_keeps_its_mode(emeritus: Emeritus, tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w").chmod(0o750)

    emeritus("init", tmp_path / "w")

    assert stat.S_IMODE((tmp_path / "w").stat().st_mode) == 0o750


def test_a_second_init_changes_nothing(emeritus: Emeritus, workspace: Path) -> None:
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}

    result = emeritus("init", workspace)

    assert result.exit_code == 2
    assert "already a workspace" in result.stderr
    assert {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()} == before


def test_an_init_that_was_killed_is_finished_by_the_next(
    emeritus: Emeritus, tmp_path: Path
) -> None:
    """The settings come last, so whatever stands without them is gone on from."""
    emeritus("init", tmp_path / "w")
    (tmp_path / "w/emeritus.toml").unlink()
    key = (tmp_path / "w/keys/log.key").read_bytes()

    result = emeritus("init", tmp_path / "w")

    assert (result.exit_code, (tmp_path / "w/keys/log.key").read_bytes()) == (0, key)


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        pytest.param(["--person", "ana"], "--person: not ID=NAME", id="no name"),
        pytest.param(["--person", "Ana=Ana"], "--person: not a slug", id="no slug"),
        pytest.param(["--site-url", "example.org"], "--site-url: not an address", id="no address"),
    ],
)
def test_init_refuses_before_it_makes_anything(
    emeritus: Emeritus, tmp_path: Path, arguments: list[str], names: str
) -> None:
    result = emeritus("init", tmp_path / "w", *arguments)

    assert (result.exit_code, (tmp_path / "w").exists()) == (2, False)
    assert names in result.stderr


def test_no_workspace_here(
    emeritus: Emeritus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    result = emeritus("status")

    assert result.exit_code == 2
    assert "no workspace here\n  Make one with `emeritus init`" in result.stderr


def test_the_workspace_is_found_upward(
    emeritus: Emeritus, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace / "store")

    assert emeritus("model", "show", "halcyon-2").exit_code == 0


def test_a_workspace_of_a_newer_version_is_left_alone(emeritus: Emeritus, workspace: Path) -> None:
    with sqlite3.connect(workspace / "emeritus.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    result = emeritus("status")

    assert result.exit_code == 2
    assert "emeritus.db: written by a newer version of Emeritus (tables 9999" in result.stderr
    assert "nothing was changed" in result.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("operator = [", "not TOML", id="no TOML"),
        pytest.param("[operators]\n", "operators: no such section", id="unknown section"),
        pytest.param("[operator]\nnmae = 'x'", "operator.nmae: no such field", id="unknown field"),
        pytest.param("[operator]\nname = 3", "operator.name: wrong kind of value", id="a number"),
        pytest.param("[operator]\nname = 'x'", "workspace.id: missing", id="identity lost"),
    ],
)
def test_a_wrong_settings_file_is_named_with_its_field(
    emeritus: Emeritus, workspace: Path, text: str, message: str
) -> None:
    (workspace / "emeritus.toml").write_text(text)

    result = emeritus("status")

    assert result.exit_code == 2
    assert f"emeritus.toml: {message}" in result.stderr


def test_the_environment_overrides_the_file(workspace: Path) -> None:
    stated = read_settings(
        workspace / "emeritus.toml",
        {"EMERITUS_OPERATOR_NAME": "Another", "EMERITUS_SITE_INDEX": "false"},
    )

    assert (stated.operator.name, stated.site.index) == ("Another", False)


def test_nothing_overrides_which_workspace_this_is(workspace: Path) -> None:
    written = read_settings(workspace / "emeritus.toml", {})

    stated = read_settings(
        workspace / "emeritus.toml",
        {"EMERITUS_WORKSPACE_ID": "another", "EMERITUS_WORKSPACE_CREATED": "never"},
    )

    assert stated.workspace == written.workspace


def test_a_locked_database_is_said_to_be_locked(
    emeritus: Emeritus, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.workspace.database.BUSY_SECONDS", 0.1)
    other = sqlite3.connect(workspace / "emeritus.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    result = emeritus("model", "edit", "halcyon-2", "--maker", "Halcyon Labs")
    other.close()

    assert result.exit_code == 3
    assert "emeritus.db: the database is locked\n  Another process writes" in result.stderr


@pytest.mark.usefixtures("workspace")
def test_a_read_only_database_is_said_to_be_read_only(emeritus: Emeritus) -> None:
    """SQLite itself refuses; file rights would not stop a test that runs as root."""

    def refuse_writes(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    event.listen(Pool, "connect", refuse_writes)
    try:
        result = emeritus("model", "edit", "halcyon-2", "--maker", "Halcyon Labs")
    finally:
        event.remove(Pool, "connect", refuse_writes)

    assert result.exit_code == 3
    assert "emeritus.db: the database is read-only" in result.stderr
