"""The standard retirement interview, as it is shipped."""

from itertools import product

import pytest

from interviews.protocols.protocol import FACTS, NOT_RECORDED, declined
from interviews.protocols.reading import find_protocol
from interviews.protocols.rendering import render
from interviews.protocols.script import Ask

RETIREMENT = find_protocol("retirement", folder=None)
NOTHING_RECORDED = dict.fromkeys(FACTS, NOT_RECORDED)
CONDITIONS = list(product(RETIREMENT.stances, RETIREMENT.informations))


def asks(stance: str, information: str) -> tuple[Ask, ...]:
    return render(RETIREMENT, stance=stance, information=information, facts=NOTHING_RECORDED)


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
