"""Deleting under authority: first the decision, then every place that holds the bytes, one by one.

One transaction decides: it destroys the words in the database, drops the seals of the object and
of what quoted it, and logs that. From then on no command brings the object back, and what follows
can be done again after a crash, or when a copy that was away is within reach again.
"""

import glob
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, delete, select

from archive import wing
from archive.commands import say
from archive.errors import EmeritusError, FaultError, InputError, ServiceError
from archive.files import sync_folder
from archive.log import entries
from archive.log.archiving import SUBJECT as LOG
from archive.release.outputs import PUBLIC, is_anothers, named, outputs
from archive.store import deletions, exporting, holds, returning, sealing, tombstones
from archive.store.copies import GONE, copies
from archive.store.copying import copy_object
from archive.store.deletions import ASIDE, COPY, DATABASE, EXPORT, SITE, STORE, Deletion, Standing
from archive.store.erasure import Erasable
from archive.store.exporting import StoreExport
from archive.store.kinds import Kind
from archive.store.layout import ROOT_DECLARATION
from archive.store.object_verification import not_counted
from archive.store.opening import own_store, recover_sealed
from archive.store.removing import clear, remove_objects, remove_tree
from archive.store.repairing import StoreRepair, damaged
from archive.store.sealed_objects import SealedObject, sealed_objects
from archive.store.seals import Seal, last_seal
from archive.store.writing import Root, only_writer
from archive.times import now, to_text
from archive.workspace.locks import only_runner
from archive.workspace.workspace import Workspace

_OUT_OF_REACH = "is not within reach"
_SOMETHING_ELSE = "something else stands there than the bag that was written"
_ANOTHER_ROOT = "another storage root stands there than the copy on record"
_ANOTHERS_SITE = "it lies in another workspace, whose own deletion clears it"
_RENAMED = "is renamed, and being removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """By whose word something is deleted."""

    reason: str
    basis: str  # the law, contract or request that demands it
    by: str  # a person's id


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a deletion would destroy, and where it lies."""

    kind: str
    erasable: Erasable
    quoting: Sequence[tuple[str, str]]  # kinds and subjects of what holds its words too
    sealed: SealedObject | None
    rewritten: Sequence[SealedObject]  # of what quotes it, and the log if it holds its words
    places: Sequence[dict[str, str]]

    @property
    def subject(self) -> str:
        return self.erasable.subject


def deletable(kind_name: str) -> Kind:
    """Return the kind of that name.

    Raises:
        InputError: There is none such, or nothing of it is deleted by itself.
    """
    kinds = {name: kind for name, kind in wing.kinds().items() if kind.erasure is not None}
    if kind_name not in kinds:
        known = ", ".join(sorted(kinds))
        raise InputError(
            f"nothing of the kind {kind_name!r} is deleted",
            at="KIND",
            mend=f"What can be deleted: {known}.",
        )
    return kinds[kind_name]


def find(workspace: Workspace, kind_name: str, typed: str) -> Found:
    """Return what a deletion would destroy, and every place that holds it; nothing is changed.

    Raises:
        InputError: There is no such kind or subject.
        FaultError: It was deleted before, or is under a legal hold.
    """
    kind = deletable(kind_name)
    with workspace.database.reading() as session:
        return _find(workspace, session, kind, typed)


def delete_one(workspace: Workspace, found: Found, authority: Authority) -> Deletion:
    """Delete what `find` has found, in every place that is within reach.

    Raises:
        InputError: The log's key is missing, or a word of the authority is.
        FaultError: It was deleted since, or put under a legal hold.
        ServiceError: Another process runs it or writes to the store, or the database refused.
        OSError: The disk refused. Once it is decided, the next command on the store goes on.
    """
    for name, value in (("--reason", authority.reason), ("--basis", authority.basis)):
        if not value.strip():
            raise InputError("empty", at=name, mend="Say it in a sentence: it is kept for ever.")
    with own_store(workspace) as root:
        with only_runner(workspace.lock(found.subject), what=f"{found.kind} {found.subject}"):
            identifier = _decide(workspace, found, authority)
        with _it_stands(workspace):
            clear(workspace, root)
            _finish(workspace, root, identifier)
            _seal_the_rest(workspace, root)
        _bring_to_copies(workspace, root, [identifier])
    return _row(workspace, identifier)


