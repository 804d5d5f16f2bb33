"""The providers of models, opened as participants."""

from collections.abc import Mapping
from dataclasses import replace

import aiohttp  # noqa: TID253  # loaded only when a participant is opened
import anthropic  # noqa: TID253  # likewise

from archive.providers import anthropic_key, anthropic_url, openai_key
from archive.records.addresses import split_compatible, takes_temperature
from interviews.participants import chat_stream
from interviews.participants.compatible import CompatibleParticipant
from interviews.participants.endpoint import Endpoint, EndpointParticipant


def open_anthropic(model: str, environment: Mapping[str, str]) -> EndpointParticipant:
    """Return the model that is called `model` at Anthropic, or where ANTHROPIC_BASE_URL says.

    Raises:
        InputError: There is no key, or the URL is none.
    """
    endpoint = Endpoint(url=anthropic_url(environment), key=anthropic_key(environment), model=model)
    facts = {"endpoint": endpoint.shown_url, "sdk": f"anthropic {anthropic.__version__}"}
    address = f"anthropic:{model}"
    return EndpointParticipant(
        address, endpoint, takes_temperature=takes_temperature(address), facts=facts
    )


def open_compatible(rest: str, environment: Mapping[str, str]) -> CompatibleParticipant:
    """Return the model of `BASE_URL#MODEL`. A server on this machine may need no key.

    Raises:
        InputError: There is no key, or it is no such address.
    """
    url, model = split_compatible(rest, at="participant")
    keyless = Endpoint(url=url, key="", model=model)
    key = openai_key(environment, optional=keyless.on_this_machine)
    facts = {"api": chat_stream.API, "endpoint": url, "client": f"aiohttp {aiohttp.__version__}"}
    return CompatibleParticipant(
        f"openai:{rest}", replace(keyless, key=key), takes_temperature=True, facts=facts
    )
