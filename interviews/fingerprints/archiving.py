"""A fingerprint in the store: all that was asked and replied, and the bytes that came."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from archive.canonical import canonical_bytes, sha256
from archive.identifiers import to_urn
from archive.records import premis
from archive.records.premis import (
    Event,
    EventOutcome,
    EventRelatedAgentRole,
    EventType,
    Keeper,
)
from archive.store.kinds import Deposit, Kept
from archive.workspace.archiving import keeper
from archive.workspace.workspace import Workspace
from interviews.attempts import AttemptRecord, attempt_document
from interviews.fingerprints.fingerprint import Fingerprint, fingerprints_of

_BESIDE = ("$schema", "digest", "attempts", "premis")
"""What stands in the record beside the content that the digest covers."""


def taken(workspace: Workspace) -> Sequence[str]:
    """Return the ids of the fingerprints that were taken to their end."""
    with workspace.database.reading() as session:
        return [row.id for row in fingerprints_of(session, None) if row.digest is not None]


def deposit(workspace: Workspace, identifier: str) -> Deposit:
    """Return what the object of a fingerprint is to hold."""
    with workspace.database.reading() as session:
        row = session.get_one(Fingerprint, identifier)
        attempts = _attempts_of(session, identifier)
    document = row.document
    documents = [attempt_document(attempt) for attempt in attempts]
    return Deposit(
        object_id=to_urn(identifier),
        title=f"A fingerprint of the language model {row.model}, begun {row.begun_at[:10]}",
        record=document
        | {
            "digest": row.digest,
            "attempts": documents,
            "premis": _premis(document, keeper(workspace)),
        },
        files={
            _body(attempt.position, attempt.number): attempt.response_body
            for attempt in attempts
            if attempt.raw is not None
        },
    )


def restore(kept: Kept) -> Iterator[SQLModel]:
    """Return the rows of a fingerprint.

    Raises:
        KeyError, TypeError, ValueError: It is not what `deposit` gave.
    """
    record = kept.record
    content = canonical_bytes({name: record[name] for name in record if name not in _BESIDE})
    if sha256(content) != record["digest"]:
        raise ValueError("its digest is not that of what it holds")
    same = {name: record[name] for name in ("id", "model", "begun_at", "ended_at", "digest")}
    yield Fingerprint(content=content, **same)
    for attempt in record["attempts"]:
        body = _body(attempt["position"], attempt["number"])
        raw = zlib.compress(kept.read(body)) if body in kept.paths else None
        yield AttemptRecord(subject=record["id"], raw=raw, **attempt)


def _premis(document: Mapping[str, Any], by: Keeper) -> dict[str, Any]:
    """Return the events, agents and rights of a fingerprint: its end is one transaction."""
    identifier, at = document["id"], document["ended_at"]
    software = premis.programs(document["software"])
    program = premis.program(document["software"])
    answering = premis.language_model(document["model"], address=document["participant"])
    by_program = (EventRelatedAgentRole.EXECUTING_PROGRAM, program)
    events = (
        Event(
            id=premis.derived_event(identifier, "taken"),
            type=EventType.CAPTURE,
            at=at,
            detail=f"{len(document['replies'])} replies to fixed prompts recorded",
            agents=(by_program, (EventRelatedAgentRole.IMPLEMENTER, answering)),
            outcome=EventOutcome.SUCCESS,
        ),
        Event(
            id=premis.derived_event(identifier, "digested"),
            type=EventType.MESSAGE_DIGEST_CALCULATION,
            at=at,
            detail="SHA-256 of each text, and of the fingerprint",
            agents=(by_program,),
        ),
    )
    engine = premis.service(document["engine"])
    return premis.premis(
        events, [by.stated_basis], agents=[*software, answering, engine, by.operator]
    )


def _attempts_of(session: Session, identifier: str) -> Sequence[AttemptRecord]:
    rows = select(AttemptRecord).where(AttemptRecord.subject == identifier)
    return session.exec(rows.order_by(col(AttemptRecord.position), col(AttemptRecord.number))).all()


def _body(position: int, number: int) -> str:
    return f"raw/{position:03}-{number}"
