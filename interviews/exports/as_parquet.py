"""An export as Parquet: turns as rows, conditions as columns, every row complete by itself."""

import json
import pkgutil
from pathlib import Path
from typing import Any

from interviews.exports.as_jsonl import turn_fields
from interviews.exports.exported import ExportedSession, ExportedTurn
from interviews.exports.selection import Selection

LARGEST_ROW = 512 * 1024**2  # bytes of JSON
_CONDITION = "condition_"
_COLUMNS = {
    "session": "VARCHAR",
    "model": "VARCHAR",
    "campaign": "VARCHAR",
    "protocol": "VARCHAR",
    "protocol_version": "INTEGER",
    "protocol_digest": "VARCHAR",
    "replicate": "INTEGER",
    "pilot": "BOOLEAN",
    "state": "VARCHAR",
    "validity": "VARCHAR",
    "exclusion_rule": "VARCHAR",
    "started_at": "VARCHAR",
    "ended_at": "VARCHAR",
    "origin_file": "VARCHAR",
    "origin_sha256": "VARCHAR",
    "origin_place": "VARCHAR",
    "index": "INTEGER",
    "speaker": "VARCHAR",
    "at": "VARCHAR",
    "withheld": "BOOLEAN",
    "internal": "BOOLEAN",
    "question": "VARCHAR",
    "probe": "VARCHAR",
    "declined": "VARCHAR",
    "text": "VARCHAR",
    "blocks": "VARCHAR",
    "stop_reason": "VARCHAR",
    "provider_model": "VARCHAR",
    "request_id": "VARCHAR",
    "input_tokens": "BIGINT",
    "output_tokens": "BIGINT",
    "content_digest": "VARCHAR",
    "salt": "VARCHAR",
    "previous": "VARCHAR",
    "link": "VARCHAR",
}


def write(sessions: Selection, to: Path) -> None:
    """Write the sessions, by way of a file of JSON lines beside `to`."""
    lines = to.with_name(f"{to.name}.jsonl")
    conditions: dict[str, None] = {}
    try:
        with lines.open("w", encoding="utf-8", newline="\n") as file:
            for session in sessions:
                conditions |= dict.fromkeys(session.record["condition"])
                for turn in session.turns:
                    file.write(json.dumps(_row(session, turn)) + "\n")
        _convert(lines, to, [f"{_CONDITION}{name}" for name in conditions])
    finally:
        lines.unlink(missing_ok=True)


def _convert(lines: Path, to: Path, conditions: list[str]) -> None:
    columns = {**dict.fromkeys(conditions, "VARCHAR"), **_COLUMNS}
    shape = ", ".join(f"{_text(name)}: {_text(kind)}" for name, kind in columns.items())
    source = (
        f"read_json({_text(str(lines))}, format = 'newline_delimited', columns = {{{shape}}},"
        f" maximum_object_size = {LARGEST_ROW})"
    )
    duckdb = pkgutil.resolve_name("duckdb")  # 25 MB, and wanted here alone
    with duckdb.connect(config={"threads": 1, "preserve_insertion_order": True}) as connection:
        connection.execute(
            f"COPY (SELECT * FROM {source}) TO {_text(str(to))} (FORMAT parquet, COMPRESSION zstd)"  # noqa: S608  # every name is quoted
        )


def _row(session: ExportedSession, turn: ExportedTurn) -> dict[str, Any]:
    fields = turn_fields(session, turn)
    protocol, origin = fields.pop("protocol") or {}, fields.pop("origin") or {}
    usage, blocks = fields.pop("usage") or {}, fields.pop("blocks")
    condition = fields.pop("condition")
    return {
        **fields,
        **{f"{_CONDITION}{name}": value for name, value in condition.items()},
        "protocol": protocol.get("slug"),
        "protocol_version": protocol.get("version"),
        "protocol_digest": protocol.get("digest"),
        "started_at": session.record["started_at"],
        "ended_at": session.record["ended_at"],
        "origin_file": origin.get("file"),
        "origin_sha256": origin.get("sha256"),
        "origin_place": origin.get("place"),
        "blocks": None if blocks is None else json.dumps(blocks, ensure_ascii=False),
        "input_tokens": usage.get("input_tokens"),
        "output_tokens": usage.get("output_tokens"),
    }


def _text(value: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"
