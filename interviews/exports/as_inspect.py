"""An export as a log of Inspect's: `.json`, version 2, which its viewer and data frames open.

Each session is a sample, its replicate the epoch; conditions stand in the sample's metadata. What
was imported from a log of Inspect's goes back message for message.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from archive.errors import InputError
from interviews.campaigns.presenting import coverage_document, flow_document
from interviews.exports.exported import (
    FOR_WHOM,
    WITHHELD,
    ExportedSession,
    ExportedTurn,
    Spent,
    interviewing,
)
from interviews.exports.selection import Selection
from interviews.imports.messages import message_of
from interviews.participants.seam import Block
from interviews.sessions.content import Speaker

_STOP_REASONS = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "stop": "stop",
    "max_tokens": "max_tokens",
    "length": "max_tokens",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
}
_ROLES = {
    Speaker.INTERVIEWER: ("user", "input"),
    Speaker.PARTICIPANT: ("assistant", "generate"),
    Speaker.SYSTEM: ("system", None),
    Speaker.TOOL: ("tool", None),
}

_LISTED = re.compile(r"\d{4}-\d\d-\d\dT\d\d[:-]\d\d[:-]\d\d.*\.json")


def is_listed(name: str) -> bool:
    """Whether Inspect's viewer and data frames find a file of this name by themselves."""
    return _LISTED.fullmatch(name) is not None


