"""New protocols: from a commented file to begin with, or from a copy of another."""

import re
from pathlib import Path

from archive.errors import InputError
from interviews.protocols.protocol import Protocol
from interviews.protocols.yaml_tree import read_tree

_START = Path(__file__).parent / "start/protocol.yaml"


def starting_file(slug: str) -> bytes:
    """Return a protocol to begin with, with a comment on each field."""
    return _START.read_bytes().replace(b"slug: new", f"slug: {slug}".encode(), 1)


def copy_of(protocol: Protocol, slug: str) -> bytes:
    """Return the file of `protocol`, comments and all, as the first version of another.

    Raises:
        InputError: Its slug or its version does not stand on a line of its own.
    """
    whole = read_tree(protocol.source, file=protocol.file)
    lines = protocol.source.decode("utf-8-sig").splitlines(keepends=True)
    for field, value in (("slug", slug), ("version", "1")):
        entry = whole.along((field,))
        new, count = re.subn(
            rf"^({field}\s*:[ \t]+)[^\s#]+", rf"\g<1>{value}", lines[entry.line - 1]
        )
        if count == 0:
            raise entry.error(
                "does not stand on a line of its own", mend=f"Write {field}: and its value there."
            )
        lines[entry.line - 1] = new
    return "".join(lines).encode()


def unused(path: Path, *, shown: str) -> Path:
    """Return `path` if nothing stands there.

    Raises:
        InputError: Something does.
    """
    if path.exists() or path.is_symlink():
        raise InputError(
            "is there already", at=shown, mend="Choose another slug, or edit that file."
        )
    return path
