"""Addresses of participants: how a model is reached, as its record gives it.

Pure. `interviews.participants.addresses` opens them.
"""

from archive.errors import InputError

FORMS = ("anthropic:MODEL", "embedded", "gguf:PATH")


def check_address(text: str, *, at: str) -> str:
    """Return `text` if it is the address of a participant.

    Raises:
        InputError: It is none.
    """
    scheme, _, rest = text.partition(":")
    if text == "embedded" or (scheme in {"anthropic", "gguf"} and rest.strip()):
        return text
    raise InputError(f"no such participant: {text!r}", at=at, mend=f"Write {', '.join(FORMS)}.")
