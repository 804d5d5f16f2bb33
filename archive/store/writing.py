"""Writing objects so that a crash at any moment leaves the old version or the new one.

A version is staged whole in a folder beside the root, on the same file system, and is durable
there before anything in the root changes (`archive.store.staging`): installing it only renames. A
new object moves in by one rename; a further version by three: its folder, then the inventory, then
the sidecar. Between them the object is not valid, and `recover` finishes them from what stands on
the disk.

A failed fsync is final: what was staged is given up, or left to `recover`. Nothing is linked.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from archive.errors import FaultError, InputError, ServiceError
from archive.files import named, sync_folder, write_new
from archive.store.conformance import VERSION_NAME, version_number
from archive.store.digests import sha512
from archive.store.inventory import (
    DECLARATION,
    INVENTORY,
    SIDECAR,
)
from archive.store.layout import (
    CONFIG_FILE,
    ROOT_DECLARATION,
    Layout,
    parse_config,
    root_files,
)
from archive.store.reading import list_folder, read_inventory
from archive.workspace.locks import only_runner

_LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Root:
    """A storage root that this process alone may write to; `only_writer` gives it."""

    path: Path

    @property
    def staging(self) -> Path:
        """The folder beside the root in which versions are made."""
        return staging_folder(self.path)

    def slot(self, object_id: str) -> Path:
        """The folder in which the next version of an object is made."""
        return self.staging / Layout().object_path(object_id).replace("/", ".")

    def folder(self, object_id: str) -> Path:
        """The folder of an object."""
        return self.path / Layout().object_path(object_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A version that is whole and durable, and not in the root yet."""

    object_id: str
    version: int  # from 1
    inventory_digest: str  # sha512, hex
    slot: Path  # where it is staged
    folder: Path  # of its object in the root


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Content whose digest is known before it is read: it is read only if the object lacks it."""

    name: str  # where it comes from, for whoever must mend it
    digest: str  # sha512, hex
    blocks: Callable[[], Iterable[bytes]]  # its bytes


Source: TypeAlias = bytes | Path | Known


@dataclass(frozen=True, slots=True)
class Recovered:
    """What `recover` did about one version that a crash had left."""

    slot: Path
    object_path: str  # relative to the root
    finished: bool | None  # False: removed, as not decided on; None: left, its object is not whole


def open_root(path: Path) -> None:
    """Make a storage root at `path`, or check that the one there is ours.

    Raises:
        InputError: Something else stands there.
        ServiceError: Another process is writing there.
        OSError: The disk refused.
    """
    with only_writer(path):
        pass


@contextmanager
def only_writer(path: Path) -> Iterator[Root]:
    """Open the storage root at `path` for writing, alone; make it if there is none.

    Raises:
        InputError: Something stands there that is no storage root of ours.
        ServiceError: Another process is writing there.
        OSError: The disk refused.
    """
    with locked(path) as root:
        if path.exists() and any(path.iterdir()):
            _check_root(path)
        else:
            _make_root(path)
        yield root


@contextmanager
def locked(path: Path) -> Iterator[Root]:
    """Keep every other writer out of the storage root at `path`, whatever stands there.

    Raises:
        ServiceError: Another process is writing there.
        OSError: The disk refused.
    """
    beside = staging_folder(path)
    if not beside.exists():
        beside.mkdir(parents=True, exist_ok=True)
        sync_folder(beside.parent)
    with only_runner(beside / _LOCK, what=str(path)):
        yield Root(path)


def is_settled(path: Path) -> bool:
    """Whether nothing is staged beside the root at `path`: no crash left anything, none writes."""
    beside = staging_folder(path)
    return not beside.exists() or not list_folder(str(beside)).folders


def install(staged: Iterable[Staged]) -> None:
    """Move staged versions into the root.

    Raises:
        OSError: The disk refused; `recover` finishes what was begun.
    """
    _move_in([(one.slot, one.folder) for one in staged])


def recover(root: Root, *, committed: Callable[[str, str], bool]) -> list[Recovered]:
    """Finish or remove what a crash left.

    A version whose installing had begun is finished. One that was only staged is installed if
    it had been decided on, and removed if not. One that was decided on stays where it is if its
    object has been lost since, or stands there already: only `preserve repair` can tell.

    Args:
        root: The root.
        committed: Whether the version of the object with this id whose inventory has this
            sha512 had been decided on.

    Raises:
        OSError: The disk refused.
    """
    recovered = []
    for slot in sorted(root.staging.iterdir()):
        if slot.is_dir():
            path = slot.name.replace(".", "/")
            recovered.append(Recovered(slot, path, _settle(slot, root.path / path, committed)))
    return recovered


def staging_folder(path: Path) -> Path:
    """Return the folder beside the storage root at `path` in which versions are made."""
    return path.with_name(f"{path.name}.staging")


def check_writable(root: Root) -> None:
    """Refuse, before anything is decided, where no version could be moved in.

    Raises:
        ServiceError: The root is gone, may not be written to, or is the top of a file system.
    """
    if not root.path.is_dir():
        raise ServiceError(
            "is not there any more", at=str(root.path), mend="Bring it back: is its disk mounted?"
        )
    if not os.access(root.path, os.W_OK):
        raise ServiceError(
            "may not be read or written",
            at=str(root.path),
            mend="Give yourself the right to; a disk that is mounted read-only, mount again.",
        )
    if root.path.stat().st_dev != root.staging.stat().st_dev:
        raise ServiceError(
            "is on another file system than the folder beside it, where versions are made",
            at=str(root.path),
            mend=f"Put both on one: {root.path} and {root.staging}.",
        )


def _make_root(path: Path) -> None:
    new = staging_folder(path) / "root"
    if new.exists():  # a crash left it
        shutil.rmtree(new)
    for name, content in root_files().items():
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        write_new(new / name, content)
    sync_tree(new)
    new.rename(path)
    sync_folder(path.parent)


def _check_root(path: Path) -> None:
    try:
        declaration = (path / ROOT_DECLARATION).read_bytes()
        layout = parse_config(json.loads((path / CONFIG_FILE).read_bytes()))
        ours = declaration == root_files()[ROOT_DECLARATION] and layout == Layout()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        ours = False
    if not ours:
        raise InputError(
            "not a preservation store that this program can write to",
            at=str(path),
            mend="Name another folder, or move what is there out of the way.",
        )


def make_slot(slot: Path, object_id: str) -> None:
    """Make the folder in which the next version of an object is staged.

    Raises:
        ServiceError: A crash left a version that `recover` must settle first.
    """
    try:
        slot.mkdir()
    except FileExistsError as error:
        raise ServiceError(
            "an earlier version was not finished",
            at=object_id,
            mend="Type the command again: that finishes or removes it first. If it cannot, "
            "`emeritus preserve repair` can.",
        ) from error


def make_below(top: Path, folder: Path) -> None:
    """Make `folder` and those above it, up to `top`, which stands unless its disk went away."""
    if folder != top and not folder.exists():
        make_below(top, folder.parent)
        folder.mkdir()


def write_blocks(target: Path, blocks: Iterable[bytes]) -> str:
    """Write a new file durably and return the sha512 of what was written.

    Raises:
        OSError: The disk refused.
    """
    digest = hashlib.sha512()
    with named(target), target.open("xb") as copy:
        for block in blocks:
            digest.update(block)
            copy.write(block)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


def _move_in(places: Iterable[tuple[Path, Path]]) -> None:
    """Move what is in each slot into its object's folder: new objects together."""
    places = list(places)
    new = [(slot, folder) for slot, folder in places if (slot / DECLARATION).exists()]
    above = dict.fromkeys(folder.parent for _slot, folder in new)
    make_folders(above)
    for slot, folder in new:
        slot.rename(folder)
    for folder in above:
        sync_folder(folder)
    for place in places:
        if place not in new:
            _add_version(*place)


