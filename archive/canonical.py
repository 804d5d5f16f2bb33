"""Canonical bytes and the digests over them: what every check of the record rests on.

Pure. Canonical bytes are RFC 8785 JSON over strings, integers below 2^53, lists and objects;
what is absent is left out. Lone surrogates, which no UTF-8 can hold, become U+FFFD; who needs
the original keeps the provider's raw bytes.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import rfc8785

Canonical: TypeAlias = "str | int | Sequence[Canonical] | Mapping[str, Canonical]"

SALT_BYTES = 16


def canonical_bytes(value: Canonical) -> bytes:
    """Return the RFC 8785 bytes of `value`.

    Raises:
        ValueError: An integer is 2^53 or more, or a value is not of the kinds above.
    """
    return rfc8785.dumps(_encodable(value))


def without_lone_surrogates(text: str) -> str:
    """Return `text` with each lone surrogate as U+FFFD, and each pair as its character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def sha256(content: bytes) -> str:
    """Return the SHA-256 of `content`, hex."""
    return hashlib.sha256(content).hexdigest()


def salted_digest(salt: bytes, content: bytes) -> str:
    """Return SHA-256 of `salt` followed by `content`, hex.

    With the salt destroyed, the digest no longer lets anyone test a guess at the content.
    """
    return sha256(salt + content)


def _encodable(value: Canonical) -> Any:  # noqa: ANN401  # rfc8785 types its lists as mutable
    if isinstance(value, str):
        return without_lone_surrogates(value)
    if isinstance(value, bool):
        raise ValueError("no canonical form for bool")  # noqa: TRY004  # one error for all kinds
    if isinstance(value, int):
        return value
    if isinstance(value, Mapping):
        return {without_lone_surrogates(key): _encodable(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_encodable(item) for item in value]
    raise ValueError(f"no canonical form for {type(value).__name__}")
