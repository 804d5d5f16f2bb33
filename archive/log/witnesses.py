"""Witnesses: who outside has seen a checkpoint of the log, and by their clock when.

A row holds all that a stranger needs to check it: the checkpoint, what the witness made of it,
and the witness's key. `archive.log.witnessing` checks it before it is kept.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import Field, Session, SQLModel, col, select

from archive.canonical import Canonical, as_kept

KIND = "witness"
"""The kind of their log entries."""

COSIGNATURE = "cosignature"
TIMESTAMP = "timestamp"

_SHOWN = 3  # in a receipt


class LogWitness(SQLModel, table=True):
    """What one witness has said of one checkpoint."""

    __tablename__ = "log_witness"

    id: str = Field(primary_key=True)  # UUIDv7
    kind: str  # cosignature or timestamp
    name: str  # of a cosigner's key, or the subject of an authority's certificate (RFC 4514)
    size: int  # entries in the checkpoint
    root: str  # of the checkpoint, hex
    at: str  # by the witness's clock, RFC 3339
    checkpoint: str  # the note that was witnessed, with the log's signature
    evidence: bytes  # a note's signature by C2SP tlog-cosignature, or a TimeStampToken in DER
    key: str  # a vkey, or certificates in PEM
    added_at: str  # by the operator's clock, RFC 3339

    @property
    def statement(self) -> Canonical:
        """What the log says of it."""
        return {
            "at": self.at,
            "evidence": hashlib.sha256(as_kept(self.evidence)).hexdigest(),
            "kind": self.kind,
            "name": self.name,
            "root": self.root,
            "size": self.size,
        }

    def to_json(self) -> dict[str, Any]:
        """Return the row as `log witness list` shows it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "name": self.name,
            "size": self.size,
            "root": self.root,
            "at": self.at,
            "added_at": self.added_at,
            "key": self.key,
        }

    def to_text(self) -> str:
        """Return what it says, as one line."""
        return f"By the clock of {self.name} the log had its first {self.size} entries by {self.at}"


def witnesses(session: Session) -> Sequence[LogWitness]:
    """Return all that is kept, in the order in which it came."""
    return session.exec(select(LogWitness).order_by(LogWitness.id)).all()


def covering(session: Session, index: int) -> list[LogWitness]:
    """Return who has seen the log with the entry at `index`: each once, at most three, earliest first."""
    rows = select(LogWitness).where(col(LogWitness.size) > index)
    earliest = _first_of_each(session.exec(rows.order_by(LogWitness.at, LogWitness.id)))
    return earliest[:_SHOWN]


def _first_of_each(rows: Iterable[LogWitness]) -> list[LogWitness]:
    found: dict[tuple[str, str], LogWitness] = {}
    for row in rows:
        found.setdefault((row.kind, row.key), row)
    return list(found.values())
