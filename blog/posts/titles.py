"""A post's title, as the model gave it, and its address on the site.

Pure.
"""

import re
from collections.abc import Container
from html import unescape
from itertools import count

import nh3

from archive.normal_forms import normal_form
from archive.rendering import markdown
from archive.rendering.characters import one_line

LONGEST_TITLE = 120  # characters; a longer first line is prose
LONGEST_LINE = 1000  # characters that are looked at
LONGEST_SLUG = 60

_NAMED = re.compile(r"^title\s*:\s*", re.IGNORECASE)
_QUOTED = re.compile("""^(?:["“„«]|<<)([^"“”„«»<>]+)(?:["“”»]|>>)$""")


def title(text: str) -> str | None:
    """Return the first line of a post as a title, or None if it is none.

    Left out are Markdown's marks, the word "Title:", and quotation marks around it all. A line
    of more than `LONGEST_TITLE` characters, or of marks alone, is no title.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    rendered = markdown.render(one_line(first[:LONGEST_LINE])).html
    visible = one_line(unescape(nh3.clean(rendered, tags=set())))
    line = _QUOTED.sub(r"\1", _NAMED.sub("", visible)).strip()
    has_words = any(character.isalnum() for character in line)
    return line if has_words and len(line) <= LONGEST_TITLE else None


def slug(title: str | None, *, otherwise: str, taken: Container[str]) -> str:
    """Return an address made from `title` that is not `taken`.

    Args:
        title: In any script; letters that ASCII cannot hold are left out.
        otherwise: What to use where nothing of the title is left, or digits alone, which are
            the addresses of years.
        taken: The addresses in use.
    """
    plain = normal_form("NFKD", title or "").encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    if len(words) > LONGEST_SLUG:
        words = words[: LONGEST_SLUG + 1].rpartition("-")[0] or words[:LONGEST_SLUG]
    stem = otherwise if not words or words.isdigit() else words
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(name for name in numbered if name not in taken)
