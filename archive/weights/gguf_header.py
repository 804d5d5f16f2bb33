"""The header of a GGUF file: what the file says of its model, and what it needs to run.

Read forward and bounded, by ourselves: package `gguf` maps the file and trusts its counts, so
that a damaged one can fill the memory. Its tables of tensor and file types are used. Only the
header is read, and the tensors' data must lie within the file.

Source: ggml, docs/gguf.md, versions 2 and 3, in either byte order.
"""

import hashlib
import math
import os
import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TypeAlias

from archive.errors import InputError
from archive.weights.opening import opened

NOT_RECORDED = "not recorded"

DEFAULT_ALIGNMENT = 32  # bytes
MAX_HEADER = 100_000_000  # bytes; a vocabulary of 256,000 takes about 16 million
MAX_VALUES = 65_536
MAX_TENSORS = 250_000
MAX_DIMENSIONS = 16
MAX_NAME = 1024  # bytes; those in use have under 100
MAX_STRING = 1 << 20  # bytes

_SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
_STRING, _ARRAY = 8, 9
_DEEPEST_ARRAY = 4
_SAMPLING = "general.sampling."

_Value: TypeAlias = "int | float | bytes"


@dataclass(frozen=True, slots=True, kw_only=True)
class GgufHeader:
    """What a GGUF file says of its model; None: it does not say."""

    version: int
    architecture: str | None
    name: str | None
    licence: str | None
    parameters: int  # elements of the tensors in this file
    parts: int  # files that the model is split into
    context_length: int | None  # tokens
    block_count: int | None
    file_type: str | None  # Q4_1, F16, …
    tensor_types: tuple[str, ...]  # that with the most elements first
    tokenizer: str | None
    pre_tokenizer: str | None
    chat_template_sha256: str | None
    sampling: Mapping[str, str] = field(default_factory=dict)

    def facts(self) -> dict[str, str]:
        """Return what the header says, in words."""
        split = f" in this one of {self.parts} files" if self.parts > 1 else ""
        known = {
            "gguf_version": self.version,
            "architecture": self.architecture,
            "name": self.name,
            "licence": self.licence,
            "parameters": f"{self.parameters}{split}",
            "context_length": self.context_length,
            "block_count": self.block_count,
            "file_type": self.file_type,
            "tensor_types": ", ".join(self.tensor_types) or None,
            "tokenizer": self.tokenizer,
            "chat_template_sha256": self.chat_template_sha256,
        }
        return {
            name: NOT_RECORDED if value is None else str(value) for name, value in known.items()
        }

    def needs(self) -> dict[str, str]:
        """Return what is needed to run the model, as far as its file says."""
        needs = nothing_recorded()
        if self.tokenizer:
            pre = f", pre-tokenizer {self.pre_tokenizer}" if self.pre_tokenizer else ""
            needs["tokenizer"] = f"{self.tokenizer}{pre}: in the file"
        if self.chat_template_sha256:
            needs["chat_template"] = f"in the file, sha256 {self.chat_template_sha256}"
        if self.sampling:
            settings = ", ".join(f"{name} {value}" for name, value in self.sampling.items())
            needs["generation_settings"] = f"in the file: {settings}"
        if self.architecture:
            needs["engine"] = (
                f"one that reads GGUF {self.version} and knows the architecture "
                f"{self.architecture}; build {NOT_RECORDED}"
            )
        if self.tensor_types:
            file_type = f"{self.file_type}: " if self.file_type else ""
            needs["quantisation"] = f"{file_type}tensors of {', '.join(self.tensor_types)}"
        return needs


def nothing_recorded() -> dict[str, str]:
    """Return what is needed to run a model whose file says nothing of it."""
    names = ("tokenizer", "chat_template", "generation_settings", "engine", "quantisation")
    return dict.fromkeys(names, NOT_RECORDED)


def read_header(path: Path) -> GgufHeader:
    """Return the header of the GGUF file at `path`, or at what it leads to.

    Raises:
        InputError: It cannot be read, is no GGUF, or is cut or damaged.
        ServiceError: It changed while it was read.
    """
    with opened(path.resolve()) as file:
        return parse_header(file, at=str(path))


