"""The providers of models, and what the environment says of them: URLs and keys.

A key is read when a provider is to be asked, is sent to it, and goes nowhere else.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from archive.errors import InputError

ANTHROPIC_URL = "https://api.anthropic.com"


def anthropic_url(environment: Mapping[str, str]) -> str:
    """Return where the Messages and the Models API are: at Anthropic, or ANTHROPIC_BASE_URL.

    Raises:
        InputError: The URL is none.
    """
    url = environment.get("ANTHROPIC_BASE_URL") or ANTHROPIC_URL
    mend = f"Write it as {ANTHROPIC_URL}, or leave it out."
    return check_url(url, at="ANTHROPIC_BASE_URL", mend=mend)


def check_url(url: str, *, at: str, mend: str) -> str:
    """Return `url` if it is one of http or https.

    Raises:
        InputError: It is none. The message does not hold it: it could hold a password.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number
        usable = False
    if not usable:
        raise InputError("not an http or https URL", at=at, mend=mend)
    return url


def anthropic_key(environment: Mapping[str, str]) -> str:
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
