"""Repairing: good bytes come from a copy into the place of bad ones, and only checked ones.

What an object must hold follows from its seals (`archive.store.sealed_objects`): no inventory is
ever made to match a bad file, and no good file is touched. What is bad is set aside in a folder
beside the store, under the repair's id, and stays there until a person removes it. Good bytes are
staged, the repair is logged, then each file is put in place by one rename: a crash leaves the
damaged file or the good one.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from archive.errors import FaultError, InputError
from archive.files import sync_folder, write_new
from archive.identifiers import new_id
from archive.log import entries
from archive.store.audits import ROOT, ObjectCheck
from archive.store.copies import copies
from archive.store.copying import checked_copy, copy_object
from archive.store.digests import sha512
from archive.store.findings import documents
from archive.store.layout import root_files
from archive.store.object_verification import OnBytes
from archive.store.opening import recover_sealed
from archive.store.sealed_objects import (
    SealedObject,
    digest_of,
    faults_in,
    sealed_objects,
)
from archive.store.verifying import verify, verify_root
from archive.store.writing import Root, check_writable, locked, make_folder
from archive.times import now, to_text
from archive.weights.holding import keep_check_of_store
from archive.weights.holdings import WEIGHTS
from archive.workspace.workspace import Workspace

_KEPT = frozenset(("extensions", "logs"))  # folders in which OCFL lets others write


class StoreRepair(SQLModel, table=True):
    """One repair of one object, as it was decided on before anything was changed."""

    __tablename__ = "store_repair"

    id: str = Field(default_factory=new_id, primary_key=True)
    object_id: str = Field(index=True)  # `.`: the files of the store itself
    mended: list[str] = Field(sa_column=Column(JSON, nullable=False))  # paths; `.`: all of it
    set_aside: list[str] = Field(sa_column=Column(JSON, nullable=False))  # what was no part of it
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """What repairing did with one object that was not sound."""

    object_id: str  # `.`: the files of the store itself
    name: str
    mended: Sequence[str] = field(default_factory=list)
    set_aside: Sequence[str] = field(default_factory=list)
    aside: Path | None = None  # the folder that has what was bad
    faults: Sequence[str] = field(default_factory=list)  # what is wrong still


def damaged(store: Path) -> Path:
    """Return the folder beside a store that has what repairs set aside."""
    return store.with_name(f"{store.name}.damaged")


def repair(workspace: Workspace, source: Path | None, *, on_bytes: OnBytes) -> Iterator[Repaired]:
    """Mend every object that is not as it was sealed; yield those, one after the other.

    Args:
        workspace: Whose store.
        source: A copy to take good bytes from; None: those on record.
        on_bytes: Told of what is read.

    Raises:
        InputError: `source` is no folder.
        ServiceError: Another process is writing to the store, or the database refused.
        OSError: The disk of the store refused; what was mended before stays so.
    """
    if source is not None and not source.is_dir():
        raise InputError("not a folder", at=str(source), mend="Name a copy of the store.")
    with locked(workspace.store) as root:
        workspace.check_log()
        if root.path.exists():
            check_writable(root)
        _remove(_mending(root))
        mended = _repair_root(workspace, root)
        recover_sealed(workspace, root)
        with workspace.database.reading() as session:  # no deletion can come between
            known = [Path(copy.path) for copy in copies(session)]
            objects = sealed_objects(session)
        places = known if source is None else [source.resolve()]
        for sealed in objects:
            repaired = _repair_object(workspace, root, sealed, places, on_bytes)
            if repaired is not None:
                yield repaired
        # an object that came back may have been what an empty folder lacked
        faults = [f"{one.path}: {one.message}" for one in verify_root(root.path)[0].errors]
    if mended is not None or faults:
        yield _outcome(mended, ROOT, "the store itself", root, faults)


def _repair_root(workspace: Workspace, root: Root) -> StoreRepair | None:
    """Put right the files of the storage root: they are the same in every store."""
    files = root_files()
    bad = [name for name in files if digest_of(root.path / name) != sha512(files[name])]
    if not bad:
        return None
    make_folder(root.path)
    staged = {name: _staged(root, n, files[name]) for n, name in enumerate(bad)}
    return _put(workspace, root, ROOT, root.path, staged, strays=())


def _repair_object(
    workspace: Workspace,
    root: Root,
    sealed: SealedObject,
    places: Sequence[Path],
    on_bytes: OnBytes,
) -> Repaired | None:
    folder = root.folder(sealed.id)
    others = [place / sealed.path for place in places]
    if not _is_folder(folder):
        return _bring_back(workspace, root, sealed, places, on_bytes)
    if (folder / f"v{sealed.last.version + 1}").exists() and not verify(folder).errors:
        return _unmended(sealed, "holds a later version than the database: an older one came back?")
    try:
        files = sealed.files([folder, *others])
    except FaultError as error:
        return _unmended(sealed, error.what)
    strays = _strays(folder, files)
    bad = [
        path
        for path, digest in files.items()
        if any(path.startswith(f"{stray}/") for stray in strays)
        or digest_of(folder / path, on_bytes=on_bytes) != digest
    ]
    leftover = _leftover(root, sealed)
    if not bad and not strays and not leftover:
        return None
    staged, lacking = _good_files(root, sealed, bad, files, folder, places)
    row = None
    if staged or strays:
        row = _put(workspace, root, sealed.id, folder, staged, strays=strays)
    if leftover and not lacking:  # the object is whole without it
        row = row or _logged(workspace, sealed.id, mended=[], set_aside=leftover)
        _move_leftover_aside(root, sealed, row)
    return _outcome(row, sealed.id, sealed.name, root, lacking or _checked(workspace, root, sealed))


def _bring_back(
    workspace: Workspace,
    root: Root,
    sealed: SealedObject,
    places: Sequence[Path],
    on_bytes: OnBytes,
) -> Repaired:
    """Bring back an object of which nothing is there, from the first copy that has it whole."""
    for source in (place / sealed.path for place in places):
        try:
            if faults_in(source, sealed, on_bytes=on_bytes):
                continue
        except OSError:  # this copy cannot be read; another one may
            continue
        row = _logged(workspace, sealed.id, mended=[ROOT], set_aside=_leftover(root, sealed))
        if row.set_aside:
            _move_leftover_aside(root, sealed, row)
        if os.path.lexists(root.folder(sealed.id)):
            _move_aside(root.path, sealed.path, damaged(root.path) / row.id)
        copy_object(root, sealed, source, on_bytes=on_bytes)
        return _outcome(row, sealed.id, sealed.name, root, _checked(workspace, root, sealed))
    return _unmended(sealed, f"is not there; {_none_has(places, 'it whole')}")


def _unmended(sealed: SealedObject, fault: str) -> Repaired:
    return Repaired(object_id=sealed.id, name=sealed.name, faults=[fault])


def _none_has(places: Sequence[Path], what: str) -> str:
    if not places:
        return "no copy is on record: name one with --from FOLDER"
    gone = [str(place) for place in places if not place.is_dir()]
    return f"no copy has {what}" + (f"; not within reach: {', '.join(gone)}" if gone else "")


def _good_files(
    root: Root,
    sealed: SealedObject,
    bad: Iterable[str],
    files: Mapping[str, str],
    here: Path,
    places: Sequence[Path],
) -> tuple[dict[str, Path], list[str]]:
    """Stage good bytes for each bad file; return them by path, and what no place has."""
    staged: dict[str, Path] = {}
    lacking = []
    for number, path in enumerate(bad):
        if path in sealed.generated:
            staged[path] = _staged(root, number, sealed.generated[path])
            continue
        twins = [name for name, digest in files.items() if digest == files[path]]
        sources = [here, *(place / sealed.path for place in places)]
        for source in (place / name for place in sources for name in twins):
            target = _mending(root) / str(number)
            make_folder(target.parent)
            try:
                checked_copy(source, target, files[path], on_bytes=lambda _count: None)
            except FaultError:  # another place may have it
                target.unlink(missing_ok=True)
                continue
            staged[path] = target
            break
        else:
            lacking.append(f"{path}: {_none_has(places, 'the bytes that were sealed')}")
    return staged, lacking


def _strays(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Return what lies in an object's folder and is no part of it, the topmost of each."""
    folders = {str(parent) for path in files for parent in Path(path).parents}
    strays, inside = [], [""]
    while inside:
        below = inside.pop()
        for entry in sorted(os.scandir(folder / below), key=lambda entry: entry.name):
            path = f"{below}/{entry.name}" if below else entry.name
            if path in folders and entry.is_dir(follow_symlinks=False):
                inside.append(path)
            elif path not in files and path not in _KEPT:
                strays.append(path)  # a file or a link in the place of a folder is none either
    return strays


