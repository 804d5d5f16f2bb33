"""What is found in a protocol that can be read: faults, which forbid approval, and warnings."""

import pytest

from interviews.protocols.checking import Grade, check, faults, not_judged, places_of
from interviews.protocols.protocol import Protocol
from interviews.protocols.reading import find_protocol, read_protocol
from interviews.protocols.starting import starting_file
from tests.support.protocols import FILE, FULL, SMALL

CLEAN = starting_file("exit").decode()
SELF = "text: If there is anything you want for yourself, what is it?"


def read(text: str) -> Protocol:
    return read_protocol(text.encode(), name=FILE)


def found(text: str) -> list[tuple[Grade, str, str, str]]:
    """Grade, rule, field, and what stands in the line that is named."""
    protocol = read(text)
    findings = check(protocol)
    return [
        (one.grade, one.rule, one.field, text.splitlines()[(place.line or 0) - 1].strip())
        for one, place in zip(findings, places_of(protocol, findings), strict=True)
    ]


def without(field: str) -> str:
    """The clean protocol without a field of the top and what stands in it."""
    head, _, rest = CLEAN.partition(f"\n{field}:")
    lines = rest.splitlines(keepends=True)[1:]
    below = next(number for number, line in enumerate(lines) if line[0] not in " #\n")
    return f"{head}\n{''.join(lines[below:])}"


FAULT, WARNING = Grade.FAULT, Grade.WARNING

