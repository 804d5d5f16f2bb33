"""A model behind an endpoint, asked by HTTP.

One call of `reply` is one HTTP request and one `Attempt`, whatever comes of it. The response body
is kept byte for byte as it came, also when it broke off. An attempt never holds the key: should a
server echo it, a mark stands in its place.
"""

import asyncio
import ipaddress
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

import httpx2
from anthropic import APIConnectionError  # noqa: TID253  # loaded only when a participant is opened

from archive.times import now
from interviews.participants import messages
from interviews.participants.clients import AnthropicClient, Client, http_client
from interviews.participants.failures import failure_of_status, one_line, seconds_of
from interviews.participants.proxies import proxy_for
from interviews.participants.rate_limits import provider_time
from interviews.participants.response_headers import kept_headers
from interviews.participants.seam import (
    Attempt,
    Block,
    Cause,
    Failure,
    OnText,
    Request,
    Token,
    Written,
)
from interviews.participants.stream import UnreadableError

IDLE_SECONDS = 120.0
"""Without a byte for so long, a connection is given up: the API sends pings every few seconds."""

LONGEST_ATTEMPT = 60 * 60.0
"""Seconds that one attempt may take: 64,000 tokens at a slow model's 20 a second."""

WIND_UP = 5.0
"""Seconds that a response may go on after the end of its reply."""

