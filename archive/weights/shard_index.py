"""The index of a model that is split into shards: which tensor is in which file.

Nothing is opened but the headers of files that stand beside the index and are named as plain
files: a name with a slash, `..` or a reserved word in it is refused.
"""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive.errors import InputError, ServiceError
from archive.rendering.terminal import for_terminal
from archive.store.paths import problems
from archive.weights.bounded_json import BoundedJson
from archive.weights.opening import opened
from archive.weights.safetensors_header import MAX_NAME, parse_header

SUFFIX = ".safetensors.index.json"
MAX_INDEX = 100_000_000  # bytes
MAX_TENSORS = 1_000_000
MAX_SHARDS = 10_000
MAX_VALUE = 65_536  # characters of a member that is not the map

_MAP = "weight_map"
_MEND = "It was cut or damaged: get it again from its source."


@dataclass(frozen=True, slots=True)
class ShardIndex:
    """Which tensors each shard is said to hold."""

    tensors: Mapping[str, frozenset[str]]  # by the shard's name

    def facts(self) -> dict[str, str]:
        """Return what the index says, in words."""
        count = sum(len(names) for names in self.tensors.values())
        return {"shards": str(len(self.tensors)), "tensors": str(count)}


def parse_index(file: BinaryIO, *, at: str) -> ShardIndex:
    """Return the index that `file` holds, from its beginning.

    Raises:
        InputError: It is no such index, or names a shard that is no plain file beside it.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size > MAX_INDEX:
        raise InputError(f"has {size} bytes; {MAX_INDEX} are the most", at=at, mend=_MEND)
    text = BoundedJson(file, size, at=at)
    tensors: dict[str, set[str]] | None = None
    for name in text.members(longest_name=MAX_NAME):
        if name == _MAP and tensors is None:
            tensors = _read_map(text)
        else:
            text.value(longest=MAX_VALUE, what=for_terminal(name))
    text.end()
    if tensors is None:
        raise InputError(f"has no {_MAP}", at=at, mend=_MEND)
    for name, problem in [*problems(tensors), *((n, "has a slash") for n in tensors if "/" in n)]:
        what = f"names the shard {for_terminal(name)!r}, which {problem}"
        raise InputError(what, at=at, mend="Shards stand beside their index. Nothing was opened.")
    return ShardIndex({shard: frozenset(names) for shard, names in tensors.items()})


def disagreements(index: Path) -> Iterator[str]:
    """Return how the shards beside the index at `index` disagree with it; nothing: they do not.

    Raises:
        InputError: It cannot be read, or is no index.
        ServiceError: It changed while it was read.
    """
    with opened(index) as file:
        said = parse_index(file, at=str(index))
    for shard, expected in sorted(said.tensors.items()):
        path = index.with_name(shard)
        try:
            with opened(path) as file:
                found = parse_header(file, at=str(path)).names
        except (InputError, ServiceError) as error:
            missing = isinstance(error.__cause__, FileNotFoundError)
            yield f"the shard {shard} {'is missing' if missing else error.what}"
            continue
        if absent := sorted(expected - found):
            more = "" if len(absent) == 1 else f" and {len(absent) - 1} more"
            yield f"the shard {shard} lacks the tensor {for_terminal(absent[0])!r}{more}"


def _read_map(text: BoundedJson) -> dict[str, set[str]]:
    shards = defaultdict[str, set[str]](set)
    for count, tensor in enumerate(text.members(longest_name=MAX_NAME)):
        names = shards[text.string(longest=MAX_NAME, what="the name of a shard")]
        if tensor in names:
            text.refuse(f"has the tensor {for_terminal(tensor)!r} twice")
        names.add(tensor)
        if count == MAX_TENSORS or len(shards) > MAX_SHARDS:
            text.refuse(f"names more than {MAX_TENSORS} tensors or {MAX_SHARDS} shards")
    return dict(shards)
