"""Small safetensors files, whole ones and such as lie."""

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def safetensors_bytes(
    header: object, *, data: int | bytes = 0, length: int | None = None, raw: bytes | None = None
) -> bytes:
    """Return a file with this header, whose stated length may be a lie, and so much data."""
    text = json.dumps(header).encode() if raw is None else raw
    content = bytes(data) if isinstance(data, int) else data
    return struct.pack("<Q", len(text) if length is None else length) + text + content


def tensor(*shape: int, begin: int = 0, dtype: str = "F32", end: int | None = None) -> Any:  # noqa: ANN401  # any JSON object
    size = 4
    for count in shape:
        size *= count
    return {
        "dtype": dtype,
        "shape": list(shape),
        "data_offsets": [begin, begin + size if end is None else end],
    }


def write_safetensors(path: Path, *names: str, metadata: Mapping[str, str] | None = None) -> Path:
    """Write a whole file with an F32 tensor of two elements for each name."""
    header = {name: tensor(2, begin=8 * number) for number, name in enumerate(names)}
    described = {"__metadata__": dict(metadata)} if metadata is not None else {}
    path.write_bytes(safetensors_bytes(described | header, data=8 * len(names)))
    return path
