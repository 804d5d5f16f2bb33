"""A correction is a post of its own: both pages link to one another."""

from pathlib import Path

import pytest

from tests.blog.conftest import Release, Shown, Write
from tests.conftest import Emeritus
from tests.support.messages_server import MessagesServer


def page(workspace: Path, slug: str) -> str:
    return (workspace / f"public/posts/{slug}/index.html").read_text()


def test_a_correction_and_what_it_corrects_link_to_one_another_above_the_text(
    publish: Write,
    shown: Shown,
    server: MessagesServer,
    release: Release,
    emeritus: Emeritus,
    workspace: Path,
) -> None:
    old = publish("# The Tide\n\nIt went out at noon.")
    new = publish(
        "# On the tide\n\nIt went out at ten.", "--corrects", old, "--topic", "the hour",
        "--topic-from", "reader",
    )  # fmt: skip
    for post in (old, new):
        release("post", post)

    assert emeritus("site", "build").exit_code == 0

    asked = [one.body["messages"] for one in server.requests if len(one.body["messages"]) == 1]
    said = asked[-1][0]["content"][0]["text"]
    assert "It went out at noon." in said
    assert "that corrects your own post above, in this: the hour. Say what is wrong in it" in said
    document = shown(new)
    assert (document["corrects"], document["topic_from"]) == (old, "reader")
    assert document["context"]["items"] == [{"kind": "post", "id": old}]
    corrected, correction = page(workspace, "the-tide"), page(workspace, "on-the-tide")
    link = '<a href="../../posts/on-the-tide/"><bdi>On the tide</bdi></a>'
    assert corrected.index("The model corrected this on") < corrected.index(link)
    assert corrected.index(link) < corrected.index("It went out at noon.")
    back = 'This corrects <a href="../../posts/the-tide/"><bdi>The Tide</bdi></a>'
    assert correction.index(back) < correction.index("It went out at ten.")
    assert "It was shown the post that it was to correct." in correction
    feed = (workspace / "public/feeds/feed.json").read_text()
    assert ("The model corrected this" in feed, "This corrects" in feed) == (True, True)
    assert emeritus("preserve", "seal").exit_code == 0


def test_a_correction_that_is_not_public_is_not_told_of(
    publish: Write, release: Release, emeritus: Emeritus, workspace: Path
) -> None:
    old = publish("# The Tide\n\nIt went out at noon.")
    publish("# On the tide\n\nIt went out at ten.", "--corrects", old)
    release("post", old)

    assert emeritus("site", "build").exit_code == 0

    assert "On the tide" not in page(workspace, "the-tide")


def test_a_correction_of_what_is_not_public_names_nothing_of_it(
    publish: Write, release: Release, emeritus: Emeritus, workspace: Path
) -> None:
    old = publish("# The Tide\n\nIt went out at noon.")
    release("post", publish("# On it\n\nIt went out at ten.", "--corrects", old))

    assert emeritus("site", "build").exit_code == 0

    html = page(workspace, "on-it")
    assert "This corrects a text that is not published." in html
    assert "The Tide" not in html


@pytest.mark.parametrize("old", ["nothing", "a draft"])
def test_only_what_is_published_is_corrected(
    write: Write, emeritus: Emeritus, server: MessagesServer, old: str
) -> None:
    named = write() if old == "a draft" else old
    asked = len(server.requests)

    refused = emeritus("post", "write", "halcyon-2", "--corrects", named)

    assert (refused.exit_code, len(server.requests)) == (2, asked)
    assert named in refused.stderr