def _add_version(slot: Path, folder: Path) -> None:
    for version in _versions(slot):
        (slot / version).rename(folder / version)
    sync_folder(folder)
    _move_in_inventories(slot, folder)


def _move_in_inventories(slot: Path, folder: Path, *, decided: str | None = None) -> bool:
    """Put the inventory and sidecar in the slot over the object's, if they are its last version's.

    Args:
        slot: The slot, of which no version is left.
        folder: The object's folder.
        decided: The version that the inventory in the slot is of, if it had been decided on.

    Returns:
        Whether there was something to move in.
    """
    last = max(_versions(folder), key=version_number, default="")
    moved = False
    for name in (INVENTORY, SIDECAR):
        staged = slot / name
        if (
            staged.exists()
            and last
            and (decided == last or _are_same(staged, folder / last / name))
        ):
            staged.replace(folder / name)
            moved = True
    if moved:
        sync_folder(folder)
    shutil.rmtree(slot)
    return moved


def _are_same(one: Path, other: Path) -> bool:
    return other.exists() and one.read_bytes() == other.read_bytes()


def _settle(slot: Path, folder: Path, committed: Callable[[str, str], bool]) -> bool | None:
    """Finish or remove what stands in a slot; return whether it was finished, None if neither."""
    decided, versions = _decided(slot, committed), _versions(slot)
    if decided is None and versions:
        shutil.rmtree(slot)
        return False
    if decided is not None and not _fits(slot, folder):
        return None
    if versions:
        _move_in([(slot, folder)])
        return True
    # its version is in the object already, or was never staged
    return _move_in_inventories(slot, folder, decided=decided)


def _fits(slot: Path, folder: Path) -> bool:
    """Whether what is in the slot can move in: a new object where none is, a version where one is."""
    if (slot / DECLARATION).exists():
        return not os.path.lexists(folder)
    return folder.is_dir() and not any((folder / version).exists() for version in _versions(slot))


def _decided(slot: Path, committed: Callable[[str, str], bool]) -> str | None:
    """Return the version that is staged in a slot, if it is whole and had been decided on."""
    try:
        inventory = read_inventory(slot)
    except FaultError:  # without its mark: a crash came before it was whole
        return None
    if inventory is None or not committed(inventory.id, sha512(inventory.to_bytes())):
        return None
    return inventory.head


def _versions(folder: Path) -> list[str]:
    if not folder.exists():
        return []
    return [path.name for path in folder.iterdir() if VERSION_NAME.fullmatch(path.name)]


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, durably."""
    make_folders([folder])


def make_folders(folders: Iterable[Path]) -> None:
    """Make folders and those above them, durably."""
    changed: dict[Path, None] = {}
    for folder in folders:
        _make_folder(folder, changed)
    for folder in changed:
        sync_folder(folder)


def _make_folder(folder: Path, changed: dict[Path, None]) -> None:
    if not folder.exists():
        _make_folder(folder.parent, changed)
        folder.mkdir()
        changed[folder.parent] = None


def sync_tree(top: Path) -> None:
    """Make the names in a folder and below it durable."""
    for folder, _folders, _files in os.walk(top, topdown=False):
        sync_folder(Path(folder))
