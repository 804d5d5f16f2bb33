"""`post note`: the operator's own voice, in a box beside the text, outside its digests."""

import json
from pathlib import Path

import pytest

from archive.canonical import sha256
from tests.blog.conftest import Release, Shown, Write
from tests.conftest import Emeritus

NOTE = "If you need help: <https://example.org/help>\n\n<script>alert(1)</script>"


def note(emeritus: Emeritus, post: str, *options: str) -> str:
    done = emeritus("post", "note", post, *options, "--by", "ana")
    assert done.exit_code == 0, done.stderr
    return done.stderr.partition("the note ")[2].partition(";")[0]


def test_a_note_stands_in_a_box_on_page_and_feeds_and_the_digests_stay(
    emeritus: Emeritus, workspace: Path, publish: Write, release: Release, shown: Shown
) -> None:
    post = publish("# A Day\n\nIt was quiet.")
    release("model", "halcyon-2")
    release("post", post)
    before = shown(post)["drafts"][0]

    note(emeritus, post, "--text", NOTE)
    note(emeritus, post, "--text", "It **was** loud.", "--below")

    assert emeritus("site", "build").exit_code == 0
    public = workspace / "public"
    page = (public / "posts/a-day/index.html").read_text()
    above, text, below = (
        page.index(words)
        for words in ("https://example.org/help", "It was quiet.", "It <strong>was")
    )
    assert above < text < below
    assert page.count("A note by the operator, not by the model") == 2
    assert "<script>alert" not in page
    (item,) = json.loads((public / "feeds/feed.json").read_text())["items"]
    assert item["content_html"].count("A note by the operator, not by the model") == 2
    assert item["date_modified"] > item["date_published"]
    for feed in ("atom.xml", "rss.xml"):
        assert "example.org/help" in (public / "feeds" / feed).read_text()
    assert (public / "posts/a-day/post.md").read_bytes() == b"# A Day\n\nIt was quiet."
    assert sha256((public / "posts/a-day/post.md").read_bytes()) == before["source_digest"]
    assert shown(post)["drafts"][0] == before


def test_a_note_in_the_place_of_another_is_shown_instead_and_both_are_kept(
    emeritus: Emeritus, workspace: Path, publish: Write, release: Release, shown: Shown
) -> None:
    post = publish("# A Day\n\nIt was quiet.")
    release("model", "halcyon-2")
    release("post", post)
    first = note(emeritus, post, "--text", "Zanzibar.")
    (workspace / "note.md").write_text("Pelargonium.")

    note(emeritus, post, "--file", "note.md", "--instead-of", first)

    assert emeritus("site", "build").exit_code == 0
    page = (workspace / "public/posts/a-day/index.html").read_text()
    assert ("Zanzibar" in page, "Pelargonium" in page) == (False, True)
    assert [row["text"] for row in shown(post)["notes"]] == ["Zanzibar.", "Pelargonium."]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param([], "Give one of --text, --file", id="nothing"),
        pytest.param(["--text", " "], "the note: empty", id="blank"),
        pytest.param(["--text", "a" * 20_001], "longer than 20,000", id="too long"),
        pytest.param(["--file", "none.md"], "none.md: cannot be read", id="no file"),
        pytest.param(["--text", "a", "--instead-of", "x"], "no such note is shown", id="of none"),
    ],
)
def test_a_note_that_is_none_is_refused(
    emeritus: Emeritus, write: Write, shown: Shown, options: list[str], message: str
) -> None:
    post = write()

    refused = emeritus("post", "note", post, *options, "--by", "ana")

    assert (refused.exit_code, "notes" in shown(post)) == (2, False)
    assert message in refused.stderr
