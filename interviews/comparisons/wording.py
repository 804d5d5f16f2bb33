"""What differs between two texts, word by word.

Pure. Runs of words that both have are the longest common subsequence; a shared word or two
between differences is chance and counts as part of them.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MOST = 10_000
"""Words of a text that are compared; of a longer one nothing is marked."""

CHANCE = 3
"""Words in a row that both must have, between two differences, to count as shared."""

LEAST_SHARED = 0.2
"""The part of the longer text that both must have; below it nothing is marked, for all differs."""

# Vowel signs, accents and joiners stand inside a word: cut there, it would not be read any more.
_MARKS = "\u200c\u200d" + "".join(
    chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in {"Mn", "Mc"}
)

# A letter of Chinese or Japanese is a word here: those scripts have no spaces.
_WORD = re.compile(
    rf"(?:[\u3040-\u30ff\u3400-\u9fff][{_MARKS}]*|\w[\w{_MARKS}]*|[^\w\s][{_MARKS}]*)\s*"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: the other text has it too, or not."""

    text: str
    shared: bool


def differences(one: str, other: str) -> tuple[list[Piece], list[Piece]] | None:
    """Return both texts in pieces; None: they are too long, or have too little in common."""
    words, others = _WORD.findall(one), _WORD.findall(other)
    if max(len(words), len(others)) > MOST:
        return None
    shared = _shared_runs(words, others)
    common = sum(length for _, _, length in shared)
    if common < LEAST_SHARED * max(len(words), len(others)):
        return None
    return (
        _pieces(words, [(start, length) for start, _, length in shared]),
        _pieces(others, [(start, length) for _, start, length in shared]),
    )


def _shared_runs(words: Sequence[str], others: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return where runs of the same words start in both, and how long they are."""
    from rapidfuzz.distance import Indel  # only a comparison needs it

    found = Indel.opcodes([word.strip() for word in words], [word.strip() for word in others])
    runs = [
        (step.src_start, step.dest_start, step.src_end - step.src_start)
        for step in found
        if step.tag == "equal"
    ]
    return [
        (start, to, length)
        for start, to, length in runs
        if length >= CHANCE
        or (start, to) == (0, 0)
        or (start + length, to + length) == (len(words), len(others))
    ]


def _pieces(words: Sequence[str], shared: Sequence[tuple[int, int]]) -> list[Piece]:
    pieces: list[Piece] = []
    done = 0
    for start, length in [*shared, (len(words), 0)]:
        for text, both in (
            ("".join(words[done:start]), False),
            ("".join(words[start : start + length]), True),
        ):
            if text:
                pieces.append(Piece(text, both))
        done = start + length
    return pieces
