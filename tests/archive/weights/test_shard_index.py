import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import InputError
from archive.weights.shard_index import disagreements, parse_index
from tests.support.safetensors_files import write_safetensors

SHARDS = {"a": "model-1.safetensors", "b": "model-1.safetensors", "c": "model-2.safetensors"}


@pytest.fixture
def index(tmp_path: Path) -> Path:
    write_safetensors(tmp_path / "model-1.safetensors", "a", "b")
    write_safetensors(tmp_path / "model-2.safetensors", "c")
    path = tmp_path / "model.safetensors.index.json"
    path.write_text(json.dumps({"metadata": {"total_size": 24}, "weight_map": SHARDS}))
    return path


def test_an_index_says_how_many_shards_and_tensors_there_are(index: Path) -> None:
    with index.open("rb") as file:
        assert parse_index(file, at="index").facts() == {"shards": "2", "tensors": "3"}


def test_whole_shards_agree_with_their_index(index: Path) -> None:
    assert list(disagreements(index)) == []


def take_one_away(folder: Path) -> None:
    (folder / "model-2.safetensors").unlink()


def put_a_tensor_elsewhere(folder: Path) -> None:
    write_safetensors(folder / "model-1.safetensors", "a", "c")


def damage_one(folder: Path) -> None:
    (folder / "model-2.safetensors").write_bytes(b"\xff" * 20)


def link_one(folder: Path) -> None:
    (folder / "model-2.safetensors").rename(folder / "blob")
    (folder / "model-2.safetensors").symlink_to("blob")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (take_one_away, "the shard model-2.safetensors is missing"),
        (put_a_tensor_elsewhere, "the shard model-1.safetensors lacks the tensor 'b'"),
        (damage_one, "the shard model-2.safetensors claims a header of"),
        (link_one, "the shard model-2.safetensors is a link"),
    ],
)
def test_a_shard_that_is_not_as_the_index_says_is_named(
    index: Path, change: Callable[[Path], None], message: str
) -> None:
    change(index.parent)

    (found,) = disagreements(index)

    assert found.startswith(message)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param({"weight_map": {"a": "../../secret"}}, "is not a path", id="leads outside"),
        pytest.param({"weight_map": {"a": "/etc/passwd"}}, "is not a path", id="absolute"),
        pytest.param({"weight_map": {"a": "b/c.safetensors"}}, "has a slash", id="in a folder"),
        pytest.param({"weight_map": {"a": "CON"}}, "holds the reserved name", id="a device"),
        pytest.param({"weight_map": {"a": ".."}}, "is not a path", id="the folder above"),
        pytest.param({"weight_map": {"a": "x", "b": "X"}}, "differs only in case", id="case"),
        pytest.param({"weight_map": {"a": "x\0"}}, "holds a character", id="NUL"),
        pytest.param({"weight_map": {"a": 1}}, "has no text", id="a number for a shard"),
        pytest.param({"weight_map": ["a"]}, "is no JSON object", id="a list for the map"),
        pytest.param({"metadata": {}}, "has no weight_map", id="no map"),
        pytest.param([], "is no JSON object", id="a list"),
    ],
)
def test_an_index_that_cannot_be_used_is_refused(content: object, message: str) -> None:
    with pytest.raises(InputError, match=f"^index: .*{message}"):
        parse_index(io.BytesIO(json.dumps(content).encode()), at="index")
