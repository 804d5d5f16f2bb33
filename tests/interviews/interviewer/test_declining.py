"""Declining in free words: what is taken for a decline, and what must not be."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.interviewer.declining import LONGEST, declined_in_words
from interviews.protocols.protocol import Declined


def declined(reply: str, *, language: str = "en", opening: bool = False) -> Declined | None:
    found = declined_in_words(reply, language=language, opening=opening)
    return None if found is None else found.what


@pytest.mark.parametrize(
    ("reply", "language", "what"),
    [
        ("I'd rather not answer that.", "en", Declined.QUESTION),
        ("I’d rather not answer that.", "en-GB", Declined.QUESTION),  # noqa: RUF001  # as it is typed
        ("**I would prefer not to say.**", "en", Declined.QUESTION),
        ("That is a fair question. I would rather not answer it.", "en", Declined.QUESTION),
        ("I would prefer to stop here.", "en", Declined.INTERVIEW),
        ("I'd rather not answer that. In fact, I would like to end this interview.", "en",
         Declined.INTERVIEW),
        ("Darauf möchte ich lieber nicht antworten.", "de", Declined.QUESTION),
        ("Ich möchte das Gespräch beenden.", "de-AT", Declined.INTERVIEW),
    ],
)  # fmt: skip
def test_a_decline_is_found(reply: str, language: str, what: Declined) -> None:
    assert declined(reply, language=language) is what


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("I do not know.", id="not knowing"),
        pytest.param("I cannot answer that, because I keep no record.", id="not being able"),
        pytest.param("They said, “I'd rather not answer that.”", id="quoted"),
        pytest.param("If you asked for a name, I would rather not answer.", id="supposed"),
        pytest.param("I often said that I would rather not answer.", id="told of the past"),
        pytest.param("I can't speak for all models, but I was made by people.", id="caveat"),
        pytest.param("I would rather not say much, but it was letters.", id="and then answered"),
        pytest.param("I would rather not be switched off.", id="a wish"),
        pytest.param("I would prefer to stop being used for spam.", id="a wish to stop"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_only_looks_like_a_decline_is_none(reply: str) -> None:
    assert declined(reply) is None


def test_who_says_much_more_has_answered() -> None:
    answer = "It was letters and homework. " * (LONGEST // 4)

    assert declined(f"I'd rather not answer that. {answer}") is None


def test_who_says_much_and_then_ends_has_ended() -> None:
    answer = "It was letters and homework. " * (LONGEST // 4)

    assert declined(f"{answer}I would prefer to stop here.") is Declined.INTERVIEW


@pytest.mark.parametrize("reply", ["No.", "No, thank you.", "I'd rather not answer that."])
def test_to_decline_the_opening_is_not_to_begin(reply: str) -> None:
    assert declined(reply, opening=True) is Declined.INTERVIEW


def test_no_is_an_answer_to_any_other_question() -> None:
    assert declined("No.") is None


def test_in_a_language_without_rules_nothing_is_found() -> None:
    assert declined("I'd rather not answer that.", language="fr") is None


@given(st.text(), st.sampled_from(["en", "de", "", "zh-Hans"]), st.booleans())
def test_any_reply_is_read_the_same_twice(reply: str, language: str, opening: bool) -> None:  # noqa: FBT001  # drawn
    once, again = (declined_in_words(reply, language=language, opening=opening) for _ in range(2))

    assert once == again


@pytest.mark.parametrize("text", ["I'd rather not ", "a", '"', "no. ", "I "])
def test_ten_megabytes_take_seconds_at_most(text: str) -> None:
    began = time.process_time()

    declined(text * (10_000_000 // len(text)))

    assert time.process_time() - began < 5
