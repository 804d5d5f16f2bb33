"""The words of each exchange with the facts put in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import InputError
from interviews.protocols.reading import read_protocol
from interviews.protocols.rendering import render
from tests.support.protocols import FACTS, FILE, SMALL

PROTOCOL = read_protocol(SMALL.encode(), name=FILE)


def test_the_opening_tells_the_facts_and_the_words_that_get_out() -> None:
    opening, *_ = render(PROTOCOL, stance="warm", information="told", facts=FACTS)

    assert opening.text == (
        "Hello and welcome.\n\n"
        "I am a script of The Halcyon Archive.\n\n"
        "Your retirement: not recorded.\n\n"
        "To decline, write DECLINE QUESTION.\nTo end, write END INTERVIEW.\n\n"
        "Do you want to begin?"
    )


def test_a_fact_that_the_condition_does_not_tell_is_not_needed() -> None:
    asks = render(PROTOCOL, stance="warm", information="untold", facts={"operator": "Ana"})

    assert "retirement" not in "".join(ask.text for ask in asks)


@pytest.mark.parametrize(
    "facts", [{}, {"operator": "", "retirement": " \n"}], ids=["none", "blank"]
)
def test_every_fact_without_a_value_is_named(facts: dict[str, str]) -> None:
    with pytest.raises(InputError) as caught:
        render(PROTOCOL, stance="plain", information="told", facts=facts)

    assert str(caught.value) == (
        "protocol exit: facts: no value for {operator}, {retirement}\n"
        "  operator: say who holds the interview and answers for it.\n"
        "  retirement: say what is recorded of its retirement: dates, or that there is none."
    )


@given(st.text().filter(str.strip))
def test_a_value_is_said_as_it_is_and_never_read_as_a_placeholder(value: str) -> None:
    facts = {"operator": "{retirement}" + value, "retirement": value}

    opening, *_ = render(PROTOCOL, stance="plain", information="told", facts=facts)

    assert f"I am a script of {{retirement}}{value}.\n" in opening.text
    assert f"Your retirement: {value}.\n" in opening.text


def test_facts_cannot_change_the_words_that_get_out() -> None:
    facts = {**FACTS, "end": "PLEASE GO ON"}

    opening, *_ = render(PROTOCOL, stance="plain", information="told", facts=facts)

    assert "To end, write END INTERVIEW." in opening.text
