"""Archival objects as they were sealed: which files each must hold, byte for byte.

A seal names the SHA-512 of a version's inventory, an inventory those of all content; what else
stands in an object of ours follows from these. So every byte of a store or of a copy can be
judged, and no file is believed because another file beside it says so.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from sqlmodel import Session, col, select

from archive.errors import FaultError
from archive.store.conformance import examine
from archive.store.digests import sha512
from archive.store.findings import MISSING, Finding
from archive.store.inventory import DECLARATION, INVENTORY, SIDECAR, Inventory, sidecar
from archive.store.layout import Layout
from archive.store.object_verification import OnBytes, not_counted
from archive.store.reading import LONGEST_INVENTORY, blocks, opened, read_at_most
from archive.store.seals import Seal
from archive.store.verifying import verify


@dataclass(frozen=True, slots=True)
class SealedObject:
    """One archival object, by its seals."""

    seals: Sequence[Seal]  # by version, from 1

    @property
    def id(self) -> str:
        return self.last.object_id

    @property
    def last(self) -> Seal:
        return self.seals[-1]

    @property
    def path(self) -> str:
        """Its folder in a store or a copy, relative to that."""
        return Layout().object_path(self.id)

    @property
    def name(self) -> str:
        """What a person calls it."""
        return f"{self.last.kind} {self.last.subject}"

    @property
    def generated(self) -> Mapping[str, bytes]:
        """The files that follow from the seals alone, by path: declaration and sidecars."""
        digests = {"": self.last.inventory_digest}
        digests |= {f"v{seal.version}/": seal.inventory_digest for seal in self.seals}
        sidecars = {f"{folder}{SIDECAR}": sidecar(digest) for folder, digest in digests.items()}
        return {DECLARATION: f"{DECLARATION.removeprefix('0=')}\n".encode(), **sidecars}

    @property
    def fixed(self) -> Mapping[str, str]:
        """The sha512 of every file that follows from the seals alone, by path."""
        files = {name: sha512(content) for name, content in self.generated.items()}
        files |= {f"v{seal.version}/{INVENTORY}": seal.inventory_digest for seal in self.seals}
        return files | {INVENTORY: self.last.inventory_digest}

    def files(self, places: Iterable[Path]) -> Mapping[str, str]:
        """Return the sha512 of every file that the object must hold, by its path in it.

        Args:
            places: Folders of the object, here and in copies: one must hold the last inventory.

        Raises:
            FaultError: None of them holds it as it was sealed.
        """
        files = dict(self.fixed)
        for digest, paths in self._inventory(places).manifest.items():
            files.update(dict.fromkeys(paths, digest))
        return files

    def version_in(self, folder: Path) -> int | None:
        """Return the version at which the object in `folder` stands, by its inventory.

        0: there is no such folder. None: the inventory is not there, or not one that was sealed.
        """
        if not os.path.lexists(folder):
            return 0
        digest = digest_of(folder / INVENTORY)
        versions = (seal.version for seal in self.seals if seal.inventory_digest == digest)
        return next(versions, None)

    def _inventory(self, places: Iterable[Path]) -> Inventory:
        for place in places:
            for name in (INVENTORY, f"v{self.last.version}/{INVENTORY}"):
                content = _read(place / name)
                if content is not None and sha512(content) == self.last.inventory_digest:
                    inventory = examine(content, spec="1.1").inventory
                    if inventory is not None:
                        return inventory
        raise FaultError(
            f"no inventory of version {self.last.version} of {self.name} is as it was sealed",
            at=self.id,
            mend="Name a copy that holds it: emeritus preserve repair --from FOLDER.",
        )


def sealed_objects(session: Session) -> list[SealedObject]:
    """Return every object that the store and its copies are to hold, by id."""
    seals = session.exec(select(Seal).order_by(Seal.object_id, col(Seal.version))).all()
    session.expunge_all()  # they outlive the session
    return [
        SealedObject(list(versions))
        for _id, versions in groupby(seals, key=lambda seal: seal.object_id)
    ]


def faults_in(
    folder: Path, sealed: SealedObject, *, on_bytes: OnBytes = not_counted
) -> Sequence[Finding]:
    """Return what is wrong with a sealed object in `folder`: by OCFL, and by its seals.

    Paths are relative to `folder`.

    Raises:
        OSError: A folder in it cannot be read.
    """
    if not folder.is_dir():
        return [Finding(".", MISSING, f"{sealed.name} was sealed and is not there")]
    return verify(folder, on_bytes=on_bytes).errors or not_as_sealed(folder, sealed)


def not_as_sealed(folder: Path, sealed: SealedObject) -> Sequence[Finding]:
    """Return which files in `folder` differ from what follows from the seals alone.

    OCFL lets some bytes be otherwise, such as the space in a sidecar; a seal does not.
    """
    return [
        Finding(name, MISSING, "is not there as it was sealed")
        for name, digest in sealed.fixed.items()
        if digest_of(folder / name) != digest
    ]


def digest_of(path: Path, *, on_bytes: OnBytes = not_counted) -> str | None:
    """Return the sha512 of a file; None if it is no plain file that can be read."""
    digest = hashlib.sha512()
    try:
        with opened(str(path)) as (descriptor, _status):
            for block in blocks(descriptor):
                digest.update(block)
                on_bytes(len(block))
    except OSError:
        return None
    return digest.hexdigest()


def _read(path: Path) -> bytes | None:
    try:
        with opened(str(path)) as (descriptor, _status):
            return read_at_most(descriptor, LONGEST_INVENTORY)
    except (OSError, ValueError):
        return None
