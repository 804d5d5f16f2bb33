"""Sealing: the present state of a thing becomes the next version of its archival object.

The versions of several things are staged whole, then their seals and log entries are committed
in one transaction, then the staged versions are moved into the store. A crash before the commit
leaves staged versions that the next command on the store removes; one after it leaves versions
that the next one moves in. Nothing is said to be sealed before all three are done.
"""

import json
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from sqlmodel import Session

from archive import wing
from archive.errors import FaultError, InputError
from archive.identifiers import to_urn
from archive.log import entries
from archive.store.inventory import User
from archive.store.kinds import SCHEMAS_OBJECT, Deposit, Kind
from archive.store.opening import own_store
from archive.store.seals import Seal, is_held, last_seal, last_seals, unlogged_id
from archive.store.staging import Batch, staging
from archive.store.writing import Root, Source, install
from archive.times import now, to_text
from archive.workspace.workspace import Workspace

TOGETHER = 32  # subjects that are sealed in one transaction, at most
_SECONDS = 2.0  # after which what is staged is sealed, however little it is

README = """\
{title}

This folder is an archival object by the Oxford Common File Layout (OCFL) 1.1, written by
Emeritus. Nothing but a reader of text files is needed to use it.

inventory.json      every version of this object and the SHA-512 of each file
v1, v2, ...         what each version added, under content/
record.json         the record itself; its "$schema" names the JSON Schema that describes it
{files}
The schemas stand in this store too, in the object {schemas}.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What sealing one subject did."""

    kind: str
    subject: str
    object_id: str
    version: int | None  # None: the sealed version holds this state already


def seal(workspace: Workspace, chosen: Iterable[tuple[Kind, str]]) -> Iterator[Sealed]:
    """Seal the present state of each chosen subject; each is chosen once.

    Raises:
        FaultError: The store does not hold what was sealed of a subject before.
        ServiceError: The disk or the database refused; what was sealed before stays sealed.
    """
    with own_store(workspace) as root:
        yield from _seal_in_batches(workspace, root, chosen)


def seal_log(workspace: Workspace, root: Root) -> None:
    """Seal what was logged so far, in the workspace's own store.

    Raises:
        FaultError: The store does not hold what was sealed of it before.
        ServiceError: The disk or the database refused.
    """
    for kind in wing.kinds().values():
        if not kind.logged and kind.sealable is not None:
            chosen = [(kind, subject) for subject in kind.sealable(workspace)]
            list(_seal_in_batches(workspace, root, chosen))


def everything(workspace: Workspace) -> Iterator[tuple[Kind, str]]:
    """Return every subject of every kind that is in a state to be sealed."""
    # the log comes last: it then holds the seals of all else
    for kind in sorted(wing.kinds().values(), key=lambda kind: not kind.logged):
        if kind.sealable is not None:
            yield from ((kind, subject) for subject in kind.sealable(workspace))


def one(workspace: Workspace, kind_name: str, identifier: str) -> tuple[Kind, str]:
    """Return the kind and the subject that a person named.

    Raises:
        InputError: There is no such kind or subject, or it is not in a state to be sealed.
    """
    kinds = {
        kind.name: (kind, kind.find)
        for kind in wing.kinds().values()
        if kind.sealable is not None and kind.find is not None
    }
    if kind_name not in kinds:
        known = ", ".join(sorted(kinds))
        raise InputError(
            f"no such kind: {kind_name!r}",
            at="KIND",
            mend=f"What can be sealed: {known}. Weights are put in by `emeritus weights deposit`.",
        )
    kind, find = kinds[kind_name]
    return kind, find(workspace, identifier)


def seal_one(workspace: Workspace, root: Root, kind: Kind, subject: str) -> Sealed:
    """Seal the present state of one subject in the store, which is open.

    Raises:
        FaultError: The store does not hold what was sealed of it before.
        ServiceError: The disk or the database refused.
    """
    (sealed,) = _seal_in_batches(workspace, root, [(kind, subject)])
    return sealed


def put(
    workspace: Workspace,
    root: Root,
    kind: Kind,
    subject: str,
    deposit: Deposit,
    *,
    also: Callable[[Session], None] = lambda _session: None,
) -> Sealed:
    """Make `deposit` the next version of its object, unless the last one holds the same.

    Args:
        workspace: Whose store.
        root: That store.
        kind: What is sealed.
        subject: Which of them.
        deposit: What its object will hold.
        also: What else is put on record when it is sealed, in the same transaction.

    Raises:
        InputError: A path could not be held on every file system.
        FaultError: The object in the store is damaged or older, or known content has other bytes.
        ServiceError: The disk or the database refused.
    """
    with staging(root) as batch:
        row = _stage(workspace, batch, kind, subject, deposit)
        if row is not None:
            batch.keep()
            _commit(workspace, [row], logged=kind.logged, also=also)
            install(batch.staged)
    return _sealed(kind, subject, deposit, row)