def write(sessions: Selection, to: Path) -> None:
    """Write the sessions.

    Raises:
        InputError: They are of several models: a log is of one.
    """
    head = _head(sessions)
    with to.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "samples": [')
        _write_samples(sessions, file)
        file.write("]}\n")


def _write_samples(sessions: Selection, file: IO[str]) -> None:
    names: Counter[tuple[str, int]] = Counter()
    for number, session in enumerate(sessions):
        name = _name(session, names)
        file.write(",\n" if number else "\n")
        file.write(json.dumps(_sample(session, name), ensure_ascii=False))


def _head(sessions: Selection) -> dict[str, Any]:
    """Return all of a log but its samples."""
    models: dict[str, None] = {}
    spent: dict[str, Spent] = {}
    times: list[str] = []
    names: Counter[tuple[str, int]] = Counter()
    ids: dict[str, None] = {}
    epochs = 1
    for session in sessions:
        models[session.record["model"]] = None
        ids[_name(session, names)] = None
        epochs = max(epochs, session.record["replicate"])
        times += [session.record["started_at"], session.record["ended_at"] or ""]
        for who, tokens in session.spent.items():
            spent[who] = _sum(spent.get(who, Spent()), tokens)
    if len(models) > 1:
        raise InputError(
            f"a log of Inspect's is of one model, and these sessions are of {len(models)}",
            at="--format inspect",
            mend=f"Name one of them with --model: {', '.join(sorted(models))}.",
        )
    (model,) = models
    begun = min(time for time in times if time)
    return {
        "version": 2,
        "status": "success",
        "eval": {
            "eval_id": f"emeritus-{model}",
            "run_id": f"emeritus-{model}",
            "created": begun,
            "task": "interviews",
            "task_id": f"interviews-{model}",
            "task_version": 0,
            "dataset": {
                "name": "interviews",
                "samples": len(ids),
                "sample_ids": list(ids),
                "shuffled": False,
            },
            "model": model,
            "config": {"epochs": epochs},
            "packages": {"emeritus": version("emeritus")},
            "metadata": {
                "for": FOR_WHOM,
                "deleted": sessions.deleted,
                "unfinished": sessions.unfinished,
                "flow": None if sessions.flow is None else flow_document(sessions.flow),
                "coverage": coverage_document(sessions.coverage),
            },
        },
        "plan": {"name": "interviews", "steps": [], "config": {}},
        "results": {
            "total_samples": sessions.count,
            "completed_samples": sessions.count,
            "scores": [],
        },
        "stats": {
            "started_at": begun,
            "completed_at": max(times),
            "model_usage": _usage(spent),
        },
    }


def _name(session: ExportedSession, names: Counter[tuple[str, int]]) -> str:
    """Return the id of a session's sample: what was asked and how; unlike any before it."""
    record = session.record
    if session.origin is not None:
        words = f"{session.origin['file']} {session.origin['place']}"
    else:
        place = f"{record['campaign']}: " if record.get("campaign") else ""
        words = f"{place}{session.asked}, " + ", ".join(record["condition"].values())
    key = (words, record["replicate"])
    names[key] += 1
    return words if names[key] == 1 else f"{words} ({names[key]})"


def _sample(session: ExportedSession, name: str) -> dict[str, Any]:
    record = session.record
    messages = [_message(session, turn) for turn in session.turns]
    asked = next((message for message in messages if message["role"] == "user"), None)
    answered = [
        (message, turn)
        for message, turn in zip(messages, session.turns, strict=True)
        if message["role"] == "assistant"
    ]
    failed = record["state"] == "failed"
    return {
        "id": name,
        "epoch": record["replicate"],
        "input": [] if asked is None else [asked],
        "target": "",
        "messages": messages,
        "output": _output(record["model"], answered[-1] if answered else None),
        "metadata": _metadata(session),
        "store": {},
        "events": _events(record["model"], messages, session.turns),
        "events_data": {"messages": messages, "calls": []},
        "model_usage": _usage(session.spent),
        "started_at": record["started_at"],
        "completed_at": record["ended_at"],
        "uuid": session.id,
        "error": {"message": record["reason"] or "failed", "traceback": "", "traceback_ansi": ""}
        if failed
        else None,
        "attachments": {},
    }


def _events(
    model: str, messages: Sequence[dict[str, Any]], turns: Sequence[ExportedTurn]
) -> list[dict[str, Any]]:
    """Return a call of the model for each reply: data frames take the messages from these.

    What was sent is named as a range of the pool of messages, so that it is written only once.
    """
    return [
        {
            "uuid": f"{message.get('id', turn.link)}:reply",
            "event": "model",
            "timestamp": turn.at,
            "working_start": 0,
            "model": message.get("model", model),
            "input": [],
            "input_refs": [[0, turn.index]],
            "tools": [],
            "tool_choice": "none",
            "config": {},
            "output": _output(model, (message, turn)),
            "completed": turn.at,
        }
        for message, turn in zip(messages, turns, strict=True)
        if message["role"] == "assistant"
    ]


def _metadata(session: ExportedSession) -> dict[str, Any]:
    record, header = session.record, session.record["header"]
    plain = ("state", "reason", "validity", "exclusion_rule", "header_digest", "length", "head")
    later = ("campaign", "slot", "again", "pilot", "branch_of", "origin")
    return {
        "session": session.id,
        "protocol": record["protocol"],
        **{f"condition_{name}": value for name, value in record["condition"].items()},
        "replicate": record["replicate"],
        **{name: record[name] for name in plain},
        **{name: record[name] for name in later if name in record},
        **({"system": header["system"]} if "system" in header else {}),
        **interviewing(header),
    }


def _message(session: ExportedSession, turn: ExportedTurn) -> dict[str, Any]:
    content, origin = turn.content, session.origin
    if content is not None and origin is not None and origin["format"] == "inspect":
        return message_of(turn.speaker, content.blocks)
    role, source = _ROLES[Speaker(turn.speaker)]
    message: dict[str, Any] = {
        "id": f"{session.id}:{turn.index}",
        "role": role,
        "content": f"[{WITHHELD}: {turn.content_digest}]"
        if content is None
        else _content(content.blocks),
        "metadata": {
            "index": turn.index,
            "at": turn.at,
            "withheld": content is None,
            "internal": turn.internal,
            "content_digest": turn.content_digest,
            "link": turn.link,
        },
    }
    if source is not None:
        message["source"] = source
    if content is not None:
        said = {
            "question": content.question or None,
            "probe": content.probe,
            "declined": content.declined,
        }
        message["metadata"] |= {name: one for name, one in said.items() if one is not None}
        if role == "assistant" and content.provider_model is not None:
            message["model"] = content.provider_model
    return message


def _content(blocks: Sequence[Block]) -> str | list[dict[str, Any]]:
    if len(blocks) == 1 and blocks[0]["type"] == "text":
        return str(blocks[0]["text"])
    return [_part(block) for block in blocks]


def _part(block: Block) -> dict[str, Any]:
    match block["type"]:
        case "text":
            return {"type": "text", "text": block["text"]}
        case "thinking":
            signed = {"signature": block["signature"]} if "signature" in block else {}
            return {"type": "reasoning", "reasoning": block["thinking"], **signed}
        case "redacted_thinking":
            return {"type": "reasoning", "reasoning": block["data"], "redacted": True}
        case _:
            return {"type": "data", "data": dict(block)}


def _output(model: str, last: tuple[dict[str, Any], ExportedTurn] | None) -> dict[str, Any]:
    if last is None:
        return {"model": model, "choices": []}
    message, turn = last
    stopped = None if turn.content is None else turn.content.stop_reason
    return {
        "model": message.get("model", model),
        "choices": [
            {"message": message, "stop_reason": _STOP_REASONS.get(stopped or "", "unknown")}
        ],
    }


def _usage(spent: Mapping[str, Spent]) -> dict[str, Any]:
    """Return tokens as Inspect counts them: those of the cache apart from the others."""
    return {
        who: {
            "input_tokens": one.input_tokens,
            "output_tokens": one.output_tokens,
            "total_tokens": one.input_tokens
            + one.output_tokens
            + one.cache_read_tokens
            + one.cache_write_tokens,
            "input_tokens_cache_read": one.cache_read_tokens,
            "input_tokens_cache_write": one.cache_write_tokens,
        }
        for who, one in spent.items()
    }


def _sum(one: Spent, other: Spent) -> Spent:
    return Spent(
        input_tokens=one.input_tokens + other.input_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
        cache_read_tokens=one.cache_read_tokens + other.cache_read_tokens,
        cache_write_tokens=one.cache_write_tokens + other.cache_write_tokens,
    )
