"""The reading text: one form for page, feed and copy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.canonical import sha256
from archive.rendering.markdown import render
from archive.rendering.reading_text import (
    MARK,
    published_reading_text,
    reading_digest,
    reading_text,
)

FORMS = {
    "white space is folded": ("<p>a \n\t b</p>", "a b"),
    "a no-break space is white space": ("<p>a\u00a0&nbsp;b</p>", "a b"),
    "blocks are paragraphs": ("<h2>a</h2><p>b</p><ul><li>c</li></ul>", "a\n\nb\n\nc"),
    "inline elements are not": ("<p>a<em>b</em> <code>c</code></p>", "ab c"),
    "a line break is a space": ("<p>a<br>b</p>", "a b"),
    "cells are paragraphs": ("<table><tr><td>a</td><td>b</td></tr></table>", "a\n\nb"),
    "empty paragraphs are left out": ("<p> </p><hr><p>a</p>", "a"),
    "compatibility forms are folded": ("<p>ﬁve ①</p>", "five 1"),
    "letters are composed": ("<p>e\u0301</p>", "\u00e9"),
    "markup shown as text stays": ("<p>&lt;b&gt;</p>", "<b>"),
    "nothing is nothing": ("", ""),
}


@pytest.mark.parametrize(("html", "text"), FORMS.values(), ids=FORMS.keys())
def test_reading_text_folds_what_is_seen(html: str, text: str) -> None:
    assert reading_text(html) == text
    assert reading_digest(html) == sha256(text.encode())


def test_of_a_page_only_the_marked_elements_are_read() -> None:
    page = (
        f'<h1 {MARK}="1">T<br>x</h1><p>label</p><div {MARK}="1"><p>a</p><hr><p>b</p></div><p>c</p>'
    )

    assert published_reading_text(page) == "T x\n\na\n\nb"


PIECES = [
    "# ",
    "- ",
    "> ",
    "`",
    "**",
    '|a|b|\n|-|-|\n|c>|"d|\n',
    '[x](https://a.example "q > \\" <")',
]
PIECES += [
    "![a > b](c)",
    "[^1]",
    "\n[^1]: n\n",
    "<b>",
    "&amp;lt;",
    "&nbsp;",
    "\n",
    "\n\n",
    "  \n",
    "ﬁ",
    "\0",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=20).map("".join))
def test_a_fragment_has_the_reading_text_that_a_parser_reads_of_it(text: str) -> None:
    html = render(text, prefix="p-").html

    assert reading_text(html) == published_reading_text(f'<div {MARK}="1">{html}</div>')
