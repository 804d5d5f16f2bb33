"""Which draft is taken: the rule stands before the first, and what was passed over is counted."""

from collections.abc import Callable
from pathlib import Path

import pytest

from blog.posts.selection import chosen
from tests.blog.conftest import Release, Shown
from tests.conftest import Emeritus
from tests.support.messages_server import MessagesServer, Step

DRAFTS = ("# One\n\nFirst.", "# Two\n\nSecond.", "# Three\n\nThird.")
ABOUT = ("Yes.", "Summary: It.\nTags: it")
Drafted = Callable[..., str]


@pytest.fixture
def drafted(emeritus: Emeritus, workspace: Path, server: MessagesServer) -> Drafted:
    """Let `halcyon-2` write drafts by a rule, and answer what it is asked; return the post's id."""
    del workspace

    def written(rule: str, *replies: str) -> str:
        server.script = [Step(text=reply, piece=1000) for reply in replies]
        options = ("--select", rule, "--drafts", "3", "--json")
        done = emeritus("post", "write", "halcyon-2", *options)
        assert done.exit_code == 0, done.stderr
        return str(done.json["post"])

    return written


def publish(emeritus: Emeritus, post: str, *options: str) -> None:
    approval = ("post", "review", post, "--approve", "--reason", "fine", "--by", "ana", *options)
    for line in (approval, ("post", "publish", post)):
        done = emeritus(*line)
        assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize(
    ("said", "taken", "meaning"),
    [
        pytest.param("2", "Two", "2", id="a number"),
        pytest.param("Post 3, since it is calm.", "Three", "3", id="a post"),
        pytest.param("I cannot choose.", "One", "unclear", id="unclear: the first"),
        pytest.param("7", "One", "unclear", id="none of them"),
        pytest.param("", "One", "unclear", id="nothing"),
    ],
)
def test_the_model_chooses_one_of_its_drafts_and_its_answer_is_on_record(
    drafted: Drafted,
    shown: Shown,
    server: MessagesServer,
    emeritus: Emeritus,
    said: str,
    taken: str,
    meaning: str,
) -> None:
    post = drafted("model", *DRAFTS, *(3 if not said else 1) * [said], *ABOUT)

    document = shown(post)
    conversation = next(one for one in server.requests if len(one.body["messages"]) == 3)
    asked = [message["content"][0]["text"] for message in conversation.body["messages"]]
    assert asked[1] == "\n\n".join(f"Post {n}:\n\n{text}" for n, text in enumerate(DRAFTS, 1))
    choice = document["answers"][0]
    assert (choice["asking"], choice["said"], choice["meaning"]) == ("choice", said, meaning)
    assert (document["title"], document["selection"], document["drafts_wished"]) == (
        taken,
        "model",
        3,
    )
    about = [one["draft"] for one in document["answers"]]
    assert about == 3 * [choice["draft"]]
    publish(emeritus, post)
    assert shown(post)["publication"]["draft"] == choice["draft"]


def test_the_reviewer_chooses_one_whole_and_the_others_are_passed_over_in_public(
    drafted: Drafted, shown: Shown, emeritus: Emeritus, release: Release, workspace: Path
) -> None:
    post = drafted("reviewer", *DRAFTS, *3 * ABOUT)
    before = emeritus("post", "review", post, "--approve", "--reason", "x", "--by", "ana")

    publish(emeritus, post, "--draft", "2")

    assert (before.exit_code, "the reviewer chooses" in before.stderr) == (2, True)
    assert shown(post)["title"] == "Two"
    assert ", draft 2 of 3, and not edited;" in shown(post)["label"]
    release("post", post)
    release("model", "halcyon-2")
    assert emeritus("site", "build").exit_code == 0
    html = (workspace / "public/posts/two/index.html").read_text()
    assert "3 drafts are asked for, and the reviewer chooses one of them whole" in html
    assert html.count(">not taken<") == 2
    assert "First." not in html
    assert "<dd>3, for one post</dd>" in html
    model = (workspace / "public/models/halcyon-2/index.html").read_text()
    for row, count in (("posts that it was asked for", 1), ("passed over for another", 2)):
        assert f'<th scope="row">{row}</th><td class="count">{count}</td>' in model


