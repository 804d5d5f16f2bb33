"""BagIt 1.0 (RFC 8493): what the tag files of a bag say.

Pure. `archive.store.exporting` writes bags.
"""

from collections.abc import Mapping, Sequence

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
ALGORITHMS = ("sha256", "sha512")

_ENCODED = {"%": "%25", "\r": "%0D", "\n": "%0A"}


def encoded(path: str) -> str:
    """Return a path as manifests have it: percent signs and line ends percent-encoded."""
    return "".join(_ENCODED.get(character, character) for character in path)


def manifest(digests: Mapping[str, str]) -> bytes:
    """Return a manifest: each file's digest by its path, relative to the bag."""
    return "".join(f"{digests[path]}  {encoded(path)}\n" for path in sorted(digests)).encode()


def bag_info(elements: Sequence[tuple[str, str]]) -> bytes:
    """Return `bag-info.txt`; what a value holds of white space is folded into single spaces."""
    return "".join(f"{label}: {' '.join(value.split())}\n" for label, value in elements).encode()
