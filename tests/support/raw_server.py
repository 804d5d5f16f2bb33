"""A server on loopback that sends bytes as they are, HTTP or not, and keeps every request it got."""

import asyncio
import re
import socket
import ssl
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """What one request gets, and what becomes of its connection."""

    pieces: Sequence[bytes] = ()
    pause: float = 0.0  # seconds between pieces, and before the end
    then: Literal["keep", "close", "reset"] = "close"


def http(body: bytes, *headers: str) -> bytes:
    """Return a whole response with status 200."""
    lines = ["HTTP/1.1 200 OK", f"content-length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class RawServer:
    """Where it is, and what came: the requests whole, one list for each connection."""

    def __init__(self, answers: Sequence[Raw], tls: ssl.SSLContext | None) -> None:
        self.url = ""
        self.connections: list[list[bytes]] = []
        self.left = threading.Event()  # a client has closed a connection
        self._answers, self._tls = answers, tls
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event

    @property
    def requests(self) -> list[bytes]:
        return [request for connection in self.connections for request in connection]

    async def serve(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self._tls)
        port = server.sockets[0].getsockname()[1]
        self.url = f"{'http' if self._tls is None else 'https'}://127.0.0.1:{port}"
        ready.set()
        await self._stop.wait()
        server.close()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests: list[bytes] = []
        self.connections.append(requests)
        try:
            while request := await _request(reader):
                requests.append(request)
                answer = self._answers[min(len(self.requests), len(self._answers)) - 1]
                for piece in answer.pieces:
                    writer.write(piece)
                    await asyncio.sleep(answer.pause)
                if answer.then == "reset":
                    _reset(writer)
                if answer.then != "keep":
                    break
            else:
                self.left.set()
        finally:
            writer.close()


@contextmanager
def speaking(*answers: Raw, tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    """Answer the n-th request with the n-th of `answers`, and those after it with the last."""
    server, ready = RawServer(answers, tls), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(ready)))
    thread.start()
    if not ready.wait(timeout=10):
        raise TimeoutError("the server did not come up")
    try:
        yield server
    finally:
        server.stop()
        thread.join(timeout=10)


async def _request(reader: asyncio.StreamReader) -> bytes:
    """Return the next request whole; b"": the client has closed."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)\ncontent-length: *(\d+)", head)
        return head + await reader.readexactly(int(length[1]) if length else 0)
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


def _reset(writer: asyncio.StreamWriter) -> None:
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
