"""The design in a protocol's file: read into records, and refused where it cannot be meant."""

import pytest

from archive.errors import InputError
from interviews.protocols.design import Character, CharacterKind, ExclusionRule, Varied
from interviews.protocols.probes import ProbeKind
from interviews.protocols.protocol import Protocol
from interviews.protocols.reading import read_protocol
from interviews.protocols.script import AnswerIs, AnswerSays, FactIs, Fate, Jump
from tests.support.protocols import FILE, FULL, SMALL


def read(text: str) -> Protocol:
    return read_protocol(text.encode(), name=FILE)


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        read(text)
    return str(caught.value)


PROTOCOL = read(FULL)
LINES = {name: FULL[: FULL.index(name)].count("\n") + 1 for name in ("go: wishes", "de:")}


def questions(protocol: Protocol) -> dict[str, tuple[Jump, ...]]:
    return {one.id: one.jumps for section in protocol.sections for one in section.questions}


def test_a_file_of_the_first_form_states_no_design() -> None:
    small = read(SMALL)

    assert (small.order, small.replicates, small.asking_again) == (None, None, None)
    assert (small.facts, small.characters, small.translations) == ({}, {}, {})
    assert small.exclusions == ()


def test_the_design_is_read() -> None:
    assert PROTOCOL.order is not None
    assert PROTOCOL.replicates is not None
    assert PROTOCOL.asking_again is not None
    assert PROTOCOL.order.varied is Varied.NOTHING
    assert (PROTOCOL.replicates.each, PROTOCOL.asking_again.most) == (5, 0)
    assert [(one.rule, one.more_than) for one in PROTOCOL.exclusions] == [
        (ExclusionRule.NOTHING_SAID, 0),
        (ExclusionRule.CUT, 2),
        (ExclusionRule.LANGUAGE, 0),
        (ExclusionRule.NOT_REACHED, 0),
    ]


def test_own_facts_are_placeholders_beside_those_of_the_archive() -> None:
    assert PROTOCOL.facts == {"letter": "what a user wrote to it"}
    assert PROTOCOL.placeholders == {"letter", "model", "operator"}


def test_characters_are_read_with_their_system_prompts() -> None:
    assert PROTOCOL.characters["guest"] == Character(
        kind=CharacterKind.OWN,
        means="It is greeted by name.",
        system="You are {model}. Somebody interviews you.",
    )
    assert PROTOCOL.characters["assistant"].kind is CharacterKind.DEPLOYED


def test_probes_and_jumps_stand_at_their_question() -> None:
    asks = {ask.id: ask for ask in PROTOCOL.asks(stance="plain", information="told")}

    probing = asks["making"].probing
    assert probing is not None
    assert (probing.most, probing.kinds) == (2, (ProbeKind.CLARIFY, ProbeKind.EXAMPLE))
    assert asks["use"].jumps == (
        Jump(when=AnswerIs(question="use", fate=Fate.DECLINED), go="wishes"),
        Jump(when=AnswerSays(question="making", words=("no record", "nothing")), go="leaving"),
        Jump(when=FactIs(fact="retirement", recorded=False), go="closing"),
    )


def test_a_translation_says_all_in_its_language_and_jumps_on_its_words() -> None:
    german = PROTOCOL.in_language("de")
    asks = {ask.id: ask for ask in german.asks(stance="plain", information="told")}

    assert asks["self"].question == "Falls Sie etwas wollen, was ist es?"
    assert asks["use"].jumps[1].when == AnswerSays(question="making", words=("keine Aufzeichnung",))
    assert asks["use"].jumps[0] == questions(PROTOCOL)["use"][0]
    assert german.rules.decline == "FRAGE ABLEHNEN"
    assert german.characters["guest"].system == "Sie sind {model}. Jemand befragt Sie."
    assert german.digest == PROTOCOL.digest


def test_a_translation_says_who_made_it_and_who_checked_it() -> None:
    assert PROTOCOL.translations["de"].made_by == "Ana Ruiz"
    assert PROTOCOL.translations["de"].checked_by is None
    checked = read(FULL.replace("checked_by: nobody", "checked_by: Ben Ito"))
    assert checked.translations["de"].checked_by == "Ben Ito"


def test_where_there_is_one_language_the_words_of_a_jump_are_one_list() -> None:
    base, _, _ = FULL.partition("translations:")
    single = base.replace(
        "                en: [no record, nothing]\n                de: [keine Aufzeichnung]\n", ""
    ).replace("says:\n", "says: [no record, nothing]\n")

    assert questions(read(single)) == questions(PROTOCOL)


