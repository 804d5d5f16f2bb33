"""Chat completions as any OpenAI-compatible server streams them.

Pure. What a server says in the words of chat completions is kept in those of the Messages API, so
that records have one set of them. Reasoning is thinking: kept, never shown as speech. A server
that sends the reply in one piece is understood as well.

Source: OpenAI's reference of chat completions (streaming, usage, refusals); `reasoning_content`
as vLLM, llama.cpp and DeepSeek have it, `reasoning` as OpenRouter has it.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from archive.canonical import without_lone_surrogates
from interviews.participants.chat_completions import message_of, token_of
from interviews.participants.failures import failure_of_error, one_line
from interviews.participants.messages import answers, input_schema
from interviews.participants.seam import Block, Cause, Failure, Request, Token
from interviews.participants.stream import (
    EventReader,
    UnreadableError,
    counts_of,
    event_of,
    expect,
)
from interviews.participants.tools import offered_calls

API = "chat completions"

_STOPS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "content_filter": "refusal",
    "tool_calls": "tool_use",
}
_UNREADABLE = (ArithmeticError, ValueError, KeyError, IndexError, TypeError, RecursionError)


def body_of(request: Request, model: str, *, limit_name: str) -> dict[str, Any]:
    """Return the request as the API takes it; `limit_name`: what it calls the limit of tokens."""
    system = [] if request.system is None else [{"role": "system", "content": request.system}]
    body: dict[str, Any] = {
        "model": model,
        limit_name: request.sampling.max_tokens,
        "messages": [*system, *_messages(request)],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if request.sampling.temperature is not None:
        body["temperature"] = float(request.sampling.temperature)
    if request.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.says,
                    "parameters": input_schema(tool),
                },
            }
            for tool in request.tools
        ]
    if request.repeatable is not None:
        body["seed"] = request.repeatable.seed
        body["logprobs"] = True
        body["top_logprobs"] = request.repeatable.top_logprobs
    return body


class Reply:
    """What is known of a reply so far."""

    def __init__(self, tools: Collection[str] = ()) -> None:
        """`tools` are the names of those offered: a call of one is an answer without a word."""
        self._tools = tools
        self.blocks: tuple[Block, ...] = ()
        self.stop_reason: str | None = None
        self.usage: dict[str, int] = {}
        self.provider_model: str | None = None
        self.logprobs: tuple[Token, ...] | None = None
        self.error: Failure | None = None  # came in place of the rest
        self._done = False
        self._begun = False
        self._events = EventReader()
        self._unstreamed: list[bytes] = []  # pieces of a body in which no event has come
        self._texts: dict[str, list[str]] = {"reasoning": [], "content": [], "refusal": []}
        self._calls: dict[int, dict[str, Any]] = {}
        self._tokens: list[Token] = []

    @property
    def over(self) -> bool:
        """Whether the reply, or an error in its place, has come to its end."""
        return self._done or self.error is not None

    def read(self, piece: bytes) -> Iterator[str]:
        """Take the next piece of the body and yield each text that it brought.

        Raises:
            UnreadableError: This is not what the API sends.
        """
        if not self._begun:
            self._unstreamed.append(piece)
        for data in self._events.read(piece):
            self._begun, self._unstreamed = True, []
            if self.over:
                return
            if data.strip() == b"[DONE]":
                self._close()
                return
            try:
                said = self._take(event_of(data), "delta")
            except _UNREADABLE as error:
                raise UnreadableError(f"no event of chat completions: {data[:80]!r}") from error
            if said:
                yield without_lone_surrogates(said)

    def failure(self) -> Failure | None:
        """Return why this is no reply, now that nothing more comes; None: it is one."""
        if not self._begun and (wrong := self._read_whole()) is not None:
            return wrong
        if self.error is not None:
            return self.error
        if self.stop_reason is None:
            return Failure(cause=Cause.BROKEN_OFF, message="the stream ended before the reply")
        if not self._done:  # some servers end without a word
            self._close()
        if self.stop_reason != "refusal" and not answers(self.blocks, self._tools):
            message = f"the reply holds no text (stop reason: {self.stop_reason})"
            return Failure(cause=Cause.EMPTY, message=message, stop_reason=self.stop_reason)
        return None

    def _read_whole(self) -> Failure | None:
        body = b"".join(self._unstreamed)
        try:
            self._take(event_of(body), "message")
        except _UNREADABLE:
            return Failure(cause=Cause.UNREADABLE, message=f"no chat completion: {body[:80]!r}")
        return None

    def _take(self, event: Mapping[str, Any], part: str) -> str:
        """Take an event, or a whole body; return what it lets be heard."""
        if event.get("error"):
            self.error = failure_of_error(event["error"])
            return ""
        if name := event.get("model"):
            self.provider_model = one_line(expect(name, str))
        if event.get("usage") is not None:
            self.usage = _counts(event["usage"])
        heard = ""
        for choice in expect(event["choices"], list):  # none: this event brings the usage
            if expect(choice, dict).get("index", 0) == 0:
                heard += self._choose(choice, expect(choice.get(part) or {}, dict))
        return heard

    def _choose(self, choice: Mapping[str, Any], said: Mapping[str, Any]) -> str:
        reasoning = said.get("reasoning_content") or said.get("reasoning") or ""
        pieces = {
            "reasoning": reasoning,
            "content": said.get("content") or "",
            "refusal": said.get("refusal") or "",
        }
        for name, piece in pieces.items():
            self._texts[name].append(expect(piece, str))
        for call in expect(said.get("tool_calls") or [], list):
            self._call(expect(call, dict))
        if (given := choice.get("logprobs")) is not None:
            self._tokens += map(token_of, expect(expect(given, dict).get("content") or [], list))
        if (stop := choice.get("finish_reason")) is not None:
            stop = one_line(expect(stop, str))
            self.stop_reason = _STOPS.get(stop, stop)
        return str(pieces["content"]) + str(pieces["refusal"])

    def _call(self, call: Mapping[str, Any]) -> None:
        known = self._calls.setdefault(
            expect(call.get("index", len(self._calls)), int), {"name": "", "arguments": ""}
        )
        if given := call.get("id"):
            known["id"] = expect(given, str)
        function = expect(call.get("function") or {}, dict)
        for name in ("name", "arguments"):
            known[name] += expect(function.get(name) or "", str)

    def _close(self) -> None:
        """Put the pieces together: the halves of a surrogate pair may have come in two."""
        texts = {
            name: without_lone_surrogates("".join(pieces)) for name, pieces in self._texts.items()
        }
        blocks: list[Block] = []
        if texts["reasoning"]:
            blocks.append({"type": "thinking", "thinking": texts["reasoning"], "signature": ""})
        said = (texts[name] for name in ("content", "refusal") if texts[name])
        blocks += ({"type": "text", "text": text} for text in said)
        blocks += ({"type": "function", "json": json.dumps(call)} for call in self._calls.values())
        self.blocks, self._done = tuple(blocks), True
        self.logprobs = tuple(self._tokens) or None
        if texts["refusal"]:
            self.stop_reason = "refusal"


def _messages(request: Request) -> Iterator[dict[str, Any]]:
    """Yield the messages: after a reply that calls a tool comes what it brought, as its own."""
    for place, message in enumerate(request.messages):
        made = offered_calls(message.blocks, request.tools)
        if not made:
            yield message_of(message)
            continue
        # some servers give no ids, and each wants one
        ids = [call.id or f"call_{place}_{number}" for number, (call, _) in enumerate(made)]
        yield {
            **message_of(message),
            "tool_calls": [
                {
                    "id": one,
                    "type": "function",
                    "function": {"name": call.name, "arguments": json.dumps(call.given)},
                }
                for one, (call, _) in zip(ids, made, strict=True)
            ],
        }
        for one, (_, tool) in zip(ids, made, strict=True):
            yield {"role": "tool", "tool_call_id": one, "content": tool.result}


def _counts(usage: object) -> dict[str, int]:
    """Return a usage report in the words of the Messages API: there what was cached counts apart."""
    given = expect(usage, dict)
    counts = counts_of(given)
    cached = counts_of(given.get("prompt_tokens_details")).get("cached_tokens", 0)
    reasoning = counts_of(given.get("completion_tokens_details")).get("reasoning_tokens")
    words: dict[str, int] = {}
    if "prompt_tokens" in counts:
        words["input_tokens"] = max(0, counts["prompt_tokens"] - cached)
        if cached:
            words["cache_read_input_tokens"] = min(cached, counts["prompt_tokens"])
    if "completion_tokens" in counts:
        words["output_tokens"] = counts["completion_tokens"]
    if reasoning is not None:
        words["reasoning_tokens"] = reasoning
    return words
