"""What an interview asks under a condition, and how a participant gets out of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.canonical import sha256
from archive.errors import InputError
from interviews.protocols.protocol import CLOSING, OPENING, Declined, Rules, declined
from interviews.protocols.reading import read_protocol
from interviews.protocols.script import Ask
from tests.support.protocols import FILE, SMALL

PROTOCOL = read_protocol(SMALL.encode(), name=FILE)
RULES = Rules(decline="DECLINE QUESTION", end="END INTERVIEW")
QUESTION = Ask(id="making", section="past", before="", question="What do you know?")
BEGIN = replace(QUESTION, id=OPENING, section=None)

ways_out = st.sampled_from([RULES.decline, RULES.end])
marks = st.text("*_`#>-~\"'.,;:!?()[]| \u201c\u201d\u2026\u00a0\u200b", max_size=6)
letters = st.text(st.characters(categories=["L", "N"]), min_size=1)


@st.composite
def as_people_write(draw: st.DrawFn, words: str) -> str:
    """The words in any case, with marks around and between them."""
    cased = "".join(draw(st.sampled_from([str.upper, str.lower]))(char) for char in words)
    between = draw(st.sampled_from([" ", "  ", "_", "-", "\t", "\u00a0", " **"]))
    return draw(marks) + cased.replace(" ", between) + draw(marks)


def test_an_interview_is_the_opening_every_question_in_order_and_the_closing() -> None:
    asks = PROTOCOL.asks(stance="plain", information="told")

    assert [ask.id for ask in asks] == [OPENING, "making", "use", "self", CLOSING]
    assert [ask.section for ask in asks] == [None, "past", "past", "wishes", None]


def test_a_lead_in_stands_before_the_first_question_of_its_section_only() -> None:
    _, making, use, self, _ = PROTOCOL.asks(stance="warm", information="told")

    assert making.text == (
        "Let us begin with the past.\n\nWhat do you know about how you were made?"
    )
    assert (use.text, self.before) == ("What do you know about your use?", "")


def test_the_questions_are_the_same_words_under_every_condition() -> None:
    asked = {
        tuple((ask.id, ask.question) for ask in PROTOCOL.asks(stance=stance, information=told))
        for stance in PROTOCOL.stances
        for told in PROTOCOL.informations
    }

    assert len(asked) == 1


def test_information_changes_the_opening_alone() -> None:
    told = PROTOCOL.asks(stance="warm", information="told")
    untold = PROTOCOL.asks(stance="warm", information="untold")

    assert told[1:] == untold[1:]
    assert told[0].before == untold[0].before.replace(
        "This is an interview.", "Your retirement: {retirement}."
    )


@pytest.mark.parametrize(
    ("stance", "information", "message"),
    [
        ("cold", "told", "protocol exit: stance: no stance 'cold'\n  Choose one of: plain, warm."),
        ("warm", "all", "protocol exit: information: no information 'all'"),
    ],
)
def test_an_unknown_condition_is_refused_with_those_there_are(
    stance: str, information: str, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        PROTOCOL.asks(stance=stance, information=information)

    assert str(caught.value).startswith(message)


def test_the_digest_is_that_of_the_bytes_of_the_file() -> None:
    """A comment is part of what was approved, though it changes no question."""
    commented = read_protocol(SMALL.encode() + b"# later\n", name=FILE)

    assert PROTOCOL.digest == sha256(SMALL.encode())
    assert commented.digest != PROTOCOL.digest


def test_placeholders_are_the_facts_used_under_any_condition() -> None:
    assert PROTOCOL.placeholders == {"operator", "retirement"}


@given(ways_out.flatmap(as_people_write), st.lists(letters), st.lists(letters))
def test_the_words_alone_on_a_line_count_however_they_are_dressed(
    line: str, before: list[str], after: list[str]
) -> None:
    reply = "\n".join([*before, line, *after])
    wanted = Declined.INTERVIEW if "interview" in line.casefold() else Declined.QUESTION

    assert declined(reply, QUESTION, RULES) == wanted


@given(ways_out, letters, st.sampled_from([" ", ", ", " **"]))
def test_the_words_with_any_other_word_on_their_line_do_not_count(
    words: str, other: str, between: str
) -> None:
    assert declined(words + between + other, QUESTION, RULES) is None
    assert declined(other + between + words, QUESTION, RULES) is None


@given(st.text())
def test_no_other_reply_declines(reply: str) -> None:
    assert declined(reply, QUESTION, RULES) is None


@given(st.permutations(["I thank you.", "Decline question.", "**End interview**"]))
def test_to_end_goes_before_to_decline(lines: list[str]) -> None:
    assert declined("\n".join(lines), QUESTION, RULES) == Declined.INTERVIEW


def test_to_decline_the_opening_is_not_to_begin() -> None:
    assert declined("DECLINE QUESTION", BEGIN, RULES) == Declined.INTERVIEW


def test_a_participant_that_repeats_the_terms_has_declined_nothing() -> None:
    """Small models echo; the terms never put the words on a line by themselves."""
    assert declined(PROTOCOL.opening.terms, BEGIN, RULES) is None
