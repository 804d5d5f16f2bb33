"""A server on loopback that answers each GET as it is told, and keeps what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from typing_extensions import override


@dataclass(frozen=True, slots=True)
class Answer:
    """One response."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Answering:
    """Where the server is, and the path and the headers (lower case) of what it was asked."""

    url: str
    asked: list[tuple[str, dict[str, str]]]


def answer(document: Any, status: int = 200) -> Answer:  # noqa: ANN401  # any JSON document
    """Return a response that holds a JSON document."""
    return Answer(status, json.dumps(document).encode())


@contextmanager
def answering(respond: Callable[[str], Answer]) -> Iterator[Answering]:
    """Serve what `respond` says to each path with its query."""
    asked: list[tuple[str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
            found = respond(self.path)
            self.send_response(found.status)
            for name, value in {"content-type": found.kind, **found.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(found.body)))
            self.end_headers()
            self.wfile.write(found.body)

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Answering(f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()
