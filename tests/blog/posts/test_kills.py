"""`post write` killed at each commit: what stands is true, and nothing stands in the way."""

from pathlib import Path

import pytest

from tests.blog.conftest import Shown
from tests.conftest import Emeritus
from tests.support.forked import emeritus_until, points
from tests.support.killing import COMMIT, run_until
from tests.support.messages_server import MessagesServer

PROGRAM = "archive.cli:main"
ACTS = [COMMIT]
BEFORE_ASKING = 5  # after the commit of the draft: post, attempt, draft are two points each


def test_a_post_that_is_killed_at_any_commit_stands_as_far_as_it_came(
    emeritus: Emeritus,
    workspace: Path,
    server: MessagesServer,
    shown: Shown,
    tmp_path: Path,
) -> None:
    environment = {
        "EMERITUS_WORKSPACE": str(workspace),
        "ANTHROPIC_BASE_URL": server.url,
        "ANTHROPIC_API_KEY": "key-canary-0123456789",
    }
    write = ("post", "write", "halcyon-2")
    found = points(*write, acts=ACTS, environment=environment, folder=tmp_path)
    assert len(found) >= 14  # a post, three attempts, and what each of them brought

    for number in range(len(found)):
        before = {row["id"] for row in emeritus("post", "list", "--json").json["posts"]}
        emeritus_until(
            number, *write, acts=ACTS, environment=environment, output=tmp_path / "output"
        )

        rows = emeritus("post", "list", "--json").json["posts"]
        for row in (row for row in rows if row["id"] not in before):
            post = shown(row["id"])
            attempts = [attempt["ended_at"] is not None for attempt in post["attempts"]]
            texts = [draft["text"] for draft in post["drafts"]]
            answers = post.get("answers", [])
            assert sum(attempts) == len(texts) + len(answers)
            assert (row["state"] == "interrupted") == (texts == [])
            assert all(text.startswith("You asked me ") for text in texts)

    assert emeritus(*write).exit_code == 0


def test_what_was_not_asked_before_a_kill_is_asked_by_name_and_until_then_not_published(
    emeritus: Emeritus,
    workspace: Path,
    server: MessagesServer,
    shown: Shown,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EMERITUS_WORKSPACE", str(workspace))
    run_until(PROGRAM, "post", "write", "halcyon-2", kill_at=BEFORE_ASKING, acts=ACTS)
    (row,) = emeritus("post", "list", "--json").json["posts"]
    post = row["id"]
    emeritus("post", "review", post, "--approve", "--reason", "fine", "--by", "ana")
    before = emeritus("post", "publish", post)

    asked = emeritus("post", "ask", post, "--json")

    assert (row["state"], before.exit_code) == ("draft", 1)
    assert f"emeritus post ask {post}" in before.stderr
    assert [one["asking"] for one in asked.json["answers"]] == ["publication", "naming"]
    assert [one["number"] for one in shown(post)["attempts"]] == [1, 2, 3]
    assert emeritus("post", "publish", post).exit_code == 0
    assert len(server.requests) == 3
