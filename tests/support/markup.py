"""Reads HTML for the tests: its elements, and what in it could act or load."""

from collections.abc import Iterator
from html.parser import HTMLParser

from typing_extensions import override

LOADS = {"src", "srcset", "poster", "background", "data", "action", "formaction", "style", "ping"}
ACTS = {"script", "iframe", "object", "embed", "form", "input", "style", "link", "base", "meta"}


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str]]] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def elements(html: str, tag: str | None = None) -> list[tuple[str, dict[str, str]]]:
    """Return every element with its attributes, or those of one tag."""
    reader = _Elements()
    reader.feed(html)
    reader.close()
    return [found for found in reader.found if tag is None or found[0] == tag]


def faults(fragment: str) -> Iterator[str]:
    """Name all in a rendered text that could act, load, or reach out of its place."""
    for tag, attributes in elements(fragment):
        if tag in ACTS | {"img", "svg", "math", "details", "article", "main", "video", "h1"}:
            yield f"<{tag}>"
        for name, value in attributes.items():
            if name.startswith("on") or name in LOADS:
                yield f"{tag} {name}={value}"
            if name == "href" and not value.startswith(("https://", "http://", "mailto:", "#")):
                yield f"{tag} {name}={value}"
            if name == "id" and not value.startswith("p-"):
                yield f"{tag} {name}={value}"
