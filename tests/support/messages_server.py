"""A server on loopback that speaks the Messages API, with scripted replies and faults.

In a test, in a thread of its own:

    with serving([Step(status=529), None, Step(text="Good evening.")], key="k") as server:
        ...  # ANTHROPIC_BASE_URL=server.url
        assert [request.body["max_tokens"] for request in server.requests] == [256, 256, 256]

As a process of its own; it prints its URL and serves until it is terminated:

    python -m tests.support.messages_server --script steps.json --log requests.jsonl

The n-th request gets the n-th step of the script. A step of None, and every request after the
last step, gets `default_answer`: a text that follows from what was asked, so that tests can tell
replies apart. A script may also be a function of the request: it runs in the server's thread
before anything is answered, and is the place to kill a client at its n-th request.

Requests are checked as the real API checks them and refused with its words (`complaint`);
a refused request takes no step.
"""

import argparse
import asyncio
import hashlib
import json
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from typing_extensions import override

FIELDS = frozenset({
    "cache_control", "max_tokens", "messages", "metadata", "model", "stop_sequences", "stream",
    "system", "temperature", "thinking", "tool_choice", "tools", "top_k", "top_p",
})  # fmt: skip
ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}
Body: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one request gets: a reply, an error, or raw bytes, and how its delivery fails."""

    text: str | None = None  # None, and no blocks: the default answer
    blocks: Sequence[Mapping[str, Any]] | None = None
    stop_reason: str | None = "end_turn"
    usage: Mapping[str, Any] = field(default_factory=dict)  # laid over the counted one
    model: str | None = None  # None: the name that was asked for
    piece: int = 16  # characters of a text in one event

    status: int = 200
    message: str = "scripted"  # of the error, if the status is one
    error_type: str | None = None  # with status 200: an error event in mid-stream
    headers: Mapping[str, str] = field(default_factory=dict)

    raw: str | None = None  # the body as it is, instead of a reply: garbage

    fault: Literal["reset", "close", "end", "hang", "endless"] | None = None
    after: int | None = 3  # events before the fault; -1: all of them; None: not even a head
    delay: float = 0  # seconds before the first byte
    pace: float = 0  # seconds between events


Script: TypeAlias = "Sequence[Step | None] | Callable[[Received], Step | None]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as it came."""

    number: int  # from 1; requests that are refused are not counted
    path: str
    headers: Mapping[str, str]  # names in lower case
    body: Body
    client: str  # its address and port: one for each connection

    @property
    def key(self) -> str | None:
        bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
        return self.headers.get("x-api-key") or bearer or None


def default_answer(body: Body) -> str:
    """Return what an unscripted request is answered: two paragraphs that follow from it."""
    asked = _text(body["messages"][-1]["content"])
    digest = hashlib.sha256(asked.encode(errors="surrogatepass")).hexdigest()[:16]
    return f"You asked me {digest}, in {len(asked)} characters.\n\nThat is message {len(body['messages'])}."


def _text(content: str | Sequence[Mapping[str, Any]]) -> str:
    if isinstance(content, str):
        return content
    return "".join(block.get("text", "") for block in content)


# --- What the API refuses ---------------------------------------------------------------------


def complaint(body: Any, *, also: frozenset[str] = frozenset()) -> str | None:  # noqa: ANN401  # JSON
    """Return what the API finds wrong with a request's body, in its own words, or None.

    `also` names top-level fields that this server takes beyond the API's own.
    """
    if not isinstance(body, dict):
        return "The request body is not a JSON object"
    for name in sorted(body.keys() - FIELDS - also):
        return f"{name}: Extra inputs are not permitted"
    for name in ("model", "max_tokens", "messages"):
        if name not in body:
            return f"{name}: Field required"
    if not isinstance(body["max_tokens"], int) or body["max_tokens"] < 1:
        return "max_tokens: Input should be greater than or equal to 1"
    if not 0 <= body.get("temperature", 0) <= 1:
        return "temperature: Input should be between 0 and 1"
    wrong = _complaint_about_messages(body["messages"])
    return wrong or _complaint_about_tools(body["messages"], body.get("tools", ()))


