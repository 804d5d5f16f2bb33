"""The log's entries: each in one transaction with the change that it records.

An entry's leaf holds a kind, an id and a salted digest: no names and no text. What was
digested is kept beside it with its salt, and goes with it when something is deleted.
"""

import secrets
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from sqlmodel import Field, Session, SQLModel, col, func, select

from archive.canonical import SALT_BYTES, Canonical, as_kept, canonical_bytes, salted_digest
from archive.identifiers import new_id
from archive.times import now, to_text


class LogEntry(SQLModel, table=True):
    """One act, as the log holds it."""

    __tablename__ = "log_entry"

    index: int = Field(primary_key=True)  # from 0, without gaps
    kind: str  # approval, session end, seal, review, release, publication, policy, …
    subject: str = Field(index=True)  # the id of what it is about
    at: str | None  # RFC 3339; None: unknown, it was put back from the log's files
    digest: str  # sha256(salt ‖ content), hex
    salt: bytes | None  # None: destroyed with the content
    content: bytes | None  # canonical bytes of what was done

    @property
    def leaf(self) -> bytes:
        """The bytes that the Merkle tree hashes."""
        return canonical_bytes({"digest": self.digest, "id": self.subject, "kind": self.kind})


class Act(Protocol):
    """A row of something that was done, and what the log holds of it."""

    id: str

    @property
    def statement(self) -> Any:  # noqa: ANN401  # a Canonical
        """What the log holds of it."""
        ...


class WholeAct(SQLModel):
    """The base of acts that the log holds whole."""

    id: str = Field(default_factory=new_id, primary_key=True)

    @property
    def statement(self) -> dict[str, Any]:
        """What the log holds of it."""
        return self.model_dump(exclude_none=True)


def record(session: Session, kind: str, act: Act) -> None:
    """Add an act and its entry in the caller's transaction; the row outlives the session."""
    session.add(act)
    append(session, kind, act.id, act.statement)
    session.flush()
    session.expunge(act)


def append(session: Session, kind: str, subject: str, content: Canonical) -> LogEntry:
    """Add an entry in the caller's transaction; if it cannot be written, the act is undone."""
    entry = _entry(size(session), kind, subject, content)
    session.add(entry)
    session.flush()
    return entry


def append_all(session: Session, kind: str, acts: Iterable[tuple[str, Canonical]]) -> None:
    """Add an entry for each subject and what was done with it, as `append` does for one."""
    first = size(session)
    rows = [
        _entry(index, kind, subject, content).model_dump()
        for index, (subject, content) in enumerate(acts, start=first)
    ]
    if rows:
        session.connection().execute(SQLModel.metadata.tables["log_entry"].insert(), rows)


def _entry(index: int, kind: str, subject: str, content: Canonical) -> LogEntry:
    salt, body = secrets.token_bytes(SALT_BYTES), canonical_bytes(content)
    return LogEntry(
        index=index,
        kind=kind,
        subject=subject,
        at=to_text(now()),
        digest=salted_digest(salt, body),
        salt=salt,
        content=body,
    )


def destroy(session: Session, kind: str, subject: str) -> None:
    """Destroy what was logged of one kind about a subject, with its salt; the leaf stays."""
    rows = select(LogEntry).where(LogEntry.kind == kind, LogEntry.subject == subject)
    for entry in session.exec(rows):
        session.add(entry.sqlmodel_update({"content": None, "salt": None}))


def disagreement(entry: LogEntry | None, stated: Canonical) -> str | None:
    """Return how what a row states disagrees with the log's entry of it; None: it does not.

    Of an entry whose content was destroyed nothing can be said.
    """
    if entry is None:
        return "the log has no entry of it"
    if entry.content is None or entry.salt is None:
        return None
    if (fault := damage(entry)) is not None:
        return fault
    same = as_kept(entry.content) == canonical_bytes(stated)
    return None if same else "it is not what the log has of it"


def damage(entry: LogEntry) -> str | None:
    """Return what is wrong with an entry itself; None: its digest holds, or nothing is left."""
    if entry.content is None or entry.salt is None:
        return None
    same = salted_digest(as_kept(entry.salt), as_kept(entry.content)) == entry.digest
    return None if same else "its log entry is not what was recorded"


def size(session: Session) -> int:
    """Return how many entries there are."""
    last: int | None = session.exec(select(func.max(LogEntry.index))).one()
    return 0 if last is None else last + 1


def leaves(session: Session, start: int) -> Iterator[bytes]:
    """Return the leaves from the entry `start` on."""
    rows = select(LogEntry).where(col(LogEntry.index) >= start).order_by(col(LogEntry.index))
    # a long log is not read into memory at once
    return (entry.leaf for entry in session.exec(rows.execution_options(yield_per=256)))
