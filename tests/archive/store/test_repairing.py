"""Rot is found, told and mended with good bytes of a copy; nothing good is overwritten."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.archive.store.test_oracle import ORACLES, ocfl_py
from tests.conftest import Emeritus
from tests.support.rot import KINDS, find, flip_bit, logged, tree


@pytest.mark.parametrize("kind", KINDS)
def test_one_flipped_bit_is_found_mended_and_told_by_the_log(
    emeritus: Emeritus, sealed: Path, copy: Path, kind: str
) -> None:
    store, sound = sealed / "store", tree(sealed / "store")
    bad = find(store, kind)
    flip_bit(bad)
    rotten = bad.read_bytes()

    found = emeritus("preserve", "audit", "--json")
    mended = emeritus("preserve", "repair", "--json")
    after = emeritus("preserve", "audit", "--json")

    (row,) = mended.json["repaired"]
    assert (found.exit_code, mended.exit_code, after.exit_code) == (1, 0, 0), mended.stderr
    assert any(str(bad).endswith(fault["path"]) for fault in found.json["faults"])
    assert [str(bad).endswith(path) for path in row["mended"]] == [True]
    assert tree(store) == sound == tree(copy)
    assert list(tree(Path(row["aside"])).values()) == [rotten]
    assert [entry["faulty"] for entry in logged(sealed, "audit")] == [1, 0]
    assert [entry["mended"] for entry in logged(sealed, "repair")] == [row["mended"]]


def lose_object(thing: Path, _copy: Path) -> None:
    shutil.rmtree(thing)


def lose_version(thing: Path, _copy: Path) -> None:
    shutil.rmtree(thing / "v2")


def lose_inventories(thing: Path, _copy: Path) -> None:
    for path in thing.rglob("inventory.json*"):
        path.unlink()


def lose_root(thing: Path, _copy: Path) -> None:
    shutil.rmtree(thing.parents[3])


def put_link(thing: Path, copy: Path) -> None:
    """A symbolic link to a sound folder elsewhere is none of ours."""
    content = thing / "v1/content"
    shutil.rmtree(content)
    content.symlink_to(next(copy.rglob("v2")).parent / "v1/content")


def put_strays(thing: Path, _copy: Path) -> None:
    (thing / "stray.txt").write_text("stray")
    (thing / "v1/content/stray").mkdir()
    (thing / "0=ocfl_object_1.0").write_text("ocfl_object_1.0\n")


def put_file_for_object(thing: Path, _copy: Path) -> None:
    shutil.rmtree(thing)
    thing.write_text("a file")


LOSSES = [lose_object, lose_version, lose_inventories, lose_root, put_link, put_strays,
          put_file_for_object]  # fmt: skip


@pytest.mark.parametrize("lose", LOSSES)
def test_whatever_is_lost_comes_back_from_a_copy(
    emeritus: Emeritus, sealed: Path, copy: Path, lose: Callable[[Path, Path], None]
) -> None:
    store, sound = sealed / "store", tree(sealed / "store")
    thing = next(store.glob("*/*/*/*/v2")).parent
    lose(thing, copy)
    assert emeritus("preserve", "audit").exit_code == 1

    done = emeritus("preserve", "repair")

    assert done.exit_code == 0, done.stderr
    assert tree(store) == sound == tree(copy)
    assert not [path for path in store.rglob("*") if path.is_symlink()]
    assert emeritus("preserve", "audit").exit_code == emeritus("preserve", "verify").exit_code == 0


def test_a_sound_store_is_left_as_it_is(emeritus: Emeritus, sealed: Path, copy: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (sealed / "store").rglob("*")}

    done = emeritus("preserve", "repair", "--from", copy, "--json")

    assert done.json == {"whole": True, "repaired": []}
    assert {path: path.stat().st_mtime_ns for path in (sealed / "store").rglob("*")} == before
    assert logged(sealed, "repair") == []


def test_a_copy_that_is_bad_too_gives_nothing(emeritus: Emeritus, sealed: Path, copy: Path) -> None:
    """Not even where the copy vouches for itself: only what the seals say counts."""
    store = sealed / "store"
    flip_bit(find(store, "content"))
    flip_bit(find(copy, "content"))
    before = tree(store)

    done = emeritus("preserve", "repair")

    assert done.exit_code == 1
    assert "v2/content/record.json: no copy has the bytes that were sealed" in done.stderr
    assert tree(store) == before


def test_each_file_may_come_from_another_copy(
    emeritus: Emeritus, sealed: Path, copy: Path, tmp_path: Path
) -> None:
    emeritus("preserve", "replicate", tmp_path / "second")
    sound = tree(sealed / "store")
    for store, kinds in (
        (sealed / "store", ["content", "version inventory"]),
        (copy, ["content"]),
        (tmp_path / "second", ["version inventory"]),
    ):
        for kind in kinds:
            flip_bit(find(store, kind))

    assert emeritus("preserve", "repair").exit_code == 0
    assert tree(sealed / "store") == sound


def test_without_a_copy_what_follows_from_the_seals_is_mended_and_the_rest_is_named(
    emeritus: Emeritus, sealed: Path
) -> None:
    for kind in ("sidecar", "declaration", "content", "inventory"):
        flip_bit(find(sealed / "store", kind))

    done = emeritus("preserve", "repair", "--json")

    (model,) = [row for row in done.json["repaired"] if any("content" in f for f in row["faults"])]
    assert done.exit_code == 1
    assert "no copy is on record" in done.stderr
    assert {"inventory.json", "inventory.json.sha512"} <= set(model["mended"])
    errors = emeritus("preserve", "verify", "--json").json["errors"]
    assert {error["code"] for error in errors} == {"E092"}


def test_a_copy_out_of_reach_is_named(emeritus: Emeritus, sealed: Path, copy: Path) -> None:
    flip_bit(find(sealed / "store", "content"))
    copy.rename(copy.with_name("unplugged"))

    done = emeritus("preserve", "repair")

    assert done.exit_code == 1
    assert f"not within reach: {copy}" in done.stderr


@pytest.mark.sqlite
def test_a_version_that_the_database_does_not_know_is_left_to_a_person(
    emeritus: Emeritus, sealed: Path, copy: Path
) -> None:
    """An older database came back: what was sealed since is not to be set aside."""
    shutil.copy(sealed / "emeritus.db", sealed / "old.db")
    log = shutil.copytree(sealed / "log", sealed / "old-log")
    emeritus("model", "edit", "halcyon-2", "--maker", "Later")
    emeritus("preserve", "seal")
    before = tree(sealed / "store")
    for path in sealed.glob("emeritus.db*"):
        path.unlink()
    shutil.move(sealed / "old.db", sealed / "emeritus.db")
    shutil.rmtree(sealed / "log")
    log.rename(sealed / "log")

    done = emeritus("preserve", "repair", "--from", copy)

    assert (done.exit_code, tree(sealed / "store")) == (1, before)
    assert "holds a later version than the database" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_store_that_is_read_only_is_refused_and_left(
    emeritus: Emeritus, sealed: Path, copy: Path
) -> None:
    assert copy.is_dir()
    bad = find(sealed / "store", "content")
    flip_bit(bad)
    bad.parent.chmod(0o500)

    done = emeritus("preserve", "repair")

    bad.parent.chmod(0o700)
    assert (done.exit_code, "may not be read or written" in done.stderr) == (3, True)


@pytest.mark.oracle
@pytest.mark.skipif(not ORACLES.exists(), reason="no oracles")
def test_what_was_mended_is_valid_to_ocfl_py_too(
    emeritus: Emeritus, sealed: Path, copy: Path
) -> None:
    assert copy.is_dir()
    for kind in KINDS:
        flip_bit(find(sealed / "store", kind))
    emeritus("preserve", "repair")

    done = ocfl_py(sealed / "store")

    assert done.returncode == 0, done.stdout


def stage_inventories(thing: Path, slot: Path) -> None:
    """A kill came after the version's folder was moved in, before its inventories."""
    slot.mkdir()
    for name in ("inventory.json", "inventory.json.sha512"):
        (thing / name).rename(slot / name)
        shutil.copy(thing / "v1" / name, thing / name)


