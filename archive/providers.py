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
    key, setting = _key(environment, "ANTHROPIC_API_KEY")
    if not key:
        raise _no_key("ANTHROPIC_API_KEY", setting)
    return key


def openai_key(environment: Mapping[str, str], *, optional: bool) -> str:
    """Return the key for an OpenAI-compatible server; "" if it is `optional` and there is none.

    Raises:
        InputError: There is none, or it cannot be one. The message never holds it.
    """
    key, setting = _key(environment, "OPENAI_API_KEY")
    if not key and not optional:
        raise _no_key("OPENAI_API_KEY", setting)
    return key


def _no_key(name: str, setting: str) -> InputError:
    return InputError(
        "no API key",
        at=setting,
        mend=f"Set it: export {name}=…, or put the key into a file and its path"
        f" into {name}_FILE.\n  The embedded model needs none: --participant embedded.",
    )


def _key(environment: Mapping[str, str], setting: str) -> tuple[str, str]:
    """Return the key, or "", and the variable that says so."""
    key = environment.get(setting, "").strip()
    if not key and (path := environment.get(f"{setting}_FILE")):
        setting = f"{setting}_FILE"
        key = _key_in(Path(path), setting)
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise InputError(
            "not an API key", at=setting, mend="Copy it anew: it is one line of ASCII."
        )
    return key, setting


def _key_in(path: Path, setting: str) -> str:
    try:
        return path.read_text().strip()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise InputError(
            f"cannot read {path}: {reason}",
            at=setting,
            mend="Name a file that holds the key and nothing else.",
        ) from None  # the error may hold what the file does
