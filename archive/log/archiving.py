"""The log in the store: each entry with what was logged, so that the acts outlive the database.

Entries stand in bundles of 256, of which the full ones never change; beside them the checkpoint
that covers them, how its keys followed one another, and what outside witnesses said. What was
logged of the log's own sealing could never be in it: that seal alone is no entry
(docs/decisions/0008).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlmodel import SQLModel, col, select

from archive.canonical import as_kept, canonical_bytes
from archive.errors import FaultError
from archive.identifiers import derived_id, to_urn
from archive.log import rotations, tiles, witnesses
from archive.log.entries import LogEntry, damage
from archive.log.rotations import LogHandover
from archive.log.tiles import CHECKPOINT, WIDTH
from archive.log.witnesses import LogWitness
from archive.records.acts import BY_PROGRAM
from archive.records.premis import (
    Event,
    EventRelatedAgentRole,
    EventType,
    Keeper,
    derived_event,
    premis,
)
from archive.store.kinds import Deposit, Kept
from archive.workspace.archiving import keeper
from archive.workspace.workspace import Workspace

SUBJECT = "log"
HANDOVERS = "handovers.jsonl"
WITNESSES = "witnesses.jsonl"


def object_id(workspace: str) -> str:
    """Return the id of the object that holds the log of the workspace with that id."""
    return to_urn(derived_id(workspace, SUBJECT))


def deposit(workspace: Workspace, _subject: str) -> Deposit:
    """Return what the log's object is to hold: all that the last checkpoint covers.

    Raises:
        FaultError: An entry is not what was recorded, or the log's files disagree with it.
    """
    workspace.bring_log_up_to_date()
    at = str(workspace.log / CHECKPOINT)
    with workspace.database.reading() as session:
        keyring = rotations.read_keyring(session, workspace.keys)
        note = tiles.read_note(workspace.log) or b""
        signed = keyring.open_checkpoint(note, at=at)
        rows = select(LogEntry).where(LogEntry.index < signed.size)
        entries = session.exec(rows.order_by(col(LogEntry.index))).all()
        handovers = rotations.handovers(session)
        stated = {entry.subject for entry in entries if entry.kind == witnesses.KIND}
        seen = [_seen(row) for row in witnesses.witnesses(session) if row.id in stated]
    return Deposit(
        object_id=object_id(workspace.settings.workspace.id),
        title="The log of what was done in this archive",
        record={
            "origin": signed.origin,
            "size": signed.size,
            "root": signed.root.hex(),
            "keys": [key.text for key in keyring.keys],
            "premis": _premis(entries, handovers, keeper(workspace)),
        },
        files={
            CHECKPOINT: note,
            HANDOVERS: _lines([row.model_dump() for row in handovers]),
            WITNESSES: _lines(seen),
            **{
                _bundle(number): _lines([_line(entry) for entry in entries[start : start + WIDTH]])
                for number, start in enumerate(range(0, len(entries), WIDTH))
            },
        },
    )


def restore(kept: Kept) -> Iterator[SQLModel]:
    """Return the log's rows.

    Raises:
        KeyError, TypeError, ValueError: It is not what `deposit` gave.
    """
    for path in sorted(kept.paths):
        if path.startswith("entries/"):
            yield from (_entry(json.loads(line)) for line in kept.read(path).splitlines())
    for line in kept.read(HANDOVERS).splitlines():
        yield LogHandover(**json.loads(line))
    for line in kept.read(WITNESSES).splitlines():
        row = json.loads(line)
        yield LogWitness(**row | {"evidence": bytes.fromhex(row["evidence"])})


def _premis(
    entries: Sequence[LogEntry], handovers: Iterable[LogHandover], by: Keeper
) -> dict[str, Any]:
    """Return when the log's key was rotated; every other act is an entry of its own."""
    at = {entry.index: entry.at for entry in entries if entry.at is not None}
    events = [
        Event(
            id=derived_event(by.archive, f"handover {row.index}"),
            type=EventType.DIGITAL_SIGNATURE_GENERATION,
            at=at[row.index],
            detail=f"a new key took over; both have signed the checkpoint of {row.size} entries",
            agents=((EventRelatedAgentRole.IMPLEMENTER, by.operator), *BY_PROGRAM),
        )
        for row in handovers
        if row.index in at
    ]
    return premis(events, [by.stated_basis], agents=[by.operator])


def _bundle(number: int) -> str:
    return f"entries/{number:06}.jsonl"


def _line(entry: LogEntry) -> dict[str, Any]:
    if (fault := damage(entry)) is not None:
        raise FaultError(
            fault,
            at=f"log entry {entry.index}",
            mend="Bring the database back from a backup; `emeritus log verify` says more.",
        )
    return entry.model_dump(include={"index", "kind", "subject", "at", "digest"}) | {
        "salt": None if entry.salt is None else as_kept(entry.salt).hex(),
        "content": None if entry.content is None else json.loads(as_kept(entry.content)),
    }


def _entry(line: dict[str, Any]) -> LogEntry:
    salt, content = line.pop("salt"), line.pop("content")
    return LogEntry(
        **line,
        salt=None if salt is None else bytes.fromhex(salt),
        content=None if content is None else canonical_bytes(content),
    )


def _seen(row: LogWitness) -> dict[str, Any]:
    return row.model_dump() | {"evidence": as_kept(row.evidence).hex()}


def _lines(documents: Sequence[dict[str, Any]]) -> bytes:
    return "".join(
        f"{json.dumps(one, ensure_ascii=False, sort_keys=True)}\n" for one in documents
    ).encode()
