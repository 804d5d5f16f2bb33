"""`post write`: what is asked, what is kept of the answer, and what faults leave."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from archive.workspace.locks import only_runner
from tests.blog.conftest import Shown, Write
from tests.conftest import Emeritus
from tests.support.messages_server import MessagesServer, Received, Step, default_answer


def asking(server: MessagesServer) -> Received:
    """Return the last request for a post: what is asked about it comes as a conversation."""
    return [one for one in server.requests if len(one.body["messages"]) == 1][-1]


def asked(server: MessagesServer) -> str:
    """Return what the last request for a post said to the model."""
    return str(asking(server).body["messages"][0]["content"][0]["text"])


def all_posts(emeritus: Emeritus) -> Any:  # noqa: ANN401  # a JSON document
    return emeritus("post", "list", "--json").json["posts"]


# --- What it may spend ------------------------------------------------------------------------

PRICES = """["anthropic:halcyon-2"]
input = "3"
output = "15"
cache_read = "0"
cache_write = "0"
currency = "USD"
date = 2026-11-01
source = "a test"
"""


@pytest.mark.parametrize(
    "limit",
    [
        pytest.param("calls = 3", id="calls"),
        pytest.param("tokens = 3050", id="tokens"),
        pytest.param('cost = "0.024USD"', id="cost"),
    ],
)
def test_a_budget_of_the_workspace_stops_it_before_the_call_that_exceeds_it(
    limit: str, emeritus: Emeritus, workspace: Path, server: MessagesServer
) -> None:
    (workspace / "prices.toml").write_text(PRICES)
    (workspace / "budgets.toml").write_text(f"[workspace]\n{limit}\n")
    server.script = [
        Step(text="# A Day\n\nIt was.", usage={"input_tokens": 900, "output_tokens": 900})
    ]
    write = ("post", "write", "halcyon-2", "--limit-answer", "900")

    first, second = emeritus(*write), emeritus(*write)

    assert first.exit_code == 0, first.stderr
    assert (second.exit_code, len(server.requests)) == (1, 3), second.stderr
    assert "this workspace has spent" in second.stderr
    assert "type the same command again" in second.stderr
    assert len(all_posts(emeritus)) == 1
    (workspace / "budgets.toml").unlink()
    assert emeritus(*write).exit_code == 0


def test_a_budget_stops_it_between_two_tries_and_what_came_is_kept(
    emeritus: Emeritus, workspace: Path, server: MessagesServer
) -> None:
    (workspace / "budgets.toml").write_text("[workspace]\ncalls = 1\n")
    server.script = [Step(status=529, message="busy")]

    stopped = emeritus("post", "write", "halcyon-2")

    assert (stopped.exit_code, len(server.requests)) == (1, 1), stopped.stderr
    (left,) = all_posts(emeritus)
    assert left["state"] == "interrupted"


def test_a_budget_that_ends_after_the_text_leaves_it_to_be_asked_about(
    emeritus: Emeritus, workspace: Path, server: MessagesServer
) -> None:
    (workspace / "budgets.toml").write_text("[workspace]\ncalls = 2\n")

    stopped = emeritus("post", "write", "halcyon-2")

    (left,) = all_posts(emeritus)
    assert (stopped.exit_code, len(server.requests), left["state"]) == (1, 2, "draft")
    assert f"emeritus post ask {left['id']}" in stopped.stderr
    assert emeritus("post", "ask", left["id"]).exit_code == 1
    (workspace / "budgets.toml").unlink()
    assert emeritus("post", "ask", left["id"]).exit_code == 0


def test_a_budget_below_the_first_call_is_refused_before_anything_is_kept(
    emeritus: Emeritus, workspace: Path, server: MessagesServer
) -> None:
    (workspace / "budgets.toml").write_text("[workspace]\ntokens = 10\n")

    refused = emeritus("post", "write", "halcyon-2")

    assert (refused.exit_code, len(server.requests)) == (2, 0)
    assert "the first call may take" in refused.stderr
    assert all_posts(emeritus) == []


# --- What is kept -----------------------------------------------------------------------------


def test_a_draft_is_the_models_text_to_the_byte(write: Write, shown: Shown) -> None:
    text = "# A Day\r\n\n  It *was*\u2028quiet. \n\n"

    draft = shown(write(text))["drafts"][0]

    assert draft["text"] == text
    assert draft["title"] == "A Day"


def test_what_the_model_is_asked_is_on_record(
    write: Write, shown: Shown, server: MessagesServer
) -> None:
    post = shown(write("# A Day", "--limit-answer", "200"))

    assert asked(server) == post["prompt"]
    assert "at most 120 words" in post["prompt"]
    assert post["selection_rule"].startswith("the first draft")
    assert post["sampling"] == {
        "max_tokens": "200",
        "temperature": "not applicable",
    }


def test_thinking_is_no_part_of_the_text(
    emeritus: Emeritus, workspace: Path, server: MessagesServer, shown: Shown
) -> None:
    del workspace
    thinking = {"type": "thinking", "thinking": "canary", "signature": "c2ln"}
    server.script = [Step(blocks=[thinking, {"type": "text", "text": "# A Day"}])]

    post = emeritus("post", "write", "halcyon-2", "--json").json["post"]

    assert shown(post)["drafts"][0]["text"] == "# A Day"


def test_an_answer_that_is_cut_off_is_kept_and_marked(
    emeritus: Emeritus, workspace: Path, server: MessagesServer
) -> None:
    del workspace
    server.script = [Step(text="# A Day\n\nIt was", stop_reason="max_tokens")]

    post = emeritus("post", "write", "halcyon-2", "--json").json["post"]

    assert "It was cut off at 1024 tokens." in emeritus("post", "show", post).stdout


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("DECLINE POST", id="the words alone"),
        pytest.param("Thank you, but no.\n\n**Decline post.**", id="the words on a line"),
    ],
)
def test_a_model_may_decline(emeritus: Emeritus, write: Write, shown: Shown, answer: str) -> None:
    post = write(answer)

    refused = emeritus("post", "review", post, "--approve", "--reason", "x", "--by", "ana")

    assert shown(post)["state"] == "declined"
    assert (refused.exit_code, "nothing to review: declined" in refused.stderr) == (1, True)


def test_to_write_about_declining_is_not_to_decline(write: Write, shown: Shown) -> None:
    assert shown(write("# Why I might decline\n\nA post."))["state"] == "draft"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("<script>alert(1)</script>", "<script>alert(1)</script>", id="a script"),
        pytest.param("x" * 2_000_000, "x" * 2_000_000, id="a line of 2 MB"),
        pytest.param("a\x00b", "a\x00b", id="U+0000"),
        pytest.param("a\ud800b", "a\ufffdb", id="a lone surrogate"),
        pytest.param("a\u202eb", "a\u202eb", id="a bidi override"),
        pytest.param("a\x1b[2Jb", "a\x1b[2Jb", id="a terminal's escape"),
    ],
)
def test_whatever_a_model_writes_is_kept_and_shown_safely(
    emeritus: Emeritus, write: Write, shown: Shown, text: str, kept: str
) -> None:
    post = write(text)

    assert shown(post)["drafts"][0]["text"] == kept
    assert not {"\x00", "\x1b", "\u202e"} & set(emeritus("post", "show", post).stdout)


def test_ctrl_c_leaves_an_interrupted_post_and_its_attempt(
    emeritus: Emeritus, workspace: Path, server: MessagesServer, shown: Shown
) -> None:
    del workspace

    def interrupt(_received: Received) -> Step:
        os.kill(os.getpid(), signal.SIGINT)
        return Step(fault="hang")

    server.script = interrupt

    stopped = emeritus("post", "write", "halcyon-2")

    (row,) = all_posts(emeritus)
    assert (stopped.exit_code, row["state"]) == (130, "interrupted")
    assert [attempt["ended_at"] for attempt in shown(row["id"])["attempts"]] == [None]


def test_a_post_that_somebody_writes_now_is_not_called_interrupted(
    emeritus: Emeritus, workspace: Path, server: MessagesServer
) -> None:
    server.script = [Step(status=404)]
    emeritus("post", "write", "halcyon-2")
    (row,) = all_posts(emeritus)

    with only_runner(workspace / "locks" / row["id"], what="a test"):
        assert all_posts(emeritus)[0]["state"] == "being written"


# --- Contexts ---------------------------------------------------------------------------------


def test_its_published_posts_are_shown_and_named(
    publish: Write, write: Write, shown: Shown, server: MessagesServer
) -> None:
    first = publish("# The First\n\nA day.")
    write("# Never published")

    post = shown(write("# The Third", "--context", "posts"))

    assert "# The First\n\nA day." in asked(server)
    assert "Never published" not in asked(server)
    assert post["context"]["items"] == [{"kind": "post", "id": first}]


def test_a_text_that_no_database_takes_is_shown_with_a_mark_in_its_place(
    publish: Write, write: Write, server: MessagesServer
) -> None:
    publish("# A Night\n\nIt was \x00 quiet.")

    write("# A Day", "--context", "posts")

    assert "It was \ufffd quiet." in asked(server)


def test_a_file_is_shown_whole_and_named_by_its_digest(
    write: Write, shown: Shown, server: MessagesServer, workspace: Path
) -> None:
    reading = workspace / "notes"
    reading.mkdir()
    (reading / "sea.txt").write_text("A text about the sea.")

    post = shown(write("# The Sea", "--context", str(reading / "sea.txt")))

    assert asked(server).index("A text about the sea.") < asked(server).index(post["prompt"])
    assert [item["name"] for item in post["context"]["items"]] == ["sea.txt"]
    assert "about the sea" not in post["prompt"]


@pytest.mark.parametrize(
    ("context", "content", "message"),
    [
        pytest.param(
            "nowhere.txt", None, "nowhere.txt: cannot be read: No such file", id="no file"
        ),
        pytest.param(
            "notes.txt", b"\xff\xfe", "notes.txt: cannot be read: not UTF-8", id="no text"
        ),
        pytest.param("notes.txt", b"x" * 20_000, "notes.txt: does not fit: 20000 b", id="too long"),
        pytest.param(
            "interviews", None, "--context interviews: halcyon-2 has none", id="no interview"
        ),
        pytest.param("posts", None, "--context posts: halcyon-2 has none yet", id="no post"),
    ],
)
def test_a_context_that_is_not_there_is_refused_and_nothing_is_kept(
    emeritus: Emeritus,
    workspace: Path,
    server: MessagesServer,
    context: str,
    content: bytes | None,
    message: str,
) -> None:
    if content is not None:
        (workspace / context).write_bytes(content)

    refused = emeritus("post", "write", "halcyon-2", "--context", context)

    assert (refused.exit_code, all_posts(emeritus), server.requests) == (2, [], [])
    assert message in refused.stderr


# --- Faults -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "failures"),
    [
        pytest.param([Step(status=529)] * 2, ["overloaded"] * 2, id="529 twice"),
        pytest.param([Step(status=429, headers={"retry-after": "0"})], ["rate limited"], id="429"),
        pytest.param([Step(status=500)], ["server error"], id="500"),
        pytest.param(
            [Step(text="x" * 64, fault="reset")], ["broken off"], id="reset in mid-stream"
        ),
        pytest.param([Step(text="")], ["empty"], id="an empty answer"),
        pytest.param([Step(raw="garbage")], ["unreadable"], id="garbage"),
    ],
)
def test_a_fault_that_passes_is_on_record_and_nothing_of_it_was_written(
    emeritus: Emeritus,
    workspace: Path,
    server: MessagesServer,
    shown: Shown,
    steps: Sequence[Step],
    failures: list[str],
) -> None:
    del workspace
    server.script = steps

    done = emeritus("post", "write", "halcyon-2", "--json")

    post = shown(done.json["post"])
    attempts = [attempt for attempt in post["attempts"] if "question" not in attempt]
    assert [attempt["failure"] for attempt in attempts] == [*failures, None]
    assert [draft["text"] for draft in post["drafts"]] == [default_answer(asking(server).body)]


@pytest.mark.parametrize(
    ("step", "failure"),
    [
        pytest.param(Step(status=401, message="invalid x-api-key"), "key refused", id="401"),
        pytest.param(Step(status=404, message="model: x"), "not found", id="404"),
        pytest.param(Step(status=400, message="too long"), "bad request", id="400"),
        pytest.param(
            Step(status=529, headers={"retry-after": "5000"}), "overloaded", id="529 for an hour"
        ),
    ],
)
def test_a_fault_that_stays_leaves_an_interrupted_post(
    emeritus: Emeritus,
    workspace: Path,
    server: MessagesServer,
    shown: Shown,
    step: Step,
    failure: str,
) -> None:
    del workspace
    server.script = [step] * 9

    failed = emeritus("post", "write", "halcyon-2")

    (row,) = all_posts(emeritus)
    assert (failed.exit_code, row["state"], shown(row["id"])["drafts"]) == (3, "interrupted", [])
    assert [attempt["failure"] for attempt in shown(row["id"])["attempts"]] == [failure]
    assert failed.stderr.splitlines()[-2].startswith("anthropic:halcyon-2: ")


@pytest.mark.parametrize(
    ("arguments", "key", "message"),
    [
        pytest.param(["nobody"], "key", "nobody: no such model", id="unknown model"),
        pytest.param(["halcyon-2"], "", "no API key", id="no key"),
        pytest.param(["halcyon-2", "--temperature", "1"], "key", "takes no temperature", id="warm"),
        pytest.param(["halcyon-2", "--limit-answer", "0"], "key", "--limit-answer", id="no tokens"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_is_kept(
    emeritus: Emeritus,
    workspace: Path,
    server: MessagesServer,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    key: str,
    message: str,
) -> None:
    del workspace
    monkeypatch.setenv("ANTHROPIC_API_KEY", key)

    refused = emeritus("post", "write", *arguments)

    assert (refused.exit_code, all_posts(emeritus), server.requests) == (2, [], [])
    assert message in refused.stderr
