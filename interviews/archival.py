"""The interviews' kinds: sessions, sealed and released whole, and turns, which can be withheld."""

import json
from collections.abc import Sequence
from pathlib import Path

from archive.errors import InputError
from archive.identifiers import to_urn
from archive.store.kinds import Deposit, Kind
from archive.workspace.workspace import Workspace
from interviews.sessions.presenting import attempt_document, session_record, turn_record
from interviews.sessions.reading import attempts_of, load_session, sessions_of, turns_of
from interviews.sessions.records import state_of

SCHEMAS = Path(__file__).parent / "schemas"


def _find_session(workspace: Workspace, typed: str) -> str:
    with workspace.database.reading() as session:
        row = load_session(session, typed)
        if not state_of(row).ended:
            raise InputError(
                "has not ended",
                at=f"session {typed}",
                mend="Go on with `emeritus interview resume`; then it can be released.",
            )
        return row.id


def _find_turn(workspace: Workspace, typed: str) -> str:
    """Return the subject of a turn that was typed as SESSION:INDEX."""
    identifier, _, index = typed.partition(":")
    found = _find_session(workspace, identifier)
    with workspace.database.reading() as session:
        length = len(turns_of(session, found))
    if not (index.isascii() and index.isdigit() and int(index) < length):
        raise InputError(
            "no such turn",
            at=typed,
            mend=f"Write SESSION:INDEX, with an index from 0 to {length - 1}."
            if length
            else "Nothing was said in this session.",
        )
    return f"{found}:{int(index)}"


def _ended_sessions(workspace: Workspace) -> Sequence[str]:
    with workspace.database.reading() as session:
        return [row.id for row in sessions_of(session) if state_of(row).ended]


def _session_deposit(workspace: Workspace, identifier: str) -> Deposit:
    with workspace.database.reading() as session:
        row = load_session(session, identifier)
        turns, attempts = turns_of(session, identifier), attempts_of(session, identifier)
    lines = (
        turn_record(turn)
        | {"attempts": [attempt_document(one) for one in attempts if one.position == turn.index]}
        for turn in turns
    )
    written = (json.dumps(line, ensure_ascii=False, sort_keys=True) for line in lines)
    bodies = {
        f"raw/{one.position:03}-{one.number}": one.response_body
        for one in attempts
        if one.raw is not None
    }
    return Deposit(
        object_id=to_urn(identifier),
        title=f"An interview with the language model {row.model}, begun {row.started_at[:10]}",
        record=session_record(row, turns, attempts),
        files={"turns.jsonl": "".join(f"{line}\n" for line in written).encode(), **bodies},
    )


KINDS = (
    Kind(
        name="session",
        find=_find_session,
        sealable=_ended_sessions,
        deposit=_session_deposit,
        schema=SCHEMAS / "session.schema.json",
    ),
    Kind(name="turn", find=_find_turn),
)
