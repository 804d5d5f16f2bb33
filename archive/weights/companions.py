"""The small files beside the weights that a model cannot be run without.

They are known by the names that libraries give them. What one holds of what is needed is said
in words; the file itself is registered, with its digests, like every other.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, BinaryIO

from archive.errors import InputError
from archive.rendering.terminal import for_terminal
from archive.weights.bounded_json import BoundedJson
from archive.weights.gguf_header import NOT_RECORDED

NEEDS = (
    "config",
    "tokenizer",
    "chat_template",
    "generation_settings",
    "engine",
    "build",
    "quantisation",
)

MAX_NAME = 1024  # characters of a member's name
MAX_VALUE = 1 << 20  # characters of a member
MAX_SAID = 200  # characters of what is said of one

Members = Mapping[str, Any]


def needs_from(name: str, file: BinaryIO) -> dict[str, str]:
    """Return what the file called `name` gives of what is needed to run the model beside it.

    A companion that cannot be understood gives nothing, and says so: its bytes are kept anyway.
    """
    base = name.rpartition("/")[2]
    if base in _PLAIN:
        return {_PLAIN[base]: name}
    if base not in _READ:
        return {}
    need, kept, read = _READ[base]
    try:
        return read(name, _members(file, kept, at=name))
    except InputError as error:
        return {need: f"{name}, which cannot be understood: {error.what}"}
    finally:
        file.seek(0)


def all_needs(needs: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return all that is needed to run a model, from what each of its files gives.

    What no file gives is marked as not recorded.
    """
    found = {need: dict[str, None]() for need in NEEDS}
    for given in needs:
        for need, words in given.items():
            if words != NOT_RECORDED:
                found.setdefault(need, {})[words] = None
    return {need: "; ".join(words) or NOT_RECORDED for need, words in found.items()}


def _config(name: str, members: Members) -> dict[str, str]:
    needs = {"config": name}
    engine = [
        f"{label} {_said(members[member])}"
        for member, label in (
            ("architectures", "architecture"),
            ("model_type", "type"),
            ("transformers_version", "written by transformers"),
        )
        if member in members
    ]
    if engine:
        needs["engine"] = f"{', '.join(engine)} ({name})"
    if "quantization_config" in members:
        needs["quantisation"] = f"{_said(members['quantization_config'])} ({name})"
    elif dtype := members.get("torch_dtype", members.get("dtype")):
        needs["quantisation"] = f"tensors of {_said(dtype)} ({name})"
    return needs


def _tokenizer_config(name: str, members: Members) -> dict[str, str]:
    needs = {}
    if "tokenizer_class" in members:
        needs["tokenizer"] = f"{_said(members['tokenizer_class'])} ({name})"
    if members.get("chat_template"):
        needs["chat_template"] = f"in {name}"
    return needs


_PLAIN = {
    "tokenizer.json": "tokenizer",
    "tokenizer.model": "tokenizer",
    "spiece.model": "tokenizer",
    "vocab.json": "tokenizer",
    "vocab.txt": "tokenizer",
    "merges.txt": "tokenizer",
    "chat_template.jinja": "chat_template",
    "chat_template.json": "chat_template",
    "generation_config.json": "generation_settings",
}

_READ: dict[str, tuple[str, frozenset[str], Callable[[str, Members], dict[str, str]]]] = {
    "config.json": (
        "config",
        frozenset(
            {
                "architectures",
                "model_type",
                "transformers_version",
                "quantization_config",
                "torch_dtype",
                "dtype",
            }
        ),
        _config,
    ),
    "tokenizer_config.json": (
        "tokenizer",
        frozenset({"tokenizer_class", "chat_template"}),
        _tokenizer_config,
    ),
}


def _members(file: BinaryIO, kept: frozenset[str], *, at: str) -> Members:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    text = BoundedJson(file, size, at=at)
    found = {}
    for name in text.members(longest_name=MAX_NAME):
        value = text.value(longest=MAX_VALUE, what=for_terminal(name))
        if name in kept:
            found[name] = value
    text.end()
    return found


def _said(value: object, *, depth: int = 2) -> str:
    """Return a JSON value in few words; what lies deep in it is left out."""
    if depth and isinstance(value, dict):
        words = ", ".join(f"{key} {_said(part, depth=depth - 1)}" for key, part in value.items())
    elif depth and isinstance(value, list):
        words = ", ".join(_said(part, depth=depth - 1) for part in value)
    else:
        words = "…" if isinstance(value, dict | list) else str(value)
    cut = "…" if len(words) > MAX_SAID else ""
    return f"{for_terminal(words[:MAX_SAID])}{cut}"
