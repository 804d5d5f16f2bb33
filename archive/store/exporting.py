"""Exporting archival objects as a bag (BagIt 1.0) that needs no software of ours to be checked.

`data/` is an OCFL storage root; each object stands in it under its UUID, with all its versions.
Its folder in the store would have a percent sign in its name, of which readers of bags disagree.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel

from archive.errors import FaultError, InputError
from archive.files import named, sync_folder, write_new
from archive.identifiers import new_id
from archive.log import entries
from archive.store.bags import ALGORITHMS, DECLARATION, bag_info, manifest
from archive.store.copying import bad_bytes, blocks_of
from archive.store.layout import ROOT_DECLARATION, root_files
from archive.store.object_verification import OnBytes
from archive.store.opening import settle
from archive.store.sealed_objects import SealedObject
from archive.store.seals import Seal
from archive.store.writing import make_folder, sync_tree
from archive.times import now, to_text
from archive.workspace.workspace import Workspace


class StoreExport(SQLModel, table=True):
    """A bag that was written: bytes of the record lie there too, for as long as somebody has it."""

    __tablename__ = "store_export"

    id: str = Field(default_factory=new_id, primary_key=True)
    path: str  # absolute, on the operator's machine: never published
    objects: list[str] = Field(sa_column=Column(JSON, nullable=False))  # their ids
    at: str


@dataclass(slots=True)
class _Bag:
    """A bag being written in `folder`: the digests of its payload so far."""

    folder: Path
    size: int = 0  # bytes of the payload
    digests: dict[str, dict[str, str]] = field(
        default_factory=lambda: {algorithm: {} for algorithm in ALGORITHMS}
    )

    def add(self, path: str, blocks: Iterator[bytes]) -> str:
        """Write a file of the payload durably and return its sha512."""
        made = {algorithm: hashlib.new(algorithm) for algorithm in ALGORITHMS}
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with named(target), target.open("xb") as file:
            for block in blocks:
                self.size += len(block)
                for digest in made.values():
                    digest.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        for algorithm, digest in made.items():
            self.digests[algorithm][path] = digest.hexdigest()
        return made["sha512"].hexdigest()

    def close(self, info: Sequence[tuple[str, str]]) -> None:
        """Write the tag files; before the last of them nobody takes the folder for a bag."""
        count = len(self.digests["sha512"])
        info = [*info, ("Payload-Oxum", f"{self.size}.{count}")]
        tags = {f"manifest-{name}.txt": manifest(found) for name, found in self.digests.items()}
        tags |= {"bag-info.txt": bag_info(info), "bagit.txt": DECLARATION}
        for algorithm in ALGORITHMS:
            digests = {
                name: hashlib.new(algorithm, tags[name]).hexdigest()
                for name in tags
                if not name.startswith("tagmanifest-")
            }
            tags[f"tagmanifest-{algorithm}.txt"] = manifest(digests)
        sync_tree(self.folder)
        for name in sorted(tags, key=lambda name: name == "bagit.txt"):
            write_new(self.folder / name, tags[name])
        sync_folder(self.folder)


def export(
    workspace: Workspace, objects: Sequence[SealedObject], folder: Path, *, on_bytes: OnBytes
) -> StoreExport:
    """Write objects with all their versions as a bag in `folder`; every byte is checked.

    Raises:
        InputError: `folder` is there and not empty.
        FaultError: The store does not hold what was sealed, or something of it was deleted
            meanwhile.
        OSError: A disk refused. Whatever is raised, nothing is left.
    """
    place = folder.resolve()
    if place.exists() and not (place.is_dir() and not any(place.iterdir())):
        raise InputError("is not empty", at=str(place), mend="Name a folder that is not there yet.")
    settle(workspace)
    make_folder(place.parent)
    bag = _Bag(place.with_name(f".{place.name}.{secrets.token_hex(4)}"))
    row = StoreExport(path=str(place), objects=[one.id for one in objects], at=to_text(now()))
    try:
        bag.folder.mkdir()
        bag.add(f"data/{ROOT_DECLARATION}", iter([root_files()[ROOT_DECLARATION]]))
        for sealed in objects:
            _add_object(workspace, bag, sealed, on_bytes)
        bag.close(_info(workspace, row))
        with workspace.deciding() as session:
            _check_sealed(session, objects)
            session.add(StoreExport(**row.model_dump()))
            entries.append(session, "export", row.id, row.model_dump())
        bag.folder.rename(place)
    except BaseException:
        shutil.rmtree(bag.folder, ignore_errors=True)
        raise
    sync_folder(place.parent)
    return row


def holds(bag: Path, objects: Collection[str]) -> bool:
    """Whether a bag of ours stands at `bag` that has one of these objects in it."""
    try:
        declared = (bag / "bagit.txt").read_bytes() == DECLARATION
        info = (bag / "bag-info.txt").read_text()
    except (OSError, UnicodeDecodeError):
        return False
    return declared and any(f"External-Identifier: {one}\n" in info for one in objects)


def _check_sealed(session: Session, objects: Sequence[SealedObject]) -> None:
    for sealed in objects:
        if session.get(Seal, sealed.last.id) is None:
            raise FaultError(
                "was deleted while it was exported",
                at=sealed.name,
                mend="Nothing is left of the export. Type the same command again.",
            )


def _add_object(workspace: Workspace, bag: _Bag, sealed: SealedObject, on_bytes: OnBytes) -> None:
    source = workspace.store / sealed.path
    target = f"data/{sealed.id.removeprefix('urn:uuid:')}"
    for path, digest in sorted(sealed.files([source]).items()):
        if bag.add(f"{target}/{path}", blocks_of(source / path, on_bytes)) != digest:
            raise bad_bytes(source / path, "does not hold the bytes that were sealed")


def _info(workspace: Workspace, row: StoreExport) -> list[tuple[str, str]]:
    operator = workspace.settings.operator
    elements = [
        ("Source-Organization", operator.name or "not stated"),
        ("Contact-Name", operator.responsible or "not stated"),
        ("Contact-Email", operator.contact or "not stated"),
        ("External-Description", "Archival objects by OCFL 1.1, with all their versions"),
        ("Bagging-Date", row.at[:10]),
    ]
    return elements + [("External-Identifier", object_id) for object_id in row.objects]
