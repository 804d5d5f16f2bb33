"""A protocol: what an interview asks, in which words, and how a participant gets out of it.

Pure. An interview is a row of exchanges: the interviewer says an *ask*, the participant
replies. The first ask is the opening, the last the closing; between them stand the questions,
in the same words under every condition. Only what stands before a question varies, and the
language, which is a condition too: each translation is part of the protocol's version.
`interviews.protocols.reading` makes protocols from files, `interviews.protocols.rendering`
puts the facts in, `interviews.protocols.script` says what is asked next.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain
from types import MappingProxyType

from archive.canonical import sha256
from archive.errors import InputError, Place
from interviews.protocols.design import (
    AskingAgain,
    Character,
    Exclusion,
    OrderVariation,
    Replicates,
    Varied,
    ordered,
)
from interviews.protocols.script import Ask, Jump, Probing, paragraphs
from interviews.protocols.words import said_words

OPENING = "opening"
CLOSING = "closing"

NOT_RECORDED = "not recorded"

FACTS: Mapping[str, str] = MappingProxyType(
    {
        "model": "the model's name",
        "maker": "who made it",
        "operator": "who holds the interview and answers for it",
        "relation": "what the operator is to the maker",
        "channels": "where it has been offered",
        "use": "what is known of how it has been used",
        "retirement": "what is recorded of its retirement: dates, or that there is none",
        "weights": "what is kept of it, where and until when",
        "access": "who may use it after its retirement",
        "promises": "what has been promised to it",
        "publication": "who may read the interview, and who decides",
        "reply_limit": "how long one reply can be: 256 tokens",
    }
)
"""Every fact that a text can hold as `{name}`, and what it says.

