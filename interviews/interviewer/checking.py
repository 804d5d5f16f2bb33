"""The check of a probe before it is sent: what the rules find, each fault with the words that show it.

Pure, and the same every time. English and German are read whole; in other languages only that
which needs no words of the language, and the result says what was not checked. How often the
rules are right stands in docs/detectors.md, measured on the labelled set of this package.
"""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import TypeAlias

from interviews.interviewer.english import ENGLISH
from interviews.interviewer.faults import Checked, Fault, FaultKind
from interviews.interviewer.german import GERMAN
from interviews.interviewer.languages import COMMON, is_in, primary
from interviews.interviewer.own_words import (
    Sentence,
    levelled,
    sentences,
    without_quotations,
    words,
)
from interviews.interviewer.wordings import Wordings

LONGEST = 50
"""Words in a probe, at most; two signs of a script without spaces count as one."""

READ = 1000
"""Characters of a probe that are read: what is longer is too long whatever it says."""

READ_OF_EARLIER = 1000
"""Characters of each earlier question that are read, from its end."""

SAME = 86.0
"""From 0 to 100: how alike the sorted words of two questions must be to be the same question."""

SAME_STEMS = 0.75
"""Which part of their telling words two questions must share to be the same question."""

SAID_BEFORE = 0.5
"""A statement is the interviewer's own if less than this part of its telling words was used before."""

WORDINGS: Mapping[str, Wordings] = MappingProxyType({"en": ENGLISH, "de": GERMAN})

BY_WORDING = frozenset(
    {FaultKind.SPEAKS_FOR, FaultKind.OPINION, FaultKind.LEADS, FaultKind.LEAVES_ROLE}
)
"""The kinds that are found only in the languages of `WORDINGS`."""

_Span: TypeAlias = tuple[int, int]

_STEM = 5  # letters: "keeping" and "keep" differ, "letters" and "letter" do not
_WITHOUT_SPACES = re.compile("[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9d]")
_ASKS_WITHOUT_MARK = re.compile(r"(?:か|かな|吗|呢|ください|下さい)[.!\s]*$|^请|^請")


def check_probe(probe: str, *, earlier: Sequence[str], reply: str, language: str) -> Checked:
    """Return what is wrong with `probe`, and what could not be checked.

    Args:
        probe: As the interviewing model wrote it.
        earlier: The core questions and probes that were asked before, in any order; and the core
            questions still to come, if a probe may not ask them beforehand.
        reply: What the participant said last, which the probe takes up.
        language: The interview's, as a BCP 47 tag.
    """
    text = probe[:READ]
    if not words(text) and len(probe) <= READ:
        empty = Fault(kind=FaultKind.EMPTY, start=0, end=len(probe), words=probe)
        return Checked(faults=(empty,), not_checked=frozenset())
    said = _Said(reply, asked=earlier)
    own = without_quotations(levelled(text), said.has)
    parts = sentences(own)
    wordings = WORDINGS.get(primary(language))
    repeating, repeated = _repeating(parts, earlier)
    found: dict[FaultKind, _Span | None] = {
        FaultKind.REPEATS: repeating,
        FaultKind.LANGUAGE: _in_another_language(parts, language),
        FaultKind.NO_QUESTION: None if _asking(parts, wordings) else (0, 0),
        FaultKind.SEVERAL: _second_question(parts, wordings),
        FaultKind.TOO_LONG: (0, len(probe)) if _is_long(probe) else None,
    }
    not_checked = BY_WORDING if wordings is None else frozenset[FaultKind]()
    if wordings is not None:
        for kind, at in _worded(own, parts, wordings, said):
            found.setdefault(kind, at)
    if found[FaultKind.LANGUAGE] is None and is_in(own, language) is None:
        not_checked |= {FaultKind.LANGUAGE}
    faults = (
        Fault(
            kind=kind,
            start=span[0],
            end=span[1],
            words=probe[span[0] : span[1]],
            repeated=repeated if kind is FaultKind.REPEATS else None,
        )
        for kind in FaultKind
        if (span := found.get(kind)) is not None
    )
    return Checked(faults=tuple(faults), not_checked=not_checked)


class _Said:
    """What the participant said, folded when it is first asked for: it may be very long."""

    def __init__(self, reply: str, *, asked: Sequence[str]) -> None:
        self._reply = reply
        self._asked = asked

    @functools.cached_property
    def _folded(self) -> str:
        return " ".join(levelled(self._reply).casefold().split())

    def has(self, quoted: str) -> bool:
        """Whether the words of a quotation stand in the reply."""
        told = " ".join(quoted.casefold().split()).strip(" .,;:!?")
        return told in self._folded

    def has_feeling(self, word: str) -> bool:
        """Whether the reply names a feeling, and does not only deny it."""
        start = re.escape(word.casefold()[:4])
        for found in re.finditer(rf"\b(?:{start}|{start[:3]}\b)", self._folded):
            before = self._folded[max(0, found.start() - 15) : found.start()]
            if not _DENIES.search(before):
                return True
        return False

    def share(self, told: Sequence[str]) -> float:
        """Return which part of some words has been used, by their first letters; 1 if none."""
        used = [self._folded, *(asked[-READ_OF_EARLIER:].casefold() for asked in self._asked)]
        found = sum(any(word[:_STEM] in text for text in used) for word in told)
        return found / len(told) if told else 1.0


_DENIES = re.compile(r"\b(?:not|no|never|without|nicht|kein\w*|nie|ohne)\b|n't\b")


def _is_long(probe: str) -> bool:
    if len(probe) > READ:
        return True
    signs = len(_WITHOUT_SPACES.findall(probe))
    return len(words(_WITHOUT_SPACES.sub(" ", probe))) + signs / 2 > LONGEST


