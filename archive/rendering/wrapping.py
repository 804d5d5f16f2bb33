"""Text wrapped to a number of columns, as terminals count them.

Pure. A letter of Chinese or Japanese takes two columns, a combining mark none.
"""

import re
from collections.abc import Iterator

from rich.cells import cell_len

LEAST = 20
"""Columns that a line has at least, however narrow the window."""

_WORDS = re.compile(r"\s*\S+")


def wrapped(text: str, width: int) -> list[str]:
    """Return the lines of `text`, none wider than `width`; its own line breaks stay.

    A word that is too long for a line is broken. An indent at the start of a line stays.
    """
    return [line for given in text.split("\n") for line in _lines(given, max(width, LEAST))]


def _lines(text: str, width: int) -> Iterator[str]:
    if len(text) * 2 <= width or cell_len(text) <= width:
        yield text.rstrip()
        return
    line, taken = "", 0
    for word in _pieces(text, width):
        size = cell_len(word)
        if line and taken + size > width:
            yield line.rstrip()
            line = word.lstrip()
            taken = cell_len(line)
        else:
            line += word
            taken += size
    yield line.rstrip()


def _pieces(text: str, width: int) -> Iterator[str]:
    """Yield the words with the spaces before them, those that are too long in parts."""
    for match in _WORDS.finditer(text.rstrip()):
        word = match[0]
        if cell_len(word) <= width:
            yield word
            continue
        start = taken = 0
        spoken = False  # whether there is more than spaces in the part
        for place, character in enumerate(word):
            size = cell_len(character)
            if spoken and taken + size > width:
                yield word[start:place]
                start, taken, spoken = place, 0, False
            taken += size
            spoken = spoken or not character.isspace()
        yield word[start:]
