"""Which language a text is in, and that any text is told in a time that grows with its length."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.interviewer import languages
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


@given(st.text(alphabet="xZ19-!~/: \n\u00e9\u6f22\u0661", max_size=60))
def test_names_are_those_that_a_plain_and_slow_rule_finds(text: str) -> None:
    slow = re.compile(r"[!-~]*[0-9][!-~]*")

    assert languages._NAME.sub(" ", text) == slow.sub(" ", text)
