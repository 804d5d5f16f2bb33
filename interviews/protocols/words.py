"""The words of a text as one would say them: by these a reply is held against what was laid down.

Pure.
"""

import re
import unicodedata

from archive.normal_forms import normal_form

_WORD = re.compile(r"[^\W_]+")


def said_words(text: str) -> tuple[str, ...]:
    """Return the words of `text`, folded: letters and digits only.

    Case, punctuation, Markdown marks, typographic forms and invisible characters do not matter.
    """
    folded = normal_form("NFKC", normal_form("NFKC", text).casefold())
    visible = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    return tuple(_WORD.findall(visible))


def spaced(text: str) -> str:
    """Return the words of `text` with a blank around each: to hold some in a row is to have them."""
    return f" {' '.join(said_words(text))} "
