"""A disk that refuses: nothing is decided that cannot be done, nothing stays half-written."""

import shutil
from pathlib import Path

import pytest

from archive.errors import ServiceError
from archive.store.repairing import repair
from archive.store.replicating import replicate
from archive.workspace.workspace import Workspace
from tests.conftest import Emeritus
from tests.support import mounts
from tests.support.rot import find, flip_bit, logged, tree


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("command", "code"),
    [
        pytest.param(["seal"], 3, id="seal"),
        pytest.param(["repair"], 3, id="repair"),
        pytest.param(["audit"], 1, id="audit"),
        pytest.param(["verify"], 1, id="verify"),
        pytest.param(["list"], 0, id="list"),
    ],
)
def test_a_store_that_is_read_only_is_read_and_nothing_is_decided(
    emeritus: Emeritus, sealed: Path, copy: Path, command: list[str], code: int
) -> None:
    assert copy.is_dir()
    emeritus("model", "edit", "halcyon-2", "--maker", "Another")
    flip_bit(find(sealed / "store", "content"))
    before = tree(sealed / "store")
    seals = emeritus("preserve", "list", "--json").json["seals"]

    found, said = mounts.read_only(sealed / "store", sealed, "preserve", *command)

    assert (found, tree(sealed / "store")) == (code, before), said
    assert ("store: may not be read or written" in said) == (code == 3)
    assert not list((sealed / "store.staging").glob("*.*"))
    assert logged(sealed, "repair") == []
    assert emeritus("preserve", "list", "--json").json["seals"] == seals


@pytest.mark.sqlite
def test_what_a_read_only_disk_holds_can_still_be_brought_away(
    emeritus: Emeritus, sealed: Path, tmp_path: Path
) -> None:
    away: list[list[str | Path]] = [
        ["replicate", tmp_path / "copy"],
        ["export", "--out", tmp_path / "bag"],
    ]
    for arguments in away:
        code, said = mounts.read_only(sealed / "store", sealed, "preserve", *arguments)
        assert code == 0, said

    assert tree(tmp_path / "copy") == tree(sealed / "store")
    assert emeritus("preserve", "verify", tmp_path / "bag/data").exit_code == 0


@pytest.mark.sqlite
def test_a_copy_that_is_read_only_is_named_and_left(
    emeritus: Emeritus, sealed: Path, copy: Path
) -> None:
    emeritus("model", "edit", "halcyon-2", "--maker", "Another")
    emeritus("preserve", "seal")
    before = tree(copy)

    code, said = mounts.read_only(copy, sealed, "preserve", "replicate", copy)

    assert (code, tree(copy)) == (3, before), said
    assert f"{copy}: may not be read or written" in said
    assert emeritus("preserve", "replicate", copy).exit_code == 0


@pytest.mark.sqlite
@pytest.mark.parametrize("kibibytes", [8, 40, 80])
@pytest.mark.parametrize("command", ["replicate", "export"])
def test_a_disk_that_is_full_leaves_no_half_of_an_object_or_an_export(
    emeritus: Emeritus, sealed: Path, tmp_path: Path, command: str, kibibytes: int
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    arguments = ["--out", disk / "place"] if command == "export" else [disk / "place"]

    code, said, left = mounts.full(disk, kibibytes, sealed, "preserve", command, *arguments)

    assert code == 3, said
    assert str(disk) in said.splitlines()[0]
    assert "the disk is full" in said
    objects = [path for path in left if path.endswith("0=ocfl_object_1.1")]
    whole = [path for path in left if "/place/" in path and path.endswith("inventory.json.sha512")]
    assert left == [] if command == "export" else len(whole) >= len(objects)
    assert emeritus("preserve", "verify").exit_code == 0
    assert emeritus("preserve", command, *arguments).exit_code == 0


def out_of_reach(*folders: Path) -> None:
    """Take the disk away that these folders are on; a second time, bring it back."""
    for folder in folders:
        gone = folder.with_name(f"{folder.name}.gone")
        if gone.exists():
            gone.rename(folder)
        elif folder.exists():
            folder.rename(gone)


def test_a_copy_that_goes_out_of_reach_midway_is_finished_later(
    emeritus: Emeritus, sealed: Path, copy: Path, opened: Workspace
) -> None:
    emeritus("model", "edit", "halcyon-2", "--maker", "Another")
    emeritus("preserve", "seal")
    before, taken = tree(copy), False
    disk = (copy, copy.with_name("copy.staging"))

    def take_away(_count: int) -> None:
        nonlocal taken
        if not taken:
            out_of_reach(*disk)
        taken = True

    with pytest.raises(ServiceError, match="not within reach any more"):
        list(replicate(opened, copy, verify=False, on_bytes=take_away))
    out_of_reach(*disk)

    assert (taken, tree(copy)) == (True, before)
    assert emeritus("preserve", "replicate", copy).exit_code == 0
    assert tree(copy) == tree(sealed / "store")


@pytest.mark.parametrize("new", [True, False], ids=["a new object", "a new version"])
def test_a_copy_whose_place_is_taken_midway_is_not_said_to_be_done(
    emeritus: Emeritus, sealed: Path, copy: Path, opened: Workspace, *, new: bool
) -> None:
    """A new object would make a folder of the copy's name anew, and go there."""
    added = ["add", "other", "--name", "Other", "--participant", "anthropic:other"]
    emeritus("model", *(added if new else ["edit", "halcyon-2", "--maker", "Another"]))
    emeritus("preserve", "seal")
    before = emeritus("preserve", "list", "--json").json["copies"]
    away = copy.with_name("away")

    def take_away(_count: int) -> None:
        if not away.exists():
            copy.rename(away)
            copy.mkdir()

    with pytest.raises(ServiceError, match="not within reach any more"):
        list(replicate(opened, copy, verify=False, on_bytes=take_away))

    assert emeritus("preserve", "list", "--json").json["copies"] == before
    shutil.rmtree(copy)
    away.rename(copy)
    assert emeritus("preserve", "replicate", copy).exit_code == 0
    assert tree(copy) == tree(sealed / "store")


def test_a_copy_that_goes_out_of_reach_during_a_repair_leaves_what_it_did_not_give(
    emeritus: Emeritus, sealed: Path, copy: Path, opened: Workspace
) -> None:
    sound = tree(sealed / "store")
    bad = find(sealed / "store", "content")
    flip_bit(bad)
    before, taken = tree(sealed / "store"), False

    def take_away(_count: int) -> None:
        nonlocal taken
        if not taken:
            out_of_reach(copy)
        taken = True

    (found,) = repair(opened, None, on_bytes=take_away)
    left = tree(sealed / "store")
    out_of_reach(copy)

    assert (taken, left) == (True, before)
    assert f"not within reach: {copy}" in found.faults[0]
    assert emeritus("preserve", "repair").exit_code == 0
    assert tree(sealed / "store") == sound
