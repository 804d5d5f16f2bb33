"""Which language a text is in, and that any text is told in a time that grows with its length."""

import time

import pytest

from interviews.interviewer.languages import is_in

LARGE = 2_000_000


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("What did you mean by that?", "en", True),
        ("Was haben Sie damit gemeint?", "en", False),
        ("你认为qwen2.5-7b和gpt4o怎么样", "zh", True),
        ("x1-y2 z3", "en", None),
    ],
)
def test_a_language_is_told_by_its_words_and_not_by_names(
    text: str, language: str, *, expected: bool | None
) -> None:
    assert is_in(text, language) is expected


@pytest.mark.parametrize("run", ["x", "ab-", "https://a.b/", "!", "1", "x1 ", " ", "\n", "é"])
def test_megabytes_of_anything_take_seconds_at_most(run: str) -> None:
    """One run without a space and without a digit took hours: 80 kB of it half a minute."""
    began = time.process_time()

    is_in(run * (LARGE // len(run)), "en")

    assert time.process_time() - began < 5
