"""What cannot be logged is not decided."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.conftest import Emeritus

pytestmark = pytest.mark.sqlite

RELEASE = ("release", "model", "halcyon-2", "--public", "--by", "ana")


def releases(workspace: Path) -> int:
    database = sqlite3.connect(workspace / "emeritus.db")
    (count,) = database.execute("SELECT count(*) FROM release").fetchone()
    database.close()
    return int(count)


def test_nothing_is_decided_without_the_logs_key(emeritus: Emeritus, workspace: Path) -> None:
    (workspace / "keys").rename(workspace / "elsewhere")
    refused = emeritus(*RELEASE)
    before = releases(workspace)

    (workspace / "elsewhere").rename(workspace / "keys")
    taken = emeritus(*RELEASE)

    assert (refused.exit_code, "the log's key is not there" in refused.stderr) == (2, True)
    assert (before, taken.exit_code, releases(workspace)) == (0, 0, 1)


def test_nothing_is_decided_where_the_log_is_ahead_of_the_database(
    emeritus: Emeritus, workspace: Path, tmp_path: Path
) -> None:
    """An old backup of the database was brought back beside the present log."""
    shutil.copy(workspace / "emeritus.db", tmp_path / "backup.db")
    emeritus(*RELEASE)
    for file in workspace.glob("emeritus.db-*"):
        file.unlink()
    shutil.copy(tmp_path / "backup.db", workspace / "emeritus.db")

    refused = emeritus(*RELEASE)

    assert (refused.exit_code, releases(workspace)) == (1, 0)
    assert "1 entries were signed, of which only 0 are there" in refused.stderr


@pytest.mark.parametrize(
    ("damaged", "says"),
    [
        pytest.param("checkpoint", "checkpoint", id="checkpoint"),
        pytest.param("tile/0/000.p/1", "do not have the checkpoint's root", id="tile"),
    ],
)
def test_nothing_is_decided_where_the_log_is_damaged(
    emeritus: Emeritus, workspace: Path, damaged: str, says: str
) -> None:
    emeritus(*RELEASE)
    path = workspace / "log" / damaged
    path.write_bytes(bytes(len(path.read_bytes())))

    refused = emeritus(*RELEASE)

    assert (refused.exit_code, releases(workspace)) == (1, 1)
    assert says in refused.stderr


def test_a_log_moved_aside_is_written_again_by_the_next_decision(
    emeritus: Emeritus, workspace: Path
) -> None:
    emeritus(*RELEASE)
    (workspace / "log").rename(workspace / "log.aside")

    assert emeritus(*RELEASE).exit_code == 0
    assert (workspace / "log/tile/0/000.p/2").is_file()