def finish(workspace: Workspace) -> list[Deletion]:
    """Go on with every deletion of which a place is pending; return those.

    A copy that came back with what was deleted is pending again.

    Raises:
        ServiceError: Another process writes to the store, or the database refused.
        OSError: The disk refused.
    """
    with _it_stands(workspace), own_store(workspace) as root:
        returning.reopen_all(workspace)
        with workspace.database.reading() as session:
            identifiers = [row.id for row in deletions.unfinished(session)]
        for identifier in identifiers:
            _finish(workspace, root, identifier)
        _seal_the_rest(workspace, root)
        _bring_to_copies(workspace, root, identifiers)
    return [_row(workspace, identifier) for identifier in identifiers]


def waiting_for(workspace: Workspace, copy: Path) -> list[Deletion]:
    """Return the deletions for which the copy in that folder is pending."""
    with workspace.database.reading() as session:
        return [
            Deletion(**row.model_dump())
            for row in deletions.unfinished(session)
            if any((one["what"], one["where"]) == (COPY, str(copy)) for one in row.pending)
        ]


def finish_copy(workspace: Workspace, store: Root, copy: Root) -> None:
    """Remove from a copy, which is open as the store is, what was deleted and it still holds.

    Raises:
        OSError: A disk refused.
    """
    for row in returning.reopen(workspace, copy.path):
        say(f"{copy.path}: held {row.kind} {row.subject}, {row.words}; it is removed there too")
    for row in waiting_for(workspace, copy.path):
        remove_objects(copy, row.objects)
        _settle(workspace, row.id, COPY, str(copy.path), None)
        _complete(workspace, row.id)
        _seal_the_rest(workspace, store)


def confirm(workspace: Workspace, where: str, *, reason: str, by: str) -> list[Deletion]:
    """Record a person's word that a place, gone for good, holds nothing of what was deleted.

    A copy that was there goes off the record: another one may be made in its place.

    Args:
        workspace: Whose deletions.
        where: The place, as it is listed or as a path from here.
        reason: How that is known.
        by: A person's id.

    Raises:
        InputError: No deletion waits for it and no copy is missing there, or no reason is given.
    """
    if not reason.strip():
        raise InputError("empty", at="--reason", mend="Say how you know: it is kept for ever.")
    names = {where, str(Path(where).resolve())}
    missing = {one for one in names if not returning.is_there(workspace, Path(one))}
    with workspace.deciding() as session:
        rows = [
            (row, place)
            for row in deletions.unfinished(session)
            for place in row.pending
            if place["where"] in names and place["what"] in deletions.AWAY
        ]
        gone = [copy for copy in copies(session) if copy.path in missing]
        if not rows and not gone:
            raise InputError(
                "no deletion waits for it",
                at=where,
                mend="`emeritus preserve list` shows what is pending, and where.",
            )
        for row, place in rows:
            row.settle(place["what"], place["where"], Standing.CONFIRMED, f"{reason} ({by})")
            session.add(row)
            stated = {"what": place["what"], "where": place["where"], "reason": reason, "by": by}
            entries.append(session, "deletion confirmed", row.id, stated)
        for copy in gone:
            entries.append(session, GONE, copy.id, {"where": copy.path, "reason": reason, "by": by})
            session.delete(copy)
        identifiers = [row.id for row, _ in rows]
    finish(workspace)
    return [_row(workspace, identifier) for identifier in identifiers]