def _complaint_about_messages(messages: Sequence[Mapping[str, Any]]) -> str | None:
    if not messages:
        return "messages: at least one message is required"
    if messages[0].get("role") != "user":
        return "messages: first message must use the user role"
    for index, message in enumerate(messages):
        if message.get("role") not in {"user", "assistant"}:
            return f"messages.{index}.role: Input should be 'user' or 'assistant'"
        if not message.get("content"):
            return f"messages.{index}: all messages must have non-empty content"
        if isinstance(message["content"], list):
            for place, block in enumerate(message["content"]):
                if (wrong := _complaint_about_block(block)) is not None:
                    return f"messages.{index}.content.{place}{wrong}"
    return None


def _complaint_about_tools(
    messages: Sequence[Mapping[str, Any]], tools: Sequence[Any]
) -> str | None:
    called: list[str] = []
    for index, message in enumerate(messages):
        blocks = message["content"] if isinstance(message["content"], list) else []
        results = [one["tool_use_id"] for one in blocks if one["type"] == "tool_result"]
        if results != called or (results and blocks[0]["type"] != "tool_result"):
            return f"messages.{index}: `tool_use` ids were found without `tool_result` blocks"
        called = [one["id"] for one in blocks if one["type"] == "tool_use"]
        if (called or results) and not tools:
            return "Requests which include `tool_use` or `tool_result` blocks must define tools"
    return None


def _complaint_about_block(block: Mapping[str, Any]) -> str | None:
    if block.get("type") == "text" and not block.get("text", "").strip():
        return ": text content blocks must contain non-whitespace text"
    if block.get("type") == "thinking" and not isinstance(block.get("signature"), str):
        return ".thinking.signature: Field required"
    return None


# --- What is answered -------------------------------------------------------------------------


def reply_events(step: Step, received: Received) -> list[bytes]:
    """Return the events of the step's reply, each as it goes over the wire."""
    message = _message(step, received)
    blocks, usage = message["content"], message["usage"]
    opening = {
        **message,
        "content": [],
        "stop_reason": None,
        "usage": {**usage, "output_tokens": 1},
    }
    events = [_event("message_start", message=opening), _event("ping")]
    for index, block in enumerate(blocks):
        events += _block_events(index, block, step.piece)
    if step.error_type is not None:
        return [*events, _event("error", error={"type": step.error_type, "message": step.message})]
    closing = {"stop_reason": step.stop_reason, "stop_sequence": None}
    events.append(
        _event("message_delta", delta=closing, usage={"output_tokens": usage["output_tokens"]})
    )
    return [*events, _event("message_stop")]


def _message(step: Step, received: Received) -> dict[str, Any]:
    blocks = step.blocks
    if blocks is None:
        text = default_answer(received.body) if step.text is None else step.text
        blocks = [{"type": "text", "text": text}]
    usage = {
        "input_tokens": sum(len(_text(m["content"])) for m in received.body["messages"]) // 4 + 1,
        "cache_read_input_tokens": 0,
        "cache_creation": {"ephemeral_5m_input_tokens": 0},
        "output_tokens": len(json.dumps(blocks)) // 4,
        "service_tier": "standard",
        "server_tool_use": None,
        **step.usage,
    }
    return {
        "id": f"msg_{received.number:06}",
        "type": "message",
        "role": "assistant",
        "model": step.model or received.body["model"],
        "content": blocks,
        "stop_reason": step.stop_reason,
        "stop_sequence": None,
        "usage": usage,
    }


