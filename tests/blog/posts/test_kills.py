"""`post write` killed at each commit: what stands is true, and nothing stands in the way."""

from pathlib import Path

import pytest

from tests.blog.conftest import Shown
from tests.conftest import Emeritus
from tests.support.killing import COMMIT, fault_points, run_until
from tests.support.messages_server import MessagesServer, default_answer

PROGRAM = "archive.cli:main"
ACTS = [COMMIT]


def test_a_post_that_is_killed_at_any_commit_stands_as_far_as_it_came(
    emeritus: Emeritus,
    workspace: Path,
    server: MessagesServer,
    shown: Shown,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EMERITUS_WORKSPACE", str(workspace))
    write = ("post", "write", "halcyon-2")
    points = fault_points(PROGRAM, *write, acts=ACTS)
    assert len(points) >= 6

    for number in range(len(points)):
        before = {row["id"] for row in emeritus("post", "list", "--json").json["posts"]}
        run_until(PROGRAM, *write, kill_at=number, acts=ACTS)

        rows = emeritus("post", "list", "--json").json["posts"]
        for row in (row for row in rows if row["id"] not in before):
            post = shown(row["id"])
            attempts = [attempt["ended_at"] is not None for attempt in post["attempts"]]
            texts = [draft["text"] for draft in post["drafts"]]
            if row["state"] == "interrupted":
                assert (any(attempts), texts) == (False, [])
            else:
                answer = default_answer(server.requests[-1].body)
                assert (row["state"], attempts, texts) == ("draft", [True], [answer])

    assert emeritus(*write).exit_code == 0
