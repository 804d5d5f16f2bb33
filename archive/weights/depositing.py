"""Depositing: weight files are copied into the preservation store, byte for byte.

Each model has one archival object for them. A file is in it under `files/` and its name; where
other bytes have that name already, under its SHA-256 besides. What is in stays in: a further
deposit adds what the object lacks, as a new version. Nothing is linked.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from unicodedata import normalize

from archive import wing
from archive.errors import FaultError, ServiceError
from archive.identifiers import derived_id, to_urn
from archive.records.acts import premis_of_weights
from archive.records.models import load_model
from archive.store import sealing
from archive.store.digests import sha512
from archive.store.inventory import Inventory
from archive.store.kinds import Deposit
from archive.store.opening import own_store
from archive.store.reading import read_inventory
from archive.store.writing import Known, Root
from archive.weights.checking import files_to_check
from archive.weights.companions import all_needs
from archive.weights.holding import hold_in_store
from archive.weights.holdings import WEIGHTS, digests_of
from archive.weights.inventory import WeightFile
from archive.weights.opening import opened
from archive.weights.reading import BUFFER_BYTES, OnBytes
from archive.workspace.workspace import Workspace

SPARE = 16 << 20  # bytes that must be free besides: inventories, the database, the log

Progress: TypeAlias = Callable[[int], AbstractContextManager[OnBytes]]
"""Given how many bytes will be copied, whom to tell of each."""

Row: TypeAlias = dict[str, Any]
"""What the object's record says of one file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposited:
    """What a deposit did."""

    object_id: str
    version: int | None  # None: the object held all of it already
    copied: int  # bytes that it lacked
    files: list[Row]  # all that the object holds now


def deposit(
    workspace: Workspace, slug: str, names: tuple[str, ...], *, by: str, progress: Progress
) -> Deposited:
    """Copy the named files of a model, or all of them, into its object in the store.

    Each is compared with its digest on the way; after any error the object is as it was.

    Raises:
        InputError: There is no such model, file or person, or a file is not there.
        FaultError: A file has other bytes than were registered, or the object is damaged.
        ServiceError: The disk has not enough space, or a file changed while it was read.
        OSError: The disk refused.
    """
    person = workspace.person(by).id
    files = files_to_check(workspace, slug)
    chosen = set(digests_of(files, names, given_as="NAME"))
    files = [file for file in files if file.sha256 in chosen]
    workspace.check_log()
    with workspace.database.reading() as session:
        model = load_model(session, slug)
        object_id, title, of = to_urn(derived_id(model.id, WEIGHTS)), model.name, model.id
    kind = wing.kinds()[WEIGHTS]
    with own_store(workspace) as root:
        sealing.check_last_seal(workspace, root, kind, slug)
        inventory = read_inventory(root.folder(object_id))
        rows = with_files(_rows(root, object_id, inventory), files)
        held = frozenset() if inventory is None else inventory.manifest.keys()
        lacking = _there(file for file in files if file.sha512 not in held)
        size = sum(file.bytes for file in lacking.values())
        _check_space(root, size)
        with progress(size) as on_bytes:
            sealed = sealing.put(
                workspace,
                root,
                kind,
                slug,
                Deposit(
                    object_id=object_id,
                    title=f"Weights of the language model {title}",
                    record=_record(slug, rows) | {"premis": premis_of_weights(of, rows)},
                    files={row["path"]: _source(row, lacking, on_bytes) for row in rows},
                ),
                also=lambda session: hold_in_store(
                    session,
                    slug,
                    sorted({row["sha256"] for row in rows}),
                    custodian=workspace.settings.operator.name or "operator not stated",
                    by=person,
                ),
            )
    return Deposited(object_id=object_id, version=sealed.version, copied=size, files=rows)


def with_files(rows: Iterable[Row], files: Iterable[WeightFile]) -> list[Row]:
    """Return the rows of an object with those of `files` added, each under a path of its own."""
    by_path = {_folded(row["path"]): row for row in rows}
    for file in sorted(files, key=lambda file: (file.registered_at, file.id)):
        for path in (f"files/{file.name}", f"files/{file.sha256}/{file.name}"):
            found = by_path.setdefault(_folded(path), _row(file, path))
            if found["sha512"] == file.sha512:
                break
    return sorted(by_path.values(), key=lambda row: str(row["path"]))


def _folded(path: str) -> str:
    return normalize("NFC", path.casefold())


def _row(file: WeightFile, path: str) -> Row:
    kept = {"id", "name", "bytes", "sha256", "sha512", "format", "facts", "needs", "registered_at"}
    return file.model_dump(include=kept) | {"path": path}


def _record(slug: str, rows: list[Row]) -> Row:
    return {"model": slug, "files": rows, "needs": all_needs(row["needs"] for row in rows)}


def _rows(root: Root, object_id: str, inventory: Inventory | None) -> list[Row]:
    """Return what the last version of the object says of its files."""
    if inventory is None:
        return []
    path = root.folder(object_id) / inventory.files()["record.json"]
    content = path.read_bytes()
    if sha512(content) != inventory.versions[inventory.head].digests["record.json"]:
        raise FaultError(
            "is not as it was sealed", at=str(path), mend="Mend it: emeritus preserve repair."
        )
    rows: list[Row] = json.loads(content)["files"]
    return rows


def _there(files: Iterable[WeightFile]) -> dict[str, WeightFile]:
    """Return a file for each digest, whichever is there; each is looked at before any is read."""
    found = dict[str, WeightFile]()
    for file in files:
        if file.sha512 not in found or not Path(found[file.sha512].path).is_file():
            found[file.sha512] = file
    for file in found.values():
        with opened(Path(file.path)) as source:
            size = source.seek(0, 2)
        if size != file.bytes:
            raise FaultError(
                f"has {size:,} bytes; {file.bytes:,} were registered",
                at=file.path,
                mend="Nothing was put into the store. Bring back the bytes that are on record.",
            )
    return found


def _check_space(root: Root, size: int) -> None:
    free = shutil.disk_usage(root.staging).free
    if size and free < size + SPARE:
        raise ServiceError(
            f"has {free:,} bytes free; {size + SPARE:,} are needed",
            at=str(root.path),
            mend="Free some space, or deposit fewer files at a time. Nothing was copied.",
        )


def _source(row: Row, lacking: Mapping[str, WeightFile], on_bytes: OnBytes) -> Known:
    file = lacking.get(row["sha512"])
    if file is None:  # the object holds its bytes
        return Known(name=row["name"], digest=row["sha512"], blocks=tuple)
    path = Path(file.path)
    return Known(name=file.path, digest=file.sha512, blocks=lambda: _blocks(path, on_bytes))


def _blocks(path: Path, on_bytes: OnBytes) -> Iterator[bytes]:
    with opened(path) as source:
        while block := source.read(BUFFER_BYTES):
            on_bytes(len(block))
            yield block
