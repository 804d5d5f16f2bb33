"""`weights register`: files and folders, in steps that no stop undoes."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.store.paths import check_portable
from archive.weights.finding import find_in
from tests.conftest import Emeritus, Result
from tests.support.gguf_files import write_gguf
from tests.support.killing import COMMIT, fault_points, run_until
from tests.support.safetensors_files import safetensors_bytes, write_safetensors

INDEX = "model.safetensors.index.json"
WEIGHT_MAP = {"a": "model-1.safetensors", "b": "model-2.safetensors"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sharded model as its maker gives it away."""
    path = tmp_path / "halcyon-2"
    (path / "gguf").mkdir(parents=True)
    write_safetensors(path / "model-1.safetensors", "a", metadata={"format": "pt"})
    write_safetensors(path / "model-2.safetensors", "b")
    (path / INDEX).write_text(json.dumps({"weight_map": WEIGHT_MAP}))
    (path / "config.json").write_text('{"architectures": ["Halcyon"]}')
    (path / "old.pt").write_bytes(b"(dp0\n.")
    (path / ".gitattributes").write_text("hidden")
    write_gguf(path / "gguf/halcyon-2.gguf")
    return path


def names(result: Result) -> list[str]:
    return [file["name"] for file in result.json["files"]]


@pytest.mark.usefixtures("workspace")
def test_a_folder_is_registered_with_all_that_is_in_it(emeritus: Emeritus, folder: Path) -> None:
    result = emeritus("weights", "register", "halcyon-2", folder, "--json")

    assert result.exit_code == 0, result.stderr
    files = {file["name"]: file for file in result.json["files"]}
    assert {name: file["format"] for name, file in files.items()} == {
        "config.json": "other",
        "gguf/halcyon-2.gguf": "gguf",
        "model-1.safetensors": "safetensors",
        "model-2.safetensors": "safetensors",
        INDEX: "safetensors index",
        "old.pt": "pickle (never opened)",
    }
    assert files["model-1.safetensors"]["facts"]["metadata: format"] == "pt"
    assert files[INDEX]["facts"] == {"shards": "2", "tensors": "2"}
    assert result.json["hidden"] == [str(folder / ".gitattributes")]
    needs = emeritus("weights", "list", "halcyon-2", "--json").json["needs"]
    assert (needs["config"], needs["build"]) == ("config.json", "not recorded")


@pytest.mark.usefixtures("workspace")
def test_what_was_not_written_to_is_not_read_again_unless_asked(
    emeritus: Emeritus, folder: Path
) -> None:
    first = emeritus("weights", "register", "halcyon-2", folder, "--json").json["files"]
    os.utime(folder / "old.pt")

    second = emeritus("weights", "register", "halcyon-2", folder, "--json").json["files"]
    again = emeritus("weights", "register", "halcyon-2", folder, "--again", "--json").json["files"]

    assert all(file["read"] for file in first + again)
    assert [file["name"] for file in second if file["read"]] == ["old.pt"]
    ids = [[file["id"] for file in files] for files in (first, second, again)]
    assert ids[0] == ids[1] == ids[2]


@pytest.mark.usefixtures("workspace")
def test_a_file_that_was_registered_by_itself_takes_its_place_in_its_folder(
    emeritus: Emeritus, folder: Path
) -> None:
    emeritus("weights", "register", "halcyon-2", folder / "gguf/halcyon-2.gguf")

    emeritus("weights", "register", "halcyon-2", folder)

    listed = emeritus("weights", "list", "halcyon-2", "--json")
    assert len(listed.json["files"]) == 6
    assert "gguf/halcyon-2.gguf" in names(listed)


def a_link(folder: Path) -> None:
    (folder / "x.bin").symlink_to("/etc/passwd")


def a_link_to_a_folder(folder: Path) -> None:
    (folder / "x").symlink_to("/")


def a_pipe(folder: Path) -> None:
    os.mkfifo(folder / "x.bin")


def a_name_that_is_not_utf_8(folder: Path) -> None:
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff.bin"))).write_bytes(b"x")


def a_reserved_name(folder: Path) -> None:
    (folder / "aux.bin").write_bytes(b"x")


def names_that_differ_in_case(folder: Path) -> None:
    (folder / "CONFIG.json").write_bytes(b"x")
    (folder / "config.json").touch()


def an_escape_in_a_name(folder: Path) -> None:
    (folder / "\x1b[2J.bin").write_bytes(b"x")


def a_header_that_claims_2_to_the_60_bytes(folder: Path) -> None:
    (folder / "x.safetensors").write_bytes(safetensors_bytes({}, length=2**60))


