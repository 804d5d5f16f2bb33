"""Writing files that cannot be made again, and reading what somebody else may have put there.

A failed fsync is final and never retried: the kernel may have dropped the pages and would
then report success.
"""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def publish(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Put `content` at `path`: after a crash it holds the old bytes or the new.

    Raises:
        OSError: The disk refused; what stood at `path` stands there still.
    """
    with _put_after(path) as temporary:
        write_new(temporary, content, mode=mode)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path to write to in the block: what was written there is put at `path` after it.

    After a crash, and after an error in the block, `path` holds what it held before.

    Raises:
        OSError: The disk refused.
    """
    with _put_after(path) as temporary:
        yield temporary
        descriptor = os.open(temporary, os.O_RDONLY)
        with named(temporary):
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


@contextmanager
def _put_after(path: Path) -> Iterator[Path]:
    """Give a path beside `path`: the block makes it durable, then it takes its place."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_new(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file that is not there yet and fsync it; its folder is the caller's to sync.

    Raises:
        FileExistsError: Something stands at `path`.
        OSError: The disk refused.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with named(path), os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Give a refusal to write or to fsync, which names no file, the name of the one at `path`."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def read_bounded(path: Path, most: int) -> bytes:
    """Return the bytes of a regular file of at most `most` bytes; a link is not followed.

    Raises:
        ValueError: It is larger, or no regular file.
        OSError: It cannot be read.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # a pipe may wait
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("not a regular file")
        content = file.read(min(status.st_size, most) + 1)  # it takes the memory that is asked for
        if len(content) > status.st_size:  # it grew, or its system does not say how large it is
            content += file.read(max(0, most + 1 - len(content)))
    if len(content) > most:
        raise ValueError(f"larger than {most:,} bytes")
    return content


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable.

    Raises:
        OSError: The disk refused.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
