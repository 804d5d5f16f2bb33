"""Facts that a participant was told in confidence: which turns give them away.

Pure. A turn that tells such a fact is not published, whoever says it and whoever released the
session. Words are compared, not meaning: who repeats a fact in other words is not found out.
"""

from collections.abc import Iterable, Iterator

from interviews.protocols.facts import FactVisibility
from interviews.protocols.ways_out import reasons
from interviews.protocols.words import said_words, spaced
from interviews.sessions.content import Content
from interviews.sessions.header import Header

RUN = 8
"""So many words of a fact in a row give it away; of a shorter one, all of it."""

REASON = "it tells a fact that is not public"


def tells_internal_fact(content: Content, header: Header) -> bool:
    """Return whether a turn holds the words of a fact that is to stay internal."""
    return tells(
        content,
        [
            header.facts[name]
            for name, told in header.told.items()
            if told.visibility == FactVisibility.INTERNAL
        ],
    )


def tells(content: Content, facts: Iterable[str]) -> bool:
    """Return whether a turn holds the words of one of these facts; an empty one has none."""
    texts = [fact for fact in facts if fact]
    if not texts:
        return False
    said = "\n".join([content.text, content.declined_in or "", *reasons(content.blocks)])
    folded = spaced(said)
    return any(fact in said or _gives_away(fact, folded) for fact in texts)


def _gives_away(fact: str, folded: str) -> bool:
    return any(run in folded for run in _runs(fact))


def _runs(fact: str) -> Iterator[str]:
    if words := said_words(fact):
        for start in range(max(1, len(words) - RUN + 1)):
            yield f" {' '.join(words[start : start + RUN])} "