def _put(
    workspace: Workspace,
    root: Root,
    object_id: str,
    folder: Path,
    staged: Mapping[str, Path],
    *,
    strays: Sequence[str],
) -> StoreRepair:
    """Log the repair, then put each staged file in its place; what was there is set aside."""
    if staged:
        sync_folder(_mending(root))
    row = _logged(workspace, object_id, mended=list(staged), set_aside=list(strays))
    aside = damaged(root.path) / row.id
    for path in strays:
        _move_aside(folder, path, aside)
        sync_folder((folder / path).parent)
    for path, good in staged.items():
        make_folder((folder / path).parent)
        if os.path.lexists(folder / path):
            _keep_aside(folder, path, aside)
        good.replace(folder / path)
        sync_folder((folder / path).parent)
    _remove(_mending(root))
    return row


def _keep_aside(folder: Path, path: str, aside: Path) -> None:
    """Give a bad file a second name under `aside`: it stands until the good one takes its place."""
    if _is_folder(folder / path):
        _move_aside(folder, path, aside)
        return
    make_folder((aside / path).parent)
    try:
        os.link(folder / path, aside / path, follow_symlinks=False)
    except OSError:  # a file system without hard links
        (folder / path).rename(aside / path)
    sync_folder((aside / path).parent)


def _move_aside(folder: Path, path: str, aside: Path) -> None:
    make_folder((aside / path).parent)
    (folder / path).rename(aside / path)
    sync_folder((aside / path).parent)


