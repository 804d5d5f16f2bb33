"""Importing a folder of a Hugging Face repository: what it says, holds, and lacks."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.importing import snapshots
from tests.conftest import Emeritus
from tests.support.gguf_files import write_gguf
from tests.support.safetensors_files import safetensors_bytes, write_safetensors

CARD = """---
license: apache-2.0
pipeline_tag: image-text-to-text
---
# Halcyon 3
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository in the hub's own layout, with all that running the model wants but a tokenizer."""
    made = tmp_path / "models--halcyon--Halcyon-3/snapshots/abc123"
    made.mkdir(parents=True)
    config = {"model_type": "halcyon", "text_config": {"max_position_embeddings": 8192}}
    (made / "config.json").write_text(json.dumps(config))
    (made / "README.md").write_text(CARD)
    (made / "generation_config.json").write_text("{}")
    (made / "tokenizer_config.json").write_text("{}")
    write_safetensors(made / "model.safetensors", "a", "b")
    return made


@pytest.mark.usefixtures("workspace")
def test_a_folder_says_what_its_own_files_say(emeritus: Emeritus, folder: Path) -> None:
    done = emeritus("model", "import", folder, "--json")

    shown = emeritus("model", "show", "halcyon-halcyon-3", "--json").json
    assert (done.exit_code, done.json["added"]) == (0, ["halcyon-halcyon-3"])
    assert (shown["name"], shown["family"]) == ("halcyon/Halcyon-3", "halcyon")
    assert (shown["licence"], shown["context_window"]) == ("Apache-2.0", 8192)
    assert shown["modalities"] == ["image", "text"]
    (snapshot,) = shown["snapshots"]
    assert snapshot["source"] == "halcyon/Halcyon-3 at revision abc123"
    assert snapshot["files"]["model.safetensors"] == (folder / "model.safetensors").stat().st_size
    assert shown["parameters"] == "4"
    assert (snapshot["weights"], snapshot["missing"]) == (["model.safetensors"], ["a tokenizer"])
    assert str(folder) not in json.dumps(shown)


@pytest.mark.usefixtures("workspace")
def test_a_folder_that_changed_adds_what_it_holds_now(emeritus: Emeritus, folder: Path) -> None:
    emeritus("model", "import", folder)
    again = emeritus("model", "import", folder, "--json").json
    (folder / "tokenizer.json").write_text("{}")

    emeritus("model", "import", folder)

    shown = emeritus("model", "show", "halcyon-halcyon-3", "--json").json
    assert again["total"]["duplicate"] == 1
    assert [row["missing"] for row in shown["snapshots"]] == [["a tokenizer"], []]


@pytest.mark.usefixtures("workspace")
def test_a_licence_without_an_spdx_id_is_recorded_as_a_right(
    emeritus: Emeritus, folder: Path
) -> None:
    (folder / "README.md").write_text("---\nlicense: other\nlicense_name: halcyon-1\n---\n")
    emeritus("model", "import", folder)

    shown = emeritus("model", "show", "halcyon-halcyon-3", "--json").json

    assert shown["licence"] is None
    assert shown["rights"] == "licence on its card: halcyon-1 (no SPDX id)"


@pytest.mark.usefixtures("workspace")
def test_shards_that_an_index_names_and_are_not_there_are_missing(
    emeritus: Emeritus, folder: Path
) -> None:
    index = {"weight_map": {"a": "model-1.safetensors", "b": "../../../etc/passwd", "c": "/etc/x"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))

    done = emeritus("model", "import", folder, "--json")

    shown = emeritus("model", "show", "halcyon-halcyon-3", "--json").json
    assert shown["snapshots"][0]["missing"] == ["a tokenizer", "model-1.safetensors"]
    assert done.exit_code == 1
    assert [row["what"] for row in done.json["not_understood"]] == [
        "names a file outside of the folder: '../../../etc/passwd'",
        "names a file outside of the folder: '/etc/x'",
    ]


def link(path: Path, target: str) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(target)


