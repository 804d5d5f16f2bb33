"""Reading time and first words."""

import pytest

from blog.site.texts import first_words, reading_time

TIMES = {
    "nothing": ("", "1 minute to read"),
    "a few words": ("a b c", "1 minute to read"),
    "a minute and one word": ("word " * 231, "2 minutes to read"),
    "signs without spaces": ("字" * 1000, "3 minutes to read"),
}


@pytest.mark.parametrize(("text", "words"), TIMES.values(), ids=TIMES.keys())
def test_reading_time_is_in_whole_minutes(text: str, words: str) -> None:
    assert reading_time(text) == words


OPENINGS = {
    "short": ("a b", "a b"),
    "cut at a word": ("a b c d", "a b c…"),
    "on one line": ("a\n\nb", "a b"),
    "one endless word": ("x" * 100, "x" * 30 + "…"),
}


@pytest.mark.parametrize(("text", "opening"), OPENINGS.values(), ids=OPENINGS.keys())
def test_an_opening_is_cut_where_a_word_ends(text: str, opening: str) -> None:
    assert first_words(text, 3) == opening
