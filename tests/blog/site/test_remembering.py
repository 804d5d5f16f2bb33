"""What a build read and checked before is not read again, and nothing of it goes stale."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from archive.workspace.workspace import open_workspace
from bench.seeded_posts import add_posts, made_workspace
from tests.blog.conftest import Release, Write
from tests.blog.site.test_building import files_in
from tests.conftest import Emeritus, run

AS_OF = ("--as-of", "2035-01-01T00:00:00Z")


def built(*options: str | Path) -> int:
    done = run("site", "build", "--json", *AS_OF, *options)
    assert done.exit_code == 0, done.stderr
    return int(done.json["written"])


def test_a_folder_that_was_built_step_by_step_is_that_of_one_build(
    emeritus: Emeritus, workspace: Path, publish: Write, release: Release, tmp_path: Path
) -> None:
    """A post's page names what it was shown, how it is released, and the posts beside it."""
    del emeritus
    release("model", "halcyon-2")
    first, second = publish("# One\n\nWords."), publish("# Two\n\nWords.")
    third = publish("# Three\n\nWords.", "--context", "posts")
    steps = [
        ("post", third),
        ("post", first),
        ("post", second),
        ("post", first, "--internal"),
        ("post", first, "--embargo", "2036-01-01T00:00:00Z"),
        ("post", first, "--public"),
    ]
    for number, step in enumerate(steps):
        release(*step)
        built()
        built("--out", tmp_path / str(number))

        assert files_in(workspace / "public") == files_in(tmp_path / str(number)), step
    assert built() == 0


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("draft", "source"),
        ("attempt", "raw"),
        ("review", "reason"),
        ("log_entry", "content"),
        ("publication", "slug"),
    ],
)
def test_a_byte_that_changes_after_a_build_stops_the_next(
    workspace: Path, publish: Write, release: Release, table: str, column: str
) -> None:
    release("model", "halcyon-2")
    release("post", publish())
    built()
    before = files_in(workspace / "public")
    where = "kind = 'publication'" if table == "log_entry" else f"{column} IS NOT NULL"
    with closing(sqlite3.connect(workspace / "emeritus.db")) as database, database:
        query = f"SELECT rowid, {column} FROM {table} WHERE {where} ORDER BY rowid"  # noqa: S608  # ours
        row, value = database.execute(query).fetchone()
        changed = value + "x" if isinstance(value, str) else value[:-1] + bytes([value[-1] ^ 1])
        change = f"UPDATE {table} SET {column} = ? WHERE rowid = ?"  # noqa: S608  # ours
        database.execute(change, [changed, row])

    refused = run("site", "build", *AS_OF)

    assert (refused.exit_code, files_in(workspace / "public")) == (1, before)


def test_nothing_of_a_text_that_was_deleted_stays_in_the_folder(
    emeritus: Emeritus, workspace: Path, publish: Write, release: Release
) -> None:
    release("model", "halcyon-2")
    gone, stays = publish("# Canary\n\nWords."), publish("# Another\n\nWords.")
    release("post", gone)
    release("post", stays)
    built()

    deleted = emeritus(
        "preserve", "delete", "post", gone, "--reason", "asked", "--basis", "the law", "--by", "ana",
        "--yes",
    )  # fmt: skip

    files = [path for path in (workspace / "public").rglob("*") if path.is_file()]
    assert deleted.exit_code == 0, deleted.stderr
    assert not [path for path in files if b"Canary" in path.read_bytes()]
    assert [path for path in files if b"Another" in path.read_bytes()]


@pytest.mark.slow
def test_many_processes_leave_the_bytes_of_one(tmp_path: Path) -> None:
    house = tmp_path / "house"
    made_workspace(house, 600)
    command: list[str | Path] = [
        Path(sys.executable).with_name("emeritus"),
        "--workspace",
        house,
        "site",
        "build",
    ]
    here = ("--workspace", house, "site", "build", "--json", *AS_OF, "--out")
    for number in range(2):
        subprocess.run([*command, *AS_OF], check=True, capture_output=True)  # noqa: S603  # our own command
        done = run(*here, tmp_path / f"alone-{number}")
        assert done.exit_code == 0, done.stderr

        assert files_in(house / "public") == files_in(tmp_path / f"alone-{number}")
        with closing(open_workspace(house)) as workspace:
            add_posts(workspace, 600 + number, 601 + number)
            workspace.bring_log_up_to_date()
