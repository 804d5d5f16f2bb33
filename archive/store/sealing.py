"""Sealing: the present state of a thing becomes the next version of its archival object.

The version is staged whole, then the seal and its log entry are committed, then the staged
version is moved into the store. A crash before the commit leaves a staged version that the next
command on the store removes; one after it leaves a version that the next one moves in.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from archive import wing
from archive.errors import FaultError, InputError
from archive.identifiers import to_urn
from archive.log import entries
from archive.store.inventory import User
from archive.store.kinds import SCHEMAS_OBJECT, Deposit, Kind
from archive.store.opening import own_store
from archive.store.seals import Seal, is_held, last_seal, unlogged_id
from archive.store.writing import Root, Source, Staged, install, stage_version
from archive.times import now, to_text
from archive.workspace.workspace import Workspace

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
    """Seal the present state of each chosen subject, one after the other.

    Raises:
        FaultError: The store does not hold what was sealed of a subject before.
        ServiceError: The disk or the database refused; what was sealed before stays sealed.
    """
    with own_store(workspace) as root:
        for kind, subject in chosen:
            yield seal_one(workspace, root, kind, subject)


def seal_log(workspace: Workspace, root: Root) -> None:
    """Seal what was logged so far, in the workspace's own store.

    Raises:
        FaultError: The store does not hold what was sealed of it before.
        ServiceError: The disk or the database refused.
    """
    for kind in wing.kinds().values():
        if not kind.logged and kind.sealable is not None:
            for subject in kind.sealable(workspace):
                seal_one(workspace, root, kind, subject)


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
    if kind.deposit is None:
        raise ValueError(f"the kind {kind.name} is sealable and has no deposit")
    check_last_seal(workspace, root, kind, subject)
    return put(workspace, root, kind, subject, kind.deposit(workspace, subject))


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
    if kind.schema is None:
        raise ValueError(f"the kind {kind.name} has no schema")
    created = now()
    staged = stage_version(
        root,
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
        return Sealed(kind=kind.name, subject=subject, object_id=deposit.object_id, version=None)
    _commit(workspace, kind, subject, staged, at=to_text(created), also=also)
    install(staged)
    return Sealed(
        kind=kind.name, subject=subject, object_id=deposit.object_id, version=staged.version
    )


def check_last_seal(workspace: Workspace, root: Root, kind: Kind, subject: str) -> None:
    """Refuse where the store does not hold what was sealed of a subject last.

    Raises:
        FaultError: So it is.
    """
    with workspace.database.reading() as session:
        last = last_seal(session, kind.name, subject)
    if last is not None and not is_held(root.path, last):
        raise FaultError(
            f"version {last.version} of {kind.name} {subject} was sealed and is not in the store",
            at=last.object_id,
            mend="Bring the store back from a copy: emeritus preserve repair. "
            "Nothing more of it was sealed.",
        )


def object_files(deposit: Deposit, schema: Path) -> dict[str, Source]:
    """Return every file of an object: its README, its record and the kind's own files."""
    names = "".join(f"{name}\n" for name in sorted(deposit.files))
    readme = README.format(title=deposit.title, files=names, schemas=SCHEMAS_OBJECT)
    record = {"$schema": json.loads(schema.read_bytes())["$id"], **deposit.record}
    text = json.dumps(record, indent=2, ensure_ascii=False, sort_keys=True)
    return {"README.txt": readme.encode(), "record.json": f"{text}\n".encode(), **deposit.files}


def _commit(
    workspace: Workspace,
    kind: Kind,
    subject: str,
    staged: Staged,
    *,
    at: str,
    also: Callable[[Session], None],
) -> None:
    row = Seal(
        kind=kind.name,
        subject=subject,
        object_id=staged.object_id,
        version=staged.version,
        inventory_digest=staged.inventory_digest,
        at=at,
    )
    if not kind.logged:
        with workspace.database.writing() as session:
            session.add(row.sqlmodel_update({"id": unlogged_id(row)}))
        return
    with workspace.deciding() as session:
        session.add(row)
        entries.append(session, "seal", row.id, row.model_dump())
        also(session)
