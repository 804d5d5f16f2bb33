"""What is believed of a safetensors header: only what agrees with the file."""

import contextlib
import io
import json
import math
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import InputError
from archive.weights.safetensors_header import (
    MAX_FACT,
    MAX_FACTS,
    MAX_HEADER,
    MAX_METADATA_VALUES,
    MAX_TENSORS,
    SafetensorsHeader,
    parse_header,
)
from tests.support.safetensors_files import safetensors_bytes, tensor

SIZES = {"F64": 8, "F32": 4, "BF16": 2, "I8": 1, "BOOL": 1, "F8_E4M3": 1, "C64": 8}
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(
    lambda name: name != "__metadata__"
)
TENSORS = st.dictionaries(
    NAMES,
    st.tuples(st.sampled_from(sorted(SIZES)), st.lists(st.integers(0, 4), max_size=3)),
    max_size=6,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


def parse(content: bytes) -> SafetensorsHeader:
    return parse_header(io.BytesIO(content), at="model.safetensors")


@settings(max_examples=50, deadline=None)
@given(TENSORS, st.dictionaries(st.text(max_size=5), st.text(max_size=5)), st.booleans())
def test_a_sound_file_is_taken_and_counted(
    tensors: dict[str, tuple[str, list[int]]],
    metadata: dict[str, str],
    ascii_only: bool,  # noqa: FBT001  # hypothesis gives arguments by place
) -> None:
    header: dict[str, object] = {"__metadata__": metadata}
    end = 0
    for name, (dtype, shape) in tensors.items():
        begin, end = end, end + SIZES[dtype] * math.prod(shape)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}
    text = json.dumps(header, ensure_ascii=ascii_only).encode(errors="surrogatepass")
    try:
        text.decode()
    except UnicodeDecodeError:
        text = json.dumps(header).encode()

    found = parse(safetensors_bytes(None, raw=text + b"  ", data=end))

    assert found.names == set(tensors)
    assert found.parameters == sum(math.prod(shape) for _, shape in tensors.values())
    assert set(found.dtypes) == {dtype for dtype, _ in tensors.values()}
    assert found.metadata_values == len(metadata)


@settings(max_examples=100)
@given(st.binary(max_size=200) | JSON.map(lambda value: safetensors_bytes(value, data=8)))
def test_no_bytes_are_more_than_refused(content: bytes) -> None:
    with contextlib.suppress(InputError):
        parse(content)


@settings(max_examples=100)
@given(st.data())
def test_a_flipped_byte_is_refused_or_read_as_another_sound_file(data: st.DataObject) -> None:
    content = bytearray(safetensors_bytes({"a": tensor(2), "b": tensor(begin=8)}, data=12))
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))

    with contextlib.suppress(InputError):
        assert len(parse(bytes(content)).names) == 2


def test_a_dtype_that_is_newer_than_the_table_is_kept_by_name() -> None:
    found = parse(safetensors_bytes({"a": tensor(3, dtype="F2_NEW", end=1)}, data=1))

    assert found.needs() == {"quantisation": "tensors of F2_NEW"}


