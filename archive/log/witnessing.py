"""Keeping what witnesses say of the log's checkpoints, and checking again what is kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from sqlmodel import Session, select

from archive.canonical import as_kept
from archive.errors import FaultError, InputError
from archive.files import read_bounded
from archive.identifiers import new_id
from archive.log import entries, rotations, tiles
from archive.log.cosignatures import parse_witness_key, read_cosignature
from archive.log.growth import proof_of_growth
from archive.log.keyring import Keyring
from archive.log.notes import (
    MAX_NOTE_BYTES,
    Checkpoint,
    VerifyingKey,
    open_note_of,
    signature_line,
    with_one_signature,
)
from archive.log.tiles import CHECKPOINT
from archive.log.timestamps import read_certificates, verified_stamp
from archive.log.witnesses import COSIGNATURE, KIND, TIMESTAMP, LogWitness
from archive.rendering.terminal import for_terminal
from archive.times import now, to_text
from archive.workspace.workspace import Workspace

AHEAD = timedelta(minutes=5)
"""How far a witness's clock may be before this machine's."""

_OUTSIDE = "Ask somebody who is not you; nothing was kept."


def present_checkpoint(workspace: Workspace) -> tuple[bytes, Checkpoint]:
    """Return the checkpoint that the log has signed last: its bytes, and what it states.

    Raises:
        FaultError: There is none yet, or it is damaged.
    """
    note, at = tiles.read_note(workspace.log) or b"", str(workspace.log / CHECKPOINT)
    with workspace.database.reading() as session:
        keyring = rotations.read_keyring(session, workspace.keys)
    return note, keyring.open_checkpoint(note, at=at)


def keep_cosignature(workspace: Workspace, path: Path, key: str) -> tuple[LogWitness, bool]:
    """Keep the cosignature of a witness on a checkpoint; return it, and whether it is new.

    Args:
        workspace: Whose log it is.
        path: The cosigned checkpoint.
        key: The witness's vkey, or a file that holds it.

    Raises:
        InputError: A file cannot be read, or it is no key of a witness.
        FaultError: It does not verify, or is of no checkpoint that this log grew from.
    """
    note, at = read(path), str(path)
    witness = _read_key(key)
    with workspace.deciding() as session:
        keyring = rotations.read_keyring(session, workspace.keys)
        if witness.public in {own.public for own in keyring.keys}:
            raise FaultError("the log's own key is no outside witness", at=key, mend=_OUTSIDE)
        checkpoint = _grown_from(workspace, keyring, note, at)
        found = read_cosignature(note, witness, at=at)
        return _keep(
            session,
            checkpoint,
            kind=COSIGNATURE,
            name=witness.name,
            at=_time(found.time, at),
            checkpoint=_signed_once(note, keyring, at),
            evidence=found.signature,
            key=witness.text,
        )


def keep_timestamp(
    workspace: Workspace, path: Path, answer: Path, certificate: Path
) -> tuple[LogWitness, bool]:
    """Keep an authority's timestamp of a checkpoint; return it, and whether it is new.

    Args:
        workspace: Whose log it is.
        path: The checkpoint, byte for byte as the authority was asked about it.
        answer: The authority's answer, or the token alone.
        certificate: Certificates that its chain must end in.

    Raises:
        InputError: A file cannot be read, or holds no certificates.
        FaultError: It does not verify, or is of no checkpoint that this log grew from.
    """
    note, at = read(path), str(answer)
    trusted = read_certificates(read(certificate), at=str(certificate))
    with workspace.deciding() as session:
        keyring = rotations.read_keyring(session, workspace.keys)
        checkpoint = _grown_from(workspace, keyring, note, str(path))
        stamp = verified_stamp(read(answer), note, trusted, at=at)
        return _keep(
            session,
            checkpoint,
            kind=TIMESTAMP,
            name=_name(stamp.authority),
            at=_time(stamp.time.timestamp(), at),
            checkpoint=note.decode(),
            evidence=stamp.token,
            key="".join(one.public_bytes(Encoding.PEM).decode() for one in trusted),
        )


def check(row: LogWitness, keyring: Keyring, *, at: str) -> Checkpoint:
    """Return the checkpoint of a row that is kept, if everything in the row still verifies.

    Raises:
        EmeritusError: It does not.
    """
    note, evidence = row.checkpoint.encode(), as_kept(row.evidence)
    checkpoint = keyring.open_checkpoint(note, at=at)
    if row.kind == COSIGNATURE:
        witness = parse_witness_key(row.key, at=at)
        cosigned = note + signature_line(witness.name, evidence).encode()
        seconds: float = read_cosignature(cosigned, witness, at=at).time
        name = witness.name
    else:
        stamp = verified_stamp(evidence, note, read_certificates(row.key.encode(), at=at), at=at)
        seconds, name = stamp.time.timestamp(), _name(stamp.authority)
    said = (name, _text(seconds), checkpoint.size, checkpoint.root.hex())
    if said != (row.name, row.at, row.size, row.root):
        raise FaultError("is not what the witness said", at=at, mend="Bring back what was kept.")
    return checkpoint


def read(path: Path) -> bytes:
    """Return the bytes of a file that somebody outside has made.

    Raises:
        InputError: It cannot be read, or is larger than such files are.
    """
    mend = "Name the file that was given to the witness, or that came from it."
    try:
        return read_bounded(path.resolve(), MAX_NOTE_BYTES)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", at=str(path), mend=mend) from error
    except ValueError as error:
        raise InputError(str(error), at=str(path), mend=mend) from error


def _read_key(typed: str) -> VerifyingKey:
    """Return the witness's key: no file is named with a plus and a vkey has two."""
    if typed.count("+") >= 2 and not Path(typed).is_file():
        return parse_witness_key(typed, at="--key")
    return parse_witness_key(read(Path(typed)).decode(errors="replace"), at=typed)


def _grown_from(workspace: Workspace, keyring: Keyring, note: bytes, at: str) -> Checkpoint:
    checkpoint = keyring.open_checkpoint(note, at=at)
    _, signed = present_checkpoint(workspace)
    proof_of_growth(workspace.log, checkpoint, signed, at=at)
    return checkpoint


def _signed_once(note: bytes, keyring: Keyring, at: str) -> str:
    """Return the checkpoint with the log's own signature and no other."""
    _, signers = open_note_of(note, keyring.keys, at=at)
    return with_one_signature(note, signers[-1], at=at)


def _name(text: str) -> str:
    """Return a name from outside on one line, and safe to print."""
    return for_terminal(" ".join(text.split()))


def _time(seconds: float, at: str) -> str:
    if seconds <= (now() + AHEAD).timestamp():
        return _text(seconds)
    raise FaultError(
        "its time is in the future",
        at=at,
        mend="See that this machine's clock is right; else the witness's is wrong.",
    )


def _text(seconds: float) -> str:
    return to_text(datetime.fromtimestamp(seconds, UTC))


def _keep(
    session: Session,
    of: Checkpoint,
    **said: Any,  # noqa: ANN401  # the other fields of the row
) -> tuple[LogWitness, bool]:
    """Keep what a witness said of a checkpoint, unless it is kept; return it, and if it is new."""
    row = LogWitness(id=new_id(), size=of.size, root=of.root.hex(), added_at=to_text(now()), **said)
    there = select(LogWitness).where(LogWitness.kind == row.kind, LogWitness.size == row.size)
    for kept in session.exec(there):
        if (as_kept(kept.evidence), kept.key) == (row.evidence, row.key):
            session.expunge(kept)
            return kept, False
    entries.record(session, KIND, row)
    return row, True
