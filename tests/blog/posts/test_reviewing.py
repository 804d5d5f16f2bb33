"""`post review`: a verdict is added, never taken away, and no command edits a text."""

from pathlib import Path

import pytest
from sqlmodel import select

from archive.log.entries import LogEntry
from archive.workspace.workspace import open_workspace
from blog.posts.cli import post as post_group
from tests.blog.conftest import Shown, Write
from tests.conftest import Emeritus
from tests.support.command_tree import commands


def log(workspace: Path) -> list[tuple[str, str]]:
    """Return the kind and the subject of every entry of the log."""
    opened = open_workspace(workspace)
    with opened.database.reading() as session:
        rows = [(row.kind, row.subject) for row in session.exec(select(LogEntry))]
    opened.close()
    return rows


def test_the_last_review_holds_and_the_first_is_kept(
    emeritus: Emeritus, write: Write, shown: Shown, workspace: Path
) -> None:
    post = write()

    emeritus("post", "review", post, "--veto", "--reason", "names a user", "--by", "ana")
    emeritus("post", "review", post, "--approve", "--reason", "it is a ship", "--by", "ana")

    reviews = shown(post)["drafts"][0]["reviews"]
    assert [(row["verdict"], row["reason"]) for row in reviews] == [
        ("vetoed", "names a user"),
        ("approved", "it is a ship"),
    ]
    assert shown(post)["state"] == "approved"
    logged = [entry for entry in log(workspace) if entry[0] == "review"]
    assert logged == [("review", row["id"]) for row in reviews]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--reason", "x", "--by", "ana"], "Give one of --approve", id="no verdict"),
        pytest.param(["--veto", "--by", "ana"], "--reason", id="no reason"),
        pytest.param(["--veto", "--reason", " ", "--by", "ana"], "--reason: empty", id="blank"),
        pytest.param(["--veto", "--reason", "x"], "--by", id="nobody"),
        pytest.param(["--veto", "--reason", "x", "--by", "bob"], "no such person", id="unknown"),
    ],
)
def test_a_review_that_is_none_is_refused_and_nothing_is_kept(
    emeritus: Emeritus, write: Write, shown: Shown, arguments: list[str], message: str
) -> None:
    post = write()

    refused = emeritus("post", "review", post, *arguments)

    assert (refused.exit_code, shown(post)["state"]) == (2, "draft")
    assert message in refused.stderr


def test_a_post_that_nobody_knows_is_refused(emeritus: Emeritus, workspace: Path) -> None:
    del workspace

    refused = emeritus("post", "review", "nothing", "--veto", "--reason", "x", "--by", "ana")

    assert (refused.exit_code, "nothing: no such post" in refused.stderr) == (2, True)


def test_a_published_post_is_not_reviewed_again(
    emeritus: Emeritus, publish: Write, shown: Shown
) -> None:
    post = publish()
    before = shown(post)

    refused = emeritus("post", "review", post, "--veto", "--reason", "late", "--by", "ana")

    assert (refused.exit_code, shown(post)) == (1, before)
    assert "it is published" in refused.stderr


def test_no_command_edits_a_text() -> None:
    assert {name for name, _ in commands(post_group)} == {
        "ask",
        "list",
        "publish",
        "review",
        "show",
        "write",
    }
