"""Tombstones: what stands in the store where something was deleted under authority.

A tombstone has no word of what was deleted. Its facts are signed as a C2SP note by the log's key,
so that whoever finds it without the log can see who says so.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import SQLModel, select

from archive.canonical import Canonical, canonical_bytes
from archive.identifiers import to_urn
from archive.log.keys import read_signing_key
from archive.log.notes import sign_note
from archive.records.acts import BY_PROGRAM
from archive.records.premis import (
    Event,
    EventOutcome,
    EventRelatedAgentRole,
    EventType,
    Keeper,
    Rights,
    RightsBasis,
    derived_event,
    premis,
)
from archive.store.deletions import BEYOND_REACH, Deletion
from archive.store.kinds import Deposit, Kept
from archive.workspace.archiving import keeper
from archive.workspace.workspace import Workspace

KIND = "tombstone"
NOTE = "tombstone.note"
HEAD = "Emeritus tombstone\n"
"""The first line of the note; the second is the canonical JSON of the facts."""


def facts(row: Deletion) -> dict[str, Canonical]:
    """Return what the note states: all that was known when the deletion was decided."""
    return {
        "deletion": row.id,
        "kind": row.kind,
        "id": row.subject,
        "object": row.object_id,
        "versions": row.versions,
        "rewritten": row.rewritten,
        "at": row.at,
        "by": row.by,
        "basis": row.basis,
        "reason": row.reason,
    }


def signed_note(workspace: Workspace, row: Deletion) -> str:
    """Return the note over a deletion's facts.

    Raises:
        InputError: The log's key is missing or damaged.
    """
    text = f"{HEAD}{canonical_bytes(facts(row)).decode()}\n"
    return sign_note(text, read_signing_key(workspace.keys)).decode()


def tombstones(workspace: Workspace) -> Sequence[str]:
    """Return the id of every deletion."""
    with workspace.database.reading() as session:
        return session.exec(select(Deletion.id).order_by(Deletion.id)).all()


def deposit(workspace: Workspace, identifier: str) -> Deposit:
    """Return what the tombstone of a deletion is to hold."""
    with workspace.database.reading() as session:
        row = session.get_one(Deletion, identifier)
        return Deposit(
            object_id=to_urn(row.id),
            title=f"What stood here was deleted under authority: {row.kind} {row.subject}",
            record=row.model_dump(exclude={"note"} if row.source else {"note", "source"})
            | {"beyond_reach": list(BEYOND_REACH), "premis": _premis(row, keeper(workspace))},
            files={NOTE: row.note.encode()},
        )


def _premis(row: Deletion, by: Keeper) -> dict[str, Any]:
    """Return the decision and, once nothing is left in the archive itself, the removal."""
    decided = Event(
        id=row.id,
        type=EventType.DEACCESSION,
        at=row.at,
        detail=f"deletion decided: {row.kind} {row.subject}",
        agents=((EventRelatedAgentRole.AUTHORIZER, by.decider(row.by)),),
        note=row.reason,
        objects=(row.object_id,),
    )
    right = Rights(basis=RightsBasis.OTHER, note=row.basis)
    if row.removed_at is None:
        return premis([decided], [right])
    removed = Event(
        id=derived_event(row.id, "removed"),
        type=EventType.DELETION,
        at=row.removed_at,
        detail="removed from the archive's own database and store",
        agents=BY_PROGRAM,
        outcome=EventOutcome.SUCCESS,
        objects=tuple(row.objects),
    )
    return premis([decided, removed], [right])


def restore(kept: Kept) -> Iterator[SQLModel]:
    """Return the row of a deletion.

    Raises:
        KeyError, TypeError, ValueError: It is not what `deposit` gave.
    """
    apart = {"note", "source"}
    fields = {name: kept.record[name] for name in Deletion.model_fields if name not in apart}
    source = kept.record.get("source")  # earlier versions did not keep it
    yield Deletion(note=kept.read(NOTE).decode(), source=source, **fields)
