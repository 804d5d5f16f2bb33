"""Tags: one address for what is one word, in any script."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.site.tags import slug_of, tags_of

SAME = {
    "case": ("Letters", "letters"),
    "accents": ("Café", "cafe"),
    "hyphen and space": ("being asked", "being-asked"),
    "an apostrophe": ("what\u2019s left", "whats left"),
    "white space": ("  being   asked\n", "being asked"),
    "width": ("\uff21\uff29", "ai"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME.keys())
def test_two_spellings_are_one_tag(one: str, other: str) -> None:
    assert slug_of(one) == slug_of(other)
    assert re.fullmatch("[a-z-]+", slug_of(one))


OTHERS = {
    "a sign": ("C", "C++"),
    "two signs": ("C#", "C++"),
    "another script": ("أرشيف", "رسالة"),
    "signs alone": ("+", "-"),
    "its own address": ("c-plus", "C+"),
}


@pytest.mark.parametrize(("one", "other"), OTHERS.values(), ids=OTHERS.keys())
def test_what_ascii_cannot_tell_apart_stays_apart(one: str, other: str) -> None:
    assert slug_of(one) != slug_of(other)


@given(st.text(st.characters(exclude_categories=[])))
def test_an_address_holds_no_more_than_letters_digits_and_hyphens(words: str) -> None:
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug_of(words))
    assert len(slug_of(words)) <= 60


def test_a_text_has_each_tag_once_as_it_was_first_written() -> None:
    assert [(tag.slug, tag.shown) for tag in tags_of(["Letters", "AI", "letters", "\u202e"])] == [
        ("letters", "Letters"),
        ("ai", "AI"),
    ]