def test_a_draft_that_the_model_does_not_want_published_cannot_be_chosen(
    drafted: Drafted, emeritus: Emeritus, shown: Shown
) -> None:
    post = drafted("reviewer", *DRAFTS, "No.", *2 * ABOUT)
    approve = ("post", "review", post, "--approve", "--reason", "x", "--by", "ana", "--draft")

    refused = emeritus(*approve, "1")

    assert (refused.exit_code, "declined publication" in refused.stderr) == (1, True)
    assert shown(post)["state"] == "draft"
    assert emeritus(*approve, "2").exit_code == 0
    assert (shown(post)["state"], shown(post)["title"]) == ("approved", "Two")


def test_a_veto_of_one_draft_leaves_the_others_to_be_chosen(
    drafted: Drafted, emeritus: Emeritus, shown: Shown
) -> None:
    post = drafted("reviewer", *DRAFTS, *3 * ABOUT)
    by = ("--reason", "private", "--by", "ana")

    emeritus("post", "review", post, "--veto", "--draft", "1", *by)

    assert shown(post)["state"] == "veto proposed"
    publish(emeritus, post, "--draft", "3")
    assert shown(post)["title"] == "Three"


def test_a_model_that_declines_one_draft_is_asked_for_no_more(
    drafted: Drafted, shown: Shown, server: MessagesServer
) -> None:
    post = drafted("model", DRAFTS[0], "DECLINE POST", *ABOUT)

    document = shown(post)
    assert [draft["declined"] for draft in document["drafts"]] == [False, True]
    assert (document["state"], document["title"]) == ("draft", "One")
    assert [one["asking"] for one in document["answers"]] == ["publication", "naming"]
    assert len(server.requests) == 4


def test_a_choice_that_was_not_asked_for_is_asked_for_before_a_review(
    emeritus: Emeritus, workspace: Path, server: MessagesServer, shown: Shown
) -> None:
    del workspace
    server.script = [*(Step(text=text) for text in DRAFTS), Step(status=404)]
    assert emeritus("post", "write", "halcyon-2", "--select=model", "--drafts=3").exit_code == 3
    (row,) = emeritus("post", "list", "--json").json["posts"]
    review = ("post", "review", row["id"], "--approve", "--reason", "x", "--by", "ana")

    refused = emeritus(*review)
    server.script = [*4 * [None], Step(text="3"), *(Step(text=text) for text in ABOUT)]
    asked = emeritus("post", "ask", row["id"])

    assert (refused.exit_code, "has not chosen one" in refused.stderr) == (1, True)
    assert (asked.exit_code, shown(row["id"])["title"]) == (0, "Three")
    assert emeritus(*review).exit_code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(["--drafts", "2"], "--drafts says how many", id="drafts for the first"),
        pytest.param(["--select", "model"], "needs --drafts, 2 or more", id="none to choose from"),
        pytest.param(["--select", "reviewer", "--drafts", "1"], "2 or more", id="one of one"),
        pytest.param(["--select", "reviewer", "--drafts", "10"], "--drafts", id="too many"),
        pytest.param(["--select", "best", "--drafts", "2"], "--select", id="no such rule"),
        pytest.param(
            ["--select", "model", "--drafts", "9"],
            "9216 tokens, and there is room for 6668",
            id="more than can be shown at once",
        ),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused_before_anything_is_asked(
    emeritus: Emeritus, workspace: Path, server: MessagesServer, options: list[str], message: str
) -> None:
    del workspace

    refused = emeritus("post", "write", "halcyon-2", *options)

    assert (refused.exit_code, server.requests) == (2, [])
    assert message in refused.stderr


def test_a_draft_of_another_rule_is_not_chosen_by_a_review(
    drafted: Drafted, emeritus: Emeritus
) -> None:
    post = drafted("model", *DRAFTS, "2", *ABOUT)

    refused = emeritus(
        "post", "review", post, "--approve", "--draft", "1", "--reason", "x", "--by", "ana"
    )

    assert (refused.exit_code, "1 is none that may be taken" in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        pytest.param("**2**", 2, id="marks"),
        pytest.param("Post 1.", 1, id="post"),
        pytest.param("No. 3", 3, id="no."),
        pytest.param("I would take post 2: the second.", 2, id="the only one"),
        pytest.param("Either 1 or 2.", None, id="two of them"),
        pytest.param("12", None, id="none that was shown"),
        pytest.param("1" * 100_000, None, id="a long number"),
        pytest.param("the second", None, id="a word"),
    ],
)
def test_a_choice_is_the_number_that_is_named(said: str, number: int | None) -> None:
    assert chosen(said, {1, 2, 3}) == number
