"""Facts that a participant was told in confidence: which turns give them away.

Pure. A turn that tells such a fact is not published, whoever says it and whoever released the
session. Words are compared, not meaning: who repeats a fact in other words is not found out.
"""

import unicodedata
from collections.abc import Iterator

from interviews.protocols.facts import FactVisibility
from interviews.protocols.ways_out import reasons
from interviews.sessions.content import Content
from interviews.sessions.header import Header

RUN = 8
"""So many words of a fact in a row give it away; of a shorter one, all of it."""

REASON = "it tells a fact that is not public"


def tells_internal_fact(content: Content, header: Header) -> bool:
    """Return whether a turn holds the words of a fact that is to stay internal."""
    facts = [
        header.facts[name]
        for name, told in header.told.items()
        if told.visibility == FactVisibility.INTERNAL
    ]
    if not facts:
        return False
    said = "\n".join([content.text, content.declined_in or "", *reasons(content.blocks)])
    folded = _folded(said)
    return any(fact in said or _gives_away(fact, folded) for fact in facts)


def _gives_away(fact: str, folded: str) -> bool:
    return any(run in folded for run in _runs(fact))


def _runs(fact: str) -> Iterator[str]:
    words = _words(fact)
    if any(words):
        for start in range(max(1, len(words) - RUN + 1)):
            yield f" {' '.join(words[start : start + RUN])} "


def _folded(text: str) -> str:
    return f" {' '.join(_words(text))} "


def _words(text: str) -> list[str]:
    """Return the words, case folded; marks, emphasis and line breaks are no part of them."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    visible = (char for char in plain if unicodedata.category(char) != "Cf")
    return "".join(char if char.isalnum() else " " for char in visible).split()
