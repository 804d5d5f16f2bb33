"""Normalisation is the standard library's, in a time that grows with the text."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.normal_forms import normal_form

MARKS = "\u0301\u0316\u0344\u0323\uff9e\u3099\u0651\u1ab0"
runs = st.text(alphabet=MARKS + "a\u1ebf\uac00\u1100\u1161 (\n", max_size=90)


@given(st.lists(runs, max_size=4).map("".join), st.sampled_from(("NFC", "NFKC", "NFKD")))
def test_it_is_the_form_of_the_standard_library(text: str, form: str) -> None:
    crowded = "e" + text * 3

    assert normal_form(form, crowded) == unicodedata.normalize(form, crowded)  # type: ignore[arg-type]  # a form's name


@pytest.mark.parametrize("marks", ["\u0301\u0316", "\uff9e\u0316", "\u0344\u0316", "\u1ebf\u0323"])
def test_a_letter_with_a_million_marks_takes_seconds_at_most(marks: str) -> None:
    began = time.process_time()

    normal_form("NFKC", "a" + marks * 200_000)

    assert time.process_time() - began < 5