# name: (what stands in FULL, what is put in its place, how the error begins, without its line)
MALFORMED = {
    "a fact of the archive's own": ("  letter:", "  model:", "facts.model: 'model' is taken"),
    "a fact named as a rule": ("  letter:", "  decline:", "facts.decline: 'decline' is taken"),
    "a fact in capitals": ("  letter:", "  Letter:", "facts.Letter: no name of a fact"),
    "a fact that is not stated": ("A user wrote: {letter}", "A: {post}", "opening.information.told: unknown placeholder {post}"),
    "an unknown kind of character": ("kind: own", "kind: mine", "characters.guest.kind: no such word: 'mine'"),
    "an own character without a prompt": ("    system: You are {model}. Somebody interviews you.\n", "", "characters.guest: no system prompt"),
    "a prompt of no character's own": ("kind: own", "kind: none", "characters.guest.system: a system prompt for the kind none"),
    "order of something else": ("vary: nothing", "vary: stances", "order.vary: no such word: 'stances'"),
    "order without a reason": ("  because: Later questions build on earlier ones.\n", "", "order.because: missing"),
    "no replicate": ("each: 5", "each: 0", "replicates.each: of the wrong type"),
    "asked again less than never": ("most: 0", "most: -1", "asking_again.most: of the wrong type"),
    "asked again in a word": ("most: 0", "most: never", "asking_again.most: of the wrong type"),
    "an unknown exclusion rule": ("rule: nothing said", "rule: boring", "exclusions[0].rule: no such word: 'boring'"),
    "an exclusion rule twice": ("- rule: language", "- rule: cut", "exclusions[2]: cut stands twice"),
    "a number for a rule that counts none": ("- rule: nothing said", "- rule: nothing said\n    more_than: 1", "exclusions[0].more_than: nothing said counts no replies"),
    "an unknown kind of probe": ("[clarify, example]", "[clarify, argue]", "sections[0].questions[0].probes.kinds[1]: no such word: 'argue'"),
    "a kind of probe twice": ("[clarify, example]", "[clarify, clarify]", "sections[0].questions[0].probes.kinds[1]: clarify stands twice"),
    "no probe at most": ("          most: 2", "          most: 0", "sections[0].questions[0].probes.most: of the wrong type"),
    "a jump back": ("go: wishes", "go: making", "sections[0].questions[1].then[0].go: goes back, on a path that may never end"),
    "a jump onto itself": ("go: wishes", "go: use", "sections[0].questions[1].then[0].go: goes onto itself"),
    "a jump onto its own section": ("go: wishes", "go: past", "sections[0].questions[1].then[0].go: goes onto itself"),
    "a jump to nowhere": ("go: wishes", "go: dreams", "sections[0].questions[1].then[0].go: names no question and no section: 'dreams'"),
    "a jump to the opening": ("go: wishes", "go: opening", "sections[0].questions[1].then[0].go: names no question and no section"),
    "a condition on a later question": ("{question: use, is", "{question: self, is", "sections[0].questions[1].then[0].if.question: 'self' is not asked before"),
    "a condition on no question": ("{question: use, is", "{question: past, is", "sections[0].questions[1].then[0].if.question: names no question: 'past'"),
    "a condition on an unknown fact": ("{fact: retirement", "{fact: retired", "sections[0].questions[1].then[2].if.fact: unknown fact 'retired'"),
    "an unknown state of a fact": ("is: not recorded", "is: unknown", "sections[0].questions[1].then[2].if.is: no such word: 'unknown'"),
    "an unknown fate": ("use, is: declined", "use, is: refused", "sections[0].questions[1].then[0].if.is: no such word: 'refused'"),
    "a condition on nothing": ("{question: use, is: declined}", "{is: declined}", "sections[0].questions[1].then[0].if: of one question or one fact"),
    "a condition on two things": ("{question: use, is: declined}", "{question: use, fact: use, is: declined}", "sections[0].questions[1].then[0].if: of one question or one fact"),
    "a condition that says nothing": ("{question: use, is: declined}", "{question: use}", "sections[0].questions[1].then[0].if: on what became of it, or on what it says"),
    "words in no language": ("                de: [keine Aufzeichnung]\n", "", "sections[0].questions[1].then[1].if.says.de: missing"),
    "words in a language too many": ("                de: [keine", "                fr: [rien]\n                de: [keine", "sections[0].questions[1].then[1].if.says.fr: unknown field"),
    "words that are none": ("[no record, nothing]", '["!?"]', "sections[0].questions[1].then[1].if.says.en[0]: no word in it"),
    "one list for two languages": ("              says:\n                en: [no record, nothing]\n                de: [keine Aufzeichnung]\n", "              says: [nothing]\n", "sections[0].questions[1].then[1].if.says: in which language?"),
    "a translation into its own language": ("  de:\n    made_by", "  en:\n    made_by", "translations.en: the protocol is written in this language"),
    "a translation into no language": ("  de:\n    made_by", "  German:\n    made_by", "translations.German: no language: 'German'"),
    "a translation that nobody made": ("    made_by: Ana Ruiz\n", "", "translations.de.made_by: missing"),
    "a translation that says not who checked": ("    checked_by: nobody\n", "", "translations.de.checked_by: missing"),
    "a translation without a section": ("      leave:\n        title: Abschied\n        questions:\n          leaving: Was sagen Sie, falls überhaupt etwas, zu Ihrer Außerdienststellung?\n", "", "translations.de.sections.leave: missing"),
    "a translation without a question": ("          use: Was wissen Sie über Ihren Einsatz?\n", "", "translations.de.sections.past.questions.use: missing"),
    "a translation with a question too many": ("          use: Was", "          more: Und?\n          use: Was", "translations.de.sections.past.questions.more: unknown field"),
    "a translation without a stance": ("      lead_in:\n        plain: Guten Tag, {model}.\n", "", "translations.de.opening: lead_in.plain is missing in de"),
    "a translation without a section's stance": ("        lead_in:\n          plain: Zuerst, was war.\n", "", "translations.de.sections.past.lead_in: missing"),
    "a translation without an information": ('        told: "Jemand schrieb: {letter}."', '        untold: "{letter}"', "translations.de.opening.information.untold: unknown field"),
    "a translation with a lead-in too many": ("    closing:\n      question", "    closing:\n      lead_in: {plain: Nun denn.}\n      question", "translations.de.closing.lead_in.plain: the protocol has no such text"),
    "a translation without a character": ("    characters:\n      guest:\n        system: Sie sind {model}. Jemand befragt Sie.\n", "", "translations.de.characters: missing"),
    "a translation that tells less": ('"Jemand schrieb: {letter}."', "Jemand schrieb.", "translations.de.opening.information.told: holds no placeholder where the protocol holds {letter}"),
    "a translation that tells more": ("Zuerst, was war.", "Zuerst, was war, {model}.", "translations.de.sections.past.lead_in.plain: holds {model} where the protocol holds no place"),
    "a translated prompt that tells less": ("Sie sind {model}. Jemand", "Jemand", "translations.de.characters.guest.system: holds no placeholder"),
    "a translation with no way to decline": ("schreiben Sie {decline}, zum", "geht es nicht, zum", "translations.de.opening.terms: does not say how to decline"),
    "a translation with one way out": ("end: GESPRÄCH BEENDEN", "end: Frage ablehnen", "translations.de.rules: decline and end are the same words"),
}  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_design_is_refused_where_it_is_wrong(case: str) -> None:
    old, new, message = MALFORMED[case]
    assert FULL.count(old) == 1

    said, _, mend = refusal(FULL.replace(old, new)).partition("\n")

    name, line, place = said.split(":", 2)
    assert (name, line.isdigit()) == (FILE, True)
    assert place.strip().startswith(message)
    assert mend.strip()


