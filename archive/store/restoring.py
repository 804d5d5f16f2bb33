"""Restoring: the database is made again from the store alone.

An object is taken if it is whole and is what was sealed last; each kind says which rows follow
from its object, and the log's object which rows follow from what was logged. All is one
transaction: a database that was not rebuilt to its end belongs to no workspace, and the next
`preserve restore` begins anew. What could not be rebuilt is named.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import StatementError
from sqlmodel import Session, SQLModel

from archive import wing
from archive.canonical import as_kept
from archive.identifiers import to_urn
from archive.log import archiving as log
from archive.log.entries import LogEntry
from archive.log.recalling import Recalled, recall
from archive.release.outputs import Output
from archive.release.releases import Release
from archive.store.audits import Audit
from archive.store.copies import GONE, StoreCopy
from archive.store.exporting import StoreExport
from archive.store.gathering import Candidates, Found, gather
from archive.store.holds import LegalHold
from archive.store.kinds import Kind
from archive.store.layout import Layout
from archive.store.object_verification import OnBytes
from archive.store.repairing import StoreRepair
from archive.store.seals import Seal
from archive.workspace import identity
from archive.workspace.workspace import Workspace

LOGGED: Mapping[str, type[SQLModel]] = {
    "release": Release,
    "audit": Audit,
    "copy": StoreCopy,
    "repair": StoreRepair,
    "export": StoreExport,
    "hold": LegalHold,
    "hold lifted": LegalHold,
    "site": Output,
}
"""The tables whose rows are what the log holds of each act, by the kind of entry."""

_NOWHERE = Candidates((), None)


@dataclass(slots=True, kw_only=True)
class Restored:
    """What came of restoring."""

    objects: int = 0  # that were taken
    rows: Counter[str] = field(default_factory=Counter)  # by table
    entries: int = 0  # of the log
    by_digest: int = 0  # of which only kind, id and digest are known
    lost: list[str] = field(default_factory=list)  # what could not be rebuilt or proven, in words


def restore(workspace: Workspace, places: Sequence[Path], *, on_bytes: OnBytes) -> Restored:
    """Rebuild the database of `workspace`, whose tables are there and empty.

    Args:
        workspace: Whose database, log and keys.
        places: Storage roots: the workspace's own, and copies of it.
        on_bytes: Told of what is read.

    Raises:
        FaultError: The log that was sealed and the log on the disk are not one.
        InputError: The log's public key is missing.
        ServiceError: The database refused.
        OSError: A disk refused. Whatever is raised, nothing was rebuilt.
    """
    done, there = Restored(), gather(places, on_bytes=on_bytes)
    with workspace.database.writing() as session:
        sealed_log = _longest_log(workspace, there)
        recalled = recall(workspace, session, None if sealed_log is None else sealed_log.kept)
        _count_log(recalled, done, has_object=sealed_log is not None)
        seals = _sealed(recalled.entries)
        if sealed_log is not None:
            seals[sealed_log.id] = list(sealed_log.seals(log.SUBJECT, log.SUBJECT))
        chosen = list(_chosen(there, seals, recalled, done))
        for kind in wing.kinds().values():
            for one in chosen:
                if kind.schema is not None and one.schema == wing.schema_id(kind.schema):
                    _restore_object(session, kind, one, done)
        _add(session, (seal for versions in seals.values() for seal in versions), done)
        _add(session, _logged_rows(workspace.root, recalled.entries), done)
        identity.take(session, workspace.settings.workspace.id)
    return done


def _longest_log(workspace: Workspace, there: Mapping[str, Candidates]) -> Found | None:
    """Return the log's object with the most entries: one that was made anew has fewer versions."""
    path = _path(log.object_id(workspace.settings.workspace.id))
    whole = there[path].whole if path in there else ()
    return max(whole, key=lambda one: int(one.record.get("size", -1)), default=None)


def _count_log(recalled: Recalled, done: Restored, *, has_object: bool) -> None:
    done.entries, done.by_digest = len(recalled.entries), len(recalled.entries) - recalled.sealed
    done.rows["log_entry"] = done.entries
    done.rows["log_handover"] = len(recalled.handovers)
    done.rows["log_witness"] = len(recalled.witnesses)
    if not recalled.by_own_key:
        done.lost.append(
            "the log's key is not here: the log agrees with the key that its own object names, "
            "and nothing is decided before `keys` is brought back"
        )
    if not has_object:
        done.lost.append("the log's object is not in the store: who may see what is not known")
        return
    done.lost += [
        f"log entry {entry.index}, {entry.kind} {entry.subject}: made after the log was sealed "
        "last, and known by its digest alone"
        + ("; what quoted it may hold its words" if entry.kind == "deletion" else "")
        for entry in recalled.entries[recalled.sealed :]
    ]