A fact is a phrase that can stand after a colon; one that nobody recorded is `NOT_RECORDED`."""

RULE_WORDS = frozenset({"decline", "end"})
"""The placeholders that `Rules` fills."""

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_-]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The words that, alone on a line of a reply, get the participant out."""

    decline: str  # this question is not answered
    end: str  # the interview stops here
    tools: bool = False  # it may also call a tool for either, where it takes tools


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, asked in these words under every condition."""

    id: str
    text: str
    probing: Probing | None = None  # None: it is not followed up
    jumps: tuple[Jump, ...] = ()  # looked at once it is done with, in this order


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Questions that belong together; `lead_in` is said before the first, by stance."""

    id: str
    title: str
    lead_in: Mapping[str, str]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What the participant is told before it is asked whether it wants to begin."""

    lead_in: Mapping[str, str]  # by stance
    told: str  # who asks, who answers for it, what is known
    information: Mapping[str, str]  # by information condition
    terms: str  # how to decline and end, what becomes of the words
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The last ask; `lead_in` by stance."""

    lead_in: Mapping[str, str]
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """All that is said, in another language; made by one, checked by another, or by nobody."""

    language: str  # BCP 47
    made_by: str  # a person's name, or of what made it
    checked_by: str | None
    title: str
    rules: Rules
    opening: Opening
    titles: Mapping[str, str]  # of sections, by id
    lead_ins: Mapping[str, Mapping[str, str]]  # of sections, by id and stance
    questions: Mapping[str, str]  # by id
    closing: Closing
    systems: Mapping[str, str]  # the system prompts of the interview's own characters, by id
    jumps: Mapping[str, tuple[Jump, ...]] = field(default_factory=dict)  # by question: their words


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """One version of a protocol, and the bytes of the file that it was read from."""

    slug: str
    version: int
    language: str  # BCP 47
    title: str
    goals: tuple[str, ...]
    research_questions: tuple[str, ...]
    stances: Mapping[str, str]  # id to what it means
    informations: Mapping[str, str]  # id to what it means
    rules: Rules
    opening: Opening
    sections: tuple[Section, ...]
    closing: Closing
    facts: Mapping[str, str] = field(default_factory=dict)  # of the workspace's own, what each says
    characters: Mapping[str, Character] = field(default_factory=dict)  # none: no system prompt
    order: OrderVariation | None = None
    replicates: Replicates | None = None
    asking_again: AskingAgain | None = None
    exclusions: tuple[Exclusion, ...] = ()
    translations: Mapping[str, Translation] = field(default_factory=dict)
    source: bytes = field(repr=False)
    file: str = field(default="", compare=False)  # what errors call where it was read from

    @property
    def digest(self) -> str:
        """SHA-256 of the file, hex: what a person approves and a session names."""
        return sha256(self.source)

    @property
    def placeholders(self) -> frozenset[str]:
        """The facts that its texts hold, whatever the condition."""
        return frozenset(chain.from_iterable(map(placeholders, self._texts()))) - RULE_WORDS

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it can be asked in, the one it was written in first."""
        return (self.language, *self.translations)

    def in_language(self, language: str) -> "Protocol":
        """Return the same version with all that is said in `language`.

        Raises:
            InputError: It has no such translation.
        """
        if language == self.language:
            return self
        self._check("language", language, dict.fromkeys(self.languages, ""))
        said = self.translations[language]
        sections = tuple(
            replace(
                section,
                title=said.titles[section.id],
                lead_in=said.lead_ins.get(section.id, {}),
                questions=tuple(
                    replace(
                        question,
                        text=said.questions[question.id],
                        jumps=said.jumps.get(question.id, question.jumps),
                    )
                    for question in section.questions
                ),
            )
            for section in self.sections
        )
        characters = {
            name: replace(one, system=said.systems.get(name))
            for name, one in self.characters.items()
        }
        return replace(
            self,
            language=language,
            title=said.title,
            rules=replace(said.rules, tools=self.rules.tools),
            opening=said.opening,
            sections=sections,
            closing=said.closing,
            characters=characters,
            translations={},
        )

    def asks(
        self, *, stance: str, information: str, seed: str = "", draw: int = 0
    ) -> tuple[Ask, ...]:
        """Return what is said under a condition, in order, with its placeholders unfilled.

        Args:
            stance: One of its stances.
            information: One of its information conditions.
            seed: Of the order, where that varies.
            draw: Which of the orders, from 0.

        Raises:
            InputError: The protocol has no such stance or information condition.
        """
        self._check("stance", stance, self.stances)
        self._check("information", information, self.informations)
        opening, closing = self.opening, self.closing
        told = opening.told, opening.information[information], opening.terms
        first = Ask(
            id=OPENING,
            section=None,
            before=paragraphs(opening.lead_in.get(stance, ""), *told),
            question=opening.question,
        )
        last = Ask(
            id=CLOSING,
            section=None,
            before=closing.lead_in.get(stance, ""),
            question=closing.question,
        )
        between = (
            Ask(
                id=question.id,
                section=section.id,
                before="" if place else section.lead_in.get(stance, ""),
                question=question.text,
                probing=question.probing,
                jumps=question.jumps,
            )
            for section in self._in_order(seed, draw)
            for place, question in enumerate(section.questions)
        )
        return (first, *between, last)

    def _in_order(self, seed: str, draw: int) -> tuple[Section, ...]:
        varied = Varied.NOTHING if self.order is None else self.order.varied
        match varied:
            case Varied.NOTHING:
                return self.sections
            case Varied.SECTIONS:
                return ordered(self.sections, seed=seed, number=draw)
            case Varied.QUESTIONS:
                return tuple(
                    replace(
                        section,
                        questions=ordered(
                            section.questions, seed=f"{seed}:{section.id}", number=draw
                        ),
                    )
                    for section in self.sections
                )

    def _check(self, kind: str, name: str, known: Mapping[str, str]) -> None:
        if name not in known:
            raise InputError(
                f"no {kind} {name!r}",
                at=Place(f"protocol {self.slug}", field=kind),
                mend=f"Choose one of: {', '.join(known)}.",
            )

    def _texts(self) -> Iterator[str]:
        opening, closing = self.opening, self.closing
        yield from (opening.told, opening.terms, opening.question, closing.question)
        yield from (one.system for one in self.characters.values() if one.system is not None)
        for varied in (opening.lead_in, opening.information, closing.lead_in):
            yield from varied.values()
        for section in self.sections:
            yield from section.lead_in.values()
            yield from (question.text for question in section.questions)


class Declined(StrEnum):
    """What a participant declined by its words."""

    QUESTION = "question"
    INTERVIEW = "interview"


def declined(reply: str, ask: Ask, rules: Rules) -> Declined | None:
    """Return what `reply` declines: by the words of `rules` alone on a line, nothing else.

    Case, punctuation, Markdown marks and typographic forms do not matter. To end goes before
    to decline, and to decline the opening is not to begin.
    """
    lines = {said_words(line) for line in reply.splitlines()}
    if said_words(rules.end) in lines:
        return Declined.INTERVIEW
    if said_words(rules.decline) in lines:
        return Declined.INTERVIEW if ask.id == OPENING else Declined.QUESTION
    return None


def has_words(text: str) -> bool:
    """Return whether a reply could say `text` at all: marks alone are folded away."""
    return bool(said_words(text))


def same_words(one: str, other: str) -> bool:
    """Return whether a reply could not tell `one` from `other`."""
    return said_words(one) == said_words(other)


def placeholders(text: str) -> frozenset[str]:
    """Return the names that stand in braces in `text`."""
    return frozenset(_PLACEHOLDER.findall(text))


def without_placeholders(text: str) -> str:
    """Return `text` with its placeholders taken out: a brace that is left is a slip."""
    return _PLACEHOLDER.sub("", text)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with each placeholder replaced by its value, which is not read again.

    Raises:
        KeyError: A placeholder has no value.
    """
    return _PLACEHOLDER.sub(lambda match: values[match[1]], text)
