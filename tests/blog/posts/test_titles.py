"""A post's title and its address."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.identifiers import check_slug
from blog.posts.titles import LONGEST_TITLE, slug, title

DAY = "post-2026-11-23"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# The *quiet* `sea`\n\nIt…", "The quiet sea", id="Markdown's marks"),
        pytest.param("**Title: A Day**\n\nIt", "A Day", id="named as the title"),
        pytest.param("Title: “A Day”\n", "A Day", id="in quotation marks"),
        pytest.param("<<A Day>>\n", "A Day", id="in angle brackets"),
        pytest.param('"Yes" and "No"', '"Yes" and "No"', id="quotation marks within"),
        pytest.param("\n\n  ## After empty lines ##\n", "After empty lines", id="empty lines"),
        pytest.param("[Home](https://x.example) again", "Home again", id="a link"),
        pytest.param("<script>x()</script>", "<script>x()</script>", id="HTML is text"),
        pytest.param("a\u202eb\x00c", "ab\ufffdc", id="control characters"),
        pytest.param("不再见", "不再见", id="no Latin letter"),
        pytest.param("word " * 30, None, id="a first line of prose"),
        pytest.param("The Title: a Study", "The Title: a Study", id="the word within"),
        pytest.param("Title:\n\nA Day", None, id="named and not given"),
        pytest.param('"…"', None, id="no word"),
        pytest.param("---\n\nText", None, id="marks alone"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_the_title_is_the_first_line_without_its_marks(text: str, expected: str | None) -> None:
    assert title(text) == expected


@given(st.text())
def test_a_title_is_one_line_that_any_page_can_hold(text: str) -> None:
    found = title(text)

    assert found is None or 0 < len(found) <= LONGEST_TITLE
    assert found is None or not re.search(r"[\x00-\x1f\u202e]", found)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("The Quiet Sea", "the-quiet-sea", id="words"),
        pytest.param("Don't — go…", "dont-go", id="punctuation"),
        pytest.param("Élan vital", "elan-vital", id="accents"),
        pytest.param("不再见", DAY, id="no letter that ASCII holds"),
        pytest.param(None, DAY, id="no title"),
        pytest.param("2026", DAY, id="a year's address"),
        pytest.param("word " * 20, "-".join(["word"] * 12), id="cut between words"),
    ],
)
def test_the_address_is_made_of_the_title(name: str | None, expected: str) -> None:
    assert slug(name, otherwise=DAY, taken=()) == expected


def test_an_address_is_given_once() -> None:
    taken = {"a-day", "a-day-2"}

    assert slug("A Day", otherwise=DAY, taken=taken) == "a-day-3"


@given(st.text(), st.sets(st.just("post-2026-11-23")))
def test_an_address_is_always_a_slug_that_nobody_has(name: str, taken: set[str]) -> None:
    found = slug(name, otherwise=DAY, taken=taken)

    assert check_slug(found, at="slug") == found
    assert found not in taken
