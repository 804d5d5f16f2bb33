"""Attempts as they are kept: every HTTP try, with the bytes that came back.

An attempt is committed as started before it is sent, so that one that was in flight when this
program died stands on record as lost.
"""

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, select

from archive.canonical import sha256
from archive.identifiers import new_id
from archive.store.erasure import DELETED
from archive.times import to_text
from interviews.participants.seam import Attempt

_LATER = (
    "role",
    "address",
    "question",
    "reserved_input_tokens",
    "reserved_output_tokens",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "headers",
)
"""What attempts of earlier versions do not say."""


class Role(StrEnum):
    """Whose words an attempt seeks."""

    PARTICIPANT = "participant"
    INTERVIEWER = "interviewer"
    JUDGE = "judge"


class AttemptRecord(SQLModel, table=True):
    """One HTTP try, for one turn of a session or one draft of a post."""

    __tablename__ = "attempt"

    id: str = Field(default_factory=new_id, primary_key=True)
    subject: str = Field(index=True)  # a session's, a post's or a fingerprint's id
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
    role: str = Role.PARTICIPANT  # whose words were sought
    address: str | None = None  # who was asked; None: the model of the subject
    question: str | None = None  # the protocol's id of the question that it was for
    reserved_input_tokens: int | None = None  # at most; they count as spent until it has ended
    reserved_output_tokens: int | None = None
    input_tokens: int | None = None  # as the provider counted; None: it said nothing
    output_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    headers: dict[str, str] | None = Field(  # of the response, those that are kept; None: no answer
        default=None, sa_column=Column(JSON(none_as_null=True))
    )

    @property
    def response_body(self) -> bytes:
        """The response body byte for byte as it came."""
        return b"" if self.raw is None else zlib.decompress(self.raw)


def attempt_document(attempt: AttemptRecord) -> dict[str, Any]:
    """Return an attempt without the bytes that came back."""
    document = attempt.model_dump(exclude={"subject", "raw"})
    return {
        name: value
        for name, value in document.items()
        if name not in _LATER or value not in (None, Role.PARTICIPANT)
    }


def by_position(attempts: Iterable[AttemptRecord]) -> Mapping[int, list[AttemptRecord]]:
    """Return attempts by the position that each was made for; of a position without any, none."""
    found: dict[int, list[AttemptRecord]] = defaultdict(list)
    for attempt in attempts:
        found[attempt.position].append(attempt)
    return found


def erase_attempts(session: Session, subject: str) -> None:
    """Destroy what was sent and what came back, and every digest by which it could be guessed."""
    rows = select(AttemptRecord).where(AttemptRecord.subject == subject)
    gone = dict.fromkeys(("message", "request_id", "raw_digest", "raw", "headers"))
    for attempt in session.exec(rows):
        session.add(attempt.sqlmodel_update({"request_digest": DELETED, **gone}))


def erase_what_was_quoted(session: Session, subject: str, positions: Collection[int]) -> None:
    """Destroy what came back for these positions, what failures say, and digests of what was sent."""
    rows = select(AttemptRecord).where(AttemptRecord.subject == subject)
    gone = dict.fromkeys(("message", "raw_digest", "raw"))
    for attempt in session.exec(rows):
        # an error may repeat what was sent
        erased = gone if attempt.position in positions or attempt.failure is not None else {}
        session.add(attempt.sqlmodel_update({"request_digest": DELETED, **erased}))


def ending(attempt: Attempt) -> dict[str, str | int | bytes | dict[str, str] | None]:
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
        "input_tokens": attempt.usage.get("input_tokens"),
        "output_tokens": attempt.usage.get("output_tokens"),
        "cache_read_tokens": attempt.usage.get("cache_read_input_tokens"),
        "cache_write_tokens": attempt.usage.get("cache_creation_input_tokens"),
        "headers": dict(attempt.headers) or None,
    }
