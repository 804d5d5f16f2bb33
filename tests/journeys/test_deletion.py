"""Show 7: after a deletion under authority its words are nowhere, and all else still verifies."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from archive.store.verifying import verify
from archive.workspace.database import ALONE
from archive.workspace.workspace import open_workspace
from tests.archive.store.test_oracle import ORACLES, ocfl_py
from tests.conftest import Emeritus
from tests.support.deleting import CANARIES, KEPT, Told, done, found, order, told_before
from tests.support.rot import flip_bit


@pytest.fixture
def told(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Told:
    """Two interviews and two posts, sealed, copied, exported, published and once repaired."""
    told = told_before(emeritus, workspace, tmp_path_factory.getbasetemp() / "told")
    done(emeritus, "preserve", "replicate", tmp_path / "copy")
    raw = next((workspace / "store").rglob("*/turns.jsonl"))
    (bad,) = [
        path
        for path in (workspace / "store").rglob("turns.jsonl")
        if CANARIES["said"] in path.read_text()
    ]
    assert raw.exists()
    flip_bit(bad)
    done(emeritus, "preserve", "repair")
    done(emeritus, "preserve", "seal")
    done(emeritus, "preserve", "replicate", tmp_path / "copy")
    done(emeritus, "preserve", "export", "--out", tmp_path / "everything")
    done(emeritus, "preserve", "export", "session", told.other, "--out", tmp_path / "other")
    done(emeritus, "site", "build")
    done(emeritus, "site", "build", "--audience", "internal", "--out", tmp_path / "desk")
    return told


def test_what_was_said_is_in_no_file_any_more_and_all_else_verifies(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, told: Told
) -> None:
    holds = {Path(file).relative_to(tmp_path).parts[:2] for file, _ in found([tmp_path])}
    for place in ("store", "store.damaged", "public"):
        assert ("workspace", place) in holds
    assert {"copy", "everything", "desk"} <= {first for first, *_ in holds}

    gone = done(emeritus, *order("session", told.session, "--json"))

    assert {place["state"] for place in gone["places"]} == {"removed"}
    assert found([tmp_path]) == set()
    assert not (tmp_path / "everything").exists(), "a bag is removed whole"
    assert (tmp_path / "other" / "bagit.txt").exists(), "it had nothing of it"
    assert found([workspace / "store"], {"kept": KEPT}), "the other interview stays"
    for command in (
        ["preserve", "verify"], ["preserve", "audit"], ["preserve", "repair"], ["log", "verify"],
        ["interview", "verify"], ["interview", "verify", told.session], ["interview", "list"],
        ["interview", "resume"], ["interview", "show", told.session], ["preserve", "seal"],
        ["status"], ["preserve", "list"], ["post", "show", told.quoting],
        ["site", "build"], ["preserve", "replicate", tmp_path / "copy", "--verify"],
        ["preserve", "export", "--out", tmp_path / "again"],
    ):  # fmt: skip
        done(emeritus, *command)
    assert found([tmp_path]) == set()
    stores = [workspace / "store", tmp_path / "copy"]
    assert all(verify(store).valid for store in stores)
    if ORACLES.exists():
        assert ocfl_py(*stores).returncode == 0


def test_everyone_who_asks_is_told_that_it_was_deleted(
    emeritus: Emeritus, workspace: Path, told: Told
) -> None:
    done(emeritus, *order("session", told.session))

    shown = emeritus("interview", "show", told.session)
    listed = emeritus("interview", "list")
    named = emeritus("interview", "resume", told.session)
    released = emeritus("release", "session", told.session, "--public", "--by", "ana")
    again = emeritus(*order("session", told.session))

    said = "under authority: GDPR, article 17"
    assert said in shown.stdout
    below = listed.stdout.partition(told.session)[2].splitlines()[:3]
    assert [said in line for line in below] == [False, False, True]
    assert listed.stdout.count(said) == 1
    assert (named.exit_code, said in named.stderr) == (1, True)
    assert (released.exit_code, said in released.stderr) == (2, True)
    assert (again.exit_code, said in again.stderr) == (1, True)
    page = (workspace / "public/posts/of-what-was-asked/index.html").read_text()
    assert "an interview that was deleted" in page
    assert "its digest stands" in page
    assert not list((workspace / "public").glob(f"models/*/interviews/{told.session}/*"))


def test_an_old_copy_brings_nothing_back(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, told: Told
) -> None:
    shutil.copytree(tmp_path / "copy", tmp_path / "old")
    done(emeritus, *order("session", told.session))
    store = workspace / "store"
    shutil.rmtree(
        next(  # one that the deletion did not seal anew: the old copy has it as it is
            path.parent
            for path in store.rglob("urn*/inventory.json")
            if (old := tmp_path / "old" / path.relative_to(store)).exists()
            and old.read_bytes() == path.read_bytes()
        )
    )

    emeritus("preserve", "repair", "--from", tmp_path / "old")
    brought = emeritus("preserve", "replicate", tmp_path / "old")

    assert found([workspace, tmp_path / "old"]) == set()
    assert brought.exit_code == 0
    assert f"held session {told.session}, deleted on" in brought.stderr


@pytest.mark.slow
def test_on_postgresql_no_file_of_its_tables_holds_it(
    emeritus: Emeritus, workspace: Path, told: Told
) -> None:
    """Its write-ahead log is the server's; the tables' files are not."""
    if (workspace / "emeritus.db").exists():
        pytest.skip("it is kept in a file")
    before = found([tables(workspace)])
    assert {name for _, name in before} >= {"said"}

    done(emeritus, *order("session", told.session))

    assert found([tables(workspace)]) == set()


def tables(workspace: Path) -> Path:
    """Return the folder of the server's that has the database's tables, all written out."""
    with closing(open_workspace(workspace)) as opened:
        engine = opened.database.engine.execution_options(isolation_level="AUTOCOMMIT", **ALONE)
        with engine.connect() as connection:
            connection.exec_driver_sql("CHECKPOINT")
            data = connection.exec_driver_sql("SHOW data_directory").scalar_one()
            oid = "SELECT oid FROM pg_database WHERE datname = current_database()"
            return Path(data) / "base" / str(connection.exec_driver_sql(oid).scalar_one())
