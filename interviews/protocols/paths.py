"""Where the jumps of a protocol can lead: what no path reaches, and which jumps nobody can take.

Pure. For each question it is kept what may have become of every question and fact that a jump
looks at, over all paths that lead there. What may be is never fewer than what can be, so what is
found unreachable is; a path that only two conditions together rule out may pass unseen.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from interviews.protocols.design import Varied
from interviews.protocols.protocol import CLOSING, OPENING, Protocol
from interviews.protocols.script import AnswerIs, AnswerSays, Ask, FactIs, Fate, Jump, When

ALWAYS_RECORDED = frozenset({"model", "publication", "reply_limit"})
"""The facts that the archive's record has of every model."""

Known: TypeAlias = Mapping[str, frozenset[str]]  # of a question or a fact: what may be of it
Place: TypeAlias = tuple[str, str]  # of a question, or of where the order of several is drawn

_RECORDED, _UNRECORDED = "recorded", "not recorded"
_FATES = frozenset({str(Fate.ANSWERED), str(Fate.DECLINED)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """What the jumps of a protocol leave out."""

    unreachable: tuple[str, ...]  # ids of questions, in order
    never_taken: tuple[tuple[str, int], ...]  # a question's id and the place of its jump, from 0


def paths(protocol: Protocol) -> Paths:
    """Return what no path reaches, and the jumps that are never taken where they are reached."""
    walk = _Walk(protocol)
    walk.from_the_start()
    asked = [ask.id for ask in walk.asks]
    return Paths(
        unreachable=tuple(name for name in asked if ("ask", name) not in walk.known),
        never_taken=tuple(
            (ask.id, place)
            for ask in walk.asks
            if ("ask", ask.id) in walk.known
            for place in range(len(ask.jumps))
            if (ask.id, place) not in walk.taken
        ),
    )


class _Walk:
    """One walk over a protocol's questions until nothing new may be known anywhere."""

    def __init__(self, protocol: Protocol) -> None:
        asks = protocol.asks(
            stance=next(iter(protocol.stances)), information=next(iter(protocol.informations))
        )
        self.asks: Sequence[Ask] = [ask for ask in asks if ask.id not in {OPENING, CLOSING}]
        self.known: dict[Place, Known] = {}
        self.taken: set[tuple[str, int]] = set()
        self._varied = Varied.NOTHING if protocol.order is None else protocol.order.varied
        self._by_id = {ask.id: ask for ask in self.asks}
        self._first: dict[str, str] = {}  # question of a section
        self._members: dict[str, list[str]] = defaultdict(list)
        for ask in self.asks:
            self._first.setdefault(str(ask.section), ask.id)
            self._members[str(ask.section)].append(ask.id)
        self._after = {one.id: two.id for one, two in zip(self.asks, self.asks[1:], strict=False)}
        self._section_after = dict(zip(self._first, list(self._first)[1:], strict=False))

    def from_the_start(self) -> None:
        """Walk until nothing new may be known."""
        first = next(iter(self._first))
        begin = ("any section", "") if self._varied is Varied.SECTIONS else self._entry(first)
        waiting: deque[Place] = deque()
        self._arrive(begin, self._at_first(), waiting)
        while waiting:
            place = waiting.popleft()
            for target, known in self._leave(place):
                self._arrive(target, known, waiting)

    def _arrive(self, place: Place, known: Known, waiting: deque[Place]) -> None:
        before = self.known.get(place)
        merged = (
            known
            if before is None
            else {name: values | known[name] for name, values in before.items()}
        )
        if merged != before:
            self.known[place] = merged
            waiting.append(place)

    def _leave(self, place: Place) -> Iterator[tuple[Place, Known]]:
        """Yield where the script may go from `place`, and what may be known there."""
        kind, name = place
        known = self.known[place]
        if kind == "any section":
            yield from ((("ask", first), known) for first in self._first.values())
        elif kind == "within":
            yield from ((("ask", member), known) for member in self._members[name])
        else:
            yield from self._answered(self._by_id[name], known)

    def _answered(self, ask: Ask, known: Known) -> Iterator[tuple[Place, Known]]:
        rest: Known | None = {**known, ask.id: _FATES} if ask.id in known else known
        for number, jump in enumerate(ask.jumps):
            if rest is None:
                return
            held = _where_it_holds(jump.when, rest)
            if held is not None:
                self.taken.add((ask.id, number))
                if jump.go != CLOSING:
                    yield self._target(jump), held
            rest = _where_it_fails(jump.when, rest)
        if rest is not None:
            yield from ((target, rest) for target in self._on(ask))

    def _on(self, ask: Ask) -> Iterator[Place]:
        """Yield where the script goes if no jump is taken."""
        section = str(ask.section)
        if self._varied is Varied.QUESTIONS:
            yield ("within", section)
            if section in self._section_after:
                yield ("within", self._section_after[section])
        elif self._varied is Varied.SECTIONS and self._members[section][-1] == ask.id:
            yield ("any section", "")
        elif ask.id in self._after:
            yield ("ask", self._after[ask.id])

    def _entry(self, section: str) -> Place:
        if self._varied is Varied.QUESTIONS:
            return ("within", section)
        return ("ask", self._first[section])

    def _target(self, jump: Jump) -> Place:
        return self._entry(jump.go) if jump.go in self._first else ("ask", jump.go)

    def _at_first(self) -> Known:
        """Return what may be of each question and fact before the first question."""
        known: dict[str, frozenset[str]] = {}
        for ask in self.asks:
            for jump in ask.jumps:
                if isinstance(jump.when, FactIs):
                    open_ones = set() if jump.when.fact in ALWAYS_RECORDED else {_UNRECORDED}
                    known[_name(jump.when)] = frozenset({_RECORDED, *open_ones})
                else:
                    known[_name(jump.when)] = frozenset({str(Fate.NOT_ASKED)})
        return known


def _where_it_holds(when: When, known: Known) -> Known | None:
    """Return what may be known where a condition holds; None: it cannot."""
    name, value = _name(when), _value(when)
    return {**known, name: frozenset({value})} if value in known[name] else None


def _where_it_fails(when: When, known: Known) -> Known | None:
    """Return what may be known where a condition does not hold; None: it always does."""
    if isinstance(when, AnswerSays):
        return known
    name = _name(when)
    left = known[name] - {_value(when)}
    return {**known, name: left} if left else None


def _name(when: When) -> str:
    """Return what a condition looks at; no id of a question holds a brace."""
    return f"{{{when.fact}}}" if isinstance(when, FactIs) else when.question


def _value(when: When) -> str:
    match when:
        case FactIs():
            return _RECORDED if when.recorded else _UNRECORDED
        case AnswerIs():
            return str(when.fate)
        case AnswerSays():
            return str(Fate.ANSWERED)