def stage_sidecar(thing: Path, slot: Path) -> None:
    """A kill came between the two renames of the inventory and its sidecar."""
    slot.mkdir()
    (thing / "inventory.json.sha512").rename(slot / "inventory.json.sha512")
    shutil.copy(thing / "v1/inventory.json.sha512", thing)


def stage_version(thing: Path, slot: Path) -> None:
    """A kill came before anything was moved in."""
    stage_inventories(thing, slot)
    (thing / "v2").rename(slot / "v2")


def stage_object(thing: Path, slot: Path) -> None:
    """The object was brought back by hand while it waited to be moved in."""
    shutil.copytree(thing, slot)


def lose_last_inventory(thing: Path, _copy: Path) -> None:
    for path in thing.glob("v2/inventory.json*"):
        path.unlink()


def lose_nothing(_thing: Path, _copy: Path) -> None: ...


@pytest.mark.parametrize(
    "lose", [lose_nothing, lose_last_inventory, lose_inventories, lose_object, lose_root]
)
@pytest.mark.parametrize("stage", [stage_inventories, stage_sidecar, stage_version, stage_object])
def test_what_a_crash_left_of_an_object_that_is_lost_too_stops_nothing(
    emeritus: Emeritus,
    sealed: Path,
    copy: Path,
    stage: Callable[[Path, Path], None],
    lose: Callable[[Path, Path], None],
) -> None:
    store, thing = sealed / "store", find(sealed / "store", "content").parents[2]
    slot = sealed / "store.staging" / str(thing.relative_to(store)).replace("/", ".")
    stage(thing, slot)
    lose(thing, copy)

    verified = emeritus("preserve", "verify", "--json")
    listed = emeritus("preserve", "list")
    mended = emeritus("preserve", "repair", "--json")
    after = emeritus("preserve", "verify")

    sound = verified.json["valid"]
    assert (verified.exit_code, listed.exit_code) == (0 if sound else 1, 0)
    assert (mended.exit_code, after.exit_code) == (0, 0), mended.stderr
    assert tree(store) == tree(copy)
    assert not slot.exists()
    assert emeritus("preserve", "seal").exit_code == 0


