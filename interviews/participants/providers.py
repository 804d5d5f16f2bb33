"""The providers of models, opened as participants."""

from collections.abc import Mapping

import anthropic  # noqa: TID253  # loaded only when a participant is opened

from archive.providers import anthropic_key, anthropic_url
from interviews.participants.endpoint import Endpoint, EndpointParticipant


def open_anthropic(model: str, environment: Mapping[str, str]) -> EndpointParticipant:
    """Return the model that is called `model` at Anthropic, or where ANTHROPIC_BASE_URL says.

    Raises:
        InputError: There is no key, or the URL is none.
    """
    endpoint = Endpoint(url=anthropic_url(environment), key=anthropic_key(environment), model=model)
    facts = {"endpoint": endpoint.shown_url, "sdk": f"anthropic {anthropic.__version__}"}
    return EndpointParticipant(f"anthropic:{model}", endpoint, takes_temperature=False, facts=facts)
