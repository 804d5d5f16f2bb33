"""Reading text: what a reader of a published text sees, in one form for page, feed and mail.

Pure. The reading text of an HTML fragment is its visible text in Unicode normalisation form
NFKC, each block element a paragraph of its own, each run of white space one space, empty
paragraphs left out, paragraphs parted by one empty line. Whoever copies a text from any of its
published forms can fold it likewise and compute the same digest. The digests that are published
name this form by `FORM`; a change of any rule here is a new form.
"""

import re
from collections.abc import Iterable
from html import unescape
from html.parser import HTMLParser

from typing_extensions import override

from archive.canonical import sha256
from archive.normal_forms import normal_form

FORM = "reading text 1"
MARK = "data-reading-text"
"""The attribute of the element that holds the text, in a page or a feed item."""

_BLOCKS = frozenset(
    {"blockquote", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr"}
)
_BLOCKS |= {"li", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "thead", "tr", "ul"}
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})


def reading_text(fragment: str) -> str:
    """Return the reading text of an HTML fragment that `archive.rendering.markdown` made.

    It is well-formed, so its tags can be told without a parser.
    """
    parted = _INLINE.sub("", _BREAK.sub(" ", _EDGE.sub("\0", fragment)))
    return _folded(unescape(parted).split("\0"))


def published_reading_text(document: str) -> str:
    """Return the reading text of the marked element of a page or a feed item."""
    reader = _Reader()
    reader.feed(document)
    reader.close()
    return _folded("".join(run) for run in reader.paragraphs)


def reading_digest(fragment: str) -> str:
    """Return the SHA-256 of a fragment's reading text in UTF-8, hex."""
    return sha256(reading_text(fragment).encode())


def _folded(paragraphs: Iterable[str]) -> str:
    folded = (" ".join(normal_form("NFKC", paragraph).split()) for paragraph in paragraphs)
    return "\n\n".join(paragraph for paragraph in folded if paragraph)


_WITHIN = r"""(?![a-z0-9])[^>"]*(?:"[^"]*"[^>"]*)*>"""  # a value may hold the sign that ends a tag
_EDGE = re.compile(f"</?(?:{'|'.join(sorted(_BLOCKS))}){_WITHIN}")
_BREAK = re.compile(f"<br{_WITHIN}")
_INLINE = re.compile(f"</?[a-z][a-z0-9]*{_WITHIN}")


class _Reader(HTMLParser):
    """Collects the text of each block of the marked element."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[list[str]] = [[]]
        self._depth = 0  # of open elements within the marked one, itself included

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID and (self._depth or any(name == MARK for name, _ in attrs)):
            self._depth += 1
        if tag in _BLOCKS:
            self.paragraphs.append([])
        elif tag == "br":
            self.handle_data(" ")

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.paragraphs.append([])
        if tag not in _VOID and self._depth:
            self._depth -= 1

    @override
    def handle_data(self, data: str) -> None:
        if self._depth:
            self.paragraphs[-1].append(data)
