"""Copying a sealed object from one storage root into another, each byte checked on the way.

What an object of the target holds already is left as it is; a version is staged whole beside the
root, then moved in, as a new version is (`archive.store.writing`).
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from archive.errors import FaultError
from archive.files import sync_folder, write_new
from archive.store.conformance import VERSION_NAME, version_number
from archive.store.inventory import INVENTORY, SIDECAR
from archive.store.object_verification import OnBytes
from archive.store.reading import blocks, opened
from archive.store.sealed_objects import SealedObject, faults_in
from archive.store.writing import (
    Root,
    Staged,
    check_writable,
    install,
    make_below,
    make_slot,
    sync_tree,
    write_blocks,
)

_LAST = (INVENTORY, SIDECAR)  # in this order: the sidecar marks what is staged as whole


def copy_object(root: Root, sealed: SealedObject, source: Path, *, on_bytes: OnBytes) -> int | None:
    """Bring an object in `root` to its last version, from the object's folder `source`.

    Returns:
        The version at which it stood before, 0 if it was not there; None if it lacked nothing.

    Raises:
        FaultError: `source` does not hold the bytes that were sealed, or `root` holds something
            else in the place of the object or of its next version. Nothing was changed.
        ServiceError: `root` may not be written to.
        OSError: The disk of `root` refused; `recover` finishes or removes what was begun.
    """
    target = root.folder(sealed.id)
    held = sealed.version_in(target)
    if held == sealed.last.version:
        return None
    if held is None:
        raise FaultError(
            "holds an inventory that was never sealed",
            at=str(target),
            mend="Move that folder out of the way, then type the same command again.",
        )
    if root.slot(sealed.id).exists():
        raise FaultError(
            "holds a version whose copying was not finished, of an object that is not whole",
            at=str(root.slot(sealed.id)),
            mend="Move that folder out of the way, then type the same command again.",
        )
    install([_stage(root, sealed, source, held, on_bytes)])
    if faults := faults_in(target, sealed, on_bytes=on_bytes):
        raise FaultError(
            f"does not read back as it was written: {faults[0].path}: {faults[0].message}",
            at=str(target),
            mend="Check the disk; move that folder out of the way, then type the command again.",
        )
    return held


def checked_copy(source: Path, target: Path, digest: str, *, on_bytes: OnBytes) -> None:
    """Copy a file durably to `target`, which is not there yet.

    Raises:
        FaultError: `source` cannot be read, or has another sha512 than `digest`.
        OSError: The disk of `target` refused.
    """
    if write_blocks(target, blocks_of(source, on_bytes)) != digest:
        raise bad_bytes(source, "does not hold the bytes that were sealed")


def _stage(root: Root, sealed: SealedObject, source: Path, held: int, on_bytes: OnBytes) -> Staged:
    files, slot = sealed.files([source]), root.slot(sealed.id)
    wanted = [path for path in files if path not in _LAST and _version_of(path) > held]
    if held == 0:
        wanted += [path for path in sealed.generated if "/" not in path and path not in _LAST]
    check_writable(root)
    make_slot(slot, sealed.id)
    try:
        for path in [*sorted(set(wanted)), *_LAST]:
            make_below(slot, (slot / path).parent)
            if path == INVENTORY:  # all before it is durable before it can be taken for whole
                sync_tree(slot)
            if path in sealed.generated:
                write_new(slot / path, sealed.generated[path])
            else:
                checked_copy(source / path, slot / path, files[path], on_bytes=on_bytes)
        sync_folder(slot)
        sync_folder(slot.parent)
    except BaseException:
        shutil.rmtree(slot)
        raise
    return Staged(
        object_id=sealed.id,
        version=sealed.last.version,
        inventory_digest=sealed.last.inventory_digest,
        slot=slot,
        folder=root.folder(sealed.id),
    )


def _version_of(path: str) -> int:
    """Return the version to whose folder a file belongs; 0: it stands in the object itself."""
    folder = path.partition("/")[0]
    return version_number(folder) if VERSION_NAME.fullmatch(folder) else 0


def blocks_of(path: Path, on_bytes: OnBytes) -> Iterator[bytes]:
    """Return the bytes of a file of the store or of a copy.

    Raises:
        FaultError: It cannot be read.
    """
    try:
        with opened(str(path)) as (descriptor, _status):
            for block in blocks(descriptor):
                on_bytes(len(block))
                yield block
    except OSError as error:
        raise bad_bytes(path, f"cannot be read: {error.strerror or error}") from error


def bad_bytes(path: Path, what: str) -> FaultError:
    """Return the error for a file that cannot be taken."""
    return FaultError(what, at=str(path), mend="Mend it first: emeritus preserve repair.")
