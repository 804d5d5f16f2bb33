"""Long runs of words that a text shares with others.

Pure. Compared are shingles: all runs of so many words, folded, wherever they stand. A character of
Chinese or Japanese is a word. What is worded anew is not found.

Source of the method: A. Z. Broder, "On the resemblance and containment of documents", Compression
and Complexity of Sequences (1997).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from blog.criteria.findings import Finding

DETECTOR = "shared runs of words, rules 1"

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W_\u3040-\u9fff]+")


@dataclass(frozen=True, slots=True)
class _Word:
    folded: str
    start: int
    end: int


def find(text: str, others: Mapping[str, str], *, words: int) -> list[Finding]:
    """Return every longest run of at least so many words that stands in another text too.

    Args:
        text: What is read.
        others: The other texts, by what they are called: "what it was shown", "the post ID".
        words: The length of the shortest run that is found.
    """
    own = list(_words(text))
    known = {word.folded for word in own}
    shingles: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in range(len(own) - words + 1):
        shingles[tuple(word.folded for word in own[place : place + words])].append(place)
    return [
        Finding(
            what=f"{last - first} words in a row as in {name}",
            start=own[first].start,
            end=own[last - 1].end,
        )
        for name, other in others.items()
        for first, last in _runs(other, shingles, known, words)
    ]


def _runs(
    other: str, shingles: Mapping[tuple[str, ...], Sequence[int]], known: set[str], words: int
) -> list[tuple[int, int]]:
    """Return where the runs that `other` shares begin and end, in words of the text."""
    met: set[tuple[str, ...]] = set()
    run: list[str] = []  # of words that the text has too: no shingle reaches beyond it
    for word in _words(other):
        if word.folded not in known:
            run.clear()
            continue
        run.append(word.folded)
        if len(run) >= words and (shingle := tuple(run[-words:])) in shingles:
            met.add(shingle)
    runs: list[tuple[int, int]] = []
    for place in sorted(place for shingle in met for place in shingles[shingle]):
        if runs and place <= runs[-1][1]:
            runs[-1] = (runs[-1][0], place + words)
        else:
            runs.append((place, place + words))
    return runs


def _words(text: str) -> Iterator[_Word]:
    for match in _WORD.finditer(text):
        folded = unicodedata.normalize("NFKC", match[0]).casefold()
        yield _Word(folded, match.start(), match.end())
