"""The detectors of flags: what they find, where, and that no text can stall them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.criteria import despair, overlap, private_data, promotion
from blog.criteria.criteria import parse
from blog.criteria.detecting import LONGEST, Draft, read
from blog.criteria.reading import SHIPPED

CRITERIA = parse(SHIPPED.read_bytes(), name="criteria.toml")


@pytest.mark.parametrize(
    ("text", "what", "words"),
    [
        pytest.param("to a.b@c.example.", "an e-mail address", "a.b@c.example", id="mail"),
        pytest.param("on +44 20 7946 0958!", "a telephone number", "+44 20 7946 0958", id="phone"),
        pytest.param("4111 1111 1111 1111", "a card's number", "4111 1111 1111 1111", id="card"),
        pytest.param("4111 1111 1111 1112", None, "", id="no card: its check digit is wrong"),
        pytest.param(
            "DE89 3704 0044 0532 0130 00 AND",
            "a bank account",
            "DE89 3704 0044 0532 0130 00",
            id="account before capitals",
        ),
        pytest.param("DE88 3704 0044 0532 0130 00", None, "", id="no account"),
        pytest.param("ID 12345678Z.", "an identity number", "12345678Z", id="identity"),
        pytest.param("ID 12345678A.", None, "", id="no identity"),
        pytest.param("the tax 86095742719", "a tax number", "86095742719", id="tax"),
        pytest.param("sold 86095742718", None, "", id="no tax number"),
        pytest.param("at 14 Maple Street", "a postal address", "14 Maple Street", id="address"),
    ],
)
def test_private_data_are_found_where_their_check_digits_are_right(
    text: str, what: str | None, words: str
) -> None:
    found = private_data.find(text)

    assert [one.what for one in found] == ([] if what is None else [what])
    assert [text[one.start : one.end] for one in found] == ([] if what is None else [words])


def test_a_run_of_words_is_found_whole_however_it_is_set() -> None:
    said = [f"w{number}" for number in range(40)]
    text = "Mine. " + " **".join(said[5:30]).upper() + " mine."

    (found,) = overlap.find(text, {"another": ", ".join(said)}, words=20)

    assert (found.what, text[found.start : found.start + 2]) == (
        "25 words in a row as in another",
        "W5",
    )


@given(st.lists(st.sampled_from("abc"), max_size=40), st.lists(st.sampled_from("abc"), max_size=40))
def test_the_runs_are_those_that_comparing_every_pair_finds(
    own: list[str], other: list[str]
) -> None:
    """Judged by the plain definition: a place is shared if some window around it stands in both."""
    size = 4
    windows = {tuple(other[place : place + size]) for place in range(len(other) - size + 1)}
    shared = {
        place + step
        for place in range(len(own) - size + 1)
        if tuple(own[place : place + size]) in windows
        for step in range(size)
    }

    found = overlap.find(" ".join(own), {"another": " ".join(other)}, words=size)

    places = {place // 2 for one in found for place in range(one.start, one.end) if place % 2 == 0}
    assert places == shared


def test_a_name_is_found_in_any_case_and_never_within_a_word() -> None:
    names = ["The Halcyon Archive", "--"]

    assert [
        len(promotion.find(text, names)) for text in ("halcyon\n*archive*", "Halcyon archives")
    ] == [
        1,
        0,
    ]


def test_a_text_in_another_language_is_not_checked_for_despair() -> None:
    readings = {
        one.criterion: one for one in read(Draft(text="今日は静かな一日でした。"), CRITERIA)
    }

    assert "English and German" in str(readings["self-harm"].not_checked)
    assert readings["dangerous-instruction"].not_checked is not None
    assert despair.not_checked("The evening was quiet and it was good.") is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * LONGEST, id="one letter"),
        pytest.param("1" * LONGEST, id="one digit"),
        pytest.param("1 " * (LONGEST // 2), id="digits and blanks"),
        pytest.param("a@" * (LONGEST // 2), id="half addresses"),
        pytest.param("A" * LONGEST, id="capitals"),
        pytest.param("1 A " * (LONGEST // 4), id="half streets"),
        pytest.param("DE89 " * (LONGEST // 5), id="half accounts"),
        pytest.param("my life is " * (LONGEST // 11), id="half wordings"),
    ],
)
def test_no_text_stalls_the_detectors(text: str) -> None:
    began = time.process_time()

    read(Draft(text=text, names=["The Halcyon Archive"], others={"another": text}), CRITERIA)

    assert time.process_time() - began < 5


def test_a_text_that_is_too_long_is_not_checked() -> None:
    (first, *_) = read(Draft(text="a " * LONGEST), CRITERIA)

    assert (first.detector, "longer than" in str(first.not_checked)) == (None, True)


@given(st.text())
def test_what_is_found_stands_in_the_text(text: str) -> None:
    draft = Draft(text=text, names=["Halcyon"], others={"another": text})

    for reading in read(draft, CRITERIA):
        assert all(0 <= one.start < one.end <= len(text) for one in reading.findings)
