"""What sends a request over the wire: through the `anthropic` SDK, or plainly.

Neither tries twice, follows a redirection, keeps a cookie, or raises for a status.
"""

from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Protocol, cast

import httpx2
from anthropic import (  # noqa: TID253  # loaded only when a participant is opened
    APIRequest,
    AsyncAnthropic,
    AsyncAPIResponse,
    AsyncCallNext,
    AsyncStream,
)

from interviews.participants.seam import Written
from interviews.participants.transport import AiohttpTransport


class Client(Protocol):
    """Sends requests and lets go of its connections."""

    async def send(self, written: Written) -> httpx2.Response:
        """Send a request and return the response, whose body has not been read."""
        ...

    async def close(self) -> None:
        """Let go of the connections."""
        ...


def http_client(
    url: str, *, idle_seconds: float, keeps_connections: bool, proxy: str | None
) -> httpx2.AsyncClient:
    """Return what both send to `url` with."""
    transport = AiohttpTransport(
        idle_seconds=idle_seconds,
        keeps_connections=keeps_connections,
        certificates=httpx2.create_ssl_context() if url.startswith("https:") else None,
        proxy=proxy,
    )
    return httpx2.AsyncClient(
        headers={"accept-encoding": "identity"},  # so that the raw bytes can be read
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # none is kept
        timeout=idle_seconds,
        transport=transport,
    )


class AnthropicClient:
    """The Messages API, by the SDK of its maker."""

    def __init__(self, url: str, key: str, http: httpx2.AsyncClient) -> None:
        self._client = AsyncAnthropic(
            api_key=key,
            base_url=url,
            max_retries=0,
            open_telemetry=False,
            middleware=[_whatever_status],
            http_client=http,
        )

    async def send(self, written: Written) -> httpx2.Response:
        # not `messages.create`: that warns of models that are to be retired
        answer = await self._client.post(
            written.path,
            cast_to=httpx2.Response,
            body=written.body,
            stream=True,
            stream_cls=AsyncStream[object],
        )
        return cast(httpx2.Response, answer)  # see `_whatever_status`

    async def close(self) -> None:
        await self._client.close()


class PlainClient:
    """Any API that takes JSON; the key, where there is one, as a bearer's."""

    def __init__(self, url: str, key: str, http: httpx2.AsyncClient) -> None:
        self._url = url
        self._headers: Mapping[str, str] = {"authorization": f"Bearer {key}"} if key else {}
        self._http = http

    async def send(self, written: Written) -> httpx2.Response:
        request = self._http.build_request(
            "POST", self._url + written.path, json=written.body, headers=self._headers
        )
        return await self._http.send(request, stream=True)

    async def close(self) -> None:
        await self._http.aclose()


async def _whatever_status(request: APIRequest, call_next: AsyncCallNext) -> AsyncAPIResponse[Any]:
    """Hand on what came: behind a middleware the SDK does not raise for a status.

    It would read the body of a refusal itself, without a ceiling, and lose one that breaks off.
    """
    return await call_next(request)