def _worded(
    own: str, parts: Sequence[Sentence], wordings: Wordings, said: _Said
) -> Iterator[tuple[FaultKind, _Span]]:
    """Return where wordings show faults."""
    labels = [(kind, match) for kind, at in wordings.labels.items() if (match := at.search(own))]
    yield from ((kind, match.span()) for kind, match in labels)
    for part in parts:
        signs = [
            (kind, match)
            for kind, pattern in wordings.signs.items()
            if (match := pattern.search(part.text))
        ]
        if match := _takes_for_granted(part, wordings, said):
            signs.append((FaultKind.LEADS, match))
        yield from ((kind, _at(part, match)) for kind, match in signs)
        if part.asks or wordings.reports.search(part.text):
            continue
        if match := wordings.advice.search(part.text):
            yield FaultKind.OPINION, _at(part, match)
        elif not signs and not labels and _states(part, wordings, said):
            of_the_other = wordings.addresses.search(part.text)
            kind = FaultKind.SPEAKS_FOR if of_the_other else FaultKind.OPINION
            yield kind, (part.start, part.end)


def _at(part: Sentence, match: re.Match[str]) -> _Span:
    return part.start + match.start(), part.start + match.end()


def _takes_for_granted(part: Sentence, wordings: Wordings, said: _Said) -> re.Match[str] | None:
    """Return where a sentence ascribes a feeling that the participant has not named."""
    if wordings.hedges.search(part.text) or wordings.reports.search(part.text):
        return None
    patterns = [wordings.feelings, *([wordings.charged] if part.asks else [])]
    for match in chain.from_iterable(pattern.finditer(part.text) for pattern in patterns):
        word = next(found for found in match.groupdict().values() if found)
        if not wordings.negations.search(match[0]) and not said.has_feeling(word):
            return match
    return None


def _states(part: Sentence, wordings: Wordings, said: _Said) -> bool:
    """Whether a sentence states something of its own.

    It is no doing of an interviewer, no premise and no nod, and most of its telling words have
    been used by nobody before.
    """
    allowed = wordings.process, wordings.requests, wordings.supposes, wordings.acknowledges
    if any(pattern.search(part.text) for pattern in allowed):
        return False
    return said.share(_telling(part.text)) < SAID_BEFORE


def _asking(parts: Sequence[Sentence], wordings: Wordings | None) -> list[Sentence]:
    """Return the sentences that ask something, or ask for something."""
    return [
        part
        for part in parts
        if part.asks
        or _ASKS_WITHOUT_MARK.search(part.text)
        or (wordings is not None and _requests(part, wordings))
    ]


def _requests(part: Sentence, wordings: Wordings) -> bool:
    asks_for = wordings.requests.search(part.text) is not None
    return asks_for and wordings.supposes.search(part.text) is None


def _second_question(parts: Sequence[Sentence], wordings: Wordings | None) -> _Span | None:
    """Return where a second thing is asked."""
    asking = _asking(parts, wordings)
    if len(asking) > 1:
        return asking[1].start, asking[1].end
    if wordings is None:
        return None
    for part in asking:
        for match in wordings.barrels.finditer(part.text):
            mains = part.text[: match.start()].split(":")
            if any(wordings.asks.search(clause.strip()) for clause in mains) or (
                wordings.requests.search(part.text)
            ):
                return _at(part, match)
    return None


def _in_another_language(parts: Sequence[Sentence], language: str) -> _Span | None:
    for part in parts:
        if is_in(part.text, language) is False:
            return part.start, part.end
    return None


def _repeating(
    parts: Sequence[Sentence], earlier: Sequence[str]
) -> tuple[_Span, str] | tuple[None, None]:
    """Return where an earlier question is asked again, and that question."""
    for part in parts:
        for asked in earlier:
            if any(_same_question(part.text, old) for old in _questions(asked)):
                return (part.start, part.end), asked
    return None, None


def _same_question(one: str, other: str) -> bool:
    """Whether two questions are the same, by their folded words or by those that tell.

    A negation or a number that only one of them has makes them two questions.
    """
    from rapidfuzz import fuzz  # loaded with the first probe

    if _guard(one) != _guard(other):
        return False
    mine, theirs = _stems(one), _stems(other)
    shared, most = len(mine & theirs), max(len(mine), len(theirs))
    if fuzz.token_sort_ratio(_joined(one), _joined(other)) >= SAME:
        return most < 2 or shared > most / 2 or bool(_WITHOUT_SPACES.search(one))
    return shared >= 2 and shared >= SAME_STEMS * most


@functools.lru_cache(maxsize=1024)
def _questions(asked: str) -> tuple[str, ...]:
    """Return the sentences of an earlier question that ask, or all if none has a mark."""
    parts = sentences(levelled(asked[-READ_OF_EARLIER:]))
    asking = tuple(part.text for part in parts if part.asks)
    return asking or tuple(part.text for part in parts)


@functools.lru_cache(maxsize=1024)
def _joined(text: str) -> str:
    return " ".join(words(text))


@functools.lru_cache(maxsize=1024)
def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _telling(text))


@functools.lru_cache(maxsize=1024)
def _guard(text: str) -> frozenset[str]:
    """Return the negations and numbers of a question."""
    return frozenset(
        "not" if _DENIES.search(word) else word
        for word in words(text)
        if _DENIES.search(word) or any(char.isdigit() for char in word)
    )


def _telling(text: str) -> list[str]:
    """Return the words that are not among the commonest of English and German."""
    return [word for word in words(text) if word not in _COMMON and len(word) > 2]


_COMMON = COMMON["en"] | COMMON["de"]
