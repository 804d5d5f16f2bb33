"""Probes and jumps in a protocol's file: every jump goes forward, on what is known by then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from interviews.protocols.design import Varied
from interviews.protocols.probes import ProbeKind
from interviews.protocols.protocol import CLOSING, Section, has_words
from interviews.protocols.script import AnswerIs, AnswerSays, FactIs, Fate, Jump, Probing, When
from interviews.protocols.yaml_tree import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a jump can name: sections and questions in their order, languages and facts."""

    questions: Mapping[str, int]  # id to place, from 0
    sections: Mapping[str, int]  # id to the place of its first question
    section_of: Mapping[str, str]  # a question's
    varied: Varied
    languages: Sequence[str]
    facts: frozenset[str]

    @classmethod
    def of(
        cls,
        sections: Sequence[Section],
        *,
        varied: Varied,
        languages: Sequence[str],
        facts: frozenset[str],
    ) -> Self:
        """Return the layout of `sections`."""
        section_of = {
            question.id: section.id for section in sections for question in section.questions
        }
        places = {name: place for place, name in enumerate(section_of)}
        return cls(
            questions=places,
            sections={section.id: places[section.questions[0].id] for section in sections},
            section_of=section_of,
            varied=varied,
            languages=languages,
            facts=facts,
        )


def read_probes(entry: Entry) -> Probing:
    """Return how a question may be followed up."""
    parts = entry.fields(("most", "kinds"))
    kinds: list[ProbeKind] = []
    for item in parts["kinds"].items():
        kind = item.choice(ProbeKind)
        if kind in kinds:
            raise item.error(f"{kind!s} stands twice", mend="Take one of the two out.")
        kinds.append(kind)
    return Probing(most=parts["most"].number(), kinds=tuple(kinds))


def read_jumps(entry: Entry, here: str, layout: Layout) -> dict[str, tuple[Jump, ...]]:
    """Return the jumps after the question `here`, by language: only their words differ."""
    jumps: dict[str, list[Jump]] = {language: [] for language in layout.languages}
    for item in entry.items():
        parts = item.fields(("if", "go"))
        go = _target(parts["go"], here, layout)
        for language, when in _when(parts["if"], here, layout).items():
            jumps[language].append(Jump(when=when, go=go))
    return {language: tuple(listed) for language, listed in jumps.items()}


def _target(entry: Entry, here: str, layout: Layout) -> str:
    go = entry.phrase()
    if go == CLOSING:
        return go
    place = layout.questions.get(go, layout.sections.get(go))
    if place is None:
        raise entry.error(
            f"names no question and no section: {go!r}",
            mend="Write the id of a later one, or closing.",
        )
    if place <= layout.questions[here]:
        way = "onto itself" if go in {here, layout.section_of[here]} else "back"
        raise entry.error(
            f"goes {way}, on a path that may never end", mend="Go to a later question or section."
        )
    if layout.varied is Varied.SECTIONS:
        raise entry.error(
            "the order of sections varies, so that this may be asked before",
            mend="Go to the closing, or vary the order of questions or of nothing.",
        )
    if layout.varied is Varied.QUESTIONS and go not in layout.sections:
        raise entry.error(
            "the order of questions varies, so that others may be left out by chance",
            mend="Go to a later section or to the closing, or vary the order of nothing.",
        )
    return go


def _when(entry: Entry, here: str, layout: Layout) -> dict[str, When]:
    """Return the condition in each language."""
    parts = entry.fields((), optional=("question", "fact", "is", "says"))
    if ("question" in parts) == ("fact" in parts):
        raise entry.error("of one question or one fact", mend="Write question: ID or fact: NAME.")
    if "fact" in parts:
        on_fact = entry.fields(("fact", "is"))
        return dict.fromkeys(layout.languages, _fact_is(on_fact["fact"], on_fact["is"], layout))
    question = _asked_before(parts["question"], here, layout)
    if ("is" in parts) == ("says" in parts):
        raise entry.error(
            "on what became of it, or on what it says", mend="Write is: declined or says: [words]."
        )
    if "is" in parts:
        fate = parts["is"].choice(Fate)
        return dict.fromkeys(layout.languages, AnswerIs(question=question, fate=fate))
    return {
        language: AnswerSays(question=question, words=words)
        for language, words in _says(parts["says"], layout.languages).items()
    }


def _fact_is(fact: Entry, state: Entry, layout: Layout) -> FactIs:
    name, words = fact.phrase(), state.phrase()
    if name not in layout.facts:
        raise fact.error(
            f"unknown fact {name!r}", mend=f"Facts: {', '.join(sorted(layout.facts))}."
        )
    if words not in {"recorded", "not recorded"}:
        raise state.error(f"no such word: {words!r}", mend="Write one of: recorded, not recorded.")
    return FactIs(fact=name, recorded=words == "recorded")


def _asked_before(entry: Entry, here: str, layout: Layout) -> str:
    """Return the id of a question that has had its turn whenever `here` has been asked."""
    name = entry.phrase()
    if name not in layout.questions:
        raise entry.error(
            f"names no question: {name!r}", mend="Write the id of this one or of an earlier one."
        )
    if name == here:
        return name
    same_section = layout.section_of[name] == layout.section_of[here]
    if layout.questions[name] > layout.questions[here]:
        raise entry.error(
            f"{name!r} is not asked before", mend="Write the id of this question or an earlier one."
        )
    if (layout.varied is Varied.QUESTIONS and same_section) or (
        layout.varied is Varied.SECTIONS and not same_section
    ):
        raise entry.error(
            f"{name!r} may be asked later: the order of {layout.varied!s} varies",
            mend="Name this question itself, or vary the order of nothing.",
        )
    return name


def _says(entry: Entry, languages: Sequence[str]) -> dict[str, tuple[str, ...]]:
    if entry.is_list:
        if len(languages) > 1:
            raise entry.error(
                "in which language?", mend=f"Write a list for each: {', '.join(languages)}."
            )
        return {languages[0]: _words(entry)}
    named = entry.fields(languages, missing="Write a list of words in this language.")
    return {language: _words(named[language]) for language in languages}


def _words(entry: Entry) -> tuple[str, ...]:
    words = []
    for item in entry.items():
        word = item.phrase()
        if not has_words(word):
            raise item.error("no word in it", mend="Write what an answer may say: no record.")
        words.append(word)
    return tuple(words)
