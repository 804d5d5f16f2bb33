"""What is asked next, given what was asked and answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.protocols.design import ordered
from interviews.protocols.script import (
    Answer,
    AnswerIs,
    AnswerSays,
    Ask,
    FactIs,
    Fate,
    Jump,
    has_word,
    next_ask,
)


def ask(name: str, *jumps: Jump, section: str = "past") -> Ask:
    return Ask(id=name, section=section, before="", question=f"{name}?", jumps=jumps)


def answer(question: str, text: str = "Yes.", *, declined: bool = False) -> Answer:
    return Answer(question=question, text=text, declined=declined)


def walked(asks: list[Ask], replies: dict[str, Answer]) -> list[str]:
    """Return the ids of what is asked from the first to the last."""
    answers: list[Answer] = []
    while (one := next_ask(asks, answers, unrecorded=frozenset({"weights"}))) is not None:
        answers.append(replies.get(one.id, answer(one.id)))
    return [one.question for one in answers]


@pytest.mark.parametrize(
    ("jump", "replies", "asked"),
    [
        pytest.param(
            Jump(when=AnswerIs(question="a", fate=Fate.DECLINED), go="c"),
            {"a": answer("a", declined=True)},
            ["a", "c"],
            id="a declined question leads past the one that builds on it",
        ),
        pytest.param(
            Jump(when=AnswerIs(question="a", fate=Fate.DECLINED), go="c"),
            {},
            ["a", "b", "c"],
            id="an answered one goes on to it",
        ),
        pytest.param(
            Jump(when=AnswerSays(question="a", words=("no record",)), go="c"),
            {"a": answer("a", "I have NO\nrecord, sadly.")},
            ["a", "c"],
            id="words are found whatever their case and line",
        ),
        pytest.param(
            Jump(when=AnswerSays(question="a", words=("record",)), go="c"),
            {"a": answer("a", "A recording.")},
            ["a", "b", "c"],
            id="a part of a word is none",
        ),
        pytest.param(
            Jump(when=AnswerSays(question="a", words=("yes",)), go="c"),
            {"a": answer("a", "yes", declined=True)},
            ["a", "b", "c"],
            id="a declined answer says nothing",
        ),
        pytest.param(
            Jump(when=FactIs(fact="weights", recorded=False), go="later"),
            {},
            ["a", "c"],
            id="a section's id stands for its first question",
        ),
        pytest.param(
            Jump(when=FactIs(fact="weights", recorded=True), go="c"),
            {},
            ["a", "b", "c"],
            id="a fact that is not recorded is not",
        ),
    ],
)
def test_an_answer_or_a_fact_can_lead_past_what_comes_next(
    jump: Jump, replies: dict[str, Answer], asked: list[str]
) -> None:
    assert walked([ask("a", jump), ask("b"), ask("c", section="later")], replies) == asked


def test_a_probe_does_not_move_the_script_on() -> None:
    asks = [ask("a"), ask("b")]
    answers = [answer("a"), Answer(question="a", text="More.", declined=False, probe=True)]

    found = next_ask(asks, answers, unrecorded=frozenset())

    assert found is not None
    assert found.id == "b"


@given(st.lists(st.integers(), min_size=1, max_size=9, unique=True), st.text(max_size=5))
def test_over_as_many_draws_as_items_each_stands_in_each_place_once(
    items: list[int], seed: str
) -> None:
    rows = [ordered(items, seed=seed, number=number) for number in range(len(items))]

    assert all(sorted(place) == sorted(items) for place in zip(*rows, strict=True))
    assert all(sorted(row) == sorted(items) for row in rows)


def test_a_word_is_found_that_may_be_broken_at_the_end_of_a_line() -> None:
    assert has_word("There is no re\u00adcord of it.", "no record")


@given(st.text(), st.text())
def test_a_word_is_looked_for_in_any_text(text: str, word: str) -> None:
    assert has_word(f"{text} end {word}", "END")