def parse_header(file: BinaryIO, *, at: str) -> GgufHeader:
    """Return the header of the GGUF that `file` holds, from its beginning.

    Raises:
        InputError: It is no GGUF, or is cut or damaged; `at` says which file.
    """
    cursor = _Cursor(file, at)
    version = cursor.begin()
    tensor_count = cursor.count(MAX_TENSORS, "tensors")
    values = _Values(at, _read_values(cursor, cursor.count(MAX_VALUES, "metadata values")))
    tensors = _read_tensors(cursor, tensor_count)
    alignment = values.number("general.alignment")
    alignment = DEFAULT_ALIGNMENT if alignment is None else alignment
    if alignment.bit_count() != 1:
        _refuse(f"aligns its data to {alignment} bytes, which is no power of two", at)
    data = -(-cursor.position // alignment) * alignment
    if tensors.end and data + tensors.end > cursor.size:  # a vocabulary alone has no tensors
        _refuse(
            f"ends at byte {cursor.size}, in tensor {tensors.last!r}, which ends at byte "
            f"{data + tensors.end}",
            at,
        )
    architecture = values.text("general.architecture")
    file_type = values.number("general.file_type")
    template = values.raw("tokenizer.chat_template")
    return GgufHeader(
        version=version,
        architecture=architecture,
        name=values.text("general.name"),
        licence=values.text("general.license"),
        parameters=tensors.elements.total(),
        parts=values.number("split.count") or 1,
        context_length=values.number(f"{architecture}.context_length"),
        block_count=values.number(f"{architecture}.block_count"),
        file_type=None if file_type is None else _file_type(file_type),
        tensor_types=tuple(name for name, _ in tensors.elements.most_common()),
        tokenizer=values.text("tokenizer.ggml.model"),
        pre_tokenizer=values.text("tokenizer.ggml.pre"),
        chat_template_sha256=None if template is None else hashlib.sha256(template).hexdigest(),
        sampling=values.sampling(),
    )


class _Cursor:
    """Reads on through a header, and never past the file's end or `MAX_HEADER`."""

    def __init__(self, file: BinaryIO, at: str) -> None:
        self.at = at
        self.size = file.seek(0, os.SEEK_END)
        self.position = file.seek(0)
        self._file = file
        self._order = "<"

    def begin(self) -> int:
        """Read the magic and the version, which tells the byte order."""
        magic = self._file.read(4)
        if magic != b"GGUF":
            _refuse(f"is not a GGUF file: it begins with {magic!r}", self.at)
        self.position = 4
        version = self.number("the version")
        if version & 0xFFFF == 0:  # written on a big-endian machine
            self._order = ">"
            version = int.from_bytes(version.to_bytes(4, "little"), "big")
        if version not in {2, 3}:
            raise InputError(
                f"is GGUF of version {version}; only 2 and 3 can be read",
                at=self.at,
                mend="Convert it with llama.cpp, or use an Emeritus that knows this version.",
            )
        return version

    def numbers(self, codes: str, what: str) -> tuple[Any, ...]:
        layout = self._order + codes
        return struct.unpack(layout, self.take(struct.calcsize(layout), what))

    def number(self, what: str) -> int:
        (number,) = self.numbers("I", what)
        return int(number)

    def count(self, limit: int, what: str) -> int:
        """Read how many there are of something."""
        (count,) = self.numbers("Q", f"the number of {what}")
        if count > limit:
            _refuse(f"says that it has {count} {what}; {limit} are the most", self.at)
        return int(count)

    def string(self, limit: int, what: str) -> bytes:
        return self.take(self.count(limit, f"bytes in {what}"), what)

    def take(self, count: int, what: str) -> bytes:
        self._advance(count, what)
        content = self._file.read(count)
        if len(content) < count:
            _refuse("became shorter while it was read", self.at)
        return content

    def skip(self, count: int, what: str) -> None:
        self._advance(count, what)
        self._file.seek(self.position)

    def _advance(self, count: int, what: str) -> None:
        self.position += count
        if self.position > min(self.size, MAX_HEADER):
            long = f"has more than {MAX_HEADER} bytes of header"
            cut = f"ends at byte {self.size}, in {what}"
            _refuse(cut if self.position > self.size else long, self.at)


def _read_values(cursor: _Cursor, count: int) -> dict[str, _Value]:
    """Read the metadata; arrays, such as the vocabulary, are passed over."""
    values = dict[str, _Value]()
    for index in range(count):
        key = cursor.string(MAX_NAME, f"the name of metadata value {index}")
        name = key.decode(errors="replace")
        if name in values:
            _refuse(f"has the metadata value {name!r} twice", cursor.at)
        kind = cursor.number(f"the type of {name!r}")
        if kind == _STRING:
            values[name] = cursor.string(MAX_STRING, f"the text of {name!r}")
        elif kind == _ARRAY:
            _skip_array(cursor, f"the list {name!r}", _DEEPEST_ARRAY)
        elif kind in _SCALARS:
            (values[name],) = cursor.numbers(_SCALARS[kind], f"the number {name!r}")
        else:
            _refuse(f"has the metadata value {name!r} of the unknown type {kind}", cursor.at)
    return values


def _skip_array(cursor: _Cursor, what: str, depth: int) -> None:
    kind = cursor.number(what)
    count = cursor.count(MAX_HEADER, f"items in {what}")
    if kind in _SCALARS:
        cursor.skip(count * struct.calcsize(_SCALARS[kind]), what)
    elif kind == _STRING:
        for _ in range(count):
            cursor.skip(cursor.count(MAX_HEADER, f"bytes in an item of {what}"), what)
    elif kind == _ARRAY and depth > 0:
        for _ in range(count):
            _skip_array(cursor, what, depth - 1)
    else:
        _refuse(f"has {what} of items of the unknown type {kind}", cursor.at)


@dataclass(slots=True)
class _Tensors:
    """What matters of the tensors, without keeping each."""

    elements: Counter[str] = field(default_factory=Counter)  # by type
    end: int = 0  # of the data, counted from their beginning
    last: str = ""  # the tensor that ends there


def _read_tensors(cursor: _Cursor, count: int) -> _Tensors:
    sizes, tensors = _tensor_types(), _Tensors()
    for index in range(count):
        name = cursor.string(MAX_NAME, f"the name of tensor {index}").decode(errors="replace")
        dimensions = cursor.number(f"the dimensions of tensor {name!r}")
        if dimensions > MAX_DIMENSIONS:
            _refuse(f"has the tensor {name!r} of {dimensions} dimensions", cursor.at)
        *shape, kind, offset = cursor.numbers(f"{dimensions}QIQ", f"tensor {name!r}")
        # a type that is newer than the tables is kept by number; its size is not known
        type_name, block, block_bytes = sizes.get(kind, (f"type {kind}", 1, 0))
        elements = math.prod(shape)
        tensors.elements[type_name] += elements
        end = offset + elements * block_bytes // block
        if end > tensors.end:
            tensors.end, tensors.last = end, name
    return tensors


class _Values:
    """The metadata, asked for by name and kind."""

    def __init__(self, at: str, values: Mapping[str, _Value]) -> None:
        self._at = at
        self._values = values

    def number(self, name: str) -> int | None:
        value = self._values.get(name)
        if value is not None and not (isinstance(value, int) and value >= 0):
            _refuse(f"has a {name!r} that is not a whole number from 0 on", self._at)
        return value

    def raw(self, name: str) -> bytes | None:
        value = self._values.get(name)
        if value is not None and not isinstance(value, bytes):
            _refuse(f"has a {name!r} that is not a text", self._at)
        return value

    def text(self, name: str) -> str | None:
        value = self.raw(name)
        return None if value is None else value.decode(errors="replace")

    def sampling(self) -> dict[str, str]:
        """Return the generation settings that the maker recommends."""
        return {
            name.removeprefix(_SAMPLING): (
                value.decode(errors="replace") if isinstance(value, bytes) else f"{value:g}"
            )
            for name, value in self._values.items()
            if name.startswith(_SAMPLING)
        }


def _tensor_types() -> dict[int, tuple[str, int, int]]:
    """Return by number: the name, the elements in a block, the bytes of a block."""
    from gguf.constants import GGML_QUANT_SIZES  # brings numpy: only when a header is read

    return {kind.value: (kind.name, *sizes) for kind, sizes in GGML_QUANT_SIZES.items()}


def _file_type(number: int) -> str:
    from gguf.constants import LlamaFileType

    try:
        return LlamaFileType(number).name.removeprefix("MOSTLY_").removeprefix("ALL_")
    except ValueError:  # newer than the table
        return f"type {number}"


def _refuse(what: str, at: str) -> NoReturn:
    raise InputError(
        what, at=at, mend="It was cut or damaged, or is no GGUF: get it again from its source."
    )
