"""Connections in several small pools.

With each request a pool looks at every connection that it holds: with many sessions at once that
takes longer than the request. Small ones are filled one after the other, so that few sessions
share few connections.
"""

from collections.abc import AsyncIterator, Callable

import httpx2
from typing_extensions import override

AT_ONCE = 4
"""Requests of one pool, until all have as many."""

MOST = 32
"""Pools, whatever the number of sessions."""


class PooledTransport(httpx2.AsyncBaseTransport):
    """Sends each request through the first pool that has room, else the one with least to do.

    Args:
        pool: Makes a pool; it is called as they are needed.
        most: Pools that there may be.
    """

    def __init__(self, pool: Callable[[], httpx2.AsyncBaseTransport], *, most: int = MOST) -> None:
        self._pool, self._most = pool, most
        self._pools: list[httpx2.AsyncBaseTransport] = []
        self._in_flight: list[int] = []

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        place = self._place()
        self._in_flight[place] += 1
        try:
            response = await self._pools[place].handle_async_request(request)
        except BaseException:
            self._in_flight[place] -= 1
            raise
        stream = response.stream
        if not isinstance(stream, httpx2.AsyncByteStream):
            raise TypeError("a transport gives a stream that is read asynchronously")
        response.stream = _Counted(stream, self._in_flight, place)
        return response

    @override
    async def aclose(self) -> None:
        for pool in self._pools:
            await pool.aclose()

    def _place(self) -> int:
        for place, count in enumerate(self._in_flight):
            if count < AT_ONCE:
                return place
        if len(self._pools) < self._most:
            self._pools.append(self._pool())
            self._in_flight.append(0)
            return len(self._pools) - 1
        return self._in_flight.index(min(self._in_flight))


class _Counted(httpx2.AsyncByteStream):
    """A response's body, which makes room in its pool once it is closed."""

    def __init__(self, stream: httpx2.AsyncByteStream, in_flight: list[int], place: int) -> None:
        self._stream, self._in_flight, self._place = stream, in_flight, place
        self._closed = False

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            yield piece

    @override
    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            self._in_flight[self._place] -= 1
        await self._stream.aclose()