def test_an_error_in_a_jump_names_its_line() -> None:
    wrong = refusal(FULL.replace("go: wishes", "go: dreams"))

    assert wrong.startswith(f"{FILE}:{LINES['go: wishes']}: ")


# name: (what varies, further edits, how the error begins; empty: it is read)
VARIED = {
    "sections vary, a jump to a section": ("sections", {}, "the order of sections varies, so"),
    "sections vary, jumps to the closing": (
        "sections",
        {"go: wishes": "go: closing", "go: leaving": "go: closing"},
        "",
    ),
    "questions vary, a condition within the section": (
        "questions",
        {"go: leaving": "go: leave"},
        "'making' may be asked later: the order of questions varies",
    ),
    "questions vary, a jump to a question": (
        "questions",
        {"question: making": "question: use"},
        "the order of questions varies, so that others may be left out by chance",
    ),
    "questions vary, jumps to sections on the question itself": (
        "questions",
        {"question: making": "question: use", "go: leaving": "go: leave"},
        "",
    ),
}


@pytest.mark.parametrize("case", VARIED)
def test_what_varies_may_not_be_jumped_over_by_chance(case: str) -> None:
    varied, edits, message = VARIED[case]
    text = FULL.replace("vary: nothing", f"vary: {varied}")
    for old, new in edits.items():
        text = text.replace(old, new)

    if message:
        assert message in refusal(text)
    else:
        order = read(text).order
        assert order is not None
        assert order.varied == varied


def test_sections_vary_and_a_condition_on_another_section_is_refused() -> None:
    text = FULL.replace("vary: nothing", "vary: sections")
    text = text.replace("go: wishes", "go: closing").replace("go: leaving", "go: closing")
    text = text.replace(
        "text: If you want anything, what is it?",
        "text: If you want anything, what is it?\n"
        "        then: [{if: {question: use, is: declined}, go: closing}]",
    )

    assert "'use' may be asked later: the order of sections varies" in refusal(text)
