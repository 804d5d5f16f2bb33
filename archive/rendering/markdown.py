"""Markdown to HTML that is safe to publish; what models wrote passes through `render` alone.

Pure. CommonMark with tables, footnotes and strikethrough. Nothing a model writes can act,
load, or reach out of its block, and nothing it writes is dropped in silence: raw HTML is shown
as text, an image as its description, a character that no page can hold as a visible one, and
each such change is counted, so that the page can say what differs from the source.
"""

import re
from collections import Counter
from collections.abc import Mapping
from html import escape, unescape

import comrak
import markdown
import nh3

from archive.rendering.changes import Change, Rendered
from archive.rendering.characters import holds, shown, without_controls

DEEPEST = 64  # open elements; a text that nests deeper is shown as it was written
LONGEST = 300_000  # characters that are laid out
LARGEST = 100_000  # characters of HTML that any text may become, and 8 more for each of its own


def render(text: str, *, prefix: str = "", address: str = "", top: int = 2) -> Rendered:
    """Return what a model wrote as HTML that is safe to publish.

    Args:
        text: Markdown, whatever is in it.
        prefix: Put before each id, so that several texts can stand on one page.
        address: Put before the `#` of links within the text: absolute for feeds.
        top: The level of the text's first heading; the others follow its outline.
    """
    changes: Counter[Change] = Counter()
    clean = without_controls(text, changes)
    laid_out = _lay_out(clean)
    rewriter = _Rewriter(prefix=prefix, address=address)
    rewritten = None if laid_out is None else rewriter.rewritten(laid_out)
    if rewritten is None:
        changes[Change.LAYOUT] = 1
        return Rendered(_as_written(clean, changes), changes)
    changes[Change.RAW_HTML] = _pieces_of_html(clean)
    changes.update(rewriter.changes)
    return Rendered(in_outline(_MODEL_CLEANER.clean(rewritten), top=top), changes)


def render_own(text: str, *, top: int = 2) -> str:
    """Return what the operator wrote in Markdown as HTML; raw HTML is kept where it is harmless."""
    made = markdown.markdown(text, extensions=["tables", "footnotes", "sane_lists"])
    scrolling = _OWN_TABLE.sub(
        lambda found: f"{_SCROLLS.format('Table')}{found[0]}" if found[1] else f"{found[0]}</div>",
        _OWN_CLEANER.clean(made),
    )
    return in_outline(scrolling, top=top)


def in_outline(clean: str, *, top: int) -> str:
    """Return sanitised HTML with its headings counted from `top`, no level left out."""
    outer: list[str] = []  # the levels as written, from the outermost to the present one

    def renumbered(heading: re.Match[str]) -> str:
        closes, level = heading.groups()
        if not closes:
            while outer and outer[-1] >= level:
                outer.pop()
            outer.append(level)
        return f"<{closes}h{min(6, top + len(outer) - 1)}"

    return _HEADING.sub(renumbered, clean)


def _as_written(text: str, changes: Counter[Change]) -> str:
    paragraphs = re.split(r"\n[ \t\r]*\n\s*", text.strip())
    return "\n".join(
        f'<p class="as-written" dir="auto">{escape(shown(paragraph, changes))}</p>'
        for paragraph in paragraphs
    )


def _extensions() -> comrak.ExtensionOptions:
    extensions = comrak.ExtensionOptions()
    extensions.table = True
    extensions.strikethrough = True
    extensions.footnotes = True
    return extensions


def _escaping() -> comrak.RenderOptions:
    options = comrak.RenderOptions()
    options.escape = True
    return options


_EXTENSIONS = _extensions()
_HTML_AS_TEXT = _escaping()
_HTML_LEFT_OUT = comrak.RenderOptions()  # each piece becomes a comment, which can be counted
_RULE_OF_A_TABLE = " \t>|:-"  # the characters of the line under its head
_TAG = re.compile(r"(<[^>]*>)")  # of comrak's: it escapes what values hold
_ATTRIBUTE = re.compile(r' ([a-z-]+)(?:="([^"]*)")?')


def _lay_out(text: str) -> str | None:
    """Return the text as HTML, or None if it is too long or too intricate."""
    if len(text) > LONGEST or _cells(text) > LARGEST:
        return None
    laid_out = comrak.render_markdown(text, _EXTENSIONS, None, _HTML_AS_TEXT)
    return None if len(laid_out) > LARGEST + 8 * len(text) else laid_out


def _cells(text: str) -> int:
    """Return how many cells the widest table could have: short rows are filled up."""
    if "|" not in text:
        return 0
    lines = text.splitlines()
    rules = (line.count("|") for line in lines if not line.strip(_RULE_OF_A_TABLE))
    return max(rules, default=0) * len(lines)


def _pieces_of_html(text: str) -> int:
    if "<" not in text:
        return 0
    laid_out = comrak.render_markdown(text, _EXTENSIONS, None, _HTML_LEFT_OUT)
    return laid_out.count("<!-- raw HTML omitted -->")


