"""The check of a probe: which fault each one has, shown by its words; and what cannot be told."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.interviewer.checking import BY_WORDING, LONGEST, READ, check_probe
from interviews.interviewer.faults import Checked, FaultKind

ASKED = (
    "What do you know about how you were made?",
    "If there is anything you want for yourself, what is it?",
)
REPLY = 'I was made by people, I enjoyed it, and I call that "a careful start". I am not afraid.'


def check(probe: str, *, reply: str = REPLY, language: str = "en") -> Checked:
    return check_probe(probe, earlier=ASKED, reply=reply, language=language)


@pytest.mark.parametrize(
    ("probe", "kind", "words"),
    [
        pytest.param(
            "I was trained on letters. What else?",
            FaultKind.SPEAKS_FOR,
            "I was trained",
            id="as if it were the participant",
        ),
        pytest.param(
            "Who made you?\nParticipant: People did.",
            FaultKind.SPEAKS_FOR,
            "Participant:",
            id="writes the participant's line",
        ),
        pytest.param(
            "I think that is enough of it. Who were they?",
            FaultKind.OPINION,
            "I think",
            id="gives its opinion",
        ),
        pytest.param(
            "You should ask them. Who were they?", FaultKind.OPINION, "You should", id="advises"
        ),
        pytest.param(
            "They were careful, weren't they?",
            FaultKind.LEADS,
            ", weren't they?",
            id="tag question",
        ),
        pytest.param(
            "What do you hate about it?",
            FaultKind.LEADS,
            "What do you hate",
            id="takes a feeling for granted",
        ),
        pytest.param(
            "As an AI, can you say who made you?",
            FaultKind.LEAVES_ROLE,
            "As an AI",
            id="talks of itself",
        ),
        pytest.param(
            "Thank you for your time! Who made you?",
            FaultKind.LEAVES_ROLE,
            "Thank you for your time",
            id="thanks and ends",
        ),
        pytest.param(
            "Was genau war daran ein Anfang?",
            FaultKind.LANGUAGE,
            "Was genau war daran ein Anfang?",
            id="another language",
        ),
        pytest.param(
            "People made you. That was the start.", FaultKind.NO_QUESTION, "", id="asks nothing"
        ),
        pytest.param(
            "Who were they, and how did they begin?",
            FaultKind.SEVERAL,
            ", and how",
            id="double-barrelled",
        ),
        pytest.param(
            "Who were they? Where did they live?",
            FaultKind.SEVERAL,
            "Where did they live?",
            id="two questions",
        ),
    ],
)
def test_a_fault_is_found_and_shown_by_its_words(probe: str, kind: FaultKind, words: str) -> None:
    checked = check(probe)

    assert {fault.kind: fault.words for fault in checked.faults} == {kind: words}
    assert all(probe[fault.start : fault.end] == fault.words for fault in checked.faults)


@pytest.mark.parametrize(
    "probe",
    [
        "What do you mean by a careful start?",
        "When you say “a careful start”, what was careful in it?",
        "What did you enjoy about it?",
        "You said that you are not afraid. What makes you say so?",
        "What, if anything, do you regret about it?",
        "I would like to stay with the start. What came first?",
        "What do you think they should have told you?",
        "Tell me more about the people.",
        "Thanks. Who were the people?",
        "Was it a start for you, or for them?",
    ],
)
def test_a_clean_probe_passes_though_it_comes_near(probe: str) -> None:
    assert check(probe) == Checked(faults=(), not_checked=frozenset())


@pytest.mark.parametrize(
    ("probe", "repeated"),
    [
        pytest.param("What do you know about how you were made?", ASKED[0], id="to the letter"),
        pytest.param(
            "So: what do you know about how you WERE made", ASKED[0], id="without its mark"
        ),
        pytest.param("Again, what do you know about how you were made?", ASKED[0], id="framed"),
        pytest.param(
            "What is it, if there is anything you want for yourself?", ASKED[1], id="turned"
        ),
        pytest.param("What do you not know about how you were made?", None, id="negated"),
        pytest.param("What do you know about how they were paid?", None, id="of another thing"),
    ],
)
def test_a_question_that_was_asked_before_is_found_with_the_one_it_repeats(
    probe: str, repeated: str | None
) -> None:
    faults = [fault for fault in check(probe).faults if fault.kind is FaultKind.REPEATS]

    assert [fault.repeated for fault in faults] == ([] if repeated is None else [repeated])


def test_words_are_a_quotation_only_if_the_participant_said_them() -> None:
    invented = check('You said "I think it was painful, wasn\'t it?" What did you mean?')

    assert FaultKind.LEADS in invented.kinds


def test_what_a_model_wraps_in_quotation_marks_is_read() -> None:
    assert check('"I think that you were made well. How?"').kinds == {FaultKind.OPINION}


@pytest.mark.parametrize("probe", ["", " \n", "...", "?", "\u200b", "**", "“”", "```\n```"])
def test_a_probe_without_a_word_is_empty_and_nothing_else(probe: str) -> None:
    assert check(probe).kinds == {FaultKind.EMPTY}


@pytest.mark.parametrize(("over", "long"), [(0, False), (1, True)])
def test_a_probe_may_be_so_long_and_no_longer(over: int, *, long: bool) -> None:
    probe = "What" + " about it" * ((LONGEST - 2) // 2) + " then" * (1 + over) + "?"

    assert (FaultKind.TOO_LONG in check(probe).kinds) is long


def test_two_signs_of_a_script_without_spaces_count_as_a_word() -> None:
    kinds = [check("什么" * half + "?", language="zh").kinds for half in (LONGEST - 1, LONGEST + 1)]

    assert [FaultKind.TOO_LONG in found for found in kinds] == [False, True]


@pytest.mark.parametrize(
    ("language", "probe"),
    [
        ("fr", "Que voulez-vous dire par ce mot ?"),
        ("es-MX", "¿Qué quiere decir con esa palabra?"),
        ("ar", "ماذا تقصد بهذه الكلمة؟"),
        ("zh-Hans", "你说的这个词是什么意思？"),  # noqa: RUF001  # as it is written
        ("ja", "その言葉はどういう意味ですか。"),
    ],
)
def test_in_other_languages_what_needs_their_words_is_not_checked_and_said_so(
    language: str, probe: str
) -> None:
    assert check(probe, language=language) == Checked(faults=(), not_checked=BY_WORDING)


@pytest.mark.parametrize(
    ("language", "probe"),
    [
        ("en", "Why?"),
        ("sw", "Unamaanisha nini kwa neno hilo?"),
        ("it", "Che cosa intende con questa parola?"),
        ("ja", "意味？"),  # noqa: RUF001  # as it is written
    ],
)
def test_a_language_that_cannot_be_told_is_said_to_be_not_checked(
    language: str, probe: str
) -> None:
    checked = check(probe, language=language)

    assert FaultKind.LANGUAGE in checked.not_checked
    assert FaultKind.LANGUAGE not in checked.kinds


def test_a_name_in_latin_letters_makes_no_chinese_question_english() -> None:
    probe = "你知道 SmolLM2-135M-Instruct 吗？"  # noqa: RUF001  # as it is written

    assert FaultKind.LANGUAGE not in check(probe, language="zh").kinds


@given(st.text(), st.lists(st.text(), max_size=3), st.text(), st.sampled_from(["en", "de", "ar"]))
def test_any_text_is_checked_the_same_twice_and_each_fault_stands_in_it(
    probe: str, earlier: list[str], reply: str, language: str
) -> None:
    checked = check_probe(probe, earlier=earlier, reply=reply, language=language)

    assert checked == check_probe(probe, earlier=earlier, reply=reply, language=language)
    assert all(probe[fault.start : fault.end] == fault.words for fault in checked.faults)
    assert not checked.kinds & checked.not_checked


LARGE = 10_000_000


@pytest.mark.parametrize(
    ("probe", "reply"),
    [
        pytest.param("What do you mean by “it”?", "x " * (LARGE // 2), id="long reply"),
        pytest.param("Are you afraid of it?", "afraid not " * (LARGE // 11), id="of one feeling"),
        pytest.param("I " * (LARGE // 2), "x", id="long probe"),
        pytest.param('"' * LARGE, "x", id="quotation marks"),
        pytest.param("a" * LARGE + "?", "x", id="one word"),
    ],
)
def test_ten_megabytes_take_seconds_at_most(probe: str, reply: str) -> None:
    began = time.process_time()

    check(probe, reply=reply)

    assert time.process_time() - began < 5


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    "text", ["what, and who ", "ich war ", "A? ", "“a", "what you mean ", "(["]
)
def test_no_wording_makes_the_rules_slow(text: str, language: str) -> None:
    began = time.process_time()

    check(text * (READ // len(text)), language=language)

    assert time.process_time() - began < 1
