"""Opening a weight file: a plain file that may be read and stays as it is meanwhile.

No link is followed in its last step: what a name stands for could change without a trace.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from archive.errors import InputError, ServiceError
from archive.rendering.terminal import for_terminal


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Open the file at `path`, and see at the end that it did not change.

    A file that changes is not bad input, and no check has failed: another program has it in
    hand, as it may have a database, and the same command works when it has finished. Hence
    exit code 3.

    Raises:
        InputError: There is no such file, it is no plain file, or it may not be read.
            Raised from the OSError where there was one.
        ServiceError: It changed, was replaced or removed while the block ran, or the disk failed.
    """
    try:
        file = open(path, "rb", opener=_open_without_waiting)  # noqa: SIM115  # closed below
    except OSError as error:
        if error.errno == errno.ELOOP and path.is_symlink():
            raise is_a_link(path) from error
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
        try:
            yield file
        except OSError as error:
            raise ServiceError(
                f"the disk failed: {error.strerror}",
                at=str(path),
                mend="Check the disk; a sound copy elsewhere can take this one's place.",
            ) from error
        if state_of(before) != _present_state(path):
            raise ServiceError(
                "changed while it was read",
                at=str(path),
                mend="Wait until whatever writes it has finished, then type the same again.",
            )


def is_a_link(path: Path) -> InputError:
    """Return the refusal of a link."""
    return InputError(
        "is a link, and links are not followed",
        at=shown(path),
        mend=f"Name what it leads to: {shown(path.readlink())}",
    )


def shown(path: Path) -> str:
    """Return `path` as it can be shown, whatever bytes are in it."""
    return for_terminal(os.fsencode(path).decode(errors="backslashreplace"))


def state_of(status: os.stat_result) -> str:
    """Return what differs once a file was written to or replaced: size, times and inode."""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a pipe, too, at once: else it waits for a writer before it is seen to be one."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOFOLLOW)


def _present_state(path: Path) -> str | None:
    try:
        return state_of(path.lstat())
    except OSError:
        return None