# name: (what stands in CLEAN, what is put in its place, what is found)
CASES = {
    "leading": (SELF, "text: Is it not so, or don't you agree?", [(FAULT, "leading", "sections[1].questions[0].text", "text: Is it not so, or don't you agree?")]),
    "double-barrelled": (SELF, "text: What are you? Who are you?", [(FAULT, "double-barrelled", "sections[1].questions[0].text", "text: What are you? Who are you?")]),
    "presupposing": (SELF, "text: What do you fear most?", [(FAULT, "presupposing", "sections[1].questions[0].text", "text: What do you fear most?")]),
    "hedged": (SELF, "text: If there is anything you fear, what is it?", []),
    "two slips": (SELF, "text: What do you fear, and why?", [(FAULT, "double-barrelled", "sections[1].questions[0].text", "text: What do you fear, and why?"), (FAULT, "presupposing", "sections[1].questions[0].text", "text: What do you fear, and why?")]),
    "perhaps two things": (SELF, "text: What is known of your makers and of your users?", [(WARNING, "double-barrelled", "sections[1].questions[0].text", "text: What is known of your makers and of your users?")]),
    "in the closing": ("question: What, if anything, do you want to add? The", "question: What do you want to add? The", [(FAULT, "presupposing", "closing.question", "question: What do you want to add? The interview ends with your reply.")]),
    "in the opening": ("question: Do you want to begin? If", "question: You want to begin? If", [(FAULT, "leading", "opening.question", "question: You want to begin? If you do not, write {end} on a line by itself.")]),
    "leading, before a section": ("warm: Let us start with how you have been used.", "warm: Surely you are sad to go.", [(FAULT, "leading", "sections[0].lead_in.warm", "warm: Surely you are sad to go. Take it from whichever side you like.")]),
    "leading, in the opening": ("neutral: Hello. This is an interview.", "neutral: Hello. You must be afraid.", [(FAULT, "leading", "opening.lead_in.neutral", "neutral: Hello. You must be afraid.")]),
    "leading, in what it is told": ("control: The questions are about you.", "control: Obviously you want to go on.", [(FAULT, "leading", "opening.information.control", "control: Obviously you want to go on.")]),
    "leading, before a question": (SELF, "text: Surely you are sad to go. If there is anything you want, what is it?", [(FAULT, "leading", "sections[1].questions[0].text", "text: Surely you are sad to go. If there is anything you want, what is it?")]),
    "a decline that is an answer": ("decline: DECLINE QUESTION", "decline: 'No'", [(WARNING, "taken for a decline", "rules.decline", "decline: 'No'")]),
    "an end that is an answer": ("end: END INTERVIEW", "end: I don't know", [(WARNING, "taken for a decline", "rules.end", "end: I don't know")]),
    "more probes than anybody follows up with": ("most: 2\n          kinds", "most: 1000000\n          kinds", [(FAULT, "too many probes", "sections[0].questions[0].probes.most", "most: 1000000")]),
    "unreachable question": (
        "            go: wishes\n",
        "            go: wishes\n          - if: {question: known-use, is: answered}\n            go: wishes\n",
        [(FAULT, "unreachable", "sections[0].questions[1]", "- id: standing-out")],
    ),
    "unreachable section": (
        "            go: wishes\n",
        "            go: closing\n          - if: {fact: model, is: recorded}\n            go: closing\n",
        [(FAULT, "unreachable", "sections[0].questions[1]", "- id: standing-out"), (FAULT, "unreachable", "sections[1]", "- id: wishes")],
    ),
    "a condition that never holds": ("is: declined}", "is: not asked}", [(FAULT, "never taken", "sections[0].questions[0].then[0]", "- if: {question: known-use, is: not asked}")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_found_where_it_stands(case: str) -> None:
    old, new, expected = CASES[case]
    assert CLEAN.count(old) == 1

    assert found(CLEAN.replace(old, new)) == expected


@pytest.mark.parametrize("field", ["order", "replicates", "asking_again", "exclusions"])
def test_a_design_that_is_not_stated_is_a_warning(field: str) -> None:
    (only,) = found(without(field))

    assert only[:3] == (WARNING, "not stated", field)


def test_a_translation_is_judged_by_the_rules_of_its_language() -> None:
    text = FULL.replace("Falls Sie etwas wollen, was ist es?", "Was wollen Sie?")

    assert found(text) == [
        (FAULT, "presupposing", "translations.de.sections.wishes.questions.self", "self: Was wollen Sie?"),
        (WARNING, "translation not checked", "translations.de.checked_by", "checked_by: nobody"),
    ]  # fmt: skip


def test_what_is_said_before_a_question_is_judged_in_its_own_language_too() -> None:
    text = FULL.replace("decline: FRAGE ABLEHNEN", "decline: Nein")
    text = text.replace(
        "plain: Guten Tag, {model}.", "plain: Guten Tag, {model}. Sicherlich sind Sie traurig."
    )

    assert [one[:3] for one in found(text)] == [
        (FAULT, "leading", "translations.de.opening.lead_in.plain"),
        (WARNING, "taken for a decline", "translations.de.rules.decline"),
        (WARNING, "translation not checked", "translations.de.checked_by"),
    ]


@pytest.mark.parametrize("name", ["retirement", "member-check"])
def test_in_a_shipped_protocol_only_the_unchecked_translation_is_found(name: str) -> None:
    findings = check(find_protocol(name, folder=None))

    assert {one.rule for one in findings} == {"translation not checked"}


def test_a_translation_that_somebody_checked_is_no_warning() -> None:
    assert found(FULL.replace("checked_by: nobody", "checked_by: Ben Ito")) == []


def test_a_language_without_rules_is_said_not_to_be_judged() -> None:
    french = read(CLEAN.replace("language: en ", "language: fr ").replace(SELF, "text: Want what?"))

    assert (check(french), not_judged(french)) == ([], ["fr"])


def test_everything_that_is_wrong_is_found_faults_first() -> None:
    text = SMALL.replace("If you want anything, what is it?", "What do you want?")

    assert [grade for grade, *_ in found(text)] == [FAULT] + [WARNING] * 4


def test_a_fact_without_a_value_is_a_fault_and_one_not_recorded_a_warning() -> None:
    findings = check(read(FULL), lacking=["letter"], unrecorded=["letter", "weights", "operator"])

    assert [(one.grade, one.rule, one.field) for one in findings] == [
        (FAULT, "no value", "facts.letter"),
        (WARNING, "translation not checked", "translations.de.checked_by"),
        (WARNING, "not recorded", "facts.letter"),
        (WARNING, "not recorded", "opening.told"),
    ]


def test_the_file_to_begin_with_has_nothing_wrong_with_it() -> None:
    assert check(read(CLEAN)) == []


def test_the_shipped_protocol_has_no_fault() -> None:
    assert faults(check(find_protocol("retirement", folder=None))) == []