def half_an_index(folder: Path) -> None:
    (folder / "x.safetensors.index.json").write_text('{"weight_map": {')


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("add", "what"),
    [
        (a_link, "is a link"),
        (a_link_to_a_folder, "is a link"),
        (a_pipe, "is a device or a pipe"),
        (a_name_that_is_not_utf_8, "some file systems refuse"),
        (a_reserved_name, "reserved name 'aux.bin'"),
        (names_that_differ_in_case, "differs only in case"),
        (an_escape_in_a_name, "some file systems refuse"),
        (a_header_that_claims_2_to_the_60_bytes, "claims a header of 1152921504606846976 bytes"),
        (half_an_index, "has no text where JSON has a name"),
    ],
)
def test_what_cannot_be_registered_is_named_and_the_rest_comes_in(
    emeritus: Emeritus, folder: Path, add: Callable[[Path], None], what: str
) -> None:
    add(folder)

    result = emeritus("weights", "register", "halcyon-2", folder, "--json")

    assert (result.exit_code, len(result.json["files"])) == (2, 6)
    (refused,) = result.json["refused"]
    assert what in refused["what"]
    assert refused["path"].startswith(str(folder))
    assert what in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.usefixtures("workspace")
def test_a_path_that_names_nothing_is_found_before_anything_is_read(
    emeritus: Emeritus, folder: Path
) -> None:
    result = emeritus("weights", "register", "halcyon-2", folder, folder / "nothing")

    assert result.exit_code == 2
    assert "nothing: cannot be read: No such file" in result.stderr
    assert emeritus("weights", "list", "halcyon-2", "--json").json["files"] == []


def test_the_folder_around_the_workspace_is_refused(emeritus: Emeritus, workspace: Path) -> None:
    result = emeritus("weights", "register", "halcyon-2", workspace / "..")

    assert result.exit_code == 2
    assert "holds the workspace itself" in result.stderr


@pytest.mark.usefixtures("workspace")
def test_a_shard_that_is_not_there_is_said_and_comes_in_later(
    emeritus: Emeritus, folder: Path
) -> None:
    (folder / "model-2.safetensors").rename(folder.parent / "later")

    before = emeritus("weights", "register", "halcyon-2", folder, "--json")
    (folder.parent / "later").rename(folder / "model-2.safetensors")
    after = emeritus("weights", "register", "halcyon-2", folder, "--json")

    assert (before.exit_code, len(before.json["files"])) == (1, 5)
    assert [one["what"] for one in before.json["incomplete"]] == [
        "the shard model-2.safetensors is missing"
    ]
    assert (after.exit_code, after.json["incomplete"]) == (0, [])


@pytest.mark.usefixtures("workspace")
def test_other_bytes_under_a_registered_path_are_refused(emeritus: Emeritus, folder: Path) -> None:
    emeritus("weights", "register", "halcyon-2", folder)
    (folder / "old.pt").write_bytes(b"other")

    result = emeritus("weights", "register", "halcyon-2", folder, "--json")

    assert (result.exit_code, len(result.json["files"])) == (1, 5)
    assert result.json["refused"][0]["what"] == "other bytes are registered under this path"


@pytest.mark.sqlite
@pytest.mark.slow
def test_a_kill_at_any_commit_keeps_the_files_that_were_finished(
    emeritus: Emeritus, folder: Path, workspace: Path
) -> None:
    register = ("weights", "register", "halcyon-2", folder)
    fresh = workspace.rename(workspace.with_name("fresh"))
    shutil.copytree(fresh, workspace)
    points = fault_points("archive.cli:main", "--workspace", workspace, *register, acts=[COMMIT])
    seen = set[int]()
    for number in range(len(points)):
        copy = shutil.copytree(fresh, workspace.with_name(f"copy-{number}"))
        here = ("--workspace", copy)
        run_until("archive.cli:main", *here, *register, kill_at=number, acts=[COMMIT])

        finished = names(emeritus(*here, "weights", "list", "halcyon-2", "--json"))
        after = emeritus(*here, *register, "--json").json["files"]

        assert len(after) == 6
        assert [file["name"] for file in after if not file["read"]] == finished
        seen.add(len(finished))
    assert seen == set(range(7))


FILE_NAMES = st.sets(
    st.text(st.sampled_from("aA.: \\\u00e9e\u0301\x07"), min_size=1, max_size=4)
    .map(os.fsencode)
    .filter(lambda name: name not in {b".", b".."})
    | st.binary(min_size=1, max_size=4).filter(lambda name: not set(name) & set(b"/\0"))
    | st.sampled_from([b"con", b"AUX.bin", b"nul.txt"]),
    max_size=8,
)


@settings(max_examples=50, deadline=None)
@given(FILE_NAMES)
def test_each_file_of_a_folder_is_taken_refused_or_hidden_whatever_its_name(
    tmp_path_factory: pytest.TempPathFactory, names: set[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("names")
    kept = names - {b".", b".."}
    for name in kept:
        (folder / os.fsdecode(name)).write_bytes(name)

    found = find_in(folder)

    assert len(found.files) + len(found.refused) + len(found.hidden) == len(kept)
    check_portable([file.name for file in found.files])
    for file in found.files:
        assert file.path.read_bytes() == file.name.encode()
    for text in [*found.hidden, *(str(refusal) for refusal in found.refused)]:
        text.encode()  # it can be printed and kept
