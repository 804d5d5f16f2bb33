"""Reading a weight file once: its digests, and what it says of itself."""

import hashlib
import itertools
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import TypeAlias

from archive.errors import ServiceError
from archive.weights import gguf_header, safetensors_header
from archive.weights.companions import needs_from
from archive.weights.formats import Format, format_of
from archive.weights.gguf_header import nothing_recorded
from archive.weights.opening import opened, state_of
from archive.weights.shard_index import parse_index

BUFFER_BYTES = 1 << 20
BUFFERS = 4  # so many are read ahead: one digest takes twice as long as the other

OnBytes: TypeAlias = Callable[[int], None]
"""Told how many bytes were read since the last time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file's bytes as one reading found them."""

    bytes: int
    sha256: str  # hex
    sha512: str  # hex
    modified_at: datetime  # UTC, as the file system has it
    state: str  # of the file, as `opening.state_of` has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A weight file as it is registered."""

    reading: Reading
    format: Format
    facts: dict[str, str]  # from its header
    needs: dict[str, str]  # to run it


def read_weight_file(path: Path, *, on_bytes: OnBytes) -> Reading:
    """Read the file at `path` once, in flat memory, and return its digests.

    Raises:
        InputError: It is not there, is no plain file, or may not be read.
        ServiceError: It changed while it was read, or the disk failed.
    """
    with opened(path) as file:
        return _read(file, path, on_bytes)


def describe_weight_file(path: Path, *, name: str, on_bytes: OnBytes) -> Description:
    """Read the header of the file at `path`, which is called `name`, then all of it once.

    Raises:
        InputError: As `read_weight_file`; or a GGUF, a safetensors or an index of shards, by its
            name or its beginning, is cut, damaged or none. That is seen before the long reading.
        ServiceError: As `read_weight_file`.
    """
    with opened(path) as file:
        kind = format_of(file, name=name)
        facts, needs = _header(file, kind, name=name, at=str(path))
        file.seek(0)
        return Description(
            reading=_read(file, path, on_bytes), format=kind, facts=facts, needs=needs
        )


def _header(
    file: BufferedReader, kind: Format, *, name: str, at: str
) -> tuple[dict[str, str], dict[str, str]]:
    """Return what a file says of itself, and what it gives of what is needed to run it."""
    match kind:
        case Format.GGUF:
            gguf = gguf_header.parse_header(file, at=at)
            return gguf.facts(), gguf.needs()
        case Format.SAFETENSORS:
            safetensors = safetensors_header.parse_header(file, at=at)
            return safetensors.facts(), nothing_recorded() | safetensors.needs()
        case Format.SHARD_INDEX:
            return parse_index(file, at=at).facts(), {}
        case Format.PICKLE:
            return {}, nothing_recorded()
        case Format.OTHER:
            return {}, needs_from(name, file)


def _read(file: BufferedReader, path: Path, on_bytes: OnBytes) -> Reading:
    """Hash each buffer in two threads, one for each digest, while the next ones are read."""
    sha256, sha512 = hashlib.sha256(), hashlib.sha512()
    size, hashing = 0, deque[tuple[Future[None], Future[None]]]()  # oldest buffer first
    with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:
        for buffer in itertools.cycle([bytearray(BUFFER_BYTES) for _ in range(BUFFERS)]):
            if len(hashing) == BUFFERS:  # this buffer is the oldest
                for done in hashing.popleft():
                    done.result()
            count = _fill(buffer, file, path, size)
            if count == 0:
                break
            filled = memoryview(buffer)[:count]
            hashing.append(
                (first.submit(sha256.update, filled), second.submit(sha512.update, filled))
            )
            size += count
            on_bytes(count)
    for done in itertools.chain.from_iterable(hashing):
        done.result()
    status = os.fstat(file.fileno())
    return Reading(
        bytes=size,
        sha256=sha256.hexdigest(),
        sha512=sha512.hexdigest(),
        modified_at=datetime.fromtimestamp(status.st_mtime, UTC),
        state=state_of(status),
    )


def _fill(buffer: bytearray, file: BufferedReader, path: Path, position: int) -> int:
    try:
        return file.readinto(buffer)
    except OSError as error:
        raise ServiceError(
            f"the disk failed at byte {position}: {error.strerror}",
            at=str(path),
            mend="Check the disk; a sound copy elsewhere can take this one's place.",
        ) from error
