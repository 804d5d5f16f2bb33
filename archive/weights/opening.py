"""Opening a weight file: a plain file that may be read and stays as it is meanwhile."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from archive.errors import InputError, ServiceError


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Open the file at `path`, and see at the end that it did not change.

    A file that changes is not bad input, and no check has failed: another program has it in
    hand, as it may have a database, and the same command works when it has finished. Hence
    exit code 3.

    Raises:
        InputError: There is no such file, it is no plain file, or it may not be read.
        ServiceError: It changed, was replaced or removed while the block ran.
    """
    try:
        file = open(path, "rb", opener=_open_without_waiting)  # noqa: SIM115  # closed below
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}",
            at=str(path),
            mend="Name a weight file that is there, or give yourself the right to read it.",
        ) from error
    with file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise InputError(
                "is a device or a pipe, not a file", at=str(path), mend="Name a weight file."
            )
        yield file
        if _state(before) != _present_state(path):
            raise ServiceError(
                "changed while it was read",
                at=str(path),
                mend="Wait until whatever writes it has finished, then type the same again.",
            )


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a pipe, too, at once: else it waits for a writer before it is seen to be one."""
    return os.open(path, flags | os.O_NONBLOCK)


def _state(status: os.stat_result) -> tuple[int, ...]:
    # whoever puts the time of the last change back cannot put this one back: st_ctime
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )


def _present_state(path: Path) -> tuple[int, ...] | None:
    try:
        return _state(path.stat())
    except OSError:
        return None
