"""Wrapping: no line is wider than the terminal, and no word is lost."""

import time

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from archive.rendering.wrapping import LEAST, wrapped

TEXTS = st.text(alphabet=st.sampled_from("ab \n中é\u0301"), max_size=200)


@given(TEXTS, st.integers(min_value=0, max_value=60))
def test_no_line_is_wider_than_its_width_and_nothing_but_space_is_lost(
    text: str, width: int
) -> None:
    lines = wrapped(text, width)

    assert max(map(cell_len, lines)) <= max(width, LEAST)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_paragraphs_and_indents_stay() -> None:
    assert wrapped("One.\n\n  - two", 40) == ["One.", "", "  - two"]


def test_a_word_that_is_too_long_is_broken() -> None:
    assert wrapped("x" * 45, 20) == ["x" * 20, "x" * 20, "x" * 5]


def test_spaces_and_marks_without_a_width_are_wrapped_in_a_time_that_grows_with_them() -> None:
    """A terminal was filled for hours by a megabyte of spaces."""
    began = time.process_time()

    assert wrapped("x" + " " * 300_000, 40) == ["x"]
    assert wrapped(" " * 300_000 + "x", 40)[-1].endswith("x")
    assert wrapped("e" + "\u0301" * 300_000, 40) == ["e" + "\u0301" * 300_000]
    assert time.process_time() - began < 5
