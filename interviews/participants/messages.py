"""The Messages API: what is asked in it, and how its replies are read.

Pure. A block of a kind that is not known here is kept as JSON text. No text with a lone surrogate
is sent or leaves this module: U+FFFD stands for it.

Source: the Messages API's reference, and its page on streaming.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archive.canonical import without_lone_surrogates
from interviews.participants.failures import failure_of_error, one_line
from interviews.participants.seam import Block, Cause, Failure, Request, Token, Tool
from interviews.participants.stream import (
    EventReader,
    UnreadableError,
    counts_of,
    event_of,
    expect,
)
from interviews.participants.tools import calls_one_of, offered_calls

_TEXTS = {"text": ("text",), "thinking": ("thinking", "signature"), "redacted_thinking": ("data",)}
"""The kinds of blocks that are known here, and the texts that each is made of."""

_PIECES = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "signature_delta": "signature",
    "input_json_delta": "partial_json",
}


API = "Messages"
PATH = "/v1/messages"


def body_of(request: Request, model: str, *, takes_temperature: bool) -> dict[str, Any]:
    """Return the request as the API takes it, its prompt cached at the provider unless unwished.

    The API takes no seed and gives no log-probabilities.
    """
    messages = _messages(request)
    body: dict[str, Any] = {
        "model": model,
        "max_tokens": request.sampling.max_tokens,
        "messages": [message for message in messages if message["content"]],
        "stream": True,
    }
    if request.repeatable is None:
        body["cache_control"] = {"type": "ephemeral"}
    if takes_temperature and request.sampling.temperature is not None:
        body["temperature"] = float(request.sampling.temperature)
    if request.system is not None:
        body["system"] = without_lone_surrogates(request.system)
    if request.tools:
        body["tools"] = [
            {"name": tool.name, "description": tool.says, "input_schema": input_schema(tool)}
            for tool in request.tools
        ]
    return body


def input_schema(tool: Tool) -> dict[str, Any]:
    """Return the JSON Schema of what may be given to a tool: texts, none of them required."""
    return {
        "type": "object",
        "properties": {
            name: {"type": "string", "description": says} for name, says in tool.takes.items()
        },
    }


class Reply:
    """What is known of a reply so far."""

    def __init__(self, tools: Collection[str] = ()) -> None:
        """`tools` are the names of those offered: a call of one is an answer without a word."""
        self.begun = False
        self.whole = False
        self.error: Failure | None = None  # came in place of the rest
        self.blocks: tuple[Block, ...] = ()  # none before the reply is whole
        self.stop_reason: str | None = None
        self.provider_model: str | None = None
        self.usage: dict[str, int] = {}
        self.logprobs: tuple[Token, ...] | None = None  # the API gives none
        self._tools = tools
        self._events = EventReader()
        self._open_blocks: dict[int, _OpenBlock] = {}

    @property
    def over(self) -> bool:
        """Whether the reply, or an error in its place, has come to its end."""
        return self.whole or self.error is not None

    def read(self, piece: bytes) -> Iterator[str]:
        """Take the next piece of the response body and yield each text that it brought.

        What follows the end is not looked at.

        Raises:
            UnreadableError: This is not what the API sends.
        """
        for data in self._events.read(piece):
            if self.over:
                return
            try:
                text = self._take(data)
            except (ValueError, RecursionError, KeyError, TypeError) as error:
                raise UnreadableError(f"no event of the Messages API: {data[:80]!r}") from error
            if text:
                yield without_lone_surrogates(text)

    def failure(self) -> Failure | None:
        """Return why this is no reply, now that nothing more comes; None: it is one."""
        if self.error is not None:
            return self.error
        if not self.begun:
            return Failure(cause=Cause.UNREADABLE, message="no stream of the Messages API")
        if not self.whole:
            return Failure(cause=Cause.BROKEN_OFF, message="the stream ended before the reply")
        # a refusal by the provider's filter may come without a word, and is an answer
        if self.stop_reason != "refusal" and not answers(self.blocks, self._tools):
            message = f"the reply holds no text (stop reason: {self.stop_reason or 'none given'})"
            return Failure(cause=Cause.EMPTY, message=message, stop_reason=self.stop_reason)
        return None

    def _take(self, data: bytes) -> str | None:
        event = event_of(data)
        match event.get("type"):
            case "error":
                self.error = failure_of_error(event["error"])
            case "message_start":
                message = expect(event["message"], dict)
                self.provider_model = one_line(expect(message["model"], str))
                self.usage |= counts_of(message.get("usage"))
                self.begun = True
            case "content_block_start":
                return self._open(expect(event["index"], int), event["content_block"])
            case "content_block_delta":
                return self._add(self._open_blocks[event["index"]], expect(event["delta"], dict))
            case "message_delta":
                reason = expect(event["delta"], dict).get("stop_reason")
                if reason is not None:
                    self.stop_reason = one_line(expect(reason, str))
                self.usage |= counts_of(event.get("usage"))
            case "message_stop" if self.begun:
                self.blocks = tuple(
                    block.closed() for _, block in sorted(self._open_blocks.items())
                )
                self.whole = True
        return None

    def _open(self, index: int, start: object) -> str | None:
        start = expect(start, dict)
        kind = expect(start["type"], str)
        pieces = {name: [expect(start.get(name, ""), str)] for name in _TEXTS.get(kind, ())}
        self._open_blocks[index] = _OpenBlock(kind, start, pieces)
        return pieces["text"][0] if kind == "text" else None

    def _add(self, block: "_OpenBlock", delta: Mapping[str, Any]) -> str | None:
        name = _PIECES.get(delta["type"])
        if name is None:  # a citation, or of a kind not known here: the raw bytes have it
            return None
        piece = expect(delta[name], str)
        block.pieces.setdefault(name, []).append(piece)
        return piece if name == "text" else None


@dataclass(slots=True)
class _OpenBlock:
    """A block whose pieces are still coming."""

    kind: str
    start: Mapping[str, Any]
    pieces: dict[str, list[str]] = field(default_factory=dict)

    def closed(self) -> Block:
        """Return the block, whole."""
        if self.kind in _TEXTS:
            return {"type": self.kind, **{name: self._whole(name) for name in _TEXTS[self.kind]}}
        return {"type": without_lone_surrogates(self.kind), "json": self._as_json()}

    def _whole(self, name: str) -> str:
        # the halves of a surrogate pair may have come in two pieces: join first
        return without_lone_surrogates("".join(self.pieces[name]))

    def _as_json(self) -> str:
        """Return the block as it would have come in one piece."""
        written = dict(self.start)
        if "partial_json" in self.pieces:
            text = "".join(self.pieces["partial_json"])
            try:
                written["input"] = json.loads(text)
            except (ValueError, RecursionError):  # cut at max_tokens
                written["partial_json"] = text
        return json.dumps(written)


def answers(blocks: Sequence[Block], tools: Collection[str]) -> bool:
    """Return whether a reply says something, or calls one of the tools that were offered."""
    said = any(block["type"] == "text" and str(block["text"]).strip() for block in blocks)
    return said or calls_one_of(blocks, tools)


def _messages(request: Request) -> list[dict[str, Any]]:
    """Return the messages: what comes back for a call stands before the next question."""
    messages: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    for message in request.messages:
        content = [_content(block) for block in message.blocks if _is_sent(block, request.tools)]
        messages.append({"role": message.role, "content": [*results, *content]})
        results = [
            {"type": "tool_result", "tool_use_id": call.id, "content": tool.result}
            for call, tool in offered_calls(message.blocks, request.tools)
        ]
    return messages


def _is_sent(block: Block, tools: Sequence[Tool]) -> bool:
    """Whether a block goes back: the API refuses a call for which no result can come."""
    if block["type"] == "tool_use":
        return bool(offered_calls([block], tools))
    return not _is_blank(block)


def _is_blank(block: Block) -> bool:
    """Whether a block is a text with nothing visible in it: the API refuses that."""
    return block["type"] == "text" and not str(block["text"]).strip()


def _content(block: Block) -> dict[str, Any]:
    if "json" in block:
        kept: dict[str, Any] = json.loads(str(block["json"]))
        return kept
    return {name: without_lone_surrogates(str(value)) for name, value in block.items()}
