"""Canonical bytes and the digests over them: what every check of the record rests on.

Pure. Canonical bytes are RFC 8785 JSON over strings, integers below 2^53, lists and objects;
what is absent is left out. Lone surrogates, which no UTF-8 can hold, become U+FFFD; who needs
the original keeps the provider's raw bytes.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

Canonical: TypeAlias = "str | int | Sequence[Canonical] | Mapping[str, Canonical]"

SALT_BYTES = 16

_LARGEST = 2**53 - 1

# for these kinds of value the standard library writes what RFC 8785 asks for, but for the order
# of keys (docs/decisions/0007); a library in Python is ten times as slow, for every turn
_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def canonical_bytes(value: Canonical) -> bytes:
    """Return the RFC 8785 bytes of `value`.

    Raises:
        ValueError: An integer is 2^53 or more, or a value is not of the kinds above.
    """
    return _written(_ordered(value)).encode()


def without_lone_surrogates(text: str) -> str:
    """Return `text` with each lone surrogate as U+FFFD, and each pair as its character."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def as_kept(value: object) -> bytes:
    """Return the bytes of a column: SQLite gives text back where somebody wrote text."""
    return value.encode() if isinstance(value, str) else bytes(cast("bytes", value))


def sha256(content: bytes) -> str:
    """Return the SHA-256 of `content`, hex."""
    return hashlib.sha256(content).hexdigest()


def salted_digest(salt: bytes, content: bytes) -> str:
    """Return SHA-256 of `salt` followed by `content`, hex.

    With the salt destroyed, the digest no longer lets anyone test a guess at the content.
    """
    return sha256(salt + content)


def _ordered(value: Canonical) -> Canonical:
    if isinstance(value, str):
        return without_lone_surrogates(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) > _LARGEST:
            raise ValueError(f"no canonical form for an integer of {value.bit_length()} bits")
        return value
    if isinstance(value, Mapping):
        items = [(without_lone_surrogates(key), _ordered(item)) for key, item in value.items()]
        return dict(sorted(items, key=_utf_16))
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    raise ValueError(f"no canonical form for {type(value).__name__}")


def _utf_16(item: tuple[str, Canonical]) -> bytes:
    return item[0].encode("utf-16-be")