WHOLE = {"a": tensor(2)}
REFUSED = {
    "nothing": (b"", "has 0 bytes"),
    "a header of 2^60 bytes": (safetensors_bytes(WHOLE, length=2**60), "claims a header of 115292"),
    "a header over the bound": (safetensors_bytes(WHOLE, length=MAX_HEADER + 1), "claims a header"),
    "a header longer than the file": (safetensors_bytes(WHOLE, length=999), "has 69 in all"),
    "a list": (safetensors_bytes([1]), "is no JSON object"),
    "half a JSON": (safetensors_bytes(None, raw=b'{"a":{"dtype":"F3'), "has no JSON in tensor 'a'"),
    "no UTF-8": (safetensors_bytes(None, raw=b'{"\xff":1}'), "not UTF-8"),
    "more after the object": (safetensors_bytes(None, raw=b"{}{}"), "more after the end"),
    "NaN": (safetensors_bytes(None, raw=b'{"a":NaN}'), "NaN is no JSON"),
    "deep nesting": (safetensors_bytes(None, raw=b'{"a":' + b"[" * 4000), "has no JSON in tensor"),
    "an endless tensor": (safetensors_bytes({"a": "x" * 5000}), "more than 4096 characters"),
    "an endless name": (safetensors_bytes({"a" * 9000: 1}), "characters in a name"),
    "a tensor twice": (
        safetensors_bytes(
            None, raw=b'{"a":%b,"a":%b}' % ((json.dumps(tensor(2)).encode(),) * 2), data=8
        ),
        "has tensor 'a' twice",
    ),
    "a member twice": (
        safetensors_bytes(None, raw=b'{"a":{"shape":[],"shape":[]}}'),
        "a name stands twice",
    ),
    "no shape": (safetensors_bytes({"a": {"dtype": "F32"}}), "no sound dtype, shape"),
    "a negative shape": (safetensors_bytes({"a": tensor(-2)}), "no sound dtype, shape"),
    "true as a size": (
        safetensors_bytes({"a": {"dtype": "I8", "shape": [True], "data_offsets": [0, 1]}}, data=1),
        "no sound dtype, shape",
    ),
    "an end before the beginning": (
        safetensors_bytes({"a": tensor(0, begin=8, end=0)}, data=8),
        "no sound dtype, shape",
    ),
    "a dtype that is no name": (safetensors_bytes({"a": tensor(2, dtype="\x1b[0m")}), "no sound"),
    "data beyond the end": (safetensors_bytes(WHOLE, data=7), "end at byte 8 of 7"),
    "bytes that do not fit the shape": (
        safetensors_bytes({"a": tensor(2, end=4)}, data=4),
        r"is not what F32 \[2\] takes",
    ),
    "an overlap": (
        safetensors_bytes({"a": tensor(2), "b": tensor(2, begin=4)}, data=12),
        "'a' and 'b' overlap",
    ),
    "the same place twice": (
        safetensors_bytes({"a": tensor(2), "b": tensor(2)}, data=8),
        "'a' and 'b' overlap",
    ),
    "a hole": (
        safetensors_bytes({"a": tensor(2), "b": tensor(2, begin=12)}, data=20),
        "'a' and 'b' have a hole between them",
    ),
    "data that no tensor has": (safetensors_bytes(WHOLE, data=9), "'a' and 'the end of the data'"),
    "metadata that are a text": (safetensors_bytes({"__metadata__": "x"}), "is no JSON object"),
    "metadata that hold a number": (safetensors_bytes({"__metadata__": {"a": 1}}), "has no text"),
    "metadata twice": (
        safetensors_bytes(None, raw=b'{"__metadata__":{},"__metadata__":{}}'),
        "has __metadata__ twice",
    ),
    "too much metadata": (
        safetensors_bytes({"__metadata__": {str(n): "" for n in range(MAX_METADATA_VALUES + 1)}}),
        "has more than 10000 values",
    ),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_agree_is_refused_in_little_memory(content: bytes, message: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=rf"^model\.safetensors: .*{message}"):
            parse(content)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


HOSTILE = {
    "a list of lists": b'{"a":[' + b"[]," * 1_000_000,
    "metadata of lists": b'{"__metadata__":{"a":[' + b"[]," * 1_000_000,
    "space": b"{" + b" " * 3_000_000,
    "names": b'{"' + b"a" * 3_000_000,
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_header_does_not_fill_the_memory(raw: bytes) -> None:
    content = io.BytesIO(safetensors_bytes(None, raw=raw))
    tracemalloc.start()
    try:
        with pytest.raises(InputError):
            parse_header(content, at="model.safetensors")
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_metadata_are_kept_within_bounds_and_said_to_be_cut() -> None:
    metadata = {f"{number:03}": "\x1b" + "x" * MAX_FACT for number in range(MAX_FACTS + 1)}

    facts = parse(safetensors_bytes({"__metadata__": metadata})).facts()

    assert facts["metadata"] == f"{MAX_FACTS} of {MAX_FACTS + 1} values kept"
    assert facts["metadata: 000"] == f"\ufffd{'x' * (MAX_FACT - 1)}… ({MAX_FACT + 1} characters)"


@pytest.mark.slow
def test_there_is_a_bound_to_the_number_of_tensors() -> None:
    header = {
        str(number): tensor(0) | {"data_offsets": [0, 0]} for number in range(MAX_TENSORS + 1)
    }

    with pytest.raises(InputError, match="has more than 250000 tensors"):
        parse(safetensors_bytes(header))
