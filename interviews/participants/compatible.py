"""A model behind any server that speaks OpenAI's chat completions, asked for a stream."""

from collections.abc import Collection
from urllib.parse import urlsplit

from typing_extensions import override

from interviews.participants import chat_stream
from interviews.participants.clients import Client, PlainClient
from interviews.participants.endpoint import Endpoint, EndpointParticipant, Reader
from interviews.participants.seam import Request, Written

OPENAI_HOST = "api.openai.com"

PATH = "/chat/completions"
VERSION = "/v1"


class CompatibleParticipant(EndpointParticipant):
    """A model that is asked by chat completions."""

    @override
    def written(self, request: Request) -> Written:
        """Return what `reply` sends for `request`."""
        # OpenAI's newer models refuse the old name of the limit, other servers the new one
        own = urlsplit(self._endpoint.url).hostname == OPENAI_HOST
        body = chat_stream.body_of(
            request,
            self._endpoint.model,
            limit_name="max_completion_tokens" if own else "max_tokens",
        )
        versioned = self._endpoint.url.endswith(VERSION)
        return Written(path=PATH if versioned else VERSION + PATH, body=body)

    @override
    def _connected(self, endpoint: Endpoint) -> Client:
        return PlainClient(endpoint.url, endpoint.key, endpoint.http_client())

    @override
    def _reader(self, path: str, tools: Collection[str]) -> Reader:
        return chat_stream.Reply(tools)
