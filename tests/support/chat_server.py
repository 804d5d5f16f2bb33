"""A server on loopback that speaks OpenAI's chat completions, streamed.

The script, the faults and the log are those of `messages_server`:

    with serving([Step(text="Good evening.")], key="k", dialect=CHAT) as server:
        ...  # openai:{server.url}#halcyon-2

A step's `blocks` may hold text, thinking (streamed as `reasoning_content`) and `refusal`; with
`usage={"cached": 7}` so many tokens of the prompt were read from a cache.
"""

import json
from collections.abc import Mapping
from typing import Any

from tests.support.messages_server import Dialect, Received, Step, default_answer

FIELDS = frozenset({
    "frequency_penalty", "logprobs", "max_completion_tokens", "max_tokens", "messages", "model",
    "presence_penalty", "response_format", "seed", "stop", "stream", "stream_options",
    "temperature", "tool_choice", "tools", "top_logprobs", "top_p", "user",
})  # fmt: skip
STOPS = {
    "tool_use": "tool_calls",
    "end_turn": "stop",
    "max_tokens": "length",
    "refusal": "content_filter",
}
DELTAS = {"text": "content", "thinking": "reasoning_content", "refusal": "refusal"}


def complaint(body: Any, *, also: frozenset[str] = frozenset()) -> str | None:  # noqa: ANN401  # JSON
    """Return what the API finds wrong with a request's body, or None."""
    if not isinstance(body, dict):
        return "We could not parse the JSON body of your request."
    for name in sorted(body.keys() - FIELDS - also):
        return f"Unrecognized request argument supplied: {name}"
    for name in ("model", "messages"):
        if not body.get(name):
            return f"you must provide a {name} parameter"
    if "stream_options" in body and not body.get("stream"):
        return "The 'stream_options' parameter is only allowed when 'stream' is enabled."
    return next(filter(None, map(_complaint_about, body["messages"])), None)


def _complaint_about(message: Mapping[str, Any]) -> str | None:
    more = {"tool": {"tool_call_id"}, "assistant": {"tool_calls"} & message.keys()}
    expected = {"role", "content"} | more.get(message["role"], set())
    if message.keys() != expected or not isinstance(message["content"], str):
        return "Invalid type for 'messages'"
    known = message["role"] in {"system", "user", "assistant", "tool"}
    return None if known else f"Invalid value: '{message['role']}'"


def reply_events(step: Step, received: Received) -> list[bytes]:
    """Return the events of the step's reply, each as it goes over the wire."""
    blocks = step.blocks
    if blocks is None:
        text = default_answer(received.body) if step.text is None else step.text
        blocks = [{"type": "text", "text": text}]
    events = [_chunk(step, received, {"role": "assistant", "content": ""})]
    for block in blocks:
        if block["type"] == "tool_use":
            events.append(_chunk(step, received, {"tool_calls": [_call(block)]}))
            continue
        said = block[block["type"]]
        events += [
            _chunk(step, received, {DELTAS[block["type"]]: said[at : at + step.piece]})
            for at in range(0, len(said), step.piece)
        ]
    if step.error_type is not None:
        return [*events, _event({"error": {"type": step.error_type, "message": step.message}})]
    stop = STOPS.get(step.stop_reason or "", step.stop_reason)
    events.append(_chunk(step, received, {}, finish_reason=stop))
    if received.body.get("stream_options", {}).get("include_usage"):
        prompt = sum(len(message["content"]) for message in received.body["messages"]) // 4 + 1
        usage = {
            "prompt_tokens": prompt,
            "completion_tokens": len(json.dumps(blocks)) // 4,
            "prompt_tokens_details": {"cached_tokens": step.usage.get("cached", 0)},
        }
        events.append(_event({**_outer(step, received), "choices": [], "usage": usage}))
    return [*events, b"data: [DONE]\n\n"]


def _call(block: Mapping[str, Any]) -> dict[str, Any]:
    function = {"name": block["name"], "arguments": json.dumps(block["input"])}
    return {"index": 0, "id": block["id"], "type": "function", "function": function}


def _chunk(
    step: Step, received: Received, delta: Mapping[str, Any], *, finish_reason: str | None = None
) -> bytes:
    choice: dict[str, Any] = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    if received.body.get("logprobs") and delta.get("content"):
        token = {"token": delta["content"], "logprob": -0.5}
        choice["logprobs"] = {"content": [{**token, "bytes": None, "top_logprobs": [token]}]}
    return _event({**_outer(step, received), "choices": [choice], "usage": None})


def _outer(step: Step, received: Received) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{received.number:06}",
        "object": "chat.completion.chunk",
        "model": step.model or received.body["model"],
    }


def _event(content: Mapping[str, Any]) -> bytes:
    return b"data: %b\n\n" % json.dumps(content).encode()


CHAT = Dialect(path="/v1/chat/completions", header=None, complaint=complaint, events=reply_events)
