"""An export as JSON lines: first what the file holds, then each session and its turns.

It reads nothing but the sessions. `schemas/export.schema.json` says what each line is.
"""

import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from interviews.campaigns.presenting import coverage_document, flow_document
from interviews.exports.exported import ExportedSession, ExportedTurn, interviewing
from interviews.exports.selection import Selection

SCHEMA = "tag:emeritus.invalid,2026:schema/export/1"


def write(sessions: Selection, to: Path) -> None:
    """Write the sessions."""
    with to.open("w", encoding="utf-8", newline="\n") as file:
        for line in _lines(sessions):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _lines(sessions: Selection) -> Iterator[dict[str, Any]]:
    yield {
        "$schema": SCHEMA,
        "kind": "export",
        "sessions": sessions.count,
        "deleted": sessions.deleted,
        "unfinished": sessions.unfinished,
        "software": {"emeritus": version("emeritus")},
        **_what_became(sessions),
    }
    for session in sessions:
        record = session.record
        told = {name: record[name] for name in record if name not in _APART}
        yield {"$schema": SCHEMA, "kind": "session", **told, **interviewing(record["header"])}
        for turn in session.turns:
            yield {"$schema": SCHEMA, "kind": "turn", **turn_fields(session, turn)}


def _what_became(sessions: Selection) -> dict[str, Any]:
    if sessions.flow is None:
        return {}
    return {
        "flow": flow_document(sessions.flow),
        "coverage": coverage_document(sessions.coverage),
    }


_APART = ("header", "unanswered", "probes")  # the archive has them: prompts, machines, attempts


def turn_fields(session: ExportedSession, turn: ExportedTurn) -> dict[str, Any]:
    """Return a turn by itself: with what its session says of it."""
    record, content = session.record, turn.content
    return {
        "session": session.id,
        "model": record["model"],
        "campaign": record.get("campaign"),
        "protocol": record["protocol"],
        "condition": record["condition"],
        "replicate": record["replicate"],
        "pilot": bool(record.get("pilot")),
        "state": record["state"],
        "validity": record["validity"],
        "exclusion_rule": record["exclusion_rule"],
        "origin": session.origin,
        "index": turn.index,
        "speaker": turn.speaker,
        "at": turn.at,
        "withheld": content is None,
        "internal": turn.internal,
        "question": None if content is None else content.question or None,
        "probe": None if content is None else content.probe,
        "declined": None if content is None else content.declined,
        "text": turn.text,
        "blocks": None if content is None else content.blocks,
        "stop_reason": None if content is None else content.stop_reason,
        "provider_model": None if content is None else content.provider_model,
        "request_id": None if content is None else content.request_id,
        "usage": (None if content is None else content.usage) or None,
        "content_digest": turn.content_digest,
        "salt": turn.salt,
        "previous": turn.previous,
        "link": turn.link,
    }
