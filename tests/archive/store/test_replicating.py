"""A copy of the store is a storage root in itself, made safely, and only of this store."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.store.verifying import verify
from tests.archive.store.test_oracle import ORACLES, ocfl_py
from tests.conftest import Emeritus
from tests.support.rot import find, flip_bit, logged, tree


def test_a_copy_holds_the_same_bytes_and_is_on_record(
    emeritus: Emeritus, sealed: Path, copy: Path
) -> None:
    (row,) = emeritus("preserve", "list", "--json").json["copies"]

    assert tree(copy) == tree(sealed / "store")
    assert verify(copy).valid
    assert row["path"] == str(copy)
    assert row["since"] <= row["replicated_at"] == row["verified_at"]
    assert [entry["path"] for entry in logged(sealed, "copy")] == [str(copy)]


def test_only_what_is_missing_or_newer_is_copied(
    emeritus: Emeritus, sealed: Path, copy: Path
) -> None:
    same = emeritus("preserve", "replicate", copy, "--json").json
    emeritus("model", "edit", "halcyon-2", "--maker", "Third")
    emeritus("preserve", "seal")
    emeritus("model", "edit", "halcyon-2", "--maker", "Fourth")
    emeritus("preserve", "seal")

    later = emeritus("preserve", "replicate", copy, "--json").json

    assert (same["copied"], same["unchanged"]) == ([], 5)
    assert (len(later["copied"]), later["unchanged"]) == (2, 3), "the model and the log"
    assert tree(copy) == tree(sealed / "store")
    assert emeritus("preserve", "list").stdout.count("copy     ") == 1


def test_what_is_bad_is_not_copied_and_the_rest_is(
    emeritus: Emeritus, sealed: Path, tmp_path: Path
) -> None:
    bad = find(sealed / "store", "content")
    flip_bit(bad)

    done = emeritus("preserve", "replicate", tmp_path / "copy", "--json")

    (row,) = emeritus("preserve", "list", "--json").json["copies"]
    assert (done.exit_code, len(done.json["copied"]), row["replicated_at"]) == (1, 4, None)
    assert f"{bad}: does not hold the bytes that were sealed" in done.stderr
    assert verify(tmp_path / "copy").valid


def test_rot_in_a_copy_is_found_where_it_is_read_again_and_left_to_a_person(
    emeritus: Emeritus, copy: Path
) -> None:
    bad = find(copy, "content")
    flip_bit(bad)
    rotten = bad.read_bytes()

    plain = emeritus("preserve", "replicate", copy)
    read = emeritus("preserve", "replicate", copy, "--verify")

    assert (plain.exit_code, read.exit_code) == (0, 1)
    assert str(bad) in read.stderr
    assert bad.read_bytes() == rotten


def not_a_root(place: Path, _workspace: Path) -> Path:
    place.mkdir()
    (place / "letter.txt").write_text("somebody else's")
    return place


def another_store(place: Path, workspace: Path) -> Path:
    """A root with an object that was never sealed here."""
    shutil.copytree(workspace / "store", place)
    (place / "abc").mkdir()
    shutil.copytree(next(place.glob("*/*/*/*/v2")).parent, place / "abc/object")
    return place


def a_file(place: Path, _workspace: Path) -> Path:
    place.write_text("x")
    return place


def in_a_link(place: Path, workspace: Path) -> Path:
    place.symlink_to(workspace / "store")
    return place / "x"


PLACES: dict[str, tuple[Callable[[Path, Path], Path], str]] = {
    "not empty and no root": (not_a_root, "neither empty nor a storage root"),
    "another store": (another_store, "no copy of this store"),
    "a file": (a_file, "neither empty nor a storage root"),
    "the store": (lambda _place, workspace: workspace / "store", "lies within the store"),
    "in the store": (lambda _place, workspace: workspace / "store/copy", "lies within the store"),
    "around the store": (lambda _place, workspace: workspace, "lies within the store"),
    "in a link to the store": (in_a_link, "lies within the store"),
    "the top of a file system": (lambda _place, _workspace: Path("/proc"), "a file system"),
}


@pytest.mark.parametrize("case", PLACES)
def test_what_is_no_place_for_a_copy_is_refused_and_left(
    emeritus: Emeritus, sealed: Path, tmp_path: Path, case: str
) -> None:
    make, message = PLACES[case]
    place = make(tmp_path / "place", sealed)
    before = tree(tmp_path / "place"), tree(sealed / "store")

    done = emeritus("preserve", "replicate", place)

    assert (done.exit_code, message in done.stderr) == (2, True), done.stderr
    assert (tree(tmp_path / "place"), tree(sealed / "store")) == before
    assert not (tmp_path / "place.staging").exists()
    assert emeritus("preserve", "list", "--json").json["copies"] == []


@pytest.mark.oracle
@pytest.mark.skipif(not ORACLES.exists(), reason="no oracles")
def test_a_copy_is_valid_to_ocfl_py_too(copy: Path) -> None:
    done = ocfl_py(copy)

    assert done.returncode == 0, done.stdout
