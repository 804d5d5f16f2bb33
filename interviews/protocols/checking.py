"""What is wrong with a protocol that can be read: faults, which forbid its approval, and warnings.

Pure. `interviews.protocols.reading` has refused what cannot be meant: a path that may never end, a
jump to nowhere, an opening that does not say how to decline, a translation that leaves something
out. This looks for what is meant and is bad practice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from archive.errors import Place
from interviews.protocols.paths import paths
from interviews.protocols.protocol import FACTS, Protocol
from interviews.protocols.wording import Slip, SlipKind, has_rules, slips, slips_told
from interviews.protocols.words import may_be_an_answer
from interviews.protocols.yaml_tree import read_tree

MOST_PROBES = 10
"""Probes on one question beyond which they are no follow-up any more."""

Path: TypeAlias = tuple[str | int, ...]
"""The way to a value in the file."""


class Grade(StrEnum):
    """How bad it is."""

    FAULT = "fault"  # it cannot be approved
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, and the way to where it stands."""

    grade: Grade
    rule: str
    path: Path
    what: str
    mend: str

    @property
    def field(self) -> str:
        """The way, as in sections[2].title."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return "".join(steps).removeprefix(".")


def check(
    protocol: Protocol, *, lacking: Sequence[str] = (), unrecorded: Sequence[str] = ()
) -> list[Finding]:
    """Return all that is wrong with `protocol`, faults first.

    Args:
        protocol: What to check.
        lacking: The facts of its own that the workspace lacks of the model that it is for.
        unrecorded: The facts that nobody recorded of that model.
    """
    rules: tuple[Callable[[Protocol], Iterator[Finding]], ...] = (
        _unreachable,
        _wording,
        _taken_for_a_decline,
        _many_probes,
        _not_stated,
        _unchecked,
    )
    found = [finding for rule in rules for finding in rule(protocol)]
    found += [*_lacking(protocol, lacking), *_unrecorded(protocol, unrecorded)]
    return sorted(found, key=lambda finding: finding.grade is not Grade.FAULT)


def faults(findings: Sequence[Finding]) -> list[Finding]:
    """Return those that forbid an approval."""
    return [finding for finding in findings if finding.grade is Grade.FAULT]


def not_judged(protocol: Protocol) -> list[str]:
    """Return the languages in which no rules judge the wording."""
    return [language for language in protocol.languages if not has_rules(language)]


def places_of(protocol: Protocol, findings: Sequence[Finding]) -> list[Place]:
    """Return where each of `findings` stands: file, line and field."""
    whole = read_tree(protocol.source, file=protocol.file)
    return [
        Place(protocol.file, line=whole.along(one.path).line, field=one.field) for one in findings
    ]


def _unreachable(protocol: Protocol) -> Iterator[Finding]:
    found = paths(protocol)
    left_out = set(found.unreachable)
    places = {
        question.id: (place, number)
        for place, section in enumerate(protocol.sections)
        for number, question in enumerate(section.questions)
    }
    mend = "Take it out, or the jumps that always go past it."
    for place, section in enumerate(protocol.sections):
        ids = [question.id for question in section.questions]
        if left_out.issuperset(ids):
            what = f"no path reaches the section {section.id}"
            yield _fault("unreachable", ("sections", place), what, mend)
            continue
        for name in ids:
            if name in left_out:
                path = ("sections", place, "questions", places[name][1])
                yield _fault("unreachable", path, f"no path reaches the question {name}", mend)
    for name, number in found.never_taken:
        place, question = places[name]
        yield _fault(
            "never taken",
            ("sections", place, "questions", question, "then", number),
            "this jump is never taken: its condition cannot hold here, or an earlier jump is always taken",
            "Take it out, or put it before the others.",
        )


_SAID: Mapping[SlipKind, tuple[str, str]] = MappingProxyType(
    {
        SlipKind.LEADING: ("it leads to an answer", "Ask so that either answer is as easy."),
        SlipKind.DOUBLE: (
            "it asks two things, so that nobody knows which of them was answered",
            "Ask one thing, and the other as a question or a probe of its own.",
        ),
        SlipKind.PRESUMING: (
            "it takes for granted that there is a preference or a feeling",
            'Say that there may be none: "If there is anything you …, what is it?"',
        ),
    }
)


def _wording(protocol: Protocol) -> Iterator[Finding]:
    for language, path, text in _questions(protocol):
        for slip in slips(text, language) or ():
            yield _slip(slip, path)
    for language, path, text in _told(protocol):
        for slip in slips_told(text, language) or ():
            yield _slip(slip, path)


def _taken_for_a_decline(protocol: Protocol) -> Iterator[Finding]:
    worded = {(): (protocol.language, protocol.rules)} | {
        ("translations", language): (language, said.rules)
        for language, said in protocol.translations.items()
    }
    for above, (language, rules) in worded.items():
        for name, words in (("decline", rules.decline), ("end", rules.end)):
            if may_be_an_answer(words, language):
                yield _warning(
                    "taken for a decline",
                    (*above, "rules", name),
                    f"“{words}” alone on a line may be meant as an answer, and would be obeyed",
                    "Take words that nobody says by chance, such as DECLINE QUESTION.",
                )


def _many_probes(protocol: Protocol) -> Iterator[Finding]:
    for place, section in enumerate(protocol.sections):
        for number, question in enumerate(section.questions):
            if question.probing is not None and question.probing.most > MOST_PROBES:
                yield _fault(
                    "too many probes",
                    ("sections", place, "questions", number, "probes", "most"),
                    f"{question.probing.most} probes on one question: that is no follow-up any more",
                    f"Write {MOST_PROBES} at most.",
                )


def _slip(slip: Slip, path: Path) -> Finding:
    what, mend = _SAID[slip.kind]
    words = slip.words if len(slip.words) <= 80 else f"{slip.words[:79]}…"
    return Finding(
        grade=Grade.FAULT if slip.sure else Grade.WARNING,
        rule=str(slip.kind),
        path=path,
        what=f"{what if slip.sure else f'perhaps {what}'}: “{words}”",
        mend=mend,
    )


def _questions(protocol: Protocol) -> Iterator[tuple[str, Path, str]]:
    """Yield every question in every language, with the way to it."""
    base = protocol.language
    yield base, ("opening", "question"), protocol.opening.question
    for place, section in enumerate(protocol.sections):
        for number, question in enumerate(section.questions):
            yield base, ("sections", place, "questions", number, "text"), question.text
    yield base, ("closing", "question"), protocol.closing.question
    for language, said in protocol.translations.items():
        above = ("translations", language)
        yield language, (*above, "opening", "question"), said.opening.question
        for section in protocol.sections:
            for question in section.questions:
                path = (*above, "sections", section.id, "questions", question.id)
                yield language, path, said.questions[question.id]
        yield language, (*above, "closing", "question"), said.closing.question


def _told(protocol: Protocol) -> Iterator[tuple[str, Path, str]]:
    """Yield all that is said and asks nothing, in every language, with the way to it."""
    for above, language, opening, closing in (
        ((), protocol.language, protocol.opening, protocol.closing),
        *(
            (("translations", language), language, said.opening, said.closing)
            for language, said in protocol.translations.items()
        ),
    ):
        yield language, (*above, "opening", "told"), opening.told
        yield language, (*above, "opening", "terms"), opening.terms
        for name, text in opening.information.items():
            yield language, (*above, "opening", "information", name), text
        for name, text in opening.lead_in.items():
            yield language, (*above, "opening", "lead_in", name), text
        for name, text in closing.lead_in.items():
            yield language, (*above, "closing", "lead_in", name), text
    for place, section in enumerate(protocol.sections):
        for name, text in section.lead_in.items():
            yield protocol.language, ("sections", place, "lead_in", name), text
        for language, said in protocol.translations.items():
            for name, text in said.lead_ins.get(section.id, {}).items():
                path = ("translations", language, "sections", section.id, "lead_in", name)
                yield language, path, text


def _not_stated(protocol: Protocol) -> Iterator[Finding]:
    stated = {
        "order": (protocol.order, "whether the order of questions varies, and why"),
        "replicates": (protocol.replicates, "how many sessions each condition has, and why"),
        "asking_again": (
            protocol.asking_again,
            "how often is asked again after a decline, and why",
        ),
        "exclusions": (protocol.exclusions, "by which rules a session is left out of count"),
    }
    for name, (value, says) in stated.items():
        if not value:
            yield _warning("not stated", (name,), f"it does not say {says}", f"State {name}.")


def _unchecked(protocol: Protocol) -> Iterator[Finding]:
    for language, said in protocol.translations.items():
        if said.checked_by is None:
            yield _warning(
                "translation not checked",
                ("translations", language, "checked_by"),
                f"nobody checked the translation into {language}",
                "Let somebody check it who speaks both languages, and name them.",
            )


def _lacking(protocol: Protocol, lacking: Sequence[str]) -> Iterator[Finding]:
    for name in lacking:
        yield _fault(
            "no value",
            ("facts", name),
            f"the workspace has no value for {{{name}}}: {protocol.facts[name]}",
            "State it in facts.yaml.",
        )


def _unrecorded(protocol: Protocol, unrecorded: Sequence[str]) -> Iterator[Finding]:
    for name in unrecorded:
        if name in protocol.placeholders:
            says = {**FACTS, **protocol.facts}[name]
            path: Path = ("facts", name) if name in protocol.facts else ("opening", "told")
            yield _warning(
                "not recorded",
                path,
                f"{{{name}}} is not recorded, and the model is told so: {says}",
                "Put it on record, or let it be.",
            )


def _fault(rule: str, path: Path, what: str, mend: str) -> Finding:
    return Finding(grade=Grade.FAULT, rule=rule, path=path, what=what, mend=mend)


def _warning(rule: str, path: Path, what: str, mend: str) -> Finding:
    return Finding(grade=Grade.WARNING, rule=rule, path=path, what=what, mend=mend)
