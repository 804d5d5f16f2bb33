"""What a model names its text by: a title, a summary, tags, as it gave them or none.

Pure. Nothing is made up or reworded: what is no use as it stands is left out.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

import nh3

from archive.normal_forms import normal_form
from archive.rendering import markdown
from archive.rendering.characters import one_line
from blog.posts.titles import title

LONGEST_SUMMARY = 300  # characters
MOST_TAGS = 5
LONGEST_TAG = 40  # characters
LONGEST_LINE = 2000  # characters that are looked at
MOST_LINES = 50

_FULL_WIDTH = {"colon": "\uff1a", "comma": "\uff0c\u3001", "end": "\u3002\uff01\uff1f"}
_LINE = re.compile(
    rf"^[\s#>*_\-\d.)]*(title|summary|tags)\b[\s*_]*[:{_FULL_WIDTH['colon']}][\s*_]*(.*)$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[-*\u2022]|\d+[.)])\s+(?=\S)")
_BETWEEN_TAGS = re.compile(rf"[,;|\u060c\u061b\u00b7{_FULL_WIDTH['comma']}]|\s(?=#)")
_SENTENCE = re.compile(
    rf".*?(?:[.!?\u2026\u061f][\"\u201d\u2019\u00bb)]*(?=\s|$)|[{_FULL_WIDTH['end']}])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One tag: as the model wrote it, and as an address."""

    slug: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a reply names a text by; None and empty: it gives none that can be used."""

    title: str | None = None
    summary: str | None = None
    tags: Sequence[Tag] = ()

    @property
    def tag_items(self) -> list[dict[str, str]] | None:
        """The tags as a draft keeps them; None: there are none."""
        return [{"slug": tag.slug, "shown": tag.shown} for tag in self.tags] or None


def naming(said: str) -> Naming:
    """Return what a reply in lines that begin with Title:, Summary: and Tags: gives."""
    found: dict[str, list[str]] = {}
    last: list[str] = []
    for line in [line for line in said.splitlines() if line.strip()][:MOST_LINES]:
        begun = _LINE.match(line[:LONGEST_LINE])
        if begun is None:
            last.append(line[:LONGEST_LINE])
            continue
        last = []
        found.setdefault(begun[1].lower(), last)
        if begun[2].strip():
            last.append(begun[2])
    return Naming(
        title=title("\n".join(found.get("title", []))),
        summary=_summary(found.get("summary", [])),
        tags=_tags(found.get("tags", [])),
    )


def tag_slug(shown: str) -> str:
    """Return a tag as an address: letters and digits of any script, in lower case, with hyphens."""
    folded = normal_form("NFKC", normal_form("NFKC", shown).casefold())
    kept = (one if unicodedata.category(one)[0] in "LMN" else " " for one in folded)
    return "-".join("".join(kept).split())


def _summary(lines: Sequence[str]) -> str | None:
    """Return the sentences of the first line that fit, whole ones only."""
    text = _visible(lines[0]) if lines else ""
    if len(text) > LONGEST_SUMMARY:
        fitting = ""
        for sentence in _SENTENCE.finditer(text):
            if sentence.end() > LONGEST_SUMMARY:
                break
            fitting = text[: sentence.end()]
        text = fitting
    return text if _has_words(text) else None


def _tags(lines: Sequence[str]) -> tuple[Tag, ...]:
    """Return the tags of one line, or of a list below it; one of too many characters is none."""
    listed = [line for line in lines if _BULLET.match(line)]
    parts = [part for line in (listed or lines[:1]) for part in _BETWEEN_TAGS.split(_visible(line))]
    tags: dict[str, Tag] = {}
    for part in parts:
        shown = part.strip(" \t.#\"'\u201c\u201d\u00ab\u00bb()[]")
        slug = tag_slug(shown)
        if slug and any(one.isalnum() for one in slug) and len(shown) <= LONGEST_TAG >= len(slug):
            tags.setdefault(slug, Tag(slug=slug, shown=shown))
    return tuple(tags.values())[:MOST_TAGS]


def _visible(line: str) -> str:
    """Return what is seen of a line of Markdown."""
    html = markdown.render(one_line(_BULLET.sub("", line))).html
    return one_line(unescape(nh3.clean(html, tags=set())))


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)
