"""Gathering archival objects from a store and its copies: what of each is whole.

It needs no database: an object is whole if OCFL finds no fault in it. Whether it holds what was
sealed, the seals say (`archive.store.restoring`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from archive.store.conformance import version_number
from archive.store.digests import sha512
from archive.store.findings import Finding
from archive.store.inventory import INVENTORY, Inventory
from archive.store.kinds import Kept
from archive.store.object_verification import OnBytes
from archive.store.reading import LONGEST_INVENTORY, opened, read_at_most, read_inventory
from archive.store.seals import Seal, unlogged_id
from archive.store.verifying import verify, verify_root

RECORD = "record.json"


@dataclass(frozen=True)
class Found:
    """One object that is whole, in the folder from which it is taken."""

    folder: Path
    inventory: Inventory

    @property
    def id(self) -> str:
        return self.inventory.id

    @property
    def version(self) -> int:
        """Its last version."""
        return version_number(self.inventory.head)

    @cached_property
    def record(self) -> Mapping[str, Any]:
        """Its `record.json`; empty if it has none that can be read."""
        try:
            record = json.loads(self.read(RECORD))
        except (KeyError, ValueError, RecursionError):
            return {}
        return record if isinstance(record, dict) else {}

    @property
    def schema(self) -> str:
        """What its record says that it is; empty: nothing."""
        return str(self.record.get("$schema", ""))

    @property
    def kept(self) -> Kept:
        """What its kind restores rows from."""
        return Kept(record=self.record, paths=self.inventory.files().keys(), read=self.read)

    def read(self, path: str) -> bytes:
        """Return the bytes of a file of its last version.

        Raises:
            KeyError: It has no such file.
            OSError: It cannot be read.
        """
        with opened(str(self.folder / self.inventory.files()[path])) as (descriptor, status):
            return read_at_most(descriptor, status.st_size)

    def seals(self, kind: str, subject: str) -> Iterator[Seal]:
        """Return the seal of each version; its id is not the one that the log knows."""
        for number, (name, version) in enumerate(self.inventory.versions.items(), 1):
            with opened(str(self.folder / name / INVENTORY)) as (descriptor, _status):
                content = read_at_most(descriptor, LONGEST_INVENTORY)
            seal = Seal(
                kind=kind,
                subject=subject,
                object_id=self.id,
                version=number,
                inventory_digest=sha512(content),
                at=version.created,
            )
            yield seal.sqlmodel_update({"id": unlogged_id(seal)})


@dataclass(frozen=True, slots=True)
class Candidates:
    """What stands under one path in a store and its copies."""

    whole: Sequence[Found]  # those with the most versions first
    fault: Finding | None  # the first that was found; None: in no place is one


def gather(places: Sequence[Path], *, on_bytes: OnBytes) -> Mapping[str, Candidates]:
    """Return what stands in the storage roots at `places`, by the path of each object.

    Raises:
        OSError: A folder cannot be read.
    """
    paths = sorted({path for place in places for path in verify_root(place)[1]})
    return {path: _candidates([place / path for place in places], on_bytes) for path in paths}


def _candidates(folders: Sequence[Path], on_bytes: OnBytes) -> Candidates:
    whole, faults = list[Found](), list[Finding]()
    for folder in folders:
        if folder.is_dir():
            faults += (errors := verify(folder, on_bytes=on_bytes).errors)
            if not errors and (inventory := read_inventory(folder)) is not None:
                whole.append(Found(folder, inventory))
    whole.sort(key=lambda found: -found.version)  # stable: of equal ones the first place's
    return Candidates(whole, faults[0] if faults else None)
