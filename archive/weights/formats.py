"""The formats of weight files, told by how a file begins; else by its name.

Nothing is unpacked or run: a pickle is a program, and is never opened.
"""

import os
from enum import StrEnum
from typing import BinaryIO

from archive.weights.safetensors_header import MAX_HEADER
from archive.weights.shard_index import SUFFIX as SHARD_INDEX

_LONGEST_BEGINNING = 512
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")  # unless they begin as something else


class Format(StrEnum):
    """What a weight file is."""

    GGUF = "gguf"
    SAFETENSORS = "safetensors"
    SHARD_INDEX = "safetensors index"
    PICKLE = "pickle (never opened)"
    OTHER = "other"


def format_of(file: BinaryIO, *, name: str) -> Format:
    """Return the format of `file`, which is called `name`; it is left at its beginning."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    beginning = file.read(_LONGEST_BEGINNING)
    file.seek(0)
    if beginning.startswith(b"GGUF"):
        return Format.GGUF
    if _begins_a_pickle(beginning):
        return Format.PICKLE
    if _begins_safetensors(beginning, size):
        return Format.SAFETENSORS
    return _format_by_name(name.lower())


def _format_by_name(name: str) -> Format:
    """Return the format that a file should have that does not begin like any."""
    if name.endswith(".gguf"):
        return Format.GGUF
    if name.endswith(".safetensors"):
        return Format.SAFETENSORS
    if name.endswith(SHARD_INDEX):
        return Format.SHARD_INDEX
    return Format.PICKLE if name.endswith(_PICKLES) else Format.OTHER


def _begins_safetensors(beginning: bytes, size: int) -> bool:
    """Eight bytes give the length of the JSON object that follows."""
    header = int.from_bytes(beginning[:8], "little")
    fits = 2 <= header <= min(MAX_HEADER, size - 8)
    return fits and beginning[8:9] == b"{"


def _begins_a_pickle(beginning: bytes) -> bool:
    """A bare pickle of protocol 2 to 5, or the zip in which PyTorch puts one first."""
    if beginning[:1] == b"\x80" and beginning[1:2] in {b"\x02", b"\x03", b"\x04", b"\x05"}:
        return True
    name_length = int.from_bytes(beginning[26:28], "little")
    name = beginning[30 : 30 + name_length]
    return beginning.startswith(b"PK\x03\x04") and name.endswith(b"data.pkl")
