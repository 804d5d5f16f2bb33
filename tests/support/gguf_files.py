"""Small GGUF files, written by the package that llama.cpp's own tools write them with."""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TEMPLATE = "{% for message in messages %}{{ message.content }}{% endfor %}"


def write_gguf(
    path: Path, *, tensors: Mapping[str, tuple[int, ...]] | None = None, big_endian: bool = False
) -> Path:
    """Write a whole small model, with F32 tensors of the given shapes."""
    import numpy as np
    from gguf import GGUFEndian, GGUFWriter

    writer = GGUFWriter(
        path, "llama", endianess=GGUFEndian.BIG if big_endian else GGUFEndian.LITTLE
    )
    writer.add_name("Halcyon 2")
    writer.add_license("apache-2.0")
    writer.add_context_length(2048)
    writer.add_block_count(4)
    writer.add_file_type(3)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("halcyon")
    writer.add_token_list(["a", "b", "ç"])
    writer.add_token_scores([0.5, 1.5, 2.5])
    writer.add_chat_template(TEMPLATE)
    writer.add_float32("general.sampling.temp", 0.7)
    for name, shape in (tensors or {"output.weight": (4, 8), "output_norm.weight": (8,)}).items():
        writer.add_tensor(name, np.zeros(shape, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def gguf_bytes(*values: bytes, tensors: int = 0, count: int | None = None) -> bytes:
    """Return a GGUF 3 with these encoded metadata values, and with counts that may be lies."""
    counts = struct.pack("<QQ", tensors, len(values) if count is None else count)
    return b"GGUF\x03\0\0\0" + counts + b"".join(values)


def value(name: str, kind: int, content: bytes) -> bytes:
    return text(name) + struct.pack("<I", kind) + content


def text(content: str, *, length: int | None = None) -> bytes:
    encoded = content.encode()
    return struct.pack("<Q", len(encoded) if length is None else length) + encoded


def tensor(name: str, *shape: int, kind: int = 0, offset: int = 0) -> bytes:
    return text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)


def read_by_package(path: Path) -> Any:  # noqa: ANN401  # the package types its reader loosely
    """Open a sound file with the package's own reader."""
    from gguf import GGUFReader

    return GGUFReader(path)
