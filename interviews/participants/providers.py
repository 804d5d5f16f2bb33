"""The providers of models, and what the environment says of them: URLs and keys.

A key is read when a participant is opened, is sent to its provider, and goes nowhere else.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import anthropic  # noqa: TID253  # loaded only when a participant is opened

from archive.errors import InputError
from interviews.participants.endpoint import Endpoint, EndpointParticipant

ANTHROPIC_URL = "https://api.anthropic.com"


def open_anthropic(model: str, environment: Mapping[str, str]) -> EndpointParticipant:
    """Return the model that is called `model` at Anthropic, or where ANTHROPIC_BASE_URL says.

    Raises:
        InputError: There is no key, or the URL is none.
    """
    endpoint = Endpoint(url=_base_url(environment), key=_key(environment), model=model)
    facts = {"endpoint": endpoint.shown_url, "sdk": f"anthropic {anthropic.__version__}"}
    return EndpointParticipant(f"anthropic:{model}", endpoint, takes_temperature=False, facts=facts)


def _base_url(environment: Mapping[str, str]) -> str:
    url = environment.get("ANTHROPIC_BASE_URL") or ANTHROPIC_URL
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number
        usable = False
    if not usable:
        mend = f"Write it as {ANTHROPIC_URL}, or leave it out."
        raise InputError("not an http or https URL", at="ANTHROPIC_BASE_URL", mend=mend)
    return url


def _key(environment: Mapping[str, str]) -> str:
    """Return the key that the environment holds or names the file of.

    Raises:
        InputError: There is none, or it cannot be one. The message never holds it.
    """
    setting, key = "ANTHROPIC_API_KEY", environment.get("ANTHROPIC_API_KEY", "").strip()
    if not key and (path := environment.get("ANTHROPIC_API_KEY_FILE")):
        setting, key = "ANTHROPIC_API_KEY_FILE", _key_in(Path(path))
    if not key:
        raise InputError(
            "no API key",
            at=setting,
            mend="Set it: export ANTHROPIC_API_KEY=…, or put the key into a file and its path"
            " into ANTHROPIC_API_KEY_FILE.\n  The embedded model needs none: --participant embedded.",
        )
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise InputError(
            "not an API key", at=setting, mend="Copy it anew: it is one line of ASCII."
        )
    return key


def _key_in(path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise InputError(
            f"cannot read {path}: {reason}",
            at="ANTHROPIC_API_KEY_FILE",
            mend="Name a file that holds the key and nothing else.",
        ) from None  # the error may hold what the file does
