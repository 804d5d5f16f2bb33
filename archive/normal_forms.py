"""Unicode normalisation forms, in a time that grows with the length of the text.

Pure. The standard library sorts the marks on a letter by insertion: a letter with 80,000 marks of
two classes in turn, which no language has and any model can write, takes it five seconds, and ten
times as many eight minutes. Sorted before, they are left as they are.
"""

import re
from itertools import groupby
from typing import Literal
from unicodedata import combining, normalize

_MANY = 64  # no language sets so many marks on a letter

# marks are no letters, but for two that are marks in their form of compatibility alone
_CROWDED = re.compile(rf"[\W\uff9e\uff9f]{{{_MANY},}}")


def normal_form(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """Return what `unicodedata.normalize` does."""
    if not text.isascii():
        decomposed: Literal["NFD", "NFKD"] = "NFD" if form == "NFC" else "NFKD"
        text = _CROWDED.sub(lambda run: _in_order(_each_decomposed(run[0], decomposed)), text)
    return normalize(form, text)


def _each_decomposed(run: str, form: Literal["NFD", "NFKD"]) -> str:
    """Return each character decomposed by itself, so that nothing is sorted."""
    return "".join(normalize(form, character) for character in run)


def _in_order(decomposed: str) -> str:
    """Return marks in the canonical order: those of a letter by their class, else as they stood."""
    runs = groupby(decomposed, key=lambda character: combining(character) > 0)
    return "".join(
        "".join(sorted(run, key=combining) if are_marks else run) for are_marks, run in runs
    )