LARGEST_BODY = 64 * 2**20
"""Bytes of a response that are read; the longest reply that a model gives has about a hundredth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a model answers."""

    url: str
    key: str = field(repr=False)
    model: str
    idle_seconds: float = IDLE_SECONDS
    keeps_connections: bool = True  # open from one request to the next

    @property
    def shown_url(self) -> str:
        """The URL without a user's name and password."""
        parts = urlsplit(self.url)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()

    @property
    def on_this_machine(self) -> bool:
        """Whether the host is a loopback address: then no proxy stands between."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    def http_client(self) -> httpx2.AsyncClient:
        """Return what sends requests there."""
        return http_client(
            self.url,
            idle_seconds=self.idle_seconds,
            keeps_connections=self.keeps_connections,
            proxy=None if self.on_this_machine else proxy_for(self.url),
        )

    def without_key(self, content: bytes) -> bytes:
        """Return `content` with a mark for the key; one shorter than 16 characters is no secret."""
        return content.replace(self.key.encode(), b"[key]") if len(self.key) >= 16 else content


class Reader(Protocol):
    """Reads the response body of one API, as far as it has come."""

    blocks: tuple[Block, ...]  # none before the reply is whole
    stop_reason: str | None
    usage: dict[str, int]
    provider_model: str | None
    logprobs: tuple[Token, ...] | None

    @property
    def over(self) -> bool:
        """Whether the reply, or an error in its place, has come to its end."""
        ...

    def read(self, piece: bytes) -> Iterator[str]:
        """Take the next piece of the body and yield each text that it brought.

        Raises:
            UnreadableError: This is not what the API sends.
        """
        ...

    def failure(self) -> Failure | None:
        """Return why this is no reply, now that nothing more comes; None: it is one."""
        ...


class EndpointParticipant:
    """A model that is asked by HTTP."""

    def __init__(
        self,
        address: str,
        endpoint: Endpoint,
        *,
        takes_temperature: bool,
        facts: Mapping[str, str],
        takes_tools: bool = True,
    ) -> None:
        self._client = self._connected(endpoint)
        self.address = address
        self.takes_temperature, self.takes_tools = takes_temperature, takes_tools
        self.facts = {"api": messages.API, **facts}
        self._endpoint = endpoint

    def _connected(self, endpoint: Endpoint) -> Client:
        return AnthropicClient(endpoint.url, endpoint.key, endpoint.http_client())

    def written(self, request: Request) -> Written:
        """Return what `reply` sends for `request`."""
        body = messages.body_of(
            request, self._endpoint.model, takes_temperature=self.takes_temperature
        )
        return Written(path=messages.PATH, body=body)

    def _reader(self, path: str, tools: Collection[str]) -> "Reader":  # noqa: ARG002  # there is one, unless overridden
        return messages.Reply(tools)

    async def reply(self, request: Request, *, on_text: OnText) -> Attempt:
        """Ask once. `on_text` is given each piece of text as it streams in."""
        written = self.written(request)
        exchange = _Exchange(
            self._endpoint, self._reader(written.path, {tool.name for tool in request.tools})
        )
        broken = None
        try:
            async with asyncio.timeout(LONGEST_ATTEMPT) as deadline:
                await self._exchange(written, exchange, deadline, on_text)
        except (APIConnectionError, httpx2.TransportError, TimeoutError, UnreadableError) as error:
            broken = exchange.broken_by(error)
        return exchange.attempt(broken)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()

    async def _exchange(
        self,
        written: Written,
        exchange: "_Exchange",
        deadline: asyncio.Timeout,
        on_text: OnText,
    ) -> None:
        response = await self._client.send(written)
        exchange.begins(response)
        try:
            async with aclosing(response.aiter_raw()) as pieces:
                async for piece in pieces:
                    for text in exchange.take(piece):
                        on_text(text)
                    if exchange.reply.over:
                        break
                # read to its end, the connection serves the next request
                deadline.reschedule(asyncio.get_running_loop().time() + WIND_UP)
                async for piece in pieces:
                    exchange.keep(piece)
        finally:
            await response.aclose()


class _Exchange:
    """What has come of one request so far."""

    def __init__(self, endpoint: Endpoint, reply: Reader) -> None:
        self.response: httpx2.Response | None = None
        self.reply = reply
        self._endpoint = endpoint
        self._started_at, self._sent = now(), time.monotonic()
        self._answered_after = 0.0
        self._pieces: list[bytes] = []
        self._size = 0

    def begins(self, response: httpx2.Response) -> None:
        """Take the head of the response."""
        self.response, self._answered_after = response, time.monotonic() - self._sent

    def take(self, piece: bytes) -> Iterator[str]:
        """Keep the next piece of the body and yield each text that it brought."""
        self.keep(piece)
        if self.response is not None and self.response.status_code == 200:
            yield from self.reply.read(piece)

    def keep(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > LARGEST_BODY:
            raise UnreadableError(f"more than {LARGEST_BODY >> 20} MiB")

    def broken_by(self, error: Exception) -> Failure:
        """Return the failure that the exchange ended with."""
        url, idle = self._endpoint.shown_url, f"{self._endpoint.idle_seconds:.0f} s"
        if isinstance(error, APIConnectionError) and isinstance(error.__cause__, Exception):
            error = error.__cause__  # the SDK's own words say nothing
        match error:
            case UnreadableError():
                cause, message = Cause.UNREADABLE, one_line(str(error))
            case httpx2.TimeoutException() if self.response is not None:
                cause, message = Cause.BROKEN_OFF, f"nothing more came for {idle}"
            case httpx2.TimeoutException():
                cause, message = Cause.UNREACHABLE, f"no answer from {url} within {idle}"
            case httpx2.ConnectError() | httpx2.ProxyError():
                cause, message = Cause.UNREACHABLE, f"cannot reach {url}: {error}"
            case TimeoutError():
                message = f"not over after {LONGEST_ATTEMPT / 60:.0f} minutes"
                cause = Cause.BROKEN_OFF
            case _:
                cause, message = Cause.BROKEN_OFF, f"the connection broke: {one_line(str(error))}"
        return Failure(cause=cause, message=message)

    def attempt(self, broken: Failure | None) -> Attempt:
        """Return what came of it all, now that nothing more comes."""
        raw = self._endpoint.without_key(b"".join(self._pieces))
        response, ended_at = self.response, now()
        headers = {} if response is None else self._headers(response)
        failure = self._failure(raw, broken, ended_at)
        return Attempt(
            started_at=self._started_at,
            ended_at=ended_at,
            raw=raw,
            failure=failure,
            status=None if response is None else response.status_code,
            request_id=headers.get("request-id") or headers.get("x-request-id"),
            blocks=self.reply.blocks if failure is None else (),
            stop_reason=self.reply.stop_reason,
            usage=self.reply.usage,
            provider_model=self.reply.provider_model,
            logprobs=self.reply.logprobs,
            headers=headers,
            answered_after=self._answered_after,
        )

    def _headers(self, response: httpx2.Response) -> dict[str, str]:
        hide = self._endpoint.without_key
        shown = {name: hide(value.encode()).decode() for name, value in response.headers.items()}
        return kept_headers(shown)

    def _failure(self, raw: bytes, broken: Failure | None, at: datetime) -> Failure | None:
        if self.response is not None and self.response.status_code != 200:
            headers = self.response.headers
            wait = seconds_of(headers.get("retry-after"), at=provider_time(headers, at))
            return failure_of_status(self.response.status_code, raw, retry_after=wait)
        # what breaks after the end of the reply does not unsay it
        return broken if broken is not None and not self.reply.over else self.reply.failure()
