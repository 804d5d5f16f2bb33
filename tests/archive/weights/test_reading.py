import hashlib
import os
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import InputError, ServiceError
from archive.weights.formats import Format
from archive.weights.gguf_header import NOT_RECORDED
from archive.weights.opening import state_of
from archive.weights.reading import (
    BUFFER_BYTES,
    BUFFERS,
    Reading,
    describe_weight_file,
    read_weight_file,
)
from tests.support.gguf_files import write_gguf


def silent(_count: int) -> None:
    """Show no progress."""


@pytest.mark.parametrize(
    "size", [0, 1, BUFFER_BYTES - 1, BUFFER_BYTES, BUFFER_BYTES + 1, 3 * BUFFER_BYTES]
)
def test_one_reading_finds_both_digests_and_tells_its_progress(tmp_path: Path, size: int) -> None:
    content, told = os.urandom(size), list[int]()
    path = tmp_path / "weights.bin"
    path.write_bytes(content)
    os.utime(path, (0, 1_800_000_000))

    reading = read_weight_file(path, on_bytes=told.append)

    assert reading == Reading(
        bytes=size,
        sha256=hashlib.sha256(content).hexdigest(),
        sha512=hashlib.sha512(content).hexdigest(),
        modified_at=datetime.fromtimestamp(1_800_000_000, UTC),
        state=state_of(path.stat()),
    )
    assert sum(told) == size


def test_memory_stays_flat_however_large_the_file(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    with path.open("wb") as file:
        file.truncate(64 * BUFFER_BYTES)  # a hole: it takes no space
    tracemalloc.start()
    try:
        read_weight_file(path, on_bytes=silent)
        assert tracemalloc.get_traced_memory()[1] < (BUFFERS + 1) * BUFFER_BYTES
    finally:
        tracemalloc.stop()


def test_a_link_is_not_followed_and_its_target_is_named(tmp_path: Path) -> None:
    (tmp_path / "blob").write_bytes(b"weights")
    (tmp_path / "model.bin").symlink_to("blob")

    with pytest.raises(InputError, match=r"model\.bin: is a link.*\n  Name what it leads to: blob"):
        read_weight_file(tmp_path / "model.bin", on_bytes=silent)


# --- Files that change while they are read ------------------------------------------------------


def append_to(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def cut(path: Path) -> None:
    os.truncate(path, BUFFER_BYTES + 7)


def overwrite_a_byte_of(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(2 * BUFFER_BYTES)
        file.write(b"x")
    os.utime(path, (0, path.stat().st_mtime + 1))  # time goes by


def replace(path: Path) -> None:
    (path.parent / "new").write_bytes(path.read_bytes())
    (path.parent / "new").rename(path)


def remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("change", [append_to, cut, overwrite_a_byte_of, replace, remove])
def test_a_file_that_changes_while_it_is_read_gets_no_digest(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(bytes(3 * BUFFER_BYTES))
    changes = iter([change])

    def change_once(_count: int) -> None:
        for now in changes:
            now(path)

    with pytest.raises(ServiceError, match=r"weights\.bin: changed while it was read") as caught:
        read_weight_file(path, on_bytes=change_once)

    assert caught.value.exit_code == 3
    assert "Wait until" in caught.value.mend


# --- What is no file that can be read -----------------------------------------------------------


def nothing(path: Path) -> None:
    """Leave nothing there."""


def a_folder(path: Path) -> None:
    path.mkdir()


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_link_to_nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


def a_link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def a_file_of_somebody_else(path: Path) -> None:
    path.write_bytes(b"weights")
    path.chmod(0)


@pytest.mark.parametrize(
    ("put", "message"),
    [
        (nothing, "cannot be read: No such file or directory"),
        (a_folder, "cannot be read: Is a directory"),
        (a_pipe, "is a device or a pipe, not a file"),
        (a_link_to_nowhere, "is a link, and links are not followed"),
        (a_link_to_a_device, "is a link, and links are not followed"),
        pytest.param(
            a_file_of_somebody_else,
            "cannot be read: Permission denied",
            marks=pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file"),
        ),
    ],
)
def test_what_cannot_be_read_is_named_with_its_mend(
    tmp_path: Path, put: Callable[[Path], None], message: str
) -> None:
    put(tmp_path / "weights.bin")

    with pytest.raises(InputError, match=rf"weights\.bin: {message}\n  Name"):
        read_weight_file(tmp_path / "weights.bin", on_bytes=silent)


# --- What is registered -------------------------------------------------------------------------


def test_a_gguf_is_described_by_its_header_and_its_bytes(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "model.gguf")

    described = describe_weight_file(path, name=path.name, on_bytes=silent)

    assert described.format is Format.GGUF
    assert described.facts["name"] == "Halcyon 2"
    assert described.needs["tokenizer"] == "gpt2, pre-tokenizer halcyon: in the file"
    assert described.reading.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_gguf_is_known_whatever_it_is_called(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "model.gguf").rename(tmp_path / "model.bin")

    assert (
        describe_weight_file(path, name=path.name, on_bytes=silent).facts["architecture"] == "llama"
    )


def test_another_format_is_kept_with_what_is_not_recorded_of_it(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(b"\x80\x02weights")

    described = describe_weight_file(path, name=path.name, on_bytes=silent)

    assert (described.format, described.facts) == (Format.PICKLE, {})
    assert set(described.needs.values()) == {NOT_RECORDED}
    assert described.reading.bytes == 9


@pytest.mark.parametrize("content", [b"", b"weights", b"GGUF\x03\0\0\0"])
def test_a_gguf_that_is_none_is_refused_before_the_long_reading(
    tmp_path: Path, content: bytes
) -> None:
    told = list[int]()
    (tmp_path / "model.gguf").write_bytes(content)

    with pytest.raises(InputError, match=r"model\.gguf: (is not a GGUF|ends at byte 8)"):
        describe_weight_file(tmp_path / "model.gguf", name="model.gguf", on_bytes=told.append)

    assert told == []