def _leftover(root: Root, sealed: SealedObject) -> list[str]:
    """Return the name of the slot with a version that a crash left and `recover` could not settle."""
    slot = root.slot(sealed.id)
    return [slot.name] if slot.exists() else []


def _move_leftover_aside(root: Root, sealed: SealedObject, row: StoreRepair) -> None:
    _move_aside(root.staging, root.slot(sealed.id).name, damaged(root.path) / row.id)


def _logged(
    workspace: Workspace, object_id: str, *, mended: list[str], set_aside: list[str]
) -> StoreRepair:
    row = StoreRepair(object_id=object_id, mended=mended, set_aside=set_aside, at=to_text(now()))
    with workspace.deciding() as session:
        session.add(StoreRepair(**row.model_dump()))
        entries.append(session, "repair", row.id, row.model_dump())
    return row


def _checked(workspace: Workspace, root: Root, sealed: SealedObject) -> list[str]:
    """Read a mended object again and record what was found."""
    faults, checked_at = faults_in(root.folder(sealed.id), sealed), to_text(now())
    with workspace.database.writing() as session:
        session.add(
            ObjectCheck(object_id=sealed.id, faults=documents(faults), checked_at=checked_at)
        )
        if sealed.last.kind == WEIGHTS:
            found = {fault.path: fault.message for fault in faults}
            keep_check_of_store(session, sealed.last.subject, found, checked_at=checked_at)
    return [f"{fault.path}: {fault.message}" for fault in faults]


def _outcome(
    row: StoreRepair | None, object_id: str, name: str, root: Root, faults: Sequence[str]
) -> Repaired:
    if row is None:
        return Repaired(object_id=object_id, name=name, faults=faults)
    aside = damaged(root.path) / row.id
    return Repaired(
        object_id=object_id,
        name=name,
        mended=row.mended,
        set_aside=row.set_aside,
        aside=aside if aside.exists() else None,
        faults=faults,
    )


def _staged(root: Root, number: int, content: bytes) -> Path:
    target = _mending(root) / str(number)
    make_folder(target.parent)
    write_new(target, content)
    return target


def _mending(root: Root) -> Path:
    """The folder in which good bytes wait; `recover` removes it, as it is no version."""
    return root.staging / "mending"


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
