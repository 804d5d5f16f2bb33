"""Attempts as they are kept: every HTTP try, with the bytes that came back.

An attempt is committed as started before it is sent, so that one that was in flight when this
program died stands on record as lost.
"""

import zlib

from sqlmodel import Field, Session, SQLModel, select

from archive.canonical import sha256
from archive.identifiers import new_id
from archive.store.erasure import DELETED
from archive.times import to_text
from interviews.participants.seam import Attempt


class AttemptRecord(SQLModel, table=True):
    """One HTTP try, for one turn of a session or one draft of a post."""

    __tablename__ = "attempt"

    id: str = Field(default_factory=new_id, primary_key=True)
    subject: str = Field(index=True)  # a session's or a post's id
    position: int  # the index of the turn, or the number of the draft, that it is for
    number: int  # from 1, within the position
    request_digest: str  # sha256 of the request's canonical bytes; or DELETED
    started_at: str
    ended_at: str | None = None  # None: in flight, or lost
    failure: str | None = None  # a Cause; None: a whole reply came, or in flight
    message: str | None = None  # what the provider said of the failure
    retry_after: int | None = None  # milliseconds, as the provider asked
    status: int | None = None  # HTTP
    request_id: str | None = None
    raw_digest: str | None = None  # sha256 of the response body's bytes
    raw: bytes | None = None  # the response body, deflated

    @property
    def response_body(self) -> bytes:
        """The response body byte for byte as it came."""
        return b"" if self.raw is None else zlib.decompress(self.raw)


def erase_attempts(session: Session, subject: str) -> None:
    """Destroy what was sent and what came back, and every digest by which it could be guessed."""
    rows = select(AttemptRecord).where(AttemptRecord.subject == subject)
    gone = dict.fromkeys(("message", "request_id", "raw_digest", "raw"))
    for attempt in session.exec(rows):
        session.add(attempt.sqlmodel_update({"request_digest": DELETED, **gone}))


def ending(attempt: Attempt) -> dict[str, str | int | bytes | None]:
    """Return the columns of an `AttemptRecord` that are known once the attempt has ended."""
    failure = attempt.failure
    wait = None if failure is None else failure.retry_after
    return {
        "ended_at": to_text(attempt.ended_at),
        "failure": None if failure is None else str(failure.cause),
        "message": None if failure is None else failure.message,
        "retry_after": None if wait is None else round(wait * 1000),
        "status": attempt.status,
        "request_id": attempt.request_id,
        "raw_digest": sha256(attempt.raw),
        "raw": zlib.compress(attempt.raw),
    }
