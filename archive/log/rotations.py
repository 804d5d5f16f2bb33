"""Rotations of the log's key: a logged statement, then the checkpoint that both keys sign.

The entry of kind `rotation` comes first. Whoever writes to the log next hands over to the key
that it names: the last checkpoint of the old key is signed by both, and is kept here, for the
old private key is gone then.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlmodel import Field, Session, SQLModel, col, select

from archive.errors import FaultError
from archive.log.entries import LogEntry
from archive.log.keyring import Keyring, Term
from archive.log.keys import PUBLIC, read_next_key, read_verifying_key
from archive.log.notes import VerifyingKey, parse_verifying_key

KIND = "rotation"


class LogHandover(SQLModel, table=True):
    """One key that took over from another."""

    __tablename__ = "log_handover"

    index: int = Field(primary_key=True)  # of the log entry that states it
    old: str  # a vkey
    new: str  # a vkey
    size: int  # of the checkpoint that both have signed
    note: str  # that checkpoint


def subject_of(key: VerifyingKey) -> str:
    """Return the id under which the log holds the statement that `key` takes over."""
    return key.key_id.hex()


def stated(session: Session, key: VerifyingKey) -> LogEntry | None:
    """Return the log's entry that names `key` as the next one."""
    rows = select(LogEntry).where(LogEntry.subject == subject_of(key), LogEntry.kind == KIND)
    return session.exec(rows).first()


def handovers(session: Session) -> Sequence[LogHandover]:
    """Return every hand-over, oldest first."""
    return session.exec(select(LogHandover).order_by(col(LogHandover.index))).all()


def read_keyring(session: Session, folder: Path) -> Keyring:
    """Return the log's keys; `folder` holds the one that signs.

    Raises:
        InputError: The public half is missing, unreadable or damaged.
        FaultError: It is not that of the key that took over last.
    """
    there, rows = read_verifying_key(folder), handovers(session)
    if not rows:
        return Keyring(there)
    current = parse_verifying_key(rows[-1].new, at="log_handover")
    if current not in {there, read_next_key(folder)}:
        raise FaultError(
            f"not the log's key: since entry {rows[-1].index} that is {current.text}",
            at=str(folder / PUBLIC),
            mend="Bring the folder `keys` back from a backup made after that rotation.",
        )
    former = (Term(parse_verifying_key(row.old, at="log_handover"), row.size) for row in rows)
    return Keyring(current, tuple(former))


def key_list(session: Session, folder: Path, *, since: str) -> list[dict[str, str | None]]:
    """Return the log's keys, oldest first, for `key list`; the first signs `since` then.

    Raises:
        InputError: The public half is missing, unreadable or damaged.
        FaultError: It is not that of the key that took over last.
    """
    keyring = read_keyring(session, folder)
    entries = (session.get_one(LogEntry, row.index) for row in handovers(session))
    times = [since, *(entry.at for entry in entries)]
    return [
        {
            "name": key.name,
            "key_id": key.key_id.hex(),
            "vkey": key.text,
            "since": time,
            "state": "signs" if key == keyring.current else "retired",
        }
        for key, time in zip(keyring.keys, times, strict=True)
    ]
