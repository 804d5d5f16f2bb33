"""`weights deposit`: the files stand in the store, byte for byte, or nothing of them does."""

import json
import os
import resource
import shutil
import signal
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from archive.weights import depositing
from archive.weights.reading import BUFFER_BYTES
from tests.archive.store.test_oracle import ORACLES, ocfl_py
from tests.conftest import Emeritus
from tests.support import forked
from tests.support.killing import COMMIT, FILE_ACTS
from tests.support.rot import flip_bit, logged, tree
from tests.support.schemas import validate

DEPOSIT = ("weights", "deposit", "halcyon-2", "--by", "ana")
CONTENT = {"a.bin": b"A" * 70_000, "part/b.bin": b"B" * 50_000, "config.json": b"{}"}


@pytest.fixture
def folder(emeritus: Emeritus, workspace: Path, tmp_path: Path) -> Path:
    """A folder of weights, registered."""
    del workspace  # the current folder
    folder = tmp_path / "halcyon-2"
    for name, content in CONTENT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    assert emeritus("weights", "register", "halcyon-2", folder).exit_code == 0
    return folder


def versions(workspace: Path) -> list[Path]:
    """Return the folders of the versions of the object, oldest first."""
    return sorted(path.parents[1] for path in (workspace / "store").rglob("content/files"))


def stored(version: Path) -> dict[str, bytes]:
    return tree(version / "content/files")


def test_the_store_holds_the_files_and_says_so(
    emeritus: Emeritus, workspace: Path, folder: Path
) -> None:
    done = emeritus(*DEPOSIT, "--json")

    (version,) = versions(workspace)
    assert (done.exit_code, done.json["version"], done.json["copied"]) == (0, 1, 120_002)
    assert stored(version) == CONTENT == tree(folder)
    record = json.loads((version / "content/record.json").read_bytes())
    validate(record)
    assert [row["path"] for row in record["files"]] == [
        "files/a.bin", "files/config.json", "files/part/b.bin",
    ]  # fmt: skip
    shown = emeritus("model", "show", "halcyon-2", "--json").json
    (holding,) = shown["holdings"]
    assert (holding["custodian"], holding["place"], holding["stated_by"]) == (
        "The Halcyon Archive", "the preservation store", "ana",
    )  # fmt: skip
    assert {row["name"] for row in holding["files"]} == CONTENT.keys()
    files = emeritus("weights", "list", "halcyon-2", "--json").json["files"]
    assert {row["stored"] for row in files} == {True}
    assert [len(logged(workspace, kind)) for kind in ("seal", "holding")] == [1, 1]


def test_nothing_in_the_store_is_linked(workspace: Path, emeritus: Emeritus, folder: Path) -> None:
    emeritus(*DEPOSIT)

    files = [path for path in (workspace / "store").rglob("*") if not path.is_dir()]
    assert {path.lstat().st_nlink for path in files} == {1}
    assert not any(path.is_symlink() for path in files)
    (folder / "a.bin").write_bytes(b"changed in its place")
    assert stored(versions(workspace)[0]) == CONTENT


def test_a_second_time_changes_nothing(emeritus: Emeritus, workspace: Path, folder: Path) -> None:
    emeritus(*DEPOSIT)
    before = tree(workspace / "store")
    shutil.rmtree(folder)  # what the store has is not read again

    again = emeritus(*DEPOSIT, "--json")
    emeritus("preserve", "seal", "model", "halcyon-2")

    assert (again.exit_code, again.json["version"], again.json["copied"]) == (0, None, 0)
    assert before.items() <= tree(workspace / "store").items()
    assert [row["kind"] for row in logged(workspace, "seal")].count("weights") == 1


def test_a_file_that_is_added_is_all_that_the_next_version_holds(
    emeritus: Emeritus, workspace: Path, folder: Path
) -> None:
    emeritus(*DEPOSIT, "a.bin")
    (folder / "c.bin").write_bytes(b"C")
    emeritus("weights", "register", "halcyon-2", folder)

    second = emeritus(*DEPOSIT, "--json")

    assert second.json["copied"] == 50_000 + 2 + 1
    assert [sorted(stored(version)) for version in versions(workspace)] == [
        ["a.bin"], ["c.bin", "config.json", "part/b.bin"],
    ]  # fmt: skip
    assert {row["name"] for row in second.json["files"]} == {*CONTENT, "c.bin"}
    assert emeritus("preserve", "verify").exit_code == 0


def test_other_bytes_under_a_name_that_is_taken_get_a_place_of_their_own(
    emeritus: Emeritus, workspace: Path, folder: Path, tmp_path: Path
) -> None:
    emeritus(*DEPOSIT, "a.bin")
    (tmp_path / "A.BIN").write_bytes(b"another")
    shutil.copy(folder / "a.bin", tmp_path / "a.bin")
    for name in ("A.BIN", "a.bin"):
        emeritus("weights", "register", "halcyon-2", tmp_path / name)

    rows = emeritus(*DEPOSIT, "--json").json["files"]

    (other,) = (row for row in rows if row["name"] == "A.BIN")
    assert other["path"] == f"files/{other['sha256']}/A.BIN"
    assert [row["path"] for row in rows].count("files/a.bin") == 1
    assert stored(versions(workspace)[1])[other["path"].removeprefix("files/")] == b"another"