def test_a_version_that_waits_for_its_lost_object_comes_in_when_that_is_back(
    emeritus: Emeritus, sealed: Path, copy: Path, tmp_path: Path
) -> None:
    """Its content may be nowhere else: it is neither removed nor moved before."""
    store, thing = sealed / "store", find(sealed / "store", "content").parents[2]
    slot = sealed / "store.staging" / str(thing.relative_to(store)).replace("/", ".")
    stage_version(thing, slot)
    staged = tree(slot)
    thing.rename(tmp_path / "elsewhere")

    without = emeritus("preserve", "verify", "--json")
    refused = emeritus("preserve", "seal", "model", "halcyon-2")
    assert tree(slot) == staged
    (tmp_path / "elsewhere").rename(thing)
    after = emeritus("preserve", "verify")

    missing = {error["code"] for error in without.json["errors"]}
    assert f"store.staging/{slot.name}: holds a version that was sealed" in without.stderr
    assert "Mend its object: emeritus preserve repair" in without.stderr
    assert (after.stderr, emeritus("preserve", "verify").stderr) == ("", "")
    assert (refused.exit_code, "preserve repair" in refused.stderr) == (1, True)
    assert ("MISSING" in missing, after.exit_code) == (True, 0)
    assert tree(store) == tree(copy)