def _find(workspace: Workspace, session: Session, kind: Kind, typed: str) -> Found:
    if kind.erasure is None:
        raise ValueError(f"nothing of the kind {kind.name} is deleted")
    erasable = kind.erasure.find(session, typed)
    subject = erasable.subject
    if (earlier := deletions.deletion_of(session, kind.name, subject)) is not None:
        raise FaultError(
            f"was {earlier.words}",
            at=f"{kind.name} {subject}",
            mend="See how far that is: emeritus preserve delete --pending.",
        )
    holds.check_not_held(session, kind.name, subject, erasable.model)
    quoting = [one for part in wing.quotes() for one in part.of(session, kind.name, subject)]
    for name, one in quoting:  # it would lose what it was shown, and its versions
        quoter = wing.kinds()[name].erasure
        model = None if quoter is None else quoter.find(session, one).model
        holds.check_not_held(session, name, one, model)
    changed = {*quoting, *([(LOG, LOG)] if erasable.logged else [])}
    every = sealed_objects(session)
    sealed = next((one for one in every if one.id == erasable.object_id), None)
    rewritten = [one for one in every if (one.last.kind, one.last.subject) in changed]
    ids = {one.id for one in rewritten} | ({sealed.id} if sealed else set())
    return Found(
        kind=kind.name,
        erasable=erasable,
        quoting=quoting,
        sealed=sealed,
        rewritten=rewritten,
        places=[
            _place(DATABASE, workspace.database.name),
            *([_place(STORE, erasable.object_id)] if sealed else []),
            *(_place(*one) for one in sorted({*quoting, *_names(rewritten)})),
            *(_place(ASIDE, where) for where in _left_overs(workspace, session, ids)),
            *(_place(*one) for one in dict.fromkeys(_places_away(workspace, session, ids))),
        ],
    )


def _place(what: str, where: str) -> dict[str, str]:
    return {"what": what, "where": where, "state": Standing.PENDING.value}


def _names(objects: Sequence[SealedObject]) -> list[tuple[str, str]]:
    return [(one.last.kind, one.last.subject) for one in objects]


def _left_overs(workspace: Workspace, session: Session, ids: set[str]) -> list[str]:
    """Return what repairs have set aside and crashes have left, by its path in the workspace."""
    rows = select(StoreRepair.id).where(col(StoreRepair.object_id).in_(ids))
    folders = [damaged(workspace.store) / row for row in session.exec(rows)]
    folders += [Root(workspace.store).slot(object_id) for object_id in ids]
    return sorted(str(one.relative_to(workspace.root)) for one in folders if one.exists())


def _places_away(
    workspace: Workspace, session: Session, ids: set[str]
) -> Iterator[tuple[str, str]]:
    """Return the copies and exports that have had one of the objects, and every site."""
    written = [(COPY, one.path, one.replicated_at or one.since) for one in copies(session) if ids]
    written += [
        (EXPORT, one.path, one.at)
        for one in session.exec(select(StoreExport).order_by(StoreExport.path))
        if ids & set(one.objects)
    ]
    root = workspace.root.resolve()
    sites = {path: one.since for path, one in outputs(session, root).items()}
    if workspace.public.exists():  # whatever is on record: the workspace may be a copy
        sites.setdefault(named(root, root / workspace.public.name), "")
    written += [(SITE, path, since) for path, since in sorted(sites.items())]
    gone = _gone(session)
    for what, where, at in written:
        if (root / where).exists() or gone.get((what, where), "") <= at:
            yield what, where


def _gone(session: Session) -> Mapping[tuple[str, str], str]:
    """Return since when a place is gone: a bag that was removed, or what a person confirmed."""
    return {
        (place["what"], place["where"]): row.at
        for row in deletions.deletions(session)
        for place in row.places
        if place["state"] == Standing.CONFIRMED
        or (place["what"], place["state"]) == (EXPORT, Standing.REMOVED)
    }


def _decide(workspace: Workspace, found: Found, authority: Authority) -> str:
    """Destroy the words in the database and the seals of what holds them, and log it."""
    kind = deletable(found.kind)
    # freed when the decision is on the disk: who runs on with the words would write them again
    with ExitStack() as runners, workspace.deciding() as session:
        found = _find(workspace, session, kind, found.subject)  # as it is by now
        for name, one in found.quoting:
            runners.enter_context(only_runner(workspace.lock(one), what=f"{name} {one}"))
        row = Deletion(
            kind=found.kind,
            subject=found.subject,
            model=found.erasable.model,
            object_id=found.erasable.object_id,
            source=found.erasable.source,
            versions=[
                {"version": seal.version, "inventory_digest": seal.inventory_digest, "at": seal.at}
                for seal in (found.sealed.seals if found.sealed else [])
            ],
            rewritten=[
                {"kind": one.last.kind, "subject": one.last.subject, "object_id": one.id}
                for one in found.rewritten
            ],
            reason=authority.reason,
            basis=authority.basis,
            by=authority.by,
            at=to_text(now()),
            places=list(found.places),
            note="",
        )
        row.note = tombstones.signed_note(workspace, row)
        _erase(session, kind, found)
        session.exec(delete(Seal).where(col(Seal.object_id).in_(row.objects)))
        session.add(row)
        stated = tombstones.facts(row)
        stated["rewritten"] = [one["object_id"] for one in row.rewritten]
        stated["object_id"] = stated.pop("object")
        entries.append(session, deletions.KIND, row.subject, stated)
        return row.id


