"""What is written reads back, version by version, and nothing is written twice."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import FaultError, InputError, ServiceError
from archive.store.inventory import INVENTORY
from archive.store.staging import staging
from archive.store.verifying import verify
from archive.store.writing import install, only_writer, open_root, recover
from tests.support.objects import (
    AUTHOR,
    CREATED,
    FOUR_FILES,
    OBJECT,
    edit_inventory,
    object_folder,
    read_states,
    recovered,
    write_version,
)

NAMES = st.sampled_from(["README.txt", "record.json", "raw/0.json", "raw/1.json", "a/b/c"])
STATES = st.lists(st.dictionaries(NAMES, st.binary(max_size=2)), min_size=1, max_size=5)


@settings(max_examples=25, deadline=None)
@given(STATES, st.booleans())
def test_any_states_written_as_versions_read_back(
    states: Sequence[dict[str, bytes]],
    from_files: bool,  # noqa: FBT001  # drawn
) -> None:
    """Equal states in a row are one version, and each content stands once."""
    expected = [state for n, state in enumerate(states) if n == 0 or state != states[n - 1]]
    with tempfile.TemporaryDirectory() as name:
        store = Path(name) / "store"
        for state in states:
            write_version(store, as_files(Path(name), state) if from_files else state)
        folder = object_folder(store)
        report = verify(store)
        contents = [path.read_bytes() for path in folder.glob("v*/content/**/*") if path.is_file()]

        assert report.to_json() == {"valid": True, "errors": [], "warnings": []}
        assert read_states(folder) == expected
        assert sorted(contents) == sorted({c for state in states for c in state.values()})
        assert not [path for path in folder.rglob("*") if path.is_file() and links(path) > 1]


def as_files(folder: Path, state: dict[str, bytes]) -> dict[str, Path]:
    files = {}
    for number, (path, content) in enumerate(state.items()):
        files[path] = folder / f"source-{number}"
        files[path].write_bytes(content)
    return files


def links(path: Path) -> int:
    return path.lstat().st_nlink


def test_an_unchanged_object_gets_no_new_version(tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert write_version(store, FOUR_FILES) == 1
    before = (object_folder(store) / INVENTORY).read_bytes()

    assert write_version(store, dict(reversed(list(FOUR_FILES.items())))) is None

    assert (object_folder(store) / INVENTORY).read_bytes() == before
    assert left_in_staging(store) == []


def test_a_version_says_who_when_and_why(tmp_path: Path) -> None:
    store = tmp_path / "store"
    write_version(store, FOUR_FILES)

    inventory = json.loads((object_folder(store) / INVENTORY).read_bytes())

    assert inventory["id"] == OBJECT
    about = {key: inventory["versions"]["v1"][key] for key in ("created", "message", "user")}
    assert about == {
        "created": "2026-11-23T15:00:00.000000Z",
        "message": "a version",
        "user": {"name": AUTHOR.name, "address": AUTHOR.address},
    }


def test_an_object_stands_where_a_person_finds_it(tmp_path: Path) -> None:
    store = tmp_path / "store"
    write_version(store, FOUR_FILES)

    (folder,) = store.glob("*/*/*/*/0=ocfl_object_1.1")

    assert folder.parent.name == OBJECT.replace(":", "%3a")
    assert (folder.parent / "v1/content/raw/0.json").read_bytes() == FOUR_FILES["raw/0.json"]


def test_a_file_that_the_object_holds_is_not_copied_again(tmp_path: Path) -> None:
    store, weights = tmp_path / "store", tmp_path / "weights.gguf"
    weights.write_bytes(bytes(1000))
    write_version(store, {"weights.gguf": weights, "record.json": b"1"})

    write_version(store, {"moved.gguf": weights, "record.json": b"2"})

    assert not list(object_folder(store).glob("v2/content/*.gguf"))
    assert read_states(object_folder(store))[1]["moved.gguf"] == bytes(1000)


@pytest.mark.parametrize("path", ["../escape", "/etc/passwd", "raw/", "CON", "a\\b"])
def test_a_path_that_leads_elsewhere_is_refused(tmp_path: Path, path: str) -> None:
    store = tmp_path / "store"
    open_root(store)

    with pytest.raises(InputError):
        write_version(store, {path: b"x"})

    assert left_in_staging(store) == []
    assert not object_folder(store).exists()


def test_a_file_that_is_not_there_leaves_nothing(tmp_path: Path) -> None:
    store = tmp_path / "store"

    with pytest.raises(FileNotFoundError, match="nowhere"):
        write_version(store, {"a": b"a", "weights.gguf": tmp_path / "nowhere"})

    assert left_in_staging(store) == []


def test_a_damaged_object_gets_no_new_version(tmp_path: Path) -> None:
    """A version on top of a bad inventory would vouch for it."""
    store = tmp_path / "store"
    write_version(store, FOUR_FILES)
    with (object_folder(store) / INVENTORY).open("ab") as file:
        file.write(b" ")

    with pytest.raises(FaultError, match="not the inventory that its sidecar states"):
        write_version(store, {"record.json": b"new"})

    assert left_in_staging(store) == []


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda inventory: inventory.update(id="urn:x:2"), id="another object"),
        pytest.param(lambda inventory: inventory.update(contentDirectory="data"), id="contents"),
        pytest.param(lambda inventory: inventory.pop("head"), id="broken"),
    ],
)
def test_an_object_that_is_not_ours_gets_no_new_version(tmp_path: Path, edit: object) -> None:
    store = tmp_path / "store"
    write_version(store, FOUR_FILES)
    edit_inventory(object_folder(store), edit)  # type: ignore[arg-type]  # parameters are objects

    with pytest.raises(FaultError):
        write_version(store, {"record.json": b"new"})


def test_a_new_root_is_valid_and_opens_again(tmp_path: Path) -> None:
    store = tmp_path / "deep" / "store"
    open_root(store)
    open_root(store)

    assert verify(store).to_json() == {"valid": True, "errors": [], "warnings": []}


@pytest.mark.parametrize("name", ["0=ocfl_1.1", "extensions", "anything"])
def test_what_is_no_root_of_ours_is_left_alone(tmp_path: Path, name: str) -> None:
    store = tmp_path / "store"
    store.mkdir()
    (store / name).write_text("somebody else's")

    with pytest.raises(InputError, match="not a preservation store"):
        open_root(store)

    assert (store / name).read_text() == "somebody else's"


def test_a_second_writer_is_refused_until_the_first_is_done(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with only_writer(store):
        with pytest.raises(ServiceError, match="another process"):
            write_version(store, FOUR_FILES)

        assert verify(store).valid

    assert write_version(store, FOUR_FILES) == 1


def test_what_was_staged_is_not_in_the_root_until_it_is_installed(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with only_writer(store) as root, staging(root) as batch:
        batch.stage(OBJECT, FOUR_FILES, message="", author=AUTHOR, created=CREATED)
        batch.keep()
        assert not object_folder(store).exists()

        install(batch.staged)

    assert read_states(object_folder(store)) == [FOUR_FILES]
    assert left_in_staging(store) == []


@pytest.mark.parametrize("decided", [True, False], ids=["decided", "not decided"])
def test_what_a_crash_left_staged_is_settled_by_the_decision(
    tmp_path: Path, *, decided: bool
) -> None:
    store = tmp_path / "store"
    with only_writer(store) as root, staging(root) as batch:
        staged = batch.stage(OBJECT, FOUR_FILES, message="", author=AUTHOR, created=CREATED)
        assert staged is not None
        batch.keep()
        with pytest.raises(ServiceError, match="not finished"):
            batch.stage(OBJECT, FOUR_FILES, message="", author=AUTHOR, created=CREATED)

        done = recover(
            root,
            committed=lambda *version: (
                decided and version == (staged.object_id, staged.inventory_digest)
            ),
        )

    assert [one.finished for one in done] == [decided]
    assert object_folder(store).exists() == decided
    assert recovered(store) == []


def test_a_root_that_a_crash_left_half_made_is_made_anew(tmp_path: Path) -> None:
    store = tmp_path / "store"
    half = tmp_path / "store.staging" / "root"
    half.mkdir(parents=True)
    (half / "0=ocfl_1.1").write_text("half")

    open_root(store)

    assert verify(store).valid
    assert left_in_staging(store) == []


def left_in_staging(store: Path) -> list[str]:
    staging = store.with_name("store.staging")
    return [path.name for path in staging.iterdir() if path.is_dir()]
