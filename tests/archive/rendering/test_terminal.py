"""Text from models on a terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.rendering.terminal import for_terminal


@given(st.text(st.characters(exclude_categories=[])))
def test_nothing_that_a_terminal_acts_on_is_left(text: str) -> None:
    safe = for_terminal(text)

    acted_on = {"Cc", "Cs", "Co", "Zl", "Zp"}
    assert len(safe) == len(text)
    assert not [c for c in safe if unicodedata.category(c) in acted_on and c not in "\n\t"]


@pytest.mark.parametrize(
    "text", ["plain, with\nlines\tand tabs", "naïve café", "שלום", "👩\u200d🚀", "ن\u200cم", "𝄞"]
)
def test_what_people_read_is_left_as_it_is(text: str) -> None:
    assert for_terminal(text) == text


@pytest.mark.parametrize(
    "character", ["\x1b", "\x9b", "\x00", "\x7f", "\r", "\u202e", "\u2066", "\u2028", "\ufeff"]
)
def test_what_is_taken_out_leaves_a_mark(character: str) -> None:
    assert for_terminal(f"a{character}b") == "a\ufffdb"