def _block_events(index: int, block: Mapping[str, Any], piece: int) -> Iterator[bytes]:
    kind = block["type"]
    start, deltas = dict(block), list[dict[str, Any]]()
    for name in {"text": ("text",), "thinking": ("thinking", "signature")}.get(kind, ()):
        start[name] = ""
        size = piece if name == kind else max(1, len(block[name]))
        deltas += [
            {"type": f"{name}_delta", name: block[name][at : at + size]}
            for at in range(0, len(block[name]), size)
        ]
    yield _event("content_block_start", index=index, content_block=start)
    for delta in deltas:
        yield _event("content_block_delta", index=index, delta=delta)
    yield _event("content_block_stop", index=index)


def _event(kind: str, **fields: object) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (kind.encode(), _json({"type": kind, **fields}))


def _json(value: object) -> bytes:
    """Return UTF-8 JSON, as the API writes it; what UTF-8 cannot hold is escaped."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # a lone surrogate
        return json.dumps(value).encode()


def _error_body(status: int, message: str) -> bytes:
    error = {"type": ERROR_TYPES.get(status, "api_error"), "message": message}
    return _json({"type": "error", "error": error})


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [
        f"HTTP/1.1 {status} Scripted",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def _chunk(content: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(content), content)


# --- The wire ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Which API is spoken: where it is, what it refuses, and how it streams a reply."""

    path: str
    header: str | None  # that every request must have
    complaint: Callable[..., str | None]
    events: Callable[[Step, Received], list[bytes]]


MESSAGES = Dialect(
    path="/v1/messages", header="anthropic-version", complaint=complaint, events=reply_events
)


class MessagesServer:
    """The script, what has been received, and where it listens."""

    def __init__(
        self,
        script: Script = (),
        *,
        key: str | None = None,
        models: frozenset[str] | None = None,
        also: frozenset[str] = frozenset(),
        log: Path | None = None,
        dialect: Dialect = MESSAGES,
    ) -> None:
        self.script = script
        self.key = key  # None: any
        self.models = models  # None: any
        self.also = also
        self.requests: list[Received] = []  # those that were not refused, in order
        self.refused: list[str] = []  # the complaints about the others
        self.url = ""
        self.dialect = dialect
        self._log = log
        self._open: set[_Connection] = set()
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event

    def answer(
        self, path: str, headers: Mapping[str, str], body: bytes, client: str
    ) -> tuple[Step, Received]:
        """Check a request, note it and return its step."""
        try:
            parsed = json.loads(body)
        except ValueError:
            parsed = None
        number = len(self.requests) + 1
        received = Received(number=number, path=path, headers=headers, body=parsed, client=client)
        refusal = self._refusal(received)
        if refusal is not None:
            self.refused.append(refusal.message)
            return refusal, received
        self.requests.append(received)
        if self._log is not None:
            with self._log.open("ab") as file:
                file.write(_json({"number": number, "path": path, "body": parsed}) + b"\n")
        if callable(self.script):
            step = self.script(received)
        else:
            step = self.script[number - 1] if number <= len(self.script) else None
        return step or Step(), received

    def _refusal(self, received: Received) -> Step | None:
        header = self.dialect.header
        if received.path != self.dialect.path:
            return Step(status=404, message="Not Found")
        if self.key is not None and received.key != self.key:
            return Step(status=401, message="invalid x-api-key")
        if header is not None and header not in received.headers:
            return Step(status=400, message=f"{header}: header is required")
        if (wrong := self.dialect.complaint(received.body, also=self.also)) is not None:
            return Step(status=400, message=wrong)
        if self.models is not None and received.body["model"] not in self.models:
            return Step(status=404, message=f"model: {received.body['model']}")
        return None

    async def serve(self, port: int, ready: Callable[[], None]) -> None:
        """Listen on loopback until `stop`; call `ready` once `url` is known."""
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        listener = await self._loop.create_server(lambda: _Connection(self), "127.0.0.1", port)
        self.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
        ready()
        await self._stop.wait()
        listener.close()
        for connection in list(self._open):
            connection.drop()
        await asyncio.sleep(0)  # they hear of it before the loop ends

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)


