import io
import json
import pickle
import struct
import zipfile

import pytest

from archive.weights.formats import Format, format_of
from archive.weights.safetensors_header import MAX_HEADER


def safetensors(header: bytes, *, length: int | None = None) -> bytes:
    return struct.pack("<Q", len(header) if length is None else length) + header


def zipped(name: str) -> bytes:
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(name, b"")
        return file.getvalue()


HEADER = json.dumps({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
BEGINNINGS = {
    "gguf": (b"GGUF\x03\0\0\0", Format.GGUF),
    "safetensors": (safetensors(HEADER) + bytes(4), Format.SAFETENSORS),
    "safetensors that hold nothing": (safetensors(b"{}"), Format.SAFETENSORS),
    "safetensors cut in the header": (safetensors(HEADER)[:20], Format.OTHER),
    "a header over the bound": (
        safetensors(HEADER, length=MAX_HEADER + 1),
        Format.OTHER,
    ),
    "a header that is no object": (safetensors(b"[1]"), Format.OTHER),
    **{
        f"pickle {protocol}": (pickle.dumps([1], protocol), Format.PICKLE)
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)
    },
    "what PyTorch saves": (zipped("archive/data.pkl"), Format.PICKLE),
    "another zip": (zipped("notes.txt"), Format.OTHER),
    "text": (b"halcyon", Format.OTHER),
    "empty": (b"", Format.OTHER),
}


@pytest.mark.parametrize(("content", "found"), BEGINNINGS.values(), ids=BEGINNINGS)
def test_a_format_is_told_by_how_a_file_begins(content: bytes, found: Format) -> None:
    file = io.BytesIO(content)

    assert format_of(file, name="weights") is found
    assert file.tell() == 0
