"""Reading a weight file once: its digests, and what it says of itself."""

import hashlib
import itertools
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import TypeAlias

from archive.errors import ServiceError
from archive.weights.formats import Format, format_of
from archive.weights.gguf_header import nothing_recorded, parse_header
from archive.weights.opening import opened

BUFFER_BYTES = 1 << 20

OnBytes: TypeAlias = Callable[[int], None]
"""Told how many bytes were read since the last time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file's bytes as one reading found them."""

    bytes: int
    sha256: str  # hex
    sha512: str  # hex
    modified_at: datetime  # UTC, as the file system has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A weight file as it is registered."""

    reading: Reading
    format: Format
    facts: dict[str, str]  # from its header
    needs: dict[str, str]  # to run it


def read_weight_file(path: Path, *, on_bytes: OnBytes) -> Reading:
    """Read the file at `path` once, in two buffers of a mebibyte, and return its digests.

    Raises:
        InputError: It is not there, is no plain file, or may not be read.
        ServiceError: It changed while it was read, or the disk failed.
    """
    with opened(path) as file:
        return _read(file, path, on_bytes)


def describe_weight_file(path: Path, *, on_bytes: OnBytes) -> Description:
    """Read the header of the file at `path`, then all of it once.

    Raises:
        InputError: As `read_weight_file`; or a GGUF, by its name or its beginning, is cut,
            damaged or none. That is seen before the long reading.
        ServiceError: As `read_weight_file`.
    """
    with opened(path) as file:
        kind = format_of(file)
        if kind is Format.GGUF or path.suffix.lower() == ".gguf":
            header = parse_header(file, at=str(path))
            facts, needs = header.facts(), header.needs()
            file.seek(0)
        else:
            facts, needs = {}, nothing_recorded()
        return Description(
            reading=_read(file, path, on_bytes), format=kind, facts=facts, needs=needs
        )


def _read(file: BufferedReader, path: Path, on_bytes: OnBytes) -> Reading:
    """Hash one buffer, each digest in its own thread, while the next one is read."""
    sha256, sha512 = hashlib.sha256(), hashlib.sha512()
    size, hashing = 0, list[Future[None]]()
    with ThreadPoolExecutor(max_workers=2) as threads:
        for buffer in itertools.cycle((bytearray(BUFFER_BYTES), bytearray(BUFFER_BYTES))):
            try:
                count = file.readinto(buffer)
            except OSError as error:
                raise ServiceError(
                    f"the disk failed at byte {size}: {error.strerror}",
                    at=str(path),
                    mend="Check the disk; a sound copy elsewhere can take this one's place.",
                ) from error
            for done in hashing:
                done.result()
            if count == 0:
                break
            filled = memoryview(buffer)[:count]
            hashing = [threads.submit(digest.update, filled) for digest in (sha256, sha512)]
            size += count
            on_bytes(count)
    return Reading(
        bytes=size,
        sha256=sha256.hexdigest(),
        sha512=sha512.hexdigest(),
        modified_at=datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC),
    )