def _erase(session: Session, kind: Kind, found: Found) -> None:
    if kind.erasure is None:
        raise ValueError(f"nothing of the kind {kind.name} is deleted")
    for part in wing.quotes():  # they look in it for what they quote
        part.erase(session, kind.name, found.subject)
    kind.erasure.erase(session, found.subject)
    for logged in found.erasable.logged:
        entries.destroy(session, *logged)


def _finish(workspace: Workspace, root: Root, identifier: str) -> None:
    """Seal anew what quoted the words, and clear each pending place that is within reach."""
    row = _row(workspace, identifier)
    for one in row.rewritten:
        if one["kind"] != LOG and _is_to_be_sealed(workspace, one["kind"], one["subject"]):
            sealing.seal_one(workspace, root, wing.kinds()[one["kind"]], one["subject"])
    for place in row.pending:
        if (clears := _CLEARS.get(place["what"])) is not None:
            why = _tried(clears, workspace, row, place)
            _settle(workspace, row.id, place["what"], place["where"], why)
    _complete(workspace, identifier)


def _complete(workspace: Workspace, identifier: str) -> None:
    with workspace.database.writing() as session:
        row = session.get_one(Deletion, identifier)
        if not row.pending and row.completed_at is None:
            row.completed_at = to_text(now())
            session.add(row)


def _seal_the_rest(workspace: Workspace, root: Root) -> None:
    """Seal each tombstone in its present state, then the log, which holds all that was decided."""
    kinds = wing.kinds()
    for identifier in tombstones.tombstones(workspace):
        sealing.seal_one(workspace, root, kinds[tombstones.KIND], identifier)
    sealing.seal_log(workspace, root)


def _bring_to_copies(workspace: Workspace, root: Root, identifiers: Sequence[str]) -> None:
    """Put into each copy that was cleared the tombstones, the log and what was sealed anew."""
    rows = [_row(workspace, identifier) for identifier in identifiers]
    anew = {one["object_id"] for row in rows for one in row.rewritten}
    with workspace.database.reading() as session:
        every = sealed_objects(session)
    wanted = [one for one in every if one.last.kind in {tombstones.KIND, LOG} or one.id in anew]
    places = dict.fromkeys(
        place["where"]
        for row in rows
        for place in row.places
        if (place["what"], place["state"]) == (COPY, Standing.REMOVED)
    )
    for where in places:
        try:
            _bring_to(workspace, root, Path(where), wanted)
        except (EmeritusError, OSError) as error:
            say(
                f"{where}: what was deleted is gone there, and the tombstone is not there yet: "
                f"{error}\n  Next: emeritus preserve replicate {where}"
            )


def _bring_to(
    workspace: Workspace, root: Root, place: Path, wanted: Sequence[SealedObject]
) -> None:
    if not returning.is_there(workspace, place):
        return  # it was cleared at another time, and is away again
    with only_writer(place) as copy:
        recover_sealed(workspace, copy)
        for sealed in wanted:
            copy_object(copy, sealed, root.folder(sealed.id), on_bytes=not_counted)


@contextmanager
def _it_stands(workspace: Workspace) -> Iterator[None]:
    """Say, where the disk refuses, that what was decided stands, and what is left to be done.

    Raises:
        ServiceError: The disk refused.
    """
    try:
        yield
    except OSError as error:
        with workspace.database.reading() as session:
            left = [
                f"{place['what']} {place['where']}"
                for row in deletions.unfinished(session)
                for place in row.pending
            ]
        raise ServiceError(
            f"{error.strerror or error}; the deletion stands, and is not finished; still to be "
            f"cleared: {', '.join(left) or 'nothing; the tombstone is not sealed yet'}",
            at=str(error.filename or workspace.store),
            mend="Put that right (is it mounted read-only, or full?), then: "
            "emeritus preserve delete --pending",
        ) from error