def _sealed(entries: Iterable[LogEntry]) -> dict[str, list[Seal]]:
    """Return the seals that count, by object: what was deleted or made anew has none before."""
    seals: dict[str, list[Seal]] = defaultdict(list)
    for entry in entries:
        if entry.kind == "deletion":
            seals.pop(to_urn(entry.subject), None)  # its id is in the leaf
        if entry.content is None or entry.kind not in {"seal", "deletion"}:
            continue
        stated = _content(entry)
        if entry.kind == "seal":
            seals[stated["object_id"]].append(Seal(**stated))
            continue
        for object_id in stated["rewritten"]:
            seals.pop(object_id, None)
    return seals


def _chosen(
    there: Mapping[str, Candidates],
    seals: dict[str, list[Seal]],
    recalled: Recalled,
    done: Restored,
) -> Iterator[Found]:
    """Return the objects to restore from; add to `seals` those that only the store knows."""
    deleted = {_path(to_urn(one.subject)) for one in recalled.entries if one.kind == "deletion"}
    by_digest = recalled.entries[recalled.sealed :]
    unproven = recalled.sealed == 0 or any(entry.kind == "seal" for entry in by_digest)
    ids = {_path(object_id): object_id for object_id in seals}
    for path in sorted((there.keys() | ids.keys()) - deleted):  # no old copy brings them back
        known = seals.get(ids.get(path, ""), [])
        name = f"{known[-1].kind} {known[-1].subject}" if known else path
        found = there.get(path, _NOWHERE)
        faults = [_disagreement(one, known, unproven=unproven) for one in found.whole]
        if None not in faults:
            fault = f"{found.fault.path}: {found.fault.message}" if found.fault else "not there"
            done.lost.append(f"{name}: {next(iter(faults), None) or fault}")
            continue
        one = found.whole[faults.index(None)]
        if one.version != len(known):
            done.lost.append(f"{name}: {_other_version(one, len(known))}")
            kind, subject = (known[-1].kind, known[-1].subject) if known else _named(one)
            seals[one.id] = [*known, *list(one.seals(kind, subject))[len(known) :]]
        yield one


def _disagreement(one: Found, known: Sequence[Seal], *, unproven: bool) -> str | None:
    """Return why an object is not what was sealed; None: as far as is known it is."""
    if one.version > len(known) and not unproven:
        return "holds what was never sealed here, and is left out"
    found = one.seals("", "")
    same = all(a.inventory_digest == b.inventory_digest for a, b in zip(known, found, strict=False))
    return None if same else "is whole, and not what was sealed"


def _other_version(one: Found, known: int) -> str:
    if one.version < known:
        return f"stands at version {one.version}; version {known} was sealed, and is not there"
    return (
        f"version {one.version} is taken as it is: the seals that are known go to version {known}"
    )


def _named(one: Found) -> tuple[str, str]:
    """Return kind and subject of an object as its last version's message names them."""
    message = one.inventory.versions[one.inventory.head].message or ""
    kind, _, subject = message.partition(" ")
    return kind, subject


def _restore_object(session: Session, kind: Kind, one: Found, done: Restored) -> None:
    """Add the rows of one object, all or none; those of the log are there before all others."""
    try:
        rows = list(kind.restore(one.kept)) if kind.restore and kind.logged else []
        with session.begin_nested():
            counted = Restored()
            _add(session, rows, counted)
    except (KeyError, TypeError, ValueError, StatementError) as error:
        done.lost.append(f"{kind.name} in {one.folder}: cannot be put back: {_why(error)}")
        return
    done.objects += 1
    done.rows += counted.rows


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it lacks {error.args[0]!r}"
    return str(error).partition("\n")[0]


def _logged_rows(root: Path, entries: Iterable[LogEntry]) -> Iterator[SQLModel]:
    """Return what was logged and stands; a site that is not there may be another machine's."""
    entries = list(entries)
    gone = {entry.subject for entry in entries if entry.kind == GONE}
    for entry in entries:
        if entry.content is None or (entry.kind == "copy" and entry.subject in gone):
            continue
        if (table := LOGGED.get(entry.kind)) is not None:
            row = table(**_content(entry))
            if not isinstance(row, Output) or (root / row.path).is_dir():
                yield row


def _add(session: Session, rows: Iterable[SQLModel], done: Restored) -> None:
    """Add rows, those first to which others refer; the object mapper would know no order."""
    by_table: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_table[str(row.__tablename__)].append(row.model_dump())
    for table in SQLModel.metadata.sorted_tables:
        if values := by_table.get(table.name):
            session.connection().execute(insert(table), values)
            done.rows[table.name] += len(values)


def _content(entry: LogEntry) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(as_kept(entry.content))
    return content


def _path(object_id: str) -> str:
    return Layout().object_path(object_id)
