"""A model's record as people read it on a terminal.

Pure.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from archive.records.words import recorded

FIELDS = (
    "participant",
    "maker",
    "family",
    "parameters",
    "context_window",
    "modalities",
    "licence",
    "rights",
    "aliases",
    "sources",
)


def model_text(document: Mapping[str, Any]) -> str:
    """Return the document of a model, as `model_document` makes it, in lines."""
    held = "" if document["held"] else " - not held: no page, cannot be released"
    lines = [f"{document['name']} ({document['slug']}){held}", recorded(document["description"])]
    lines += [_line(name.replace("_", " "), _value(document[name])) for name in FIELDS]
    for channel in document["channels"]:
        lines += _channel(channel)
    lines += [_line("successor", _succession(row)) for row in document["successors"]]
    lines += [_line("predecessor", _succession(row)) for row in document["predecessors"]]
    lines += [_line("snapshot", _snapshot(row)) for row in document["snapshots"]]
    lines += [_line("weights", f"{row['name']}, {row['bytes']:,} B") for row in document["weights"]]
    lines += [
        _line("copy", f"{row['custodian']}, {row['place']}, until {recorded(row['until'])}")
        for row in document["holdings"]
    ]
    lines += [_line("promise", f"{row['text']} ({row['outcome']})") for row in document["promises"]]
    return "\n".join(lines)


def _line(name: str, value: str) -> str:
    return f"  {name:<16}{value}"


def _value(value: str | int | Iterable[str] | None) -> str:
    if value is None or isinstance(value, str | int):
        return recorded(value)
    return recorded(", ".join(value) or None)


def _channel(channel: Mapping[str, Any]) -> list[str]:
    name = channel["channel"] or "everywhere"
    lines = [_line(f"on {name}", f"{channel['state']} (on {channel['as_of']})")]
    lines += [f"    {row['state']}, {_basis(row)}, says {_who(row)}" for row in channel["says"]]
    lines += [
        f"    {row['event']} {'not before ' if row['not_before'] else ''}{row['date']},"
        f" says {_who(row)}"
        for row in channel["dates"]
    ]
    lines += [f"    sources conflict: {words}" for words in channel["conflicts"]]
    lines += [f"    flagged: {words}" for words in channel["flags"]]
    return [*lines, f"    notice (internal): {_notice(channel['notice'])}"]


def _basis(row: Mapping[str, Any]) -> str:
    read = row["observed_at"][:10]
    return {
        "seen": f"seen so on {read}",
        "dated": f"since {row['since']}",
        "scheduled": f"since {row['since']} as it was scheduled when read on {read}",
    }[row["basis"]]


def _who(row: Mapping[str, Any]) -> str:
    return (
        row["source"] if row["told_by"] is None else f"{row['source']} as {row['told_by']} has it"
    )


def _notice(notice: Mapping[str, Any]) -> str:
    said = ", ".join(f"by source {_who(row)}, {_days(row)}" for row in notice["by_source"])
    if notice["days"] is not None:
        return said
    return f"not determinable: {notice['why']}{f' ({said})' if said else ''}"


def _days(row: Mapping[str, Any]) -> str:
    least = "at least " if row["at_least"] else ""
    return f"{least}{row['days']} {'day' if row['days'] == 1 else 'days'}"


def _succession(row: Mapping[str, Any]) -> str:
    known = "not on record" if row["slug"] is None else row["slug"]
    return f"{row['name']} ({known}), says {_who(row)}"


def _snapshot(row: Mapping[str, Any]) -> str:
    missing = ", ".join(row["missing"]) or "nothing"
    refused = "; ".join(f"{file}: {why}" for file, why in row.get("headers_refused", {}).items())
    return (
        f"{row['source']}: {len(row['files'])} files, {len(row['weights'])} of weights;"
        f" missing: {missing}{f'; headers that were refused: {refused}' if refused else ''}"
    )
