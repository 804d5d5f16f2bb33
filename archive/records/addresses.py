"""Addresses of participants: how a model is reached, as its record gives it.

Pure. `interviews.participants.addresses` opens them.
"""

from urllib.parse import urlsplit

from archive.errors import InputError
from archive.providers import check_url

FORMS = ("anthropic:MODEL", "embedded", "gguf:PATH", "openai:BASE_URL#MODEL")


def check_address(text: str, *, at: str) -> str:
    """Return `text` if it is the address of a participant.

    Raises:
        InputError: It is none. The message does not hold a password that stands in it.
    """
    scheme, _, rest = text.partition(":")
    if scheme == "openai" and rest:
        split_compatible(rest, at=at)
        return text
    if text == "embedded" or (scheme in {"anthropic", "gguf"} and rest.strip()):
        return text
    raise InputError(f"no such participant: {text!r}", at=at, mend=f"Write {', '.join(FORMS)}.")


def split_compatible(rest: str, *, at: str) -> tuple[str, str]:
    """Return the base URL, without a slash at its end, and the model of `BASE_URL#MODEL`.

    Raises:
        InputError: It is not of that form, or holds more than a URL and a model: a name and a
            password would be kept and shown with the address.
    """
    mend = "Write openai:BASE_URL#MODEL, as in openai:http://127.0.0.1:8000/v1#halcyon-2."
    url, _, model = rest.partition("#")
    if not model.strip() or model != model.strip() or not model.isprintable():
        raise InputError("names no model", at=at, mend=mend)
    check_url(url, at=at, mend=mend)
    parts = urlsplit(url)
    if "@" in parts.netloc or parts.query or not url.isprintable() or " " in url:
        raise InputError(
            "holds more than the address of a server",
            at=at,
            mend=f"{mend} The key comes from OPENAI_API_KEY.",
        )
    return url.rstrip("/"), model


def takes_temperature(address: str) -> bool:
    """Return whether who is reached at `address` can be asked to draw at a temperature."""
    return address.partition(":")[0] != "anthropic"
