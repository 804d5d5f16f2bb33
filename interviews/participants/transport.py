"""Requests that aiohttp sends, for clients that speak to httpx2.

httpx2's own transport looks at every connection that it holds with each request: with many
sessions at once that takes longer than the request.

One request is sent once, whatever comes of it. No cookie is kept. Every error of aiohttp becomes
one of httpx2's here, in words for people, and nowhere else.
"""

import asyncio
import io
import os
import ssl
from collections.abc import AsyncIterator

import aiohttp  # noqa: TID253  # loaded only when a participant is opened
import httpx2
from aiohttp.connector import Connection  # noqa: TID253  # likewise
from aiohttp.http_exceptions import HttpProcessingError  # noqa: TID253  # likewise
from typing_extensions import override

from interviews.participants.failures import one_line

KEPT_SECONDS = 4.0
"""A connection is kept so long between requests; many servers close theirs after five."""

LARGEST_HEADER = 64 * 2**10
"""Bytes of one line of a response's head."""

PHASES = 3
"""Connecting, sending and waiting: each may be idle for its time before the answer begins."""

Errors = (aiohttp.ClientError, OSError, ValueError)  # the last: of a header or a URL


class AiohttpTransport(httpx2.AsyncBaseTransport):
    """Sends requests, as many at once as there are.

    Args:
        idle_seconds: Without a byte for so long, a connection is given up.
        keeps_connections: Whether one serves request after request.
        certificates: What a server's certificate is checked against; None: there is none.
        proxy: The URL of a proxy, with its user's name and password if it wants them.
    """

    def __init__(
        self,
        *,
        idle_seconds: float,
        keeps_connections: bool,
        certificates: ssl.SSLContext | None,
        proxy: str | None,
    ) -> None:
        self._idle_seconds = idle_seconds
        self._keeps_connections = keeps_connections
        self._certificates = certificates
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            async with asyncio.timeout(PHASES * self._idle_seconds):
                response = await self._sent(request)
        except Errors as error:
            raise _meaning(error) from error
        return httpx2.Response(
            response.status,
            headers=response.raw_headers,
            stream=_Body(response),
            extensions={"reason_phrase": (response.reason or "").encode()},
        )

    @override
    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _sent(self, request: httpx2.Request) -> aiohttp.ClientResponse:
        url, body = request.url, await request.aread()
        while True:
            try:
                return await self._opened().request(
                    request.method,
                    # neither the user's name nor the password: they are in a header
                    f"{url.scheme}://{url.netloc.decode()}{url.raw_path.decode()}",
                    headers=[
                        (name.decode(), value.decode()) for name, value in request.headers.raw
                    ],
                    data=io.BytesIO(body),  # of bytes above 1 MiB aiohttp warns
                    allow_redirects=False,
                    proxy=self._proxy,
                )
            except _SpoiltError:
                continue  # nothing was sent; that connection is closed now

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:  # it wants a running loop
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    ssl=self._certificates or True,
                    limit=0,
                    force_close=not self._keeps_connections,
                    keepalive_timeout=KEPT_SECONDS if self._keeps_connections else None,
                ),
                request_class=_Request,
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("accept", "accept-encoding", "content-type", "user-agent"),
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(
                    connect=self._idle_seconds, sock_read=self._idle_seconds
                ),
                max_line_size=LARGEST_HEADER,
                max_field_size=LARGEST_HEADER,
            )
        return self._session


class _SpoiltError(Exception):
    """On a kept connection something came that nobody had asked for."""


class _Request(aiohttp.ClientRequest):
    """A request that takes no answer for its own that was there before it."""

    @override
    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        if conn.protocol is None or conn.protocol.should_close:
            raise _SpoiltError
        return await super().send(conn)


class _Body(httpx2.AsyncByteStream):
    """A response's body as it comes."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        # none where the body is whole: that has let go of it
        self._protocol = None if response.connection is None else response.connection.protocol
        self._closed = None if self._protocol is None else self._protocol.closed
        if self._closed is not None:
            self._closed.add_done_callback(self._ended)

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._response.content.iter_any():
                yield piece
        except Errors as error:
            # why it ended, the connection knows
            ended_by = None if self._protocol is None else self._protocol.exception()
            if isinstance(ended_by, OSError | HttpProcessingError):
                raise _meaning(ended_by) from error
            raise _meaning(error) from error

    @override
    async def aclose(self) -> None:
        if self._closed is not None:
            self._closed.remove_done_callback(self._ended)
        self._response.close()  # nothing is left to close where the body is whole

    def _ended(self, closed: "asyncio.Future[None]") -> None:
        """End the body with its connection: after a bad chunk aiohttp would wait for ever."""
        closed.exception()  # or it counts as never retrieved
        content = self._response.content
        if not content.is_eof() and content.exception() is None:
            content.set_exception(aiohttp.ClientPayloadError())


_MEANINGS = (
    (aiohttp.ConnectionTimeoutError, httpx2.ConnectTimeout),
    (TimeoutError, httpx2.ReadTimeout),
    ((aiohttp.ClientHttpProxyError, aiohttp.ClientProxyConnectionError), httpx2.ProxyError),
    (aiohttp.ClientConnectorError, httpx2.ConnectError),
    (OSError, httpx2.ReadError),
    (Exception, httpx2.RemoteProtocolError),
)
"""What each error of aiohttp is to a client of httpx2; the first that fits."""


def _meaning(error: BaseException) -> httpx2.TransportError:
    kind = next(kind for errors, kind in _MEANINGS if isinstance(error, errors))
    return kind(_words(error))


def _words(error: BaseException) -> str:
    match error:
        case aiohttp.ClientHttpProxyError():
            return f"the proxy refused, with status {error.status}"
        case aiohttp.ClientResponseError() | HttpProcessingError():
            # without the bytes that came, which follow: they may hold the key
            return f"not HTTP: {error.message.partition(':')[0]}"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientConnectionResetError():
            return "closed by the server without an answer"
        case aiohttp.ClientPayloadError():
            return "closed by the server before the end of its response"
        case _:
            return _words_of_the_system(error)


def _words_of_the_system(error: BaseException) -> str:
    while isinstance(error.__cause__, OSError):
        error = error.__cause__  # aiohttp and asyncio put words of their own in its place
    if isinstance(error, ConnectionError) and error.errno:
        return os.strerror(error.errno)
    said = error.strerror if isinstance(error, OSError) else None
    return one_line(said or str(error) or type(error).__name__)
