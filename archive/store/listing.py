"""What the store holds, for people: objects, copies, exports, holds, and what was deleted."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlmodel import col, func, select

from archive.errors import EmeritusError
from archive.log.archiving import SUBJECT as LOG
from archive.log.entries import LogEntry
from archive.store.audits import last_checks
from archive.store.copies import copies
from archive.store.deletions import Standing, deletions
from archive.store.exporting import StoreExport
from archive.store.gathering import Found
from archive.store.holds import holds
from archive.store.reading import read_inventory
from archive.store.sealed_objects import SealedObject, sealed_objects
from archive.workspace.workspace import Workspace


def listing(workspace: Workspace) -> dict[str, Any]:
    """Return every object, copy, export, hold and deletion, as JSON has them."""
    with workspace.database.reading() as session:
        checks = last_checks(session)
        held = [copy.model_dump(exclude={"id"}) for copy in copies(session)]
        exports = session.exec(select(StoreExport).order_by(StoreExport.id)).all()
        bags = [{"path": one.path, "objects": len(one.objects), "at": one.at} for one in exports]
        gone = [
            row.model_dump(exclude={"note", "versions", "rewritten"}) for row in deletions(session)
        ]
        held_by_law = [row.model_dump(exclude={"state"}) for row in holds(session)]
        objects = sealed_objects(session)
        acts = session.exec(select(func.count(col(LogEntry.index)))).one()
    return {
        "objects": [
            {
                "kind": sealed.last.kind,
                "subject": sealed.last.subject,
                "id": sealed.id,
                "versions": sealed.last.version,
                "bytes": bytes_in(workspace.store / sealed.path),
                "sealed_at": sealed.last.at,
                "last_audit": checks.get(sealed.id),
            }
            for sealed in sorted(objects, key=_by_name)
        ],
        "seals": [
            seal.model_dump() for sealed in sorted(objects, key=_by_name) for seal in sealed.seals
        ],
        "copies": held,
        "exports": bags,
        "deletions": gone,
        "holds": held_by_law,
        "log": {"acts": acts, "sealed": _acts_sealed(workspace, objects)},
    }


def _acts_sealed(workspace: Workspace, objects: Iterable[SealedObject]) -> int | None:
    """Return how many acts the log in the store holds; None: it cannot be read."""
    log = next((one for one in objects if one.last.kind == LOG), None)
    if log is None:
        return 0
    folder = workspace.store / log.path
    try:
        inventory = read_inventory(folder)
        return None if inventory is None else int(Found(folder, inventory).record["size"])
    except (EmeritusError, OSError, KeyError):
        return None


def bytes_in(folder: Path) -> int | None:
    """Return how many bytes the files in a folder have; None if there is no such folder."""
    total, folders = 0, [str(folder)]
    if not folder.is_dir():
        return None
    while folders:
        for entry in os.scandir(folders.pop()):
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            else:
                total += entry.stat(follow_symlinks=False).st_size
    return total


def to_text(document: dict[str, Any]) -> str:
    """Return a listing for a terminal."""
    lines = [_line(row) for row in document["objects"]] or ["Nothing is sealed yet."]
    for copy in document["copies"]:
        verified = copy["verified_at"]
        read = "not verified as a whole" if verified is None else f"verified {verified[:10]}"
        lines.append(f"copy     {copy['path']}  since {copy['since'][:10]}, {read}")
    lines += [f"export   {row['path']}  on {row['at'][:10]}" for row in document["exports"]]
    lines += [
        f"hold     {row['kind']} {row['subject']}  since {row['at'][:10]}: {row['reason']}"
        for row in document["holds"]
    ]
    for row in document["deletions"]:
        lines.append(
            f"deleted  {row['kind']} {row['subject']}  on {row['at'][:10]}: {row['basis']}"
        )
        lines += [
            f"  pending  {place['what']} {place['where']}"
            for place in row["places"]
            if place["state"] == Standing.PENDING
        ]
    return "\n".join([*lines, *_of_log(**document["log"])])


def _of_log(acts: int, sealed: int | None) -> Iterator[str]:
    if sealed is None:
        yield f"acts     {acts}; how many the store holds cannot be read: emeritus preserve repair"
    elif acts > sealed:
        yield (
            f"acts     {acts - sealed} of {acts} were logged since the log was sealed last: "
            "emeritus preserve seal"
        )


def _line(row: dict[str, Any]) -> str:
    size = "not there" if row["bytes"] is None else f"{row['bytes']:,} B"
    check = row["last_audit"]
    audited = "not audited"
    if check is not None:
        audited = f"{'sound' if check['sound'] else 'NOT SOUND'} on {check['at'][:10]}"
    return (
        f"{row['kind']:<9} {row['subject']:<36} v{row['versions']}  {size}, {audited}  {row['id']}"
    )


def _by_name(sealed: SealedObject) -> tuple[str, str]:
    return sealed.last.kind, sealed.last.subject
