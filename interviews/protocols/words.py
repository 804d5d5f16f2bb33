"""The words of a text as one would say them: by these a reply is held against what was laid down.

Pure.
"""

import re
import unicodedata

from archive.normal_forms import normal_form
from interviews.interviewer.languages import COMMON, primary

_ANSWERS = frozenset(
    [
        "no",
        "yes",
        "none",
        "nothing",
        "never",
        "always",
        "maybe",
        "perhaps",
        "unknown",
        "unsure",
        "stop",
        "end",
        "next",
        "pass",
        "skip",
        "quit",
        "done",
        "ok",
        "okay",
        "good",
        "bad",
        "fine",
        "sure",
        "right",
        "wrong",
        "true",
        "false",
        "know",
        "think",
        "nein",
        "ja",
        "nichts",
        "niemand",
        "nie",
        "niemals",
        "immer",
        "vielleicht",
        "unbekannt",
        "stopp",
        "ende",
        "weiter",
        "passe",
        "fertig",
        "gut",
        "schlecht",
        "richtig",
        "falsch",
        "stimmt",
        "weiß",
        "weiss",
        "sicher",
    ]
)
"""Words that are a whole answer by themselves, or with the commonest words of a language."""

_WORD = re.compile(r"[^\W_]+")


def said_words(text: str) -> tuple[str, ...]:
    """Return the words of `text`, folded: letters and digits only.

    Case, punctuation, Markdown marks, typographic forms and invisible characters do not matter.
    """
    folded = normal_form("NFKC", normal_form("NFKC", text).casefold())
    visible = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    return tuple(_WORD.findall(visible))


def may_be_an_answer(text: str, language: str) -> bool:
    """Return whether words that are to get a participant out are such as one answers with.

    Args:
        text: The words, which are obeyed where they stand alone on a line.
        language: BCP 47; of others than those whose commonest words are known little is found.
    """
    common = COMMON.get(primary(language), frozenset()) | _ANSWERS
    said = said_words(text)
    return bool(said) and all(word in common or word in {"don", "t", "m", "s"} for word in said)


def spaced(text: str) -> str:
    """Return the words of `text` with a blank around each: to hold some in a row is to have them."""
    return f" {' '.join(said_words(text))} "
