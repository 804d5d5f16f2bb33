"""Staging versions beside a storage root: what a batch holds is written, then made durable at once.

    with only_writer(path) as root, staging(root) as batch:
        batch.stage(object_id, files, ...)  # as often as wanted
        batch.keep()  # from here a crash leaves them where they are
        ...  # decide: record each inventory_digest where `recover` asks for it
        install(batch.staged)

All is written first and fsynced last: a journal then commits many files together.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path

from archive.errors import FaultError
from archive.files import named, sync_folder
from archive.store.digests import sha512
from archive.store.inventory import (
    DECLARATION,
    INVENTORY,
    SIDECAR,
    Inventory,
    User,
    Version,
    extended,
    sidecar,
)
from archive.store.paths import check_portable
from archive.store.reading import BLOCK, read_inventory
from archive.store.writing import Known, Root, Source, Staged, check_writable, make_slot
from archive.times import to_text

_CONTENT = "content"
_INCOMING = "incoming"
_MOST_OPEN = 400  # files that wait for their fsync; a process may have 1,024 open


@contextmanager
def staging(root: Root) -> Iterator["Batch"]:
    """Open a batch for `root`; what it did not keep is left to `recover`."""
    batch = Batch(root)
    try:
        yield batch
    finally:
        batch.close()


class Batch:
    """Versions of different objects that are kept, decided on and installed together."""

    def __init__(self, root: Root) -> None:
        self.staged: list[Staged] = []
        self._root = root
        self._written: list[_Written] = []

    def stage(
        self,
        object_id: str,
        files: Mapping[str, Source],
        *,
        message: str,
        author: User,
        created: datetime,
    ) -> Staged | None:
        """Stage the next version of an object: it will hold exactly `files`.

        Args:
            object_id: The id of the object, new or known.
            files: The content of each file, or where it is copied from, by its path in the
                object.
            message: Why there is this version.
            author: Who made it.
            created: When it was made.

        Returns:
            The staged version; None if the last version holds exactly these files.

        Raises:
            InputError: A path could not be held on every file system.
            FaultError: The object in the root is damaged, or known content has other bytes.
            ServiceError: The root may not be written to, or a crash left a version that
                `recover` must settle first.
            OSError: The disk refused. Whatever is raised, nothing is left of this version, and
                the others stay staged.
        """
        check_portable(files)
        slot, folder = self._root.slot(object_id), self._root.folder(object_id)
        version = Version(created=to_text(created), state={}, message=message, user=author)
        check_writable(self._root)
        make_slot(slot, object_id)
        written = _Written(str(slot))
        try:
            previous = _previous(folder, object_id)
            content = _NextContent(written, folder, previous)
            for name, source in sorted(files.items()):
                content.add(name, source)
            if previous is not None and content.state == previous.versions[previous.head].digests:
                written.remove()
                return None
            version = replace(version, state=content.by_digest())
            inventory = extended(previous, object_id, version, content.added)
            digest = _write_inventories(written, inventory)
        except BaseException:
            written.remove()
            raise
        self._written.append(written)
        self.staged.append(
            Staged(
                object_id=object_id,
                version=len(inventory.versions),
                inventory_digest=digest,
                slot=slot,
                folder=folder,
            )
        )
        return self.staged[-1]

    @property
    def is_full(self) -> bool:
        """Whether so many files wait for their fsync that no further version should be staged."""
        return sum(written.waiting for written in self._written) >= _MOST_OPEN

    def keep(self) -> None:
        """Make all that is staged durable, so that a crash leaves it where it is.

        Raises:
            OSError: The disk refused; nothing is left of what was staged.
        """
        try:
            for written in self._written:
                written.begin()
            for written in self._written:
                written.sync()
            if self.staged:
                sync_folder(self._root.staging)
        except BaseException:
            while self._written:
                self._written.pop().remove()
            raise

    def close(self) -> None:
        """Let go of the files that were not kept."""
        for written in self._written:
            written.close()


class _Written:
    """What was written into one slot and is not durable yet.

    A file stays open until it is fsynced: through no other descriptor does the system surely
    tell of a write that failed in the meantime.
    """

    def __init__(self, slot: str) -> None:
        self.slot = slot
        self._folders = {slot}
        self._files: list[tuple[int, str]] = []  # descriptor and path

    @property
    def waiting(self) -> int:
        """How many files wait for their fsync."""
        return len(self._files)

    def write(self, path: str, blocks: Iterable[bytes]) -> None:
        """Write a new file; `path` is relative to the slot."""
        if len(self._files) >= _MOST_OPEN:
            self._sync_files()
        place = self._place(path)
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        self._files.append((descriptor, place))
        with named(Path(place)):
            for block in blocks:
                left = memoryview(block)
                while left:
                    left = left[os.write(descriptor, left) :]

    def move(self, path: str, to: str) -> None:
        """Give a file that was written another path."""
        Path(self.slot, path).rename(self._place(to))

    def drop(self, path: str) -> None:
        """Remove the file that was written last."""
        Path(self.slot, path).unlink()
        os.close(self._files.pop()[0])

    def begin(self) -> None:
        """Let the disk begin to write: the journal then commits many files at the first fsync."""
        for descriptor, _path in self._files:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)

    def sync(self) -> None:
        """Make it all durable: the bytes of each file, then the names in each folder."""
        self._sync_files()
        for folder in sorted(self._folders, reverse=True):
            sync_folder(Path(folder))

    def close(self) -> None:
        while self._files:
            os.close(self._files.pop()[0])

    def remove(self) -> None:
        """Give it all up."""
        self.close()
        shutil.rmtree(self.slot)

    def _sync_files(self) -> None:
        while self._files:
            descriptor, path = self._files[-1]
            with named(Path(path)):
                os.fsync(descriptor)
            os.close(descriptor)
            self._files.pop()

    def _place(self, path: str) -> str:
        place = f"{self.slot}/{path}"
        self._make_folder(place.rpartition("/")[0])
        return place

    def _make_folder(self, folder: str) -> None:
        if folder not in self._folders:
            self._make_folder(folder.rpartition("/")[0])
            os.mkdir(folder)  # noqa: PTH102  # a tenth of sealing would be the making of paths
            self._folders.add(folder)


class _NextContent:
    """The files of the next version; content that the object lacks is staged."""

    def __init__(self, written: _Written, folder: Path, previous: Inventory | None) -> None:
        self.state: dict[str, str] = {}  # path → digest
        self.added: dict[str, str] = {}  # digest → content path
        self._written = written
        self._object = folder
        self._held = {} if previous is None else previous.manifest
        self._folder = f"v{1 if previous is None else len(previous.versions) + 1}/{_CONTENT}"

    def add(self, path: str, source: Source) -> None:
        if isinstance(source, bytes):
            self.state[path] = self._add_bytes(path, source)
            return
        if isinstance(source, Known):
            self.state[path] = self._add_known(path, source)
            return
        with source.open("rb") as file:
            start = file.read(BLOCK)
            if len(start) < BLOCK:  # it was read whole
                self.state[path] = self._add_bytes(path, start)
                return
        self.state[path] = self._add_copy(path, source)

    def by_digest(self) -> Mapping[str, list[str]]:
        """Return the state as an inventory has it."""
        state: dict[str, list[str]] = {}
        for path, digest in self.state.items():
            state.setdefault(digest, []).append(path)
        return state

    @cached_property
    def _held_sizes(self) -> set[int]:
        return {(self._object / paths[0]).stat().st_size for paths in self._held.values()}

    def _add_bytes(self, path: str, content: bytes) -> str:
        digest = sha512(content)
        if self._lacks(digest):
            self._written.write(self._place(path, digest), [content])
        return digest

    def _add_copy(self, path: str, source: Path) -> str:
        if source.stat().st_size in self._held_sizes:
            with source.open("rb") as file:
                held = hashlib.file_digest(file, "sha512").hexdigest()
            if not self._lacks(held):
                return held  # rather read it twice if it is new than write it in vain
        with source.open("rb") as file:
            found = self._write(iter(partial(file.read, BLOCK), b""))
        if self._lacks(found):
            self._written.move(_INCOMING, self._place(path, found))
        else:
            self._written.drop(_INCOMING)
        return found

    def _add_known(self, path: str, source: Known) -> str:
        if self._lacks(source.digest):
            if self._write(source.blocks()) != source.digest:
                raise FaultError(
                    "its bytes are not those that are on record",
                    at=source.name,
                    mend="Nothing was put into the store. Bring back the bytes that are on record.",
                )
            self._written.move(_INCOMING, self._place(path, source.digest))
        return source.digest

    def _write(self, blocks: Iterable[bytes]) -> str:
        """Write a file whose place is not known yet; return its digest."""
        digest = hashlib.sha512()
        self._written.write(_INCOMING, _digested(blocks, digest))
        return digest.hexdigest()

    def _lacks(self, digest: str) -> bool:
        return digest not in self._held and digest not in self.added

    def _place(self, path: str, digest: str) -> str:
        self.added[digest] = f"{self._folder}/{path}"
        return self.added[digest]


def _digested(blocks: Iterable[bytes], digest: "hashlib._Hash") -> Iterator[bytes]:
    for block in blocks:
        digest.update(block)
        yield block


def _write_inventories(written: _Written, inventory: Inventory) -> str:
    """Write what stands beside the content; return the digest of the inventory."""
    content = inventory.to_bytes()
    digest = sha512(content)
    if inventory.head == "v1":
        written.write(DECLARATION, [f"{DECLARATION.removeprefix('0=')}\n".encode()])
    for folder in (f"{inventory.head}/", ""):
        written.write(f"{folder}{INVENTORY}", [content])
        written.write(f"{folder}{SIDECAR}", [sidecar(digest)])
    return digest


def _previous(folder: Path, object_id: str) -> Inventory | None:
    """Return the inventory that the new version follows, if there is one."""
    previous = read_inventory(folder)
    if previous is None:
        return None
    unpadded = previous.head == f"v{len(previous.versions)}"
    if previous.id == object_id and unpadded and previous.content_directory == _CONTENT:
        return previous
    raise FaultError(
        f"holds {previous.id} in a form that this program does not write",
        at=str(folder),
        mend="Add to it with the program that wrote it, or move it to another store.",
    )
