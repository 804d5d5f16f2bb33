"""Messages of other programs as turns, and back: nothing that a message says is lost between.

Pure. What our blocks have no place for (a call of a tool, a name, an id, a picture) is kept as its
JSON text: in a block of its own kind, or in a last block of the kind `source_message`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from interviews.imports.bounded import UnreadableError
from interviews.participants.seam import Block
from interviews.sessions.content import NO_QUESTION, Content, Speaker

REST = "source_message"
"""The kind of the block that holds what a message says beside its content, as JSON."""

TOOL_CALL = "tool_use"
UNKNOWN = "unknown"

_SPEAKERS = {
    "user": Speaker.INTERVIEWER,
    "human": Speaker.INTERVIEWER,
    "assistant": Speaker.PARTICIPANT,
    "model": Speaker.PARTICIPANT,
    "system": Speaker.SYSTEM,
    "developer": Speaker.SYSTEM,
    "tool": Speaker.TOOL,
    "function": Speaker.TOOL,
}
_ROLES = {
    Speaker.INTERVIEWER: "user",
    Speaker.PARTICIPANT: "assistant",
    Speaker.SYSTEM: "system",
    Speaker.TOOL: "tool",
}
_OURS = {"text", "thinking", "redacted_thinking", REST}


def turns_of(
    messages: Sequence[object], whole: Callable[[object], object] = lambda message: message
) -> list[tuple[Speaker, Content]]:
    """Return the turns of a conversation.

    Args:
        messages: As its source has them.
        whole: Returns a message with what its source keeps apart from it.

    Raises:
        UnreadableError: One is no message; the words say which, and what is wrong with it.
    """
    turns = []
    for number, message in enumerate(messages):
        try:
            turns.append(turn_of(whole(message)))
        except UnreadableError as error:
            raise UnreadableError(f"messages[{number}] {error}") from error
        except RecursionError:
            raise UnreadableError(f"messages[{number}] is nested too deeply") from None
    return turns


def turn_of(message: object) -> tuple[Speaker, Content]:
    """Return who speaks in a message, and what is said.

    Raises:
        UnreadableError: It is no message; the words say what is wrong with it.
    """
    if not isinstance(message, dict):
        raise UnreadableError("is no object")
    role = message.get("role")
    speaker = _SPEAKERS.get(role) if isinstance(role, str) else None
    if speaker is None:
        raise UnreadableError(f"role: {json.dumps(role)[:60]} is none that is known")
    rest = {name: value for name, value in message.items() if name not in {"role", "content"}}
    if role != _ROLES[speaker]:
        rest["role"] = role
    blocks, parts = _blocks(message, rest)
    calls = rest.get("tool_calls")
    if isinstance(calls, list) and calls:
        blocks += [{"type": TOOL_CALL, "json": to_json(call)} for call in rest.pop("tool_calls")]
    if parts is not None:
        rest["parts"] = parts
    if rest:
        blocks.append({"type": REST, "json": to_json(rest)})
    model = message.get("model")
    if speaker is Speaker.INTERVIEWER and _only_results(message.get("content")):
        speaker = Speaker.TOOL
    return speaker, Content(
        question=NO_QUESTION,
        blocks=blocks,
        provider_model=model if isinstance(model, str) else None,
    )


def message_of(speaker: str, blocks: Sequence[Block]) -> dict[str, Any]:
    """Return the message that `turn_of` was given, for one of our own a plain one."""
    rest: dict[str, Any] = {}
    if blocks and blocks[-1]["type"] == REST:
        rest = json.loads(str(blocks[-1]["json"]))
        blocks = blocks[:-1]
    parts: list[Any] | None = rest.pop("parts", None)
    message: dict[str, Any] = {"role": _ROLES[Speaker(speaker)]}
    if parts is None and "content" in rest:
        said: Sequence[Block] = ()
    elif parts is None:
        text = bool(blocks) and blocks[0]["type"] == "text"
        said = blocks[:1] if text else ()
        message["content"] = said[0]["text"] if said else ""
    else:
        said = blocks[: len(parts)]
        message["content"] = [_part(*one) for one in zip(said, parts, strict=True)]
    calls = blocks[len(said) :]
    if calls:
        message["tool_calls"] = [json.loads(str(call["json"])) for call in calls]
    return message | rest


def to_json(value: object) -> str:
    """Return a value that was read from JSON as JSON text."""
    return json.dumps(value, ensure_ascii=False)


def _blocks(message: Mapping[str, Any], rest: dict[str, Any]) -> tuple[list[Block], Any]:
    """Return the blocks of what is said, and of a list what each part says beside them."""
    if "content" not in message or message["content"] is None:
        rest["content"] = None
        return [], None
    content = message["content"]
    if isinstance(content, str):
        return [{"type": "text", "text": content}], None
    if not isinstance(content, list):
        raise UnreadableError("content: is neither a text nor a list")
    pairs = [_block(part) for part in content]
    return [block for block, _ in pairs], [extra for _, extra in pairs]


def _block(part: object) -> tuple[Block, dict[str, Any]]:
    """Return a part of a message as a block, and what the block has no place for."""
    if isinstance(part, dict):
        kind = part.get("type")
        field = {"text": "text", "thinking": "thinking", "reasoning": "reasoning"}.get(str(kind))
        if field is not None and isinstance(part.get(field), str):
            extra = {name: value for name, value in part.items() if name not in {"type", field}}
            if kind == "text":
                return {"type": "text", "text": part[field]}, extra
            if kind == "reasoning":
                extra["type"] = kind
            block = {"type": "thinking", "thinking": part[field]}
            if isinstance(extra.get("signature"), str):
                block["signature"] = extra.pop("signature")
            return block, extra
        if kind == "redacted_thinking" and isinstance(part.get("data"), str):
            extra = {name: value for name, value in part.items() if name not in {"type", "data"}}
            return {"type": kind, "data": part["data"]}, extra
        if isinstance(kind, str) and kind not in _OURS and kind != "reasoning":
            return {"type": kind, "json": to_json(part)}, {}
    return {"type": UNKNOWN, "json": to_json(part)}, {}


def _part(block: Block, extra: Mapping[str, Any]) -> Any:  # noqa: ANN401  # any JSON
    if "json" in block:
        return json.loads(str(block["json"]))
    if extra.get("type") == "reasoning":
        part = {name: value for name, value in block.items() if name not in {"type", "thinking"}}
        return {"reasoning": block["thinking"], **part, **extra}
    return {**block, **extra}


def _only_results(content: object) -> bool:
    return (
        isinstance(content, list)
        and bool(content)
        and all(isinstance(part, dict) and part.get("type") == "tool_result" for part in content)
    )
