"""Tags: what a text is about, as its model said, under one address for each.

Pure. Two spellings are one tag if they differ in case, in accents or in what parts their words.
An address never depends on what other tags there are: it stays when they come and go.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from archive.canonical import sha256
from archive.normal_forms import normal_form
from archive.rendering.characters import one_line

LONGEST_SLUG = 60
_MARK = 8  # hex digits that keep apart what ASCII cannot tell apart


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag."""

    slug: str  # part of its address: a-z, 0-9 and hyphens
    shown: str


def tags_of(words: Iterable[str]) -> list[Tag]:
    """Return the tags that a text was given, each once, in the order in which they were given."""
    found: dict[str, Tag] = {}
    for word in words:
        if shown := one_line(word):
            found.setdefault(slug_of(word), Tag(slug_of(word), shown))
    return [*found.values()]


@lru_cache(maxsize=10_000)
def slug_of(words: str) -> str:
    """Return the part of an address that a tag gets, in whatever script it is.

    What ASCII cannot hold ("C++", "أرشيف") leaves a part of its digest in the address, so that it
    is not taken for another.
    """
    folded = " ".join(one_line(normal_form("NFKC", words)).casefold().split())
    bare = "".join(sign for sign in normal_form("NFKD", folded) if not "\u0300" <= sign <= "\u036f")
    parted = re.sub(r"[\s_-]+", "-", bare.replace("'", "").replace("\u2019", "")).strip("-")
    plain = re.sub(r"[^a-z0-9]+", "-", parted).strip("-")
    if plain == parted and len(plain) <= LONGEST_SLUG:
        return plain or "tag"
    cut = plain[: LONGEST_SLUG - _MARK - 1].strip("-") or "tag"
    return f"{cut}-{sha256(parted.encode())[:_MARK]}"