@pytest.mark.parametrize(
    ("damage", "position", "what"),
    [
        pytest.param(
            lambda folder: link(folder / "config.json", "/etc/hostname"),
            "config.json",
            "a link, not followed: '/etc/hostname'",
            id="a link out of the folder",
        ),
        pytest.param(
            lambda folder: link(folder / "README.md", "../../../secret"),
            "README.md",
            "a link, not followed: '../../../secret'",
            id="a link upward",
        ),
        pytest.param(
            lambda folder: link(folder / "deeper", "/"),
            "deeper",
            "a link, not followed: '/'",
            id="a link to a folder",
        ),
        pytest.param(
            lambda folder: (folder / "config.json").write_text('{"model_'),
            "config.json",
            "not JSON (line 1)",
            id="half a JSON",
        ),
        pytest.param(
            lambda folder: (folder / "config.json").write_text("[1]"),
            "config.json",
            "not a JSON object",
            id="another shape",
        ),
        pytest.param(
            lambda folder: (folder / "config.json").write_bytes(b"\xff"),
            "config.json",
            "not UTF-8",
            id="not UTF-8",
        ),
        pytest.param(
            lambda folder: (folder / "config.json").write_bytes(bytes(5000)),
            "config.json",
            "not read: larger than 4,096 bytes",
            id="too large",
        ),
        pytest.param(
            lambda folder: (folder / "tokenizer.json").write_text('{"half'),
            "tokenizer.json",
            "not JSON (line 1)",
            id="half a tokenizer",
        ),
        pytest.param(
            lambda folder: (folder / "tokenizer.json").write_text("{" + " " * 5000),
            "tokenizer.json",
            "not JSON: it does not end as such",
            id="half a large tokenizer",
        ),
        pytest.param(
            lambda folder: (folder / "README.md").write_text("---\na: [\n---\n"),
            "README.md",
            "its front matter is not YAML (line 3)",
            id="no YAML",
        ),
        pytest.param(
            lambda folder: os.mkfifo(folder / "pipe"),
            "pipe",
            "neither a file nor a folder",
            id="a pipe",
        ),
        pytest.param(
            lambda folder: (folder / "a\x1b[2J").write_text(""),
            "'a\\x1b[2J'",
            "a name that cannot be printed",
            id="an escape in a name",
        ),
    ],
)
def test_what_of_a_folder_is_not_understood_is_named_and_the_rest_comes_in(
    trying: Emeritus,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: Callable[[Path], object],
    position: str,
    what: str,
) -> None:
    monkeypatch.setattr(snapshots, "LARGEST", 4096)
    damage(folder)

    result = trying(folder, "--dry-run", "--json")

    (left_out,) = result.json["not_understood"]
    assert (result.exit_code, result.json["added"]) == (1, ["halcyon-halcyon-3"])
    assert (left_out["position"], left_out["what"]) == (position, what)


@pytest.mark.parametrize(
    ("fill", "said"),
    [
        pytest.param(lambda _: None, "holds no file of a model", id="empty"),
        pytest.param(
            lambda folder: link(folder / "config.json", "../../blobs/1"),
            "the hub's cache holds links",
            id="the hub's cache",
        ),
        pytest.param(
            lambda folder: [(folder / str(number)).write_text("") for number in range(12)],
            "more than 10 files",
            id="a house of files",
        ),
    ],
)
def test_a_folder_that_holds_no_model_stops_the_import(
    trying: Emeritus,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fill: Callable[[Path], object],
    said: str,
) -> None:
    monkeypatch.setattr(snapshots, "MOST_FILES", 10)
    (tmp_path / "empty").mkdir()
    fill(tmp_path / "empty")

    result = trying(tmp_path / "empty")

    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


@pytest.mark.usefixtures("workspace")
def test_a_folder_of_gguf_files_says_what_all_their_headers_say(
    emeritus: Emeritus, tmp_path: Path
) -> None:
    (tmp_path / "halcyon-4").mkdir()
    for name in ("Q4.gguf", "Q8.gguf"):
        write_gguf(tmp_path / "halcyon-4" / name)

    done = emeritus("model", "import", tmp_path / "halcyon-4")

    shown = emeritus("model", "show", "halcyon-4", "--json").json
    assert done.exit_code == 0, done.stderr
    assert [shown[fact] for fact in ("family", "context_window", "licence")] == [
        "llama", 2048, "Apache-2.0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        pytest.param(
            "a.safetensors",
            safetensors_bytes({}, length=2**60),
            "claims a header of 1152921504606846976 bytes",
            id="2^60 bytes",
        ),
        pytest.param("a.safetensors", b"", "too few for a header", id="empty"),
        pytest.param("a.gguf", b"GGUF" + b"\xff" * 60, "", id="a GGUF that lies"),
    ],
)
def test_a_weight_file_whose_header_lies_is_named_and_the_rest_comes_in(
    trying: Emeritus, folder: Path, name: str, content: bytes, what: str
) -> None:
    (folder / name).write_bytes(content)

    done = trying(folder, "--dry-run", "--json")

    (left_out,) = done.json["not_understood"]
    assert (done.exit_code, done.json["added"]) == (1, ["halcyon-halcyon-3"])
    assert left_out["position"] == name
    assert left_out["what"].startswith("its header is not read: ")
    assert what in left_out["what"]


@pytest.mark.usefixtures("workspace")
def test_a_header_that_was_refused_is_marked_where_the_model_is_shown(
    emeritus: Emeritus, folder: Path
) -> None:
    shown = ("model", "show", "halcyon-halcyon-3")
    assert emeritus("model", "import", folder).exit_code == 0
    (folder / "a.safetensors").write_bytes(b"")
    assert emeritus("model", "import", folder).exit_code == 1
    assert emeritus("model", "import", folder, "--json").json["added"] == []

    snapshots = emeritus(*shown, "--json").json["snapshots"]

    whole, refused = snapshots
    assert "headers_refused" not in whole
    assert "too few for a header" in refused["headers_refused"]["a.safetensors"]
    assert "headers that were refused: a.safetensors: " in emeritus(*shown).stdout
    assert emeritus("preserve", "seal").exit_code == 0
    assert emeritus("preserve", "verify").exit_code == 0


@pytest.mark.usefixtures("workspace")
def test_pickles_are_not_opened(emeritus: Emeritus, folder: Path) -> None:
    """Not even a file that cannot be read is in the way."""
    (folder / "evil.bin").write_bytes(b"\x80\x04cos\nsystem\n")
    (folder / "evil.bin").chmod(0)

    assert emeritus("model", "import", folder).exit_code == 0
    shown = emeritus("model", "show", "halcyon-halcyon-3", "--json").json
    assert shown["snapshots"][0]["weights"] == ["evil.bin", "model.safetensors"]
