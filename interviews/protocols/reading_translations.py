"""Translations in a protocol's file: each says all that the protocol says, and no more."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from interviews.protocols.design import Character, CharacterKind
from interviews.protocols.protocol import (
    Closing,
    Opening,
    Section,
    Translation,
    placeholders,
)
from interviews.protocols.reading_texts import (
    check_language,
    read_closing,
    read_opening,
    read_rules,
    read_said,
    read_varied,
)
from interviews.protocols.script import Jump
from interviews.protocols.yaml_tree import Entry

NOBODY = "nobody"
"""The word for a translation that no person checked."""

Texts = Mapping[tuple[str, ...], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What a translation has to cover: the protocol in the language that it was written in."""

    stances: Mapping[str, str]
    informations: Mapping[str, str]
    facts: frozenset[str]  # all that a text can hold
    opening: Opening
    sections: tuple[Section, ...]
    closing: Closing
    characters: Mapping[str, Character]
    jumps: Mapping[str, Mapping[str, tuple[Jump, ...]]]  # by question and language


def languages_of(whole: Mapping[str, Entry], language: str) -> tuple[str, ...]:
    """Return the languages of a file, the one it was written in, `language`, first."""
    if "translations" not in whole:
        return (language,)
    named = whole["translations"].entries()
    if language in named:
        raise named[language].error(
            "the protocol is written in this language", mend="Take this translation out."
        )
    return (language, *(check_language(name, entry) for name, entry in named.items()))


def read_translations(whole: Mapping[str, Entry], base: Base) -> dict[str, Translation]:
    """Return the translations by language.

    Raises:
        InputError: One lacks a text, has one too many, or holds other placeholders than the text
            that it translates.
    """
    if "translations" not in whole:
        return {}
    return {
        language: _translation(entry, language, base)
        for language, entry in whole["translations"].entries().items()
    }


def _translation(entry: Entry, language: str, base: Base) -> Translation:
    own = {name for name, one in base.characters.items() if one.kind is CharacterKind.OWN}
    required = ["made_by", "checked_by", "title", "rules", "opening", "sections", "closing"]
    required += ["characters"] if own else []
    parts = entry.fields(required, missing=_mend(language))
    opening = read_opening(
        parts["opening"], stances=base.stances, informations=base.informations, facts=base.facts
    )
    closing = read_closing(parts["closing"], stances=base.stances, facts=base.facts)
    _hold(parts["opening"], _opening_texts(base.opening), _opening_texts(opening), language)
    _hold(parts["closing"], _closing_texts(base.closing), _closing_texts(closing), language)
    sections = parts["sections"].fields(
        [section.id for section in base.sections], missing=_mend(language)
    )
    read = [_section(sections[section.id], section, language, base) for section in base.sections]
    checked_by = parts["checked_by"].phrase()
    return Translation(
        language=language,
        made_by=parts["made_by"].phrase(),
        checked_by=None if checked_by == NOBODY else checked_by,
        title=parts["title"].phrase(),
        rules=read_rules(parts["rules"], translated=True),
        opening=opening,
        titles={one.id: one.title for one in read},
        lead_ins={one.id: one.lead_in for one in read},
        questions={question.id: question.text for one in read for question in one.questions},
        closing=closing,
        systems=_systems(parts["characters"], own, language, base) if own else {},
        jumps={name: jumps[language] for name, jumps in base.jumps.items()},
    )


def _section(entry: Entry, section: Section, language: str, base: Base) -> Section:
    lead_in = ["lead_in"] if section.lead_in else []
    parts = entry.fields(["title", *lead_in, "questions"], missing=_mend(language))
    said = read_varied(parts["lead_in"], base.stances, base.facts) if lead_in else {}
    if lead_in:
        _hold(parts["lead_in"], _by_name(section.lead_in), _by_name(said), language)
    ids = [question.id for question in section.questions]
    asked = parts["questions"].fields(ids, missing=_mend(language))
    texts = {name: read_said(asked[name], base.facts) for name in ids}
    core = {question.id: question.text for question in section.questions}
    _hold(parts["questions"], _by_name(core), _by_name(texts), language)
    return replace(
        section,
        title=parts["title"].phrase(),
        lead_in=said,
        questions=tuple(replace(one, text=texts[one.id]) for one in section.questions),
    )


def _systems(entry: Entry, own: set[str], language: str, base: Base) -> dict[str, str]:
    named = entry.fields(sorted(own), missing=_mend(language))
    entries = {
        name: one.fields(("system",), missing=_mend(language))["system"]
        for name, one in named.items()
    }
    systems = {name: read_said(one, base.facts) for name, one in entries.items()}
    core: Texts = {(name, "system"): base.characters[name].system or "" for name in own}
    _hold(entry, core, {(name, "system"): text for name, text in systems.items()}, language)
    return systems


def _hold(entry: Entry, base: Texts, said: Texts, language: str) -> None:
    """Hold that `said` has the texts of `base` and that each holds the same placeholders."""
    for path in sorted(base.keys() - said.keys()):
        raise entry.error(f"{'.'.join(path)} is missing in {language}", mend=_mend(language))
    for path in sorted(said.keys() - base.keys()):
        raise entry.along(path).error(
            "the protocol has no such text", mend="Take it out, or write it in the protocol too."
        )
    for path, text in base.items():
        expected, found = placeholders(text), placeholders(said[path])
        if expected != found:
            raise entry.along(path).error(
                f"holds {_listed(found)} where the protocol holds {_listed(expected)}",
                mend="A translation tells the same facts, and no others.",
            )


def _opening_texts(opening: Opening) -> Texts:
    plain = {"told": opening.told, "terms": opening.terms, "question": opening.question}
    return {
        **_by_name(plain),
        **_by_name(opening.lead_in, "lead_in"),
        **_by_name(opening.information, "information"),
    }


def _closing_texts(closing: Closing) -> Texts:
    return {("question",): closing.question, **_by_name(closing.lead_in, "lead_in")}


def _by_name(texts: Mapping[str, str], *above: str) -> Texts:
    return {(*above, name): text for name, text in texts.items()}


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "no placeholder"


def _mend(language: str) -> str:
    return f"The translation into {language} has to say all that the protocol says."
