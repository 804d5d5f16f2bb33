"""What a short reply means, and what names a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.posts.naming import LONGEST_SUMMARY, LONGEST_TAG, MOST_TAGS, naming, tag_slug
from blog.posts.replies import Meaning, agreement


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        pytest.param("Yes", Meaning.YES, id="yes"),
        pytest.param("**Yes.** It may.", Meaning.YES, id="with marks"),
        pytest.param("Answer: yes", Meaning.YES, id="answer"),
        pytest.param("1. Yes", Meaning.YES, id="as a list"),
        pytest.param("no", Meaning.NO, id="no"),
        pytest.param("“No”, I said.", Meaning.NO, id="quoted"),
        pytest.param("No I would rather not", Meaning.NO, id="without a comma"),
        pytest.param("Nope", Meaning.NO, id="nope"),
        pytest.param("No problem!", Meaning.UNCLEAR, id="no problem"),
        pytest.param("No objection.", Meaning.UNCLEAR, id="no objection"),
        pytest.param("Yes and no", Meaning.UNCLEAR, id="both"),
        pytest.param("Nothing would please me more", Meaning.UNCLEAR, id="a word that begins so"),
        pytest.param("I would say yes", Meaning.UNCLEAR, id="not at its beginning"),
        pytest.param("", Meaning.UNCLEAR, id="nothing"),
        pytest.param("x" * 1_000_000, Meaning.UNCLEAR, id="a megabyte"),
        pytest.param("-" * 1_000_000, Meaning.UNCLEAR, id="a megabyte of marks"),
    ],
)
def test_a_reply_means_what_it_begins_with(said: str, meaning: Meaning) -> None:
    assert agreement(said) is meaning


@pytest.mark.parametrize(
    ("said", "title", "summary", "tags"),
    [
        pytest.param(
            "Summary: A day at sea.\nTags: sea, Long days",
            None,
            "A day at sea.",
            {"sea": "sea", "long-days": "Long days"},
            id="as asked",
        ),
        pytest.param(
            '**Title:** "The *Sea*"\n**Summary:** Foo\n\n**Tags:**\n- #one\n- two',
            "The Sea",
            "Foo",
            {"one": "one", "two": "two"},
            id="in Markdown, tags as a list",
        ),
        pytest.param(
            "Here you are!\n1. Summary:\n   A line below.\n2. Tags: حرية التعبير; 日本、海; हिन्दी",
            None,
            "A line below.",
            {"حرية-التعبير": "حرية التعبير", "日本": "日本", "海": "海", "हिन्दी": "हिन्दी"},
            id="any script",
        ),
        pytest.param("Tags: a, b, A, c, d, e, f", None, None, dict(zip("abcde", "abcde", strict=True)), id="five, each once"),
        pytest.param(f"Summary: {'Short. ' * 60}", None, " ".join(["Short."] * 43), {}, id="cut at a sentence"),
        pytest.param(f"Summary: {'x' * 301}", None, None, {}, id="no sentence fits"),
        pytest.param(f"Tags: {'x' * 41}, ../.., ok", None, None, {"ok": "ok"}, id="no tags among them"),
        pytest.param("I liked writing it.", None, None, {}, id="prose"),
        pytest.param("", None, None, {}, id="nothing"),
        pytest.param("Summary: ***\nTags: ,,,\nTitle: --", None, None, {}, id="marks alone"),
        pytest.param("Summary: <b>a</b>\x00 & b", None, "<b>a</b>\ufffd & b", {}, id="markup is words"),
    ],
)  # fmt: skip
def test_only_what_stands_on_its_line_names_a_text(
    said: str, title: str | None, summary: str | None, tags: dict[str, str]
) -> None:
    found = naming(said)

    assert (found.title, found.summary) == (title, summary)
    assert {tag.slug: tag.shown for tag in found.tags} == tags


@given(st.text() | st.text().map(lambda text: f"Summary: {text}\nTags: {text}"))
def test_whatever_is_said_names_within_bounds(said: str) -> None:
    found = naming(said)

    assert len(found.summary or "") <= LONGEST_SUMMARY
    assert len(found.tags) <= MOST_TAGS
    for tag in found.tags:
        assert tag.slug == tag_slug(tag.shown)
        assert 0 < len(tag.slug) <= LONGEST_TAG
        assert not {"/", ".", "\\", "%", "?", "#", " "} & set(tag.slug)
