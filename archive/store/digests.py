"""Digest algorithms by the names that OCFL 1.1 and its extension 0009 give them.

Pure.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol


class Digest(Protocol):
    """A digest being made."""

    def update(self, block: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


class _Size:
    """The `size` of extension 0009: the number of bytes, in decimal."""

    def __init__(self) -> None:
        self._bytes = 0

    def update(self, block: bytes, /) -> None:
        self._bytes += len(block)

    def hexdigest(self) -> str:
        return str(self._bytes)


ALGORITHMS: Mapping[str, Callable[[], Digest]] = {
    "md5": partial(hashlib.md5, usedforsecurity=False),  # legacy fixity values, never our own
    "sha1": partial(hashlib.sha1, usedforsecurity=False),
    "sha256": hashlib.sha256,
    "sha512": hashlib.sha512,
    "blake2b-512": hashlib.blake2b,
    "blake2b-160": partial(hashlib.blake2b, digest_size=20),
    "blake2b-256": partial(hashlib.blake2b, digest_size=32),
    "blake2b-384": partial(hashlib.blake2b, digest_size=48),
    "sha512/256": partial(hashlib.new, "sha512_256"),
    "size": _Size,
}


def sha512(content: bytes) -> str:
    """Return the SHA-512 of `content`, hex: the digest that our own objects are addressed by."""
    return hashlib.sha512(content).hexdigest()


HEX_LENGTH: Mapping[str, int] = {"sha512": 128, "sha256": 64}
"""The algorithms that may address content, and how long their digests are."""