def change(path: Path) -> None:
    flip_bit(path)


def cut(path: Path) -> None:
    os.truncate(path, 10)


def lose(path: Path) -> None:
    path.unlink()


def link(path: Path) -> None:
    path.rename(path.with_suffix(".moved"))
    path.symlink_to(path.with_suffix(".moved"))


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("damage", "code", "said"),
    [
        pytest.param(change, 1, "its bytes are not those that are on record", id="a bit"),
        pytest.param(cut, 1, "has 10 bytes; 50,000 were registered", id="cut"),
        pytest.param(lose, 2, "cannot be read: No such file", id="gone"),
        pytest.param(link, 2, "is a link, and links are not followed", id="a link"),
        pytest.param(pipe, 2, "is a device or a pipe", id="a pipe"),
    ],
)
def test_a_file_that_is_not_as_it_was_registered_is_named_and_nothing_is_put_in(
    emeritus: Emeritus,
    workspace: Path,
    folder: Path,
    damage: Callable[[Path], None],
    code: int,
    said: str,
) -> None:
    emeritus(*DEPOSIT, "a.bin")
    before, entries = tree(workspace / "store"), logged(workspace, "seal")
    damage(folder / "part/b.bin")

    done = emeritus(*DEPOSIT)

    assert (done.exit_code, done.stdout) == (code, "")
    assert f"{folder / 'part/b.bin'}: {said}" in done.stderr
    assert (tree(workspace / "store"), logged(workspace, "seal")) == (before, entries)
    assert not list((workspace / "store.staging").glob("*.*"))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["halcyon-3", "--by", "ana"], 2, "halcyon-3: no such model", id="no model"),
        pytest.param(["halcyon-2", "--by", "eve"], 2, "no such person: 'eve'", id="nobody"),
        pytest.param(["halcyon-2"], 2, "Missing option '--by'", id="not said who"),
        pytest.param(
            ["halcyon-2", "../a.bin", "--by", "ana"], 2, "is the name of no file", id="upward"
        ),
        pytest.param(
            ["halcyon-2", "0" * 64, "--by", "ana"], 2, "is the name of no file", id="digest"
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_and_makes_nothing(
    emeritus: Emeritus, workspace: Path, folder: Path, arguments: list[str], code: int, said: str
) -> None:
    assert folder.is_dir()

    done = emeritus("weights", "deposit", *arguments)

    assert (done.exit_code, said in done.stderr) == (code, True), done.stderr
    assert versions(workspace) == []


def test_too_little_space_is_said_before_a_byte_is_copied(
    emeritus: Emeritus, workspace: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert folder.is_dir()
    monkeypatch.setattr(depositing, "SPARE", 1 << 62)

    done = emeritus(*DEPOSIT)

    assert done.exit_code == 3
    assert f"bytes free; {(1 << 62) + 120_002:,} are needed" in done.stderr
    assert versions(workspace) == []


@pytest.mark.sqlite
def test_a_disk_that_is_full_in_the_middle_leaves_nothing(
    emeritus: Emeritus, workspace: Path, folder: Path, tmp_path: Path
) -> None:
    assert folder.is_dir()

    code = forked.emeritus(
        *DEPOSIT, environment={"EMERITUS_WORKSPACE": str(workspace)}, output=tmp_path / "said",
        prepare=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (60_000, 60_000)),
    )  # fmt: skip

    assert (code, versions(workspace)) == (3, []), (tmp_path / "said").read_text()
    assert not list((workspace / "store.staging").glob("*.*"))
    assert emeritus(*DEPOSIT).exit_code == 0


def test_one_flipped_bit_in_a_deposited_file_is_found_and_mended(
    emeritus: Emeritus, workspace: Path, folder: Path, tmp_path: Path
) -> None:
    assert folder.is_dir()
    emeritus(*DEPOSIT)
    emeritus("preserve", "replicate", tmp_path / "copy")
    sound = tree(workspace / "store")
    bad = versions(workspace)[0] / "content/files/part/b.bin"
    flip_bit(bad, at=31_000)

    found = emeritus("preserve", "audit", "--json")
    (seen,) = emeritus("weights", "holdings", "halcyon-2", "--json").json["holdings"]
    mended = emeritus("preserve", "repair", "--json")
    (after,) = emeritus("weights", "holdings", "halcyon-2", "--json").json["holdings"]

    (fault,) = found.json["faults"]
    assert (found.exit_code, fault["path"]) == (1, "v1/content/files/part/b.bin")
    assert list(seen["last_check"]["faults"]) == ["v1/content/files/part/b.bin"]
    assert (mended.exit_code, mended.json["whole"]) == (0, True), mended.stderr
    assert tree(workspace / "store") == sound
    assert after["last_check"]["sound"]
    assert emeritus("preserve", "audit").exit_code == 0


def test_an_export_holds_them(
    emeritus: Emeritus, workspace: Path, folder: Path, tmp_path: Path
) -> None:
    assert folder.is_dir()
    before = emeritus("preserve", "export", "weights", "halcyon-2", "--out", tmp_path / "none")
    emeritus(*DEPOSIT)

    done = emeritus("preserve", "export", "weights", "halcyon-2", "--out", tmp_path / "bag")

    assert (before.exit_code, done.exit_code) == (2, 0)
    assert "emeritus weights deposit" in before.stderr
    (files,) = (tmp_path / "bag").rglob("content/files")
    assert tree(files) == CONTENT
    assert versions(workspace)


def test_sealing_all_else_leaves_them(emeritus: Emeritus, workspace: Path, folder: Path) -> None:
    emeritus("preserve", "seal")
    refused = emeritus("preserve", "seal", "weights", "halcyon-2")
    without = versions(workspace)
    emeritus(*DEPOSIT, "a.bin")
    (folder / "c.bin").write_bytes(b"C")
    emeritus("weights", "register", "halcyon-2", folder)
    emeritus("preserve", "seal")

    assert (refused.exit_code, without, len(versions(workspace))) == (2, [], 1)
    assert "emeritus weights deposit" in refused.stderr


@pytest.mark.sqlite
def test_a_rebuilt_record_knows_what_the_store_has(
    emeritus: Emeritus, workspace: Path, folder: Path
) -> None:
    assert folder.is_dir()
    emeritus(*DEPOSIT)
    emeritus("preserve", "seal")
    before = emeritus("weights", "holdings", "halcyon-2", "--json").json
    for name in ("emeritus.db", "emeritus.db-wal", "emeritus.db-shm"):
        (workspace / name).unlink(missing_ok=True)

    restored = emeritus("preserve", "restore")

    assert restored.exit_code == 0, restored.stderr
    assert emeritus("weights", "holdings", "halcyon-2", "--json").json == before
    assert emeritus(*DEPOSIT, "--json").json["version"] is None


def test_the_place_of_the_store_cannot_be_claimed_for_what_is_not_in_it(
    emeritus: Emeritus, folder: Path
) -> None:
    assert folder.is_dir()
    hold = ("weights", "hold", "halcyon-2", "--custodian", "The Halcyon Archive", "--by", "ana",
            "--where", "the preservation store", "--until", "2046")  # fmt: skip
    emeritus(*DEPOSIT, "a.bin")

    refused = emeritus(*hold)
    taken = emeritus(*hold, "--files", "a.bin")
    emeritus(*DEPOSIT)

    assert (refused.exit_code, taken.exit_code) == (2, 0)
    (row,) = emeritus("weights", "holdings", "halcyon-2", "--json").json["holdings"]
    assert (row["until"], len(row["files"])) == ("2046", 3)


@pytest.mark.usefixtures("workspace")
def test_a_large_file_is_copied_in_flat_memory(emeritus: Emeritus, tmp_path: Path) -> None:
    with (tmp_path / "large.bin").open("wb") as file:
        file.truncate(64 << 20)
    (tmp_path / "small.bin").write_bytes(b"small")
    for name in ("large.bin", "small.bin"):
        emeritus("weights", "register", "halcyon-2", tmp_path / name)
    emeritus(*DEPOSIT, "small.bin")  # what is imported for it stays
    tracemalloc.start()
    try:
        done = emeritus(*DEPOSIT)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert (done.exit_code, peak < 8 * BUFFER_BYTES) == (0, True), peak


@pytest.mark.oracle
@pytest.mark.skipif(not ORACLES.exists(), reason="no oracles")
def test_a_deposit_is_valid_to_ocfl_py_too(
    emeritus: Emeritus, workspace: Path, folder: Path
) -> None:
    assert folder.is_dir()
    emeritus(*DEPOSIT, "a.bin")
    emeritus(*DEPOSIT)

    done = ocfl_py(workspace / "store")

    assert done.returncode == 0, done.stdout


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "every", [pytest.param(23, id="some"), pytest.param(1, id="all", marks=pytest.mark.slow)]
)
def test_a_deposit_that_was_killed_anywhere_is_finished_or_undone(
    emeritus: Emeritus,
    workspace: Path,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    every: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EMERITUS_WORKSPACE", str(workspace))
    command = ("--workspace", workspace, *DEPOSIT)
    acts = (*FILE_ACTS, COMMIT)
    emeritus(*DEPOSIT, "a.bin")
    saved = tmp_path / "saved"
    shutil.copytree(workspace, saved)
    labels = forked.points(*command, acts=acts, environment={}, folder=tmp_path)

    for point in range(0, len(labels), every):
        shutil.rmtree(workspace)
        shutil.copytree(saved, workspace)
        killed = forked.emeritus_until(
            point, *command, acts=acts, environment={}, output=tmp_path / "output"
        )

        assert killed == -signal.SIGKILL
        assert emeritus("preserve", "verify").exit_code == 0, labels[point]
        assert not list((workspace / "store.staging").glob("*.*"))
        assert emeritus(*DEPOSIT).exit_code == 0
        assert emeritus("preserve", "verify").exit_code == 0
        assert [len(stored(version)) for version in versions(workspace)] == [1, 2]
    assert folder.is_dir()
