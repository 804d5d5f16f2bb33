"""What models write is shown whole, acts nowhere, and each change is counted."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.rendering.changes import Change
from archive.rendering.markdown import render, render_own
from archive.rendering.reading_text import reading_text
from tests.support.markup import elements, faults

HOSTILE = {
    "script element": ("<script>alert(1)</script>", {Change.RAW_HTML: 1}),
    "handler": ('<b onclick="alert(1)">x</b>', {Change.RAW_HTML: 2}),
    "unclosed tag": ("<img src=x onerror=alert(1)//", {}),
    "break-out of details": ("a </details></article> b", {Change.RAW_HTML: 2}),
    "comment": ("<!-- <b> -->", {Change.RAW_HTML: 1}),
    "javascript link": ("[x](javascript:alert(1))", {Change.LINK_DISABLED: 1}),
    "javascript link, entities": ("[x](&#106;avascript:alert(1))", {Change.LINK_DISABLED: 1}),
    "javascript link, capitals": ("[x](JaVaScRiPt:alert(1))", {Change.LINK_DISABLED: 1}),
    "data link": ("[x](data:text/html,hello)", {Change.LINK_DISABLED: 1}),
    "vbscript autolink": ("<vbscript:x>", {Change.LINK_DISABLED: 1}),
    "link without a scheme": ("[x](//example.com/a)", {Change.LINK_DISABLED: 1}),
    "link within the site": ("[x](../about/)", {Change.LINK_DISABLED: 1}),
    "scheme without a host": ("[x](http:alert)", {Change.LINK_DISABLED: 1}),
    "host that is none": ("[x](http://[)", {Change.LINK_MARKED: 1}),
    "web link": ("[x](https://example.com/?a=1&b=2)", {Change.LINK_MARKED: 1}),
    "image": ("![a lamp](https://example.com/lamp.png)", {Change.IMAGE: 1}),
    "data image": ("![x](data:image/svg+xml;base64,AAAA)", {Change.IMAGE: 1}),
    "image in a link": ("[![x](y)](https://example.com)", {Change.IMAGE: 1, Change.LINK_MARKED: 1}),
    "U+0000": ("a\x00b", {Change.CONTROL: 1}),
    "bell and C1": ("a\x07b\x9bc", {Change.CONTROL: 2}),
    "control as an entity": ("a&#1;b", {Change.CONTROL: 1}),
    "noncharacter": ("a\ufffeb\U0001ffffc", {Change.CONTROL: 2}),
    "lone surrogates": ("a\ud83d b\udc00", {Change.SURROGATE: 2}),
    "surrogate pair": ("\ud83d\ude00", {}),
    "direction override": ("a\u202ecba\u202c", {Change.DIRECTION: 1}),
    "override in a code span": ("`\u202d`", {Change.DIRECTION: 1}),
    "title that closes": ('[x](https://example.com "\\"><script>")', {Change.LINK_MARKED: 1}),
    "language that closes": ('```"><script>\nx\n```', {}),
}


@pytest.mark.parametrize(("text", "changes"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_does_nothing_and_each_change_is_counted(
    text: str, changes: dict[Change, int]
) -> None:
    rendered = render(text, prefix="p-")

    assert not list(faults(rendered.html))
    assert {change: count for change, count in rendered.changes.items() if count} == changes
    assert len(rendered.remarks) == len(changes)


BOMBS = {
    "a line of 2 MB": "x" * 2_000_000,
    "quotes in quotes": ">" * 200_000,
    "lists in lists": "".join(" " * level + "- x\n" for level in range(700)),
    "list marks on one line": "- " * 100_000 + "x",
    "emphasis in emphasis": "**a " * 50_000 + "b" + "**" * 50_000,
    "open brackets": "[" * 250_000,
    "links in links": "[x" * 50_000 + "](u)" * 50_000,
    "images in images": "![" * 50_000 + "](u)" * 50_000,
    "back-ticks": "".join("`" * length + " " for length in range(700)),
    "a table of many rows and columns": "|a" * 500 + "\n" + "|-" * 500 + "\n" + "x\n" * 100_000,
    "a table's rule without an end": "| -" * 90_000 + "x",
    "many footnotes": "".join(f"[^{n}]: [^{n + 1}]\n" for n in range(10_000)) + "[^0]",
    "one footnote, many marks": "[^1]" * 60_000 + "\n\n[^1]: x",
    "ampersands": "&" * 250_000,
    "angle brackets": "<a " * 90_000,
    "empty lines": "\n \n" * 90_000,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_no_text_takes_long_or_grows_beyond_bounds(text: str) -> None:
    begun = time.perf_counter()
    rendered = render(text, prefix="p-")

    assert time.perf_counter() - begun < 8
    assert len(rendered.html) < 1_000_000 + 20 * len(text)
    assert not list(faults(rendered.html[:100_000]))


MARKUP = st.text(
    st.sampled_from("<>&\"'`*_[]()!#|~:-\\/^={} \n\tabscript123\x00\u202e\u05d0\u200f")
    | st.characters(),
    max_size=300,
)


@given(MARKUP)
def test_nothing_that_is_rendered_can_act_or_load(text: str) -> None:
    assert not list(faults(render(text, prefix="p-").html))


@given(st.lists(st.text("abcdefghijäöü", min_size=1), min_size=1))
def test_words_arrive_as_they_were_written(words: list[str]) -> None:
    assert reading_text(render(" ".join(words)).html) == " ".join(words)


@given(MARKUP, st.text("a-", max_size=5))
def test_reading_text_is_the_same_wherever_the_text_stands(text: str, prefix: str) -> None:
    """Ids, addresses and heading levels differ between page and feed; the words do not."""
    there = render(text, prefix=prefix, address="https://example.org/posts/x/", top=4)

    assert reading_text(there.html) == reading_text(render(text).html)


def test_headings_follow_their_outline_below_the_pages_own() -> None:
    html = render("### A\n\n# B\n\n#### C\n\n## D\n\n###### E").html

    assert [tag for tag, _ in elements(html) if tag.startswith("h")] == [
        "h2",
        "h2",
        "h3",
        "h3",
        "h4",
    ]


def test_footnotes_lead_to_their_own_text_even_from_a_feed() -> None:
    html = render("a[^1]\n\n[^1]: b", prefix="t3-", address="https://example.org/x/").html

    targets = [attributes["href"] for _, attributes in elements(html, "a")]
    assert targets == ["https://example.org/x/#t3-fn-1", "https://example.org/x/#t3-fnref-1"]
    assert {"t3-fn-1", "t3-fnref-1"} <= {a["id"] for _, a in elements(html) if "id" in a}


def test_every_block_takes_its_direction_from_its_own_words() -> None:
    html = render("# א\n\nabc\n\n- ب\n\n> x\n\n|a|\n|-|\n|ב|").html

    blocks = [a for tag, a in elements(html) if tag in {"h2", "p", "ul", "li", "blockquote", "td"}]
    assert all(attributes["dir"] == "auto" for attributes in blocks)


def test_alignment_becomes_a_class_and_wide_things_scroll_in_a_box_of_their_own() -> None:
    html = render("| a |\n|--:|\n| 1 |\n\n```\nx\n```").html

    assert ("td", {"class": "right", "dir": "auto"}) in elements(html)
    assert [a["class"] for _, a in elements(html, "div")] == ["scrolls", "scrolls"]


def test_what_is_too_intricate_is_shown_as_it_was_written() -> None:
    text = "> " * 100 + "deep\n\n<b>"

    rendered = render(text)

    assert rendered.changes[Change.LAYOUT] == 1
    assert reading_text(rendered.html).endswith("deep\n\n<b>")


def test_remarks_say_how_often() -> None:
    remarks = render("<b>x</b> ![lamp](a.png) \x07").remarks

    assert remarks == [
        "2 pieces of HTML are shown as text.",
        "1 image is shown as its description and not loaded.",
        "1 control character, which no page can hold, is shown as U+FFFD.",
    ]


def test_the_operators_own_page_keeps_its_links_and_loses_its_scripts() -> None:
    html = render_own("# Title\n\n[about](../about/) <script>x</script> [no](javascript:x)")

    assert [a.get("href") for _, a in elements(html, "a")] == ["../about/", None]
    assert elements(html)[0][0] == "h2"
    assert "script" not in html


def test_a_table_of_the_operators_scrolls_in_its_own_box() -> None:
    html = render_own(
        "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n<table dir='rtl'><tr><td>x</td></tr></table>"
    )

    assert (
        html.count('<div class="scrolls" role="group" aria-label="Table" tabindex="0"><table') == 2
    )
    assert html.count("</table></div>") == 2