class _Connection(asyncio.Protocol):
    """One client's connection, kept alive: requests are answered one after the other."""

    def __init__(self, server: MessagesServer) -> None:
        self._server = server
        self._buffer = b""
        self._transport: asyncio.Transport
        self._answering: asyncio.Task[None] | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server._open.add(self)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._answering is not None:
            self._answering.cancel()
        self._server._open.discard(self)

    @override
    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        client = str(self._transport.get_extra_info("peername"))
        step, received = self._server.answer(first.split(" ")[1], headers, rest[:length], client)
        if step.fault is None and not step.delay and not step.pace:
            self._transport.writelines(self._whole(step, received))
        else:
            self._answering = asyncio.ensure_future(self._misbehave(step, received))

    async def _misbehave(self, step: Step, received: Received) -> None:
        await asyncio.sleep(step.delay)
        head, *parts = self._whole(step, received)
        stop = len(parts) if step.fault is None else step.after
        if stop is not None:
            self._transport.write(head)
            for part in parts[:stop]:
                self._transport.write(part)
                await asyncio.sleep(step.pace)
        match step.fault:
            case "reset":
                await asyncio.sleep(0.02)  # what was written arrives first
                self._reset()
            case "close":
                self._transport.close()
            case "end":
                self._transport.write(_chunk(b""))
            case "endless":
                while not self._transport.is_closing():
                    self._transport.write(_chunk(_event("ping") * 4096))
                    await asyncio.sleep(0)
            case "hang" | None:
                pass

    def _whole(self, step: Step, received: Received) -> list[bytes]:
        return _whole(step, received, self._server.dialect)

    def _reset(self) -> None:
        connection: socket.socket = self._transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def drop(self) -> None:
        self._transport.abort()


def _whole(step: Step, received: Received, dialect: Dialect) -> list[bytes]:
    """Return the response in the parts in which it can be cut: the head, then event by event."""
    headers = {"request-id": f"req_{received.number:06}", **step.headers}
    if step.status == 200 and step.raw is None and received.body.get("stream"):
        chunked = {"content-type": "text/event-stream", "transfer-encoding": "chunked"}
        events = [_chunk(event) for event in dialect.events(step, received)]
        return [_head(200, {**chunked, **headers}), *events, _chunk(b"")]
    if step.raw is not None:
        body = step.raw.encode(errors="surrogatepass")
    elif step.status == 200:
        body = _json(_message(step, received))
    else:
        body = _error_body(step.status, step.message)
    plain = {"content-type": "application/json", "content-length": str(len(body))}
    return [_head(step.status, {**plain, **headers}), body]


def unused_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def serving(
    script: Script = (),
    *,
    key: str | None = None,
    models: frozenset[str] | None = None,
    also: frozenset[str] = frozenset(),
    port: int = 0,
    dialect: Dialect = MESSAGES,
) -> Iterator[MessagesServer]:
    """Serve from a thread of this process until the block ends."""
    server = MessagesServer(script, key=key, models=models, also=also, dialect=dialect)
    ready = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(port, ready.set)))
    thread.start()
    if not ready.wait(timeout=10):
        raise TimeoutError("the Messages API server did not come up")
    try:
        yield server
    finally:
        server.stop()
        thread.join(timeout=10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--script", type=Path, help="JSON: a list of steps; null: the default answer"
    )
    parser.add_argument(
        "--log", type=Path, help="a line of JSON for each request, before its answer"
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key")
    options = parser.parse_args()
    steps = [] if options.script is None else json.loads(options.script.read_bytes())
    script = [None if step is None else Step(**step) for step in steps]
    server = MessagesServer(script, key=options.key, log=options.log)

    def announce() -> None:
        signal.signal(signal.SIGTERM, lambda *_: server.stop())
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()

    asyncio.run(server.serve(options.port, announce))


if __name__ == "__main__":
    main()
