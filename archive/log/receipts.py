"""Receipts: what proves, to whoever has the log's public key, that an entry is in the log.

`docs/verify_receipt.py` verifies them and knows nothing of this program;
`docs/verify_receipt_in_full.py` follows keys and witnesses too. The latter holds the digests of what
they say: change both together, under a new version of the schema, and let the old ones stand.
"""

from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from archive.canonical import as_kept
from archive.errors import FaultError, InputError
from archive.log import merkle, rotations, tiles
from archive.log.entries import LogEntry
from archive.log.growth import proof_of_growth
from archive.log.keyring import Keyring
from archive.log.notes import (
    Checkpoint,
    parse_verifying_key,
    to_base64,
    with_one_signature,
)
from archive.log.rotations import LogHandover
from archive.log.tiles import CHECKPOINT
from archive.log.witnesses import LogWitness, covering
from archive.workspace.workspace import Workspace

SCHEMA = "tag:emeritus.invalid,2026:schema/receipt/2"
SHOWS = (
    "The log whose key this is has the entry `leaf` at the place `index`, among as many entries "
    "as the checkpoint says. Where salt and content are given, the entry is about that content."
)
WITNESSED = " By the clock of {name} the log had this entry by {at}."
"""What each witness adds to that."""

DOES_NOT_SHOW = (
    "When it was done: times are by the operator's clock only, no outside witness has signed. "
    "Nor that the content is true, nor that nobody was shown another log: compare checkpoints "
    "with others, and keep this one."
)
DOES_NOT_SHOW_BUT = (
    "When it was done, but that it was not later than the witnesses say, whose evidence you check "
    "with their own keys: all other times are by the operator's clock only. Nor that the content "
    "is true, nor that nobody was shown another log: compare checkpoints with others, and keep "
    "this one."
)
"""The same, where there are witnesses."""


def find_entry(session: Session, kind: str, subject: str) -> LogEntry:
    """Return the last entry of `kind` about `subject`.

    Raises:
        InputError: There is none.
    """
    rows = select(LogEntry).where(LogEntry.subject == subject, LogEntry.kind == kind)
    if entry := session.exec(rows.order_by(col(LogEntry.index).desc())).first():
        return entry
    raise InputError(
        f"the log has no entry {kind!r} of it",
        at=subject,
        mend="KIND is as the log has it: release, publication, review, policy, seal, …",
    )


def find_entry_at(session: Session, index: int) -> LogEntry:
    """Return the entry at `index`.

    Raises:
        InputError: There is none.
    """
    if 0 <= index < 2**63 and (entry := session.get(LogEntry, index)):
        return entry
    raise InputError(
        "the log has no such entry",
        at=str(index),
        mend="Entries are counted from 0; `emeritus log verify` says how many there are.",
    )


def receipt(
    workspace: Workspace,
    session: Session,
    entry: LogEntry,
    *,
    with_content: bool,
    kept: tuple[str, bytes] | None,
) -> dict[str, Any]:
    """Return the receipt of `entry` as a JSON document.

    Args:
        workspace: Whose log it is.
        session: Reads its database.
        entry: What is to be proven.
        with_content: Put the content and its salt into it too, if they are there.
        kept: An earlier checkpoint, as its name and its bytes; the receipt then proves that
            the log grew from it.

    Raises:
        FaultError: The entry is not signed yet, its content was destroyed, or the log is
            damaged or did not grow from `kept`.
    """
    keyring = rotations.read_keyring(session, workspace.keys)
    note = tiles.read_note(workspace.log) or b""
    at = str(workspace.log / CHECKPOINT)
    now = keyring.open_checkpoint(note, at=at)
    signed = with_one_signature(note, keyring.current, at=at)
    seen = covering(session, entry.index)
    said = "".join(WITNESSED.format(name=row.name, at=row.at) for row in seen)
    return {
        "$schema": SCHEMA,
        "shows": SHOWS + said,
        "does_not_show": DOES_NOT_SHOW_BUT if seen else DOES_NOT_SHOW,
        "key": keyring.current.text,
        **_proven(workspace.log, entry, signed, now, with_content=with_content),
        "rotations": [
            _rotation(workspace.log, session, row, keyring) for row in rotations.handovers(session)
        ],
        "grew_from": kept and _consistency(workspace.log, *kept, keyring, now),
        "witnesses": [_witness(workspace.log, row, keyring, now) for row in seen],
    }


def _rotation(log: Path, session: Session, row: LogHandover, keyring: Keyring) -> dict[str, Any]:
    note, at = row.note.encode(), f"hand-over at entry {row.index}"
    # what leads from the old key to the new one is what the old one has signed
    signed = with_one_signature(note, parse_verifying_key(row.old, at=at), at=at)
    entry = session.get_one(LogEntry, row.index)
    return _proven(log, entry, signed, keyring.open_checkpoint(note, at=at), with_content=True)


def _proven(
    log: Path, entry: LogEntry, note: str, signed: Checkpoint, *, with_content: bool
) -> dict[str, Any]:
    if entry.index >= signed.size:
        raise FaultError(
            "not signed yet: it was logged, but the log's files were not written",
            at=f"entry {entry.index}",
            mend="The next decision signs it.",
        )
    if with_content and (entry.content is None or entry.salt is None):
        raise FaultError(
            "its content was destroyed",
            at=f"entry {entry.index}",
            mend="Ask for the receipt without it.",
        )
    hashes = tiles.stored_hashes(log, signed.size)
    proof = merkle.inclusion_proof(entry.index, signed.size, hashes)
    if not merkle.verify_inclusion(
        merkle.leaf_hash(entry.leaf), entry.index, signed.size, proof, signed.root
    ):
        raise FaultError(
            "not the entry that was signed",
            at=f"entry {entry.index}",
            mend="See what `emeritus log verify` says.",
        )
    return {
        "index": entry.index,
        "leaf": entry.leaf.decode(),
        "salt": to_base64(as_kept(entry.salt)) if with_content else None,
        "content": as_kept(entry.content).decode() if with_content else None,
        "proof": [to_base64(sibling) for sibling in proof],
        "checkpoint": note,
    }


def _witness(log: Path, row: LogWitness, keyring: Keyring, now: Checkpoint) -> dict[str, Any]:
    at = f"witness {row.id}"
    old = keyring.open_checkpoint(row.checkpoint.encode(), at=at)
    return {
        "kind": row.kind,
        "name": row.name,
        "at": row.at,
        "checkpoint": row.checkpoint,
        "evidence": to_base64(as_kept(row.evidence)),
        "key": row.key,
        "proof": [to_base64(sibling) for sibling in proof_of_growth(log, old, now, at=at)],
    }


def _consistency(
    log: Path, name: str, note: bytes, keyring: Keyring, now: Checkpoint
) -> dict[str, Any]:
    old = keyring.open_checkpoint(note, at=name)
    proof = proof_of_growth(log, old, now, at=name)
    return {"size": old.size, "proof": [to_base64(sibling) for sibling in proof]}
