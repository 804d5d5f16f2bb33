"""Reading folders and files of an object: bounded, and never through a link.

The edge of `archive.store.verifying` and `archive.store.writing`.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import FaultError
from archive.store.conformance import examine
from archive.store.digests import sha512
from archive.store.inventory import INVENTORY, SIDECAR, Inventory, sidecar

LONGEST_INVENTORY = 64 << 20  # bytes; some 250,000 files
BLOCK = 1 << 20
"""How many bytes are read at a time."""

_OPEN = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK  # a pipe must not hold us up


@dataclass(slots=True)
class Listing:
    """The names in a folder, by what they are."""

    files: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)  # pipes, sockets, devices


def list_folder(folder: str) -> Listing:
    """Return what is in `folder`.

    Raises:
        OSError: It cannot be read.
    """
    listing = Listing()
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_symlink():
                listing.links.append(entry.name)
            elif entry.is_file(follow_symlinks=False):
                listing.files.append(entry.name)
            elif entry.is_dir(follow_symlinks=False):
                listing.folders.append(entry.name)
            else:
                listing.others.append(entry.name)
    return listing


@contextmanager
def opened(path: str) -> Iterator[tuple[int, os.stat_result]]:
    """Open a regular file for reading: its descriptor and what the system knows of it.

    Raises:
        OSError: It cannot be opened, or it is no regular file.
    """
    descriptor = os.open(path, _OPEN)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"not a regular file: {path}")
        yield descriptor, status
    finally:
        os.close(descriptor)


def blocks(descriptor: int) -> Iterator[bytes]:
    """Return the bytes of a file, block by block.

    Raises:
        OSError: It cannot be read.
    """
    while block := os.read(descriptor, BLOCK):
        yield block


def read_at_most(descriptor: int, limit: int) -> bytes:
    """Return the whole file.

    Raises:
        ValueError: It is longer than `limit` bytes.
        OSError: It cannot be read.
    """
    read: list[bytes] = []
    left = limit + 1
    while left and (block := os.read(descriptor, min(left, BLOCK))):
        read.append(block)
        left -= len(block)
    if not left:
        raise ValueError(f"longer than {limit} bytes, which is as far as this program reads")
    return b"".join(read)


def read_inventory(folder: Path) -> Inventory | None:
    """Return the inventory of the object in `folder`; None if there is no object.

    Raises:
        FaultError: It is not the one that its sidecar states, or it breaks a rule of OCFL.
        OSError: It cannot be read.
    """
    path = folder / INVENTORY
    try:
        with opened(str(path)) as (descriptor, _status):
            content = read_at_most(descriptor, LONGEST_INVENTORY)
        stated = (folder / SIDECAR).read_bytes()
    except FileNotFoundError:
        if folder.exists():
            raise _refused(path, "the inventory or its sha512 sidecar is missing") from None
        return None
    except ValueError as error:
        raise _refused(path, str(error)) from error
    if stated != sidecar(sha512(content)):
        raise _refused(path, "is not the inventory that its sidecar states")
    examined = examine(content, spec="1.1")
    faults = [fault for fault in examined.faults if fault.code.startswith("E")]
    if faults or examined.inventory is None:
        raise _refused(path, "; ".join(f"{fault.code} {fault.message}" for fault in faults))
    return examined.inventory


def _refused(path: Path, problem: str) -> FaultError:
    return FaultError(
        problem,
        at=str(path),
        mend="Run `emeritus preserve verify` on the object, and put it right from a copy.",
    )
