"""A session in the store: from its files every digest follows, and its rows can be put back."""

import json
import zlib
from collections.abc import Iterator
from typing import Any

from sqlmodel import SQLModel

from archive.canonical import canonical_bytes
from archive.identifiers import to_urn
from archive.store.kinds import Deposit, Kept
from archive.workspace.archiving import keeper
from archive.workspace.workspace import Workspace
from interviews.attempts import AttemptRecord, attempt_document, by_position
from interviews.sessions.acts import premis_of_session
from interviews.sessions.imported import source_key
from interviews.sessions.presenting import session_record, turn_record
from interviews.sessions.reading import (
    attempts_of,
    load_session,
    probes_of,
    turns_of,
    words_deleted_with,
)
from interviews.sessions.records import InterviewSession, Probe, Turn

TURNS = "turns.jsonl"


def deposit(workspace: Workspace, identifier: str) -> Deposit:
    """Return what the object of a session is to hold."""
    with workspace.database.reading() as session:
        row = load_session(session, identifier)
        turns, attempts = turns_of(session, identifier), attempts_of(session, identifier)
        probes = probes_of(session, identifier)
        gone = words_deleted_with(session, row)
    record = session_record(row, turns, attempts, probes, gone)
    of_turn = by_position(attempts)
    lines = (
        turn_record(turn) | {"attempts": list(map(attempt_document, of_turn[turn.index]))}
        for turn in turns
    )
    written = (json.dumps(line, ensure_ascii=False, sort_keys=True) for line in lines)
    bodies = {
        _body(one.position, one.number): one.response_body
        for one in attempts
        if one.raw is not None
    }
    return Deposit(
        object_id=to_urn(identifier),
        title=f"An interview with the language model {row.model}, begun {row.started_at[:10]}",
        record=record
        | {
            "premis": premis_of_session(
                row, length=record["length"], head=record["head"], keeper=keeper(workspace)
            )
        },
        files={TURNS: "".join(f"{line}\n" for line in written).encode(), **bodies},
    )


def restore(kept: Kept) -> Iterator[SQLModel]:
    """Return the rows of a session.

    Raises:
        KeyError, TypeError, ValueError: It is not what `deposit` gave.
    """
    record, turns = kept.record, [json.loads(line) for line in kept.read(TURNS).splitlines()]
    same = {name: record[name] for name in InterviewSession.model_fields if name in record}
    protocol, origin = record["protocol"], record.get("origin")
    rest = {
        "protocol": None if protocol is None else protocol["digest"],
        "header": canonical_bytes(record["header"]),
        "source": None if origin is None else source_key(origin),
    }
    yield InterviewSession(**(same | rest))
    for turn in turns:
        content, salt = turn["content"], turn["salt"]
        yield Turn(
            session=record["id"],
            content=None if content is None else canonical_bytes(content),
            salt=None if salt is None else bytes.fromhex(salt),
            **{name: turn[name] for name in LINKED},
        )
    for probe in record.get("probes", ()):
        yield Probe(session=record["id"], **probe)
    of_turns = (attempt for turn in turns for attempt in turn["attempts"])
    for attempt in (*of_turns, *record["unanswered"]):
        yield _attempt(kept, attempt)


LINKED = ("index", "speaker", "at", "content_digest", "previous", "link")


def _attempt(kept: Kept, attempt: dict[str, Any]) -> AttemptRecord:
    fields = {name: attempt[name] for name in AttemptRecord.model_fields if name in attempt}
    body = _body(attempt["position"], attempt["number"])
    raw = zlib.compress(kept.read(body)) if body in kept.paths else None
    return AttemptRecord(subject=kept.record["id"], raw=raw, **fields)


def _body(position: int, number: int) -> str:
    return f"raw/{position:03}-{number}"