def _seal_in_batches(
    workspace: Workspace, root: Root, chosen: Iterable[tuple[Kind, str]]
) -> Iterator[Sealed]:
    # what is no entry of the log is sealed after all that is
    for _logged, group in groupby(chosen, key=lambda one: one[0].logged):
        some, at = list(group), 0
        while at < len(some):
            at += yield from _seal_together(workspace, root, some[at : at + TOGETHER])


def _seal_together(
    workspace: Workspace, root: Root, chosen: Sequence[tuple[Kind, str]]
) -> Generator[Sealed, None, int]:
    """Seal the first of the chosen, as many as one batch takes; return how many they were."""
    begun = time.monotonic()
    found: list[Sealed] = []
    with workspace.database.reading() as session:
        last = last_seals(session, [subject for _kind, subject in chosen])
    with staging(root) as batch:
        rows: list[Seal] = []
        try:
            for kind, subject in chosen:
                if (seal := last.get((kind.name, subject))) is not None:
                    _check_held(root, seal)
                if kind.deposit is None:
                    raise ValueError(f"the kind {kind.name} is sealable and has no deposit")
                deposit = kind.deposit(workspace, subject)
                row = _stage(workspace, batch, kind, subject, deposit)
                rows += [] if row is None else [row]
                found.append(_sealed(kind, subject, deposit, row))
                if batch.is_full or time.monotonic() > begun + _SECONDS:
                    break
        finally:
            # what was staged before one that is refused, or a Ctrl-C, is sealed all the same
            batch.keep()
            _commit(workspace, rows, logged=chosen[0][0].logged)
            # a version that was staged as Ctrl-C came has no seal: `recover` removes it
            sealed = {row.inventory_digest for row in rows}
            install([one for one in batch.staged if one.inventory_digest in sealed])
            yield from found
    return len(found)


def _stage(
    workspace: Workspace, batch: Batch, kind: Kind, subject: str, deposit: Deposit
) -> Seal | None:
    """Stage a deposit; return its seal, which is not on record yet; None if it is nothing new."""
    if kind.schema is None:
        raise ValueError(f"the kind {kind.name} has no schema")
    created = now()
    staged = batch.stage(
        deposit.object_id,
        object_files(deposit, kind.schema),
        message=f"{kind.name} {subject}",
        author=User(
            name=workspace.settings.operator.name or "operator not stated",
            address=to_urn(workspace.settings.workspace.id),
        ),
        created=created,
    )
    if staged is None:
        return None
    return Seal(
        kind=kind.name,
        subject=subject,
        object_id=staged.object_id,
        version=staged.version,
        inventory_digest=staged.inventory_digest,
        at=to_text(created),
    )


def _sealed(kind: Kind, subject: str, deposit: Deposit, row: Seal | None) -> Sealed:
    return Sealed(
        kind=kind.name,
        subject=subject,
        object_id=deposit.object_id,
        version=None if row is None else row.version,
    )


def check_last_seal(workspace: Workspace, root: Root, kind: Kind, subject: str) -> None:
    """Refuse where the store does not hold what was sealed of a subject last.

    Raises:
        FaultError: So it is.
    """
    with workspace.database.reading() as session:
        last = last_seal(session, kind.name, subject)
    if last is not None:
        _check_held(root, last)


def _check_held(root: Root, last: Seal) -> None:
    if not is_held(root.path, last):
        raise FaultError(
            f"version {last.version} of {last.kind} {last.subject} was sealed and is not in the "
            "store",
            at=last.object_id,
            mend="Bring the store back from a copy: emeritus preserve repair. "
            "Nothing more of it was sealed.",
        )


def object_files(deposit: Deposit, schema: Path) -> dict[str, Source]:
    """Return every file of an object: its README, its record and the kind's own files."""
    names = "".join(f"{name}\n" for name in sorted(deposit.files))
    readme = README.format(title=deposit.title, files=names, schemas=SCHEMAS_OBJECT)
    record = {"$schema": wing.schema_id(schema), **deposit.record}
    text = json.dumps(record, indent=2, ensure_ascii=False, sort_keys=True)
    return {"README.txt": readme.encode(), "record.json": f"{text}\n".encode(), **deposit.files}


def _commit(
    workspace: Workspace,
    seals: Sequence[Seal],
    *,
    logged: bool,
    also: Callable[[Session], None] = lambda _session: None,
) -> None:
    if not seals:
        return
    if not logged:
        with workspace.database.writing() as session:
            session.add_all(seal.sqlmodel_update({"id": unlogged_id(seal)}) for seal in seals)
        return
    with workspace.deciding() as session:
        for seal in seals:
            session.add(seal)
            entries.append(session, "seal", seal.id, seal.model_dump())
        also(session)
