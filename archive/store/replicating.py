"""Replicating: a copy of the store in another folder, an OCFL storage root in itself.

Object by object only what is missing or newer is copied. A copy is put on record before its
first byte is written: nothing of the record may lie where nobody knows of it.
"""

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, select

from archive.errors import FaultError, InputError, ServiceError
from archive.log import entries
from archive.store import deleting
from archive.store.copies import StoreCopy
from archive.store.copying import copy_object
from archive.store.deletions import deletions
from archive.store.layout import ROOT_DECLARATION, Layout
from archive.store.object_verification import OnBytes
from archive.store.opening import own_store, recover_sealed
from archive.store.repairing import damaged
from archive.store.returning import is_there
from archive.store.sealed_objects import SealedObject, faults_in, sealed_objects
from archive.store.sealing import seal_log
from archive.store.verifying import verify_root
from archive.store.writing import Root, only_writer, staging_folder
from archive.times import now, to_text
from archive.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicated:
    """What replicating did with one object."""

    object: SealedObject
    copied: bool  # False: the copy held it already, or there is a fault
    fault: str | None = None


def replicate(
    workspace: Workspace, folder: Path, *, verify: bool, on_bytes: OnBytes
) -> Iterator[Replicated]:
    """Bring the copy of the store in `folder` up to date; make it if there is none.

    What was written is read back. An object with a fault does not stop the others.

    Args:
        workspace: Whose store.
        folder: Where the copy is.
        verify: Whether to read again what the copy held before, too.
        on_bytes: Told of what is read.

    Raises:
        InputError: `folder` is no place for a copy, or holds something else.
        ServiceError: Another process is writing to the store or the copy, or the copy went away.
        OSError: A disk refused; what was copied before stays.
    """
    place = folder.resolve()
    _check_place(workspace, place)
    _check_on_record(workspace, place)
    _check_contents(workspace, place)
    with own_store(workspace) as store, only_writer(place) as copy:
        # what lies on a disk that became read-only is copied as it is
        if _register(workspace, place) and os.access(store.path, os.W_OK):
            with suppress(FaultError):  # that the log's object is damaged is found below
                seal_log(workspace, store)  # a copy holds where it is itself
        recover_sealed(workspace, copy)
        deleting.finish_copy(workspace, store, copy)
        with workspace.database.reading() as session:
            objects = sealed_objects(session)
        sound = read = True
        begun = _identity(place)
        for sealed in objects:
            with _within_reach(place, begun):
                done = _replicate_one(store, copy, sealed, verify=verify, on_bytes=on_bytes)
            sound, read = sound and done.fault is None, read and (verify or done.copied)
            yield done
    with workspace.database.writing() as session:
        row, at = _row(session, place), to_text(now())
        if row is not None and sound:
            row.replicated_at = at
            row.verified_at = at if read else row.verified_at


def _replicate_one(
    store: Root, copy: Root, sealed: SealedObject, *, verify: bool, on_bytes: OnBytes
) -> Replicated:
    try:
        before = copy_object(copy, sealed, store.folder(sealed.id), on_bytes=on_bytes)
    except FaultError as error:
        return Replicated(object=sealed, copied=False, fault=f"{error.at}: {error.what}")
    if before is not None or not verify:
        return Replicated(object=sealed, copied=before is not None)
    faults = faults_in(copy.folder(sealed.id), sealed, on_bytes=on_bytes)
    fault = f"{copy.folder(sealed.id) / faults[0].path}: {faults[0].message}" if faults else None
    return Replicated(object=sealed, copied=False, fault=fault)


def _identity(place: Path) -> tuple[int, int]:
    status = place.stat()
    return status.st_dev, status.st_ino


@contextmanager
def _within_reach(place: Path, begun: tuple[int, int]) -> Iterator[None]:
    """Refuse where the copy that was begun is not the one that stands there in the end.

    Raises:
        ServiceError: Its disk went away; what stands in its place now, if anything, is no copy.
    """
    refusal = None
    try:
        yield
    except (OSError, ServiceError) as error:
        refusal = error
    try:
        stands = _identity(place) == begun and (place / ROOT_DECLARATION).is_file()
    except OSError:
        stands = False
    if not stands:
        raise ServiceError(
            "the copy is not within reach any more: it was moved or its disk went away midway",
            at=str(place),
            mend="Bring it back, then type the same command again. What was put in its place since "
            "is no copy: move that out of the way first.",
        ) from refusal
    if refusal is not None:
        raise refusal


def _check_place(workspace: Workspace, place: Path) -> None:
    store = workspace.store.resolve()
    own = (store, staging_folder(store), damaged(store))
    if any(place.is_relative_to(ours) or ours.is_relative_to(place) for ours in own):
        raise InputError(
            "lies within the store, or the store within it",
            at=str(place),
            mend="Name a folder elsewhere, best on another disk.",
        )
    if not workspace.store.is_dir():
        raise InputError(
            "there is no store to copy",
            at=str(store),
            mend="Seal something first: emeritus preserve seal.",
        )
    if place.is_mount():
        raise InputError(
            "is the top of a file system: versions are made beside a copy, on the same one",
            at=str(place),
            mend=f"Name a folder in it: {place / 'store'}.",
        )


def _check_on_record(workspace: Workspace, place: Path) -> None:
    """Refuse to make another copy where one is on record and away: it may hold what was deleted."""
    with workspace.database.reading() as session:
        row = _row(session, place)
    waits = deleting.waiting_for(workspace, place)
    # one that was never finished, and for which nothing waits, is begun anew
    if row is None or (row.replicated_at is None and not waits):
        return
    if not is_there(workspace, place):
        raise InputError(
            "the copy that is on record here is not there"
            + ("; a deletion waits for it" if waits else ""),
            at=str(place),
            mend="Bring it back (is its disk mounted?), or name another folder. If it is gone for "
            f"good, say so:\n  emeritus preserve delete --confirm {shlex.quote(str(place))} "
            "--reason TEXT --by PERSON",
        )


def _check_contents(workspace: Workspace, place: Path) -> None:
    """Refuse what is no storage root, and one that holds objects which were never sealed here.

    What was deleted was sealed; it is removed there.
    """
    if not place.exists() or (place.is_dir() and not any(place.iterdir())):
        return
    if not (place / ROOT_DECLARATION).is_file():
        raise InputError(
            "neither empty nor a storage root", at=str(place), mend="Name another folder."
        )
    with workspace.database.reading() as session:
        known = [sealed.id for sealed in sealed_objects(session)]
        known += [one for row in deletions(session) for one in row.objects]
    _report, folders = verify_root(place)
    if foreign := sorted(set(folders) - {Layout().object_path(one) for one in known}):
        raise InputError(
            f"no copy of this store: it holds {foreign[0]}, which was never sealed here",
            at=str(place),
            mend="Name another folder.",
        )


def _register(workspace: Workspace, place: Path) -> bool:
    """Put the copy on record; return whether it is a new one."""
    with workspace.database.reading() as session:
        if _row(session, place) is not None:
            return False
    row = StoreCopy(path=str(place), since=to_text(now()))
    with workspace.deciding() as session:
        session.add(row)
        entries.append(session, "copy", row.id, row.model_dump(exclude_none=True))
    return True


def _row(session: Session, place: Path) -> StoreCopy | None:
    return session.exec(select(StoreCopy).where(StoreCopy.path == str(place))).first()