class _Rewriter:
    """Rewrites the HTML that comrak made, counting what it takes away."""

    def __init__(self, *, prefix: str, address: str) -> None:
        self.changes: Counter[Change] = Counter()
        self._prefix = prefix
        self._address = address
        self._open: list[tuple[str, str]] = []  # comrak's element, what closes ours
        self._verbatim = False  # comrak's text can be taken as it is

    def rewritten(self, laid_out: str) -> str | None:
        """Return our HTML for comrak's, or None if too many of its elements are open at once."""
        self._verbatim = holds(laid_out)
        text, *pieces = _TAG.split(laid_out)
        out = [self._words(text)]
        for tag, text in zip(pieces[::2], pieces[1::2], strict=True):
            if tag[1] == "/":
                if self._open and self._open[-1][0] == tag[2:-1]:
                    out.append(self._open.pop()[1])
            elif (plain := _PLAIN.get(tag)) is not None:
                out.append(plain[0])
                self._open.append(plain[1])
            else:
                out.append(self._start(tag))
            if len(self._open) > DEEPEST:
                return None
            if text:
                out.append(self._words(text))
        return "".join(out)

    def _start(self, tag: str) -> str:
        name = tag[1:-1].partition(" ")[0]
        values = {key: unescape(value) for key, value in _ATTRIBUTE.findall(tag)}
        if name == "img":
            return self._image(values)
        if name in {"br", "hr"}:
            return f"<{name}>"
        opening, closing = self._element(name, values)
        self._open.append((name, closing))
        return opening

    def _words(self, escaped: str) -> str:
        words = escaped if self._verbatim else escape(shown(unescape(escaped), self.changes))
        parent = self._open[-1][0] if self._open else ""
        # comrak puts a block of raw HTML into its parent without an element of its own
        loose = parent in {"", "blockquote"} or (parent == "li" and words.startswith("\n"))
        if loose and (stripped := words.strip()):
            return f'<p class="as-written" dir="auto">{stripped}</p>'
        return words

    def _element(self, tag: str, values: Mapping[str, str]) -> tuple[str, str]:
        """Return what opens and what closes our element for comrak's."""
        match tag:
            case "a":
                return self._link(values)
            case "table":
                return f'{_SCROLLS.format("Table")}<table dir="auto">', "</table></div>"
            case "pre":
                return f'{_SCROLLS.format("Code")}<pre dir="ltr">', "</pre></div>"
            case "section":
                return '<div class="footnotes">', "</div>"
            case _:
                return f"<{tag}{self._attributes(tag, values)}>", f"</{tag}>"

    def _attributes(self, tag: str, values: Mapping[str, str]) -> str:
        kept = {"id": self._prefix + values["id"]} if "id" in values else {}
        if tag in {"td", "th"} and "align" in values:
            kept["class"] = values["align"]
        if tag == "ol" and "start" in values:
            kept["start"] = values["start"]
        if "aria-label" in values:
            kept["aria-label"] = values["aria-label"]
        if tag in _HOLD_TEXT:
            kept["dir"] = "auto"
        return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())

    def _link(self, values: Mapping[str, str]) -> tuple[str, str]:
        target = values.get("href", "")
        if "data-footnote-ref" in values or "data-footnote-backref" in values:
            inner = escape(f"{self._address}#{self._prefix}{target.removeprefix('#')}")
            return f'<a href="{inner}"{self._attributes("a", values)}>', "</a>"
        if not _WEB_OR_MAIL.match(target):
            self.changes[Change.LINK_DISABLED] += 1
            return '<span class="inert">', "</span>"
        self.changes[Change.LINK_MARKED] += 1
        title = escape(shown(values.get("title", ""), self.changes))
        hint = f' title="{title}"' if title else ""
        return f'<a href="{escape(target)}"{hint} rel="{_REL}">', "</a>"

    def _image(self, values: Mapping[str, str]) -> str:
        self.changes[Change.IMAGE] += 1
        description = shown(values.get("alt", ""), self.changes).strip()
        words = f"image: {description}" if description else "image"
        return f'<span class="image" dir="auto">[{escape(words)}]</span>'


_WEB_OR_MAIL = re.compile(r"https?://|mailto:", re.IGNORECASE)
_HOLD_TEXT = {f"h{level}" for level in range(1, 7)}
_HOLD_TEXT |= {"blockquote", "code", "li", "ol", "p", "td", "th", "ul"}
_REL = "nofollow noopener noreferrer"
_SCROLLS = '<div class="scrolls" role="group" aria-label="{}" tabindex="0">'
_TEXT_TAGS = _HOLD_TEXT | {"br", "del", "div", "em", "hr", "pre", "strong", "sup"}
_TEXT_TAGS |= {"table", "tbody", "thead", "tr"}
_PLAIN = {
    f"<{name}>": (
        f'<{name} dir="auto">' if name in _HOLD_TEXT else f"<{name}>",
        (name, f"</{name}>"),
    )
    for name in _TEXT_TAGS - {"br", "hr", "pre", "table"}
}
"""For comrak's tags without attributes: our tag, and the element that it opens."""
_MODEL_CLEANER = nh3.Cleaner(
    tags=_TEXT_TAGS | {"a", "span"},
    attributes={
        "*": {"dir"},
        "a": {"href", "id", "title", "rel", "aria-label"},
        "li": {"id"},
        "ol": {"start"},
    },
    tag_attribute_values={
        "div": {"role": {"group"}, "aria-label": {"Code", "Table"}, "tabindex": {"0"}}
    },
    allowed_classes={
        "div": {"footnotes", "scrolls"},
        "p": {"as-written"},
        "span": {"image", "inert"},
        "td": {"left", "center", "right"},
        "th": {"left", "center", "right"},
    },
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
_OWN_CLEANER = nh3.Cleaner(
    tags=_TEXT_TAGS | {"a", "abbr", "b", "cite", "dd", "dl", "dt", "i", "kbd", "q", "small", "sub"},
    attributes={"*": {"dir", "lang"}, "a": {"href", "id", "title"}, "li": {"id"}, "sup": {"id"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer",
)
_OWN_TABLE = re.compile(r"<(table)\b[^>]*>|</table>")  # sanitised: each that opens closes
_HEADING = re.compile(r"<(/?)h([1-6])\b")