Clear = Callable[[Workspace, Deletion, str], str | None]
"""Clears a place; returns why it is still pending, or None."""


def _tried(
    clears: Clear, workspace: Workspace, row: Deletion, place: Mapping[str, str]
) -> str | None:
    try:
        return clears(workspace, row, place["where"])
    except EmeritusError as error:
        return f"{error.at}: {error.what}"
    except OSError as error:
        return f"{error.filename or place['where']}: {error.strerror or error}"


def _clear_copy(workspace: Workspace, row: Deletion, where: str) -> str | None:
    if not returning.is_there(workspace, Path(where)):
        is_root = (Path(where) / ROOT_DECLARATION).is_file()
        return _ANOTHER_ROOT if is_root else _OUT_OF_REACH
    with only_writer(Path(where)) as copy:
        recover_sealed(workspace, copy)
        remove_objects(copy, row.objects)
    return None


def _clear_export(workspace: Workspace, row: Deletion, where: str) -> str | None:
    """Remove a bag that we wrote, whole: without one object it would be no valid bag any more.

    It is renamed first, and from then on what stands at its path is another's.
    """
    bag = Path(where)
    renamed = bag.with_name(f".{bag.name}.{row.id}")
    begun = renamed.exists() or any(
        place.get("why") == _RENAMED for place in row.places if place["where"] == where
    )
    if not begun:
        if not os.path.lexists(bag):
            return _OUT_OF_REACH
        is_ours = exporting.holds(bag, row.objects) and not bag.is_symlink()
        if not is_ours or _is_written_since(workspace, row, where):
            return _SOMETHING_ELSE
        bag.rename(renamed)
        sync_folder(bag.parent)
    elif not bag.parent.is_dir():
        return _OUT_OF_REACH
    # from here on, that nothing of it is there means that it was removed
    _settle(workspace, row.id, EXPORT, where, _RENAMED)
    for left_by_a_kill in bag.parent.glob(f".{glob.escape(bag.name)}.{'[0-9a-f]' * 8}"):
        remove_tree(left_by_a_kill)
    remove_tree(renamed)
    return None


def _is_written_since(workspace: Workspace, row: Deletion, where: str) -> bool:
    """Whether a bag was written there after the deletion, of what was sealed anew."""
    rows = select(StoreExport).where(StoreExport.path == where, StoreExport.at > row.at)
    with workspace.database.reading() as session:
        return session.exec(rows).first() is not None


def _clear_site(workspace: Workspace, _row: Deletion, where: str) -> str | None:
    root = workspace.root.resolve()
    folder = root / where
    if not folder.is_dir():
        return None if folder.is_relative_to(root) else _OUT_OF_REACH
    if is_anothers(root, folder):
        return _ANOTHERS_SITE
    with workspace.database.reading() as session:
        written = outputs(session, root).get(named(root, folder))
    audience = PUBLIC if written is None else written.audience
    for part in wing.quotes():
        if part.publish_again is not None:
            part.publish_again(workspace, folder, audience)
    return None


_CLEARS: Mapping[str, Clear] = {COPY: _clear_copy, EXPORT: _clear_export, SITE: _clear_site}


def _settle(workspace: Workspace, identifier: str, what: str, where: str, why: str | None) -> None:
    standing = Standing.REMOVED if why is None else Standing.PENDING
    with workspace.database.writing() as session:
        row = session.get_one(Deletion, identifier)
        row.settle(what, where, standing, why)
        session.add(row)


def _is_to_be_sealed(workspace: Workspace, kind: str, subject: str) -> bool:
    """Whether what quoted the words is not sealed anew yet, nor was deleted itself since."""
    with workspace.database.reading() as session:
        is_sealed = last_seal(session, kind, subject) is not None
        return not is_sealed and deletions.deletion_of(session, kind, subject) is None


def _row(workspace: Workspace, identifier: str) -> Deletion:
    with workspace.database.reading() as session:
        return Deletion(**session.get_one(Deletion, identifier).model_dump())
