"""XML as text: elements whose content comes back from a parser as it was given.

Pure. What is given holds no character that XML 1.0 cannot hold: `archive.rendering.characters`
sees to that.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

NO_ATTRIBUTES: Mapping[str, str] = {}


def element(
    name: str, text: str | None = None, attributes: Mapping[str, str] = NO_ATTRIBUTES
) -> str:
    """Return an element that holds text, or nothing, on a line of its own."""
    opening = name + "".join(f' {key}="{quoted(value)}"' for key, value in attributes.items())
    return f"<{opening}/>\n" if text is None else f"<{opening}>{escaped(text)}</{name}>\n"


def parent(
    name: str, children: Iterable[str], attributes: Mapping[str, str] = NO_ATTRIBUTES
) -> str:
    """Return an element that holds elements."""
    opening = name + "".join(f' {key}="{quoted(value)}"' for key, value in attributes.items())
    return f"<{opening}>\n{''.join(children)}</{name}>\n"


def document(root: str) -> bytes:
    """Return the file that holds an element."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}'.encode()


def escaped(text: str) -> str:
    """Return text as an element holds it; a parser would make a line feed of a bare return."""
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    )


def quoted(text: str) -> str:
    """Return text as an attribute holds it; a parser would make a space of a bare line feed."""
    return escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def rfc3339(time: datetime) -> str:
    """Return a UTC time as Atom, JSON Feed and sitemaps write it."""
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
