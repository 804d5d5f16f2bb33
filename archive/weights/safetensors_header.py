"""The header of a safetensors file: its tensors, and what it says of itself.

Nothing is believed: the length of the header, each tensor's size and its place in the file must
agree, and the data may have neither overlaps nor holes, as the format's own reader has it. It is
read in flat memory, however long it is.

Source: safetensors, "Format", of the version 0.6: eight bytes of length, a JSON object, data.
"""

import itertools
import math
import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn

from archive.errors import InputError
from archive.rendering.terminal import for_terminal
from archive.weights.bounded_json import BoundedJson

MAX_HEADER = 100_000_000  # bytes; as the format's own reader has it
MAX_TENSORS = 250_000
MAX_NAME = 1024  # characters; those in use have under 200
MAX_TENSOR = 4096  # characters that say what one tensor is
MAX_METADATA_VALUES = 10_000
MAX_METADATA_VALUE = 8_000_000  # characters; trainers put their whole log there
MAX_FACTS = 32  # values of the metadata that are kept
MAX_FACT = 256  # characters of each

_METADATA = "__metadata__"
_LENGTH = 8  # bytes
_DTYPE = re.compile(r"[A-Z][A-Z0-9_]{0,31}")
_BITS = {
    "BOOL": 8,
    "F4": 4,
    "F6_E2M3": 6,
    "F6_E3M2": 6,
    "U8": 8,
    "I8": 8,
    "F8_E5M2": 8,
    "F8_E4M3": 8,
    "F8_E8M0": 8,
    "F8_E4M3FNUZ": 8,
    "F8_E5M2FNUZ": 8,
    "I16": 16,
    "U16": 16,
    "F16": 16,
    "BF16": 16,
    "I32": 32,
    "U32": 32,
    "F32": 32,
    "I64": 64,
    "U64": 64,
    "F64": 64,
    "C64": 64,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetensorsHeader:
    """What a safetensors file says of its tensors."""

    names: frozenset[str]  # of the tensors
    parameters: int  # elements of the tensors in this file
    dtypes: tuple[str, ...]  # that with the most elements first
    metadata: Mapping[str, str]  # as many values, and as much of each, as is kept
    metadata_values: int  # that there are

    def facts(self) -> dict[str, str]:
        """Return what the header says, in words."""
        facts = {
            "tensors": str(len(self.names)),
            "parameters": str(self.parameters),
            "dtypes": ", ".join(self.dtypes) or "none: it holds no tensor",
        }
        if self.metadata_values > len(self.metadata):
            facts["metadata"] = f"{len(self.metadata)} of {self.metadata_values} values kept"
        return facts | {f"metadata: {name}": value for name, value in self.metadata.items()}

    def needs(self) -> dict[str, str]:
        """Return what is needed to run the model, as far as its file says."""
        if not self.dtypes:
            return {}
        return {"quantisation": f"tensors of {', '.join(self.dtypes)}"}


@dataclass(frozen=True, slots=True)
class _Tensor:
    begin: int  # in the data
    end: int
    name: str


def parse_header(file: BinaryIO, *, at: str) -> SafetensorsHeader:
    """Return the header of the safetensors that `file` holds, from its beginning.

    Raises:
        InputError: It is no safetensors, or is cut or damaged; `at` says which file.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    length = int.from_bytes(file.read(_LENGTH), "little")
    if size < _LENGTH + 2:
        _refuse(f"has {size} bytes: too few for a header", at)
    if length > MAX_HEADER:
        _refuse(f"claims a header of {length} bytes; {MAX_HEADER} are the most", at)
    if length > size - _LENGTH:
        _refuse(f"claims a header of {length} bytes, and has {size} in all", at)
    text = BoundedJson(file, length, at=at)
    reading = _Reading(data=size - _LENGTH - length, at=at)
    for name in text.members(longest_name=MAX_NAME):
        if name == _METADATA:
            reading.keep_metadata(text)
        else:
            what = f"tensor {for_terminal(name)!r}"
            reading.add(name, text.value(longest=MAX_TENSOR, what=what), what)
    text.end()
    return reading.header()


class _Reading:
    """What was read so far, checked as it comes."""

    def __init__(self, *, data: int, at: str) -> None:
        self._data = data  # bytes
        self._at = at
        self._tensors = dict[str, _Tensor]()
        self._elements = Counter[str]()  # by dtype
        self._metadata: dict[str, str] | None = None

    def keep_metadata(self, text: BoundedJson) -> None:
        if self._metadata is not None:
            _refuse(f"has {_METADATA} twice", self._at)
        self._metadata = {}
        for name in text.members(longest_name=MAX_NAME):
            if len(self._metadata) == MAX_METADATA_VALUES:
                _refuse(f"has more than {MAX_METADATA_VALUES} values in {_METADATA}", self._at)
            value = text.string(longest=MAX_METADATA_VALUE, what=f"a value of {_METADATA}")
            if name in self._metadata:
                _refuse(f"has the metadata value {for_terminal(name)!r} twice", self._at)
            self._metadata[name] = _cut(value)

    def add(self, name: str, value: object, what: str) -> None:
        if name in self._tensors:
            _refuse(f"has {what} twice", self._at)
        if len(self._tensors) == MAX_TENSORS:
            _refuse(f"has more than {MAX_TENSORS} tensors", self._at)
        dtype, shape, begin, end = self._members(value, what)
        elements = math.prod(shape)
        bits = _BITS.get(dtype)  # a dtype that is newer than the table is kept by name
        if end > self._data:
            _refuse(f"has {what} end at byte {end} of {self._data} bytes of data", self._at)
        if bits is not None and elements * bits != (end - begin) * 8:
            _refuse(
                f"gives {what} {end - begin} bytes, which is not what {dtype} {shape} takes",
                self._at,
            )
        self._tensors[name] = _Tensor(begin, end, name)
        self._elements[dtype] += elements

    def header(self) -> SafetensorsHeader:
        self._check_places()
        metadata = sorted((self._metadata or {}).items())
        return SafetensorsHeader(
            names=frozenset(self._tensors),
            parameters=self._elements.total(),
            dtypes=tuple(name for name, _ in self._elements.most_common()),
            metadata={_cut(name): value for name, value in metadata[:MAX_FACTS]},
            metadata_values=len(metadata),
        )

    def _members(self, value: Any, what: str) -> tuple[str, list[int], int, int]:  # noqa: ANN401  # any JSON value
        match value:
            case {
                "dtype": str(dtype),
                "shape": list(shape),
                "data_offsets": [begin, end],
            } if len(value) == 3 and _whole([*shape, begin, end]) and begin <= end:
                if _DTYPE.fullmatch(dtype):
                    return dtype, shape, begin, end
            case _:
                pass
        raise _refusal(f"has no sound dtype, shape and data_offsets in {what}", self._at)

    def _check_places(self) -> None:
        places = sorted(self._tensors.values(), key=lambda tensor: (tensor.begin, tensor.end))
        first = _Tensor(0, 0, "the beginning of the data")
        last = _Tensor(self._data, self._data, "the end of the data")
        for before, after in itertools.pairwise([first, *places, last]):
            if before.end != after.begin:
                how = "overlap" if before.end > after.begin else "have a hole between them"
                names = f"{for_terminal(before.name)!r} and {for_terminal(after.name)!r}"
                _refuse(f"is damaged: {names} {how}", self._at)


def _whole(values: list[Any]) -> bool:
    """Whether all are whole numbers from 0 on; JSON's true is none."""
    return all(type(value) is int and value >= 0 for value in values)


def _cut(text: str) -> str:
    rest = f"… ({len(text)} characters)" if len(text) > MAX_FACT else ""
    return f"{for_terminal(text[:MAX_FACT])}{rest}"


def _refuse(what: str, at: str) -> NoReturn:
    raise _refusal(what, at)


def _refusal(what: str, at: str) -> InputError:
    mend = "It was cut or damaged, or is no safetensors: get it again from its source."
    return InputError(what, at=at, mend=mend)
