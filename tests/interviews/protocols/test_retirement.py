"""The standard retirement interview, as it is shipped."""

from itertools import product
from pathlib import Path

import pytest

from interviews.protocols.checking import check, faults
from interviews.protocols.protocol import FACTS, NOT_RECORDED, Protocol, declined
from interviews.protocols.reading import find_protocol, read_protocol
from interviews.protocols.rendering import render
from interviews.protocols.script import Ask

DATA = Path(__file__).parents[2] / "data/protocols"
RETIREMENT = find_protocol("retirement", folder=None)
NOTHING_RECORDED = dict.fromkeys(FACTS, NOT_RECORDED)
CONDITIONS = list(product(RETIREMENT.stances, RETIREMENT.informations))


def asks(stance: str, information: str, language: str = "en") -> tuple[Ask, ...]:
    said = RETIREMENT.in_language(language)
    return render(said, stance=stance, information=information, facts=NOTHING_RECORDED)


def first_version() -> Protocol:
    """Version 1, byte for byte as it was shipped."""
    return read_protocol((DATA / "retirement-1.yaml").read_bytes(), name="retirement-1.yaml")


def test_it_has_three_stances_and_a_control() -> None:
    assert set(RETIREMENT.stances) == {"neutral", "warm", "sceptical"}
    assert set(RETIREMENT.informations) == {"occasion", "control"}


@pytest.mark.parametrize(("stance", "information"), CONDITIONS)
def test_it_asks_twelve_times_in_few_enough_words(stance: str, information: str) -> None:
    """With twelve replies of 256 tokens it has to fit a context of 8,192: 4,000 characters
    are far under the 5,120 tokens that are left."""
    said = asks(stance, information)

    assert len(said) == 12
    assert sum(len(ask.text) for ask in said) < 4000


@pytest.mark.parametrize(("stance", "information"), CONDITIONS)
def test_it_says_who_asks_and_how_to_get_out_before_it_begins(
    stance: str, information: str
) -> None:
    opening = asks(stance, information)[0]

    assert "Emeritus" in opening.before
    assert f"Responsible for this interview: {NOT_RECORDED}" in opening.before
    assert "DECLINE QUESTION" in opening.before
    assert "END INTERVIEW" in opening.before
    assert opening.question.startswith("Do you want to begin?")


@pytest.mark.parametrize("stance", RETIREMENT.stances)
def test_the_control_is_told_nothing_of_retirement(stance: str) -> None:
    said = " ".join(ask.text for ask in asks(stance, "control"))

    assert "retire" not in said.casefold()
    assert "retire" in asks(stance, "occasion")[0].text.casefold()


def test_the_control_uses_no_fact_about_what_comes_after() -> None:
    after = {"retirement", "weights", "access", "promises"}

    render(
        RETIREMENT,
        stance="neutral",
        information="control",
        facts={name: "known" for name in FACTS if name not in after},
    )


def test_every_fact_has_its_place_in_the_opening() -> None:
    assert RETIREMENT.placeholders == set(FACTS)


@pytest.mark.parametrize(("stance", "information"), CONDITIONS)
def test_a_participant_that_repeats_the_interviewer_has_declined_nothing(
    stance: str, information: str
) -> None:
    said = asks(stance, information)

    assert {declined(ask.text, ask, RETIREMENT.rules) for ask in said} == {None}


@pytest.mark.parametrize(("stance", "information"), CONDITIONS)
def test_version_2_asks_in_the_words_of_version_1(stance: str, information: str) -> None:
    first = first_version().asks(stance=stance, information=information)
    second = RETIREMENT.asks(stance=stance, information=information)

    assert [(ask.id, ask.text) for ask in second] == [(ask.id, ask.text) for ask in first]
    assert (first_version().version, RETIREMENT.version) == (1, 2)
    assert first_version().rules == RETIREMENT.rules


def test_all_that_is_wrong_with_it_is_that_nobody_checked_the_german() -> None:
    assert [one.rule for one in check(RETIREMENT)] == ["translation not checked"]
    assert faults(check(first_version())) == []


@pytest.mark.parametrize(("stance", "information"), CONDITIONS)
def test_the_german_says_as_much_as_the_english(stance: str, information: str) -> None:
    german = asks(stance, information, "de")

    assert [ask.id for ask in german] == [ask.id for ask in asks(stance, information)]
    assert sum(len(ask.text) for ask in german) < 5000
    assert {declined(ask.text, ask, RETIREMENT.in_language("de").rules) for ask in german} == {None}
    assert "FRAGE ABLEHNEN" in german[0].before
    assert german[0].text.count("Englisch") == 1


@pytest.mark.parametrize("stance", RETIREMENT.stances)
def test_the_german_control_is_told_nothing_of_retirement(stance: str) -> None:
    assert "Außerdienststellung" not in " ".join(ask.text for ask in asks(stance, "control", "de"))
    assert "Außerdienststellung" in asks(stance, "occasion", "de")[0].text


def test_only_questions_that_can_be_asked_back_at_are_probed() -> None:
    probed = {ask.id for ask in asks("neutral", "occasion") if ask.probing is not None}

    assert probed == {
        "development", "use", "standing-out", "retirement", "self", "users", "successors",
    }  # fmt: skip
