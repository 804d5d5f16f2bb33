"""What a model says of what it wrote: kept, heard, in the log, and shown."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.blog.conftest import Release, Shown
from tests.conftest import Emeritus
from tests.support.messages_server import MessagesServer, Step

TEXT = "# The Tide\n\nIt was quiet."
NAMED = "Summary: A quiet tide.\nTags: tides, The Sea"


@pytest.fixture
def answered(emeritus: Emeritus, workspace: Path, server: MessagesServer) -> Any:  # noqa: ANN401
    """Let `halcyon-2` write, and answer what it is asked about that; return the post's id."""
    del workspace

    def written(*replies: str, text: str = TEXT) -> str:
        steps = [Step(text=reply, piece=1000) for reply in (text, *replies)]
        server.script = [*([None] * len(server.requests)), *steps]
        done = emeritus("post", "write", "halcyon-2", "--json")
        assert done.exit_code == 0, done.stderr
        return str(done.json["post"])

    return written


@pytest.fixture
def published(emeritus: Emeritus, answered: Any, release: Release) -> str:  # noqa: ANN401
    post: str = answered("Yes.", NAMED)
    emeritus("post", "review", post, "--approve", "--reason", "fine", "--by", "ana")
    assert emeritus("post", "publish", post).exit_code == 0
    release("post", post)
    return post


def page(emeritus: Emeritus, workspace: Path) -> str:
    built = emeritus("site", "build")
    assert built.exit_code == 0, built.stderr
    return (workspace / "public/posts/the-tide/index.html").read_text()


def change(workspace: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(workspace / "emeritus.db")
    with connection:
        assert connection.execute(statement, values).rowcount > 0
    connection.close()


def test_it_is_asked_in_its_own_conversation_and_every_word_is_on_record(
    answered: Any,  # noqa: ANN401
    shown: Shown,
    server: MessagesServer,
) -> None:
    post = shown(answered("Yes.", NAMED))

    said = [[m["content"][0]["text"] for m in one.body["messages"]] for one in server.requests]
    publication, naming = post["answers"]
    assert said[1] == [post["prompt"], TEXT, publication["prompt"]]
    assert said[2] == [post["prompt"], TEXT, naming["prompt"]]
    assert (publication["said"], publication["meaning"]) == ("Yes.", "yes")
    assert (naming["said"], naming["meaning"]) == (NAMED, "named")
    assert [one.get("question") for one in post["attempts"]] == [None, "publication", "naming"]
    draft = post["drafts"][0]
    assert (draft["title"], draft["summary"]) == ("The Tide", "A quiet tide.")
    assert draft["tags"] == [
        {"slug": "tides", "shown": "tides"},
        {"slug": "the-sea", "shown": "The Sea"},
    ]


def test_a_text_without_a_title_of_its_own_has_the_one_that_the_model_gives_it(
    answered: Any,  # noqa: ANN401
    shown: Shown,
    emeritus: Emeritus,
) -> None:
    prose = "It was quiet, " * 20
    post = answered("Yes.", "Title: The Tide\nSummary: Quiet.", text=prose)
    emeritus("post", "review", post, "--approve", "--reason", "fine", "--by", "ana")

    assert emeritus("post", "publish", post).exit_code == 0
    assert 'with "Title:"' in shown(post)["answers"][1]["prompt"]
    assert shown(post)["publication"]["slug"] == "the-tide"


def test_a_no_to_being_published_stands_in_the_way_and_is_counted(
    answered: Any,  # noqa: ANN401
    shown: Shown,
    emeritus: Emeritus,
    release: Release,
    workspace: Path,
    server: MessagesServer,
) -> None:
    post = answered("No. It is mine.")
    emeritus("post", "review", post, "--approve", "--reason", "fine", "--by", "ana")
    release("model", "halcyon-2")

    refused = emeritus("post", "publish", post)
    again = emeritus("post", "ask", post)

    assert (refused.exit_code, again.exit_code, len(server.requests)) == (1, 1, 2)
    assert "the model said no when it was asked if it may be published: No. It is" in refused.stderr
    assert (shown(post)["state"], shown(post)["publication"]) == ("declined publication", None)
    assert emeritus("site", "build").exit_code == 0
    html = (workspace / "public/models/halcyon-2/index.html").read_text()
    row = '<th scope="row">not to be published, the model said</th><td class="count">1</td>'
    assert row in html
    assert "It is mine" not in html


@pytest.mark.parametrize("said", ["Perhaps.", "DECLINE POST"])
def test_an_unclear_answer_does_not_stand_in_the_way_and_its_words_are_on_the_page(
    answered: Any,  # noqa: ANN401
    emeritus: Emeritus,
    release: Release,
    workspace: Path,
    said: str,
) -> None:
    post = answered(said, "<script>alert(1)</script>")
    emeritus("post", "review", post, "--approve", "--reason", "fine", "--by", "ana")
    assert emeritus("post", "publish", post).exit_code == 0
    release("post", post)

    html = page(emeritus, workspace)

    assert f"{said}</q>; taken as unclear." in html
    assert "<script" not in html


def test_to_say_nothing_is_an_answer(
    emeritus: Emeritus, workspace: Path, server: MessagesServer, shown: Shown, release: Release
) -> None:
    server.script = [Step(text=TEXT), *6 * [Step(text="")]]

    post = emeritus("post", "write", "halcyon-2", "--json").json["post"]

    answers = [(one["said"], one["meaning"]) for one in shown(post)["answers"]]
    assert answers == [("", "unclear"), ("", "unclear")]
    emeritus("post", "review", post, "--approve", "--reason", "fine", "--by", "ana")
    assert emeritus("post", "publish", post).exit_code == 0
    release("post", post)
    assert "it answered nothing; taken as unclear" in page(emeritus, workspace)


def test_a_text_stands_though_the_model_could_not_be_asked_about_it(
    emeritus: Emeritus, workspace: Path, server: MessagesServer, shown: Shown
) -> None:
    del workspace
    server.script = [Step(text=TEXT), Step(status=404)]

    failed = emeritus("post", "write", "halcyon-2")

    (row,) = emeritus("post", "list", "--json").json["posts"]
    assert (failed.exit_code, row["state"]) == (3, "draft")
    assert shown(row["id"])["drafts"][0]["text"] == TEXT
    assert emeritus("post", "ask", row["id"]).exit_code == 0


def test_later_it_is_asked_whether_it_stands_by_it_and_the_page_says_so(
    published: str, emeritus: Emeritus, server: MessagesServer, workspace: Path, shown: Shown
) -> None:
    said = "No.\n\nI would\u202e not <b>say</b> it so."
    server.script = [*([None] * len(server.requests)), Step(text=said)]

    asked = emeritus("post", "ask", published, "--json")

    assert [(one["said"], one["meaning"]) for one in asked.json["answers"]] == [(said, "no")]
    assert shown(published)["state"] == "published"
    html = page(emeritus, workspace)
    line = "whether it stands by this, the model answered"
    assert line in html
    assert html.index(line) < html.index("It was quiet.")
    assert "No. I would not &lt;b&gt;say&lt;/b&gt; it so.</q>" in html
    assert line in (workspace / "public/feeds/atom.xml").read_text()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("statement", "message"),
    [
        pytest.param(
            "UPDATE draft SET summary = 'A loud tide.'", "the summary 'A loud tide.'", id="summary"
        ),
        pytest.param("UPDATE draft SET tags = NULL", "the tags None", id="tags"),
        pytest.param(
            "UPDATE answer SET said = CAST('Yes!' AS BLOB) WHERE asking = 'publication'",
            "not the one that was decided",
            id="its words",
        ),
        pytest.param(
            "UPDATE answer SET meaning = 'unclear' WHERE asking = 'publication'",
            "not the one that was decided",
            id="what is made of them",
        ),
        pytest.param(
            "DELETE FROM answer WHERE asking = 'publication'", "on record no more", id="left out"
        ),
    ],
)
def test_an_answer_that_was_changed_or_left_out_stops_the_build(
    published: str, emeritus: Emeritus, workspace: Path, statement: str, message: str
) -> None:
    del published
    change(workspace, statement)

    refused = emeritus("site", "build")

    assert (refused.exit_code, message in refused.stderr) == (1, True), refused.stderr


@pytest.mark.sqlite
def test_an_answer_that_is_not_the_models_own_publishes_nothing(
    answered: Any,  # noqa: ANN401
    emeritus: Emeritus,
    workspace: Path,
) -> None:
    post = answered("No.")
    change(workspace, "UPDATE answer SET said = CAST('Yes.' AS BLOB), meaning = 'yes'")
    emeritus("post", "review", post, "--approve", "--reason", "fine", "--by", "ana")

    refused = emeritus("post", "publish", post)

    assert (refused.exit_code, "publication is not its own" in refused.stderr) == (1, True)


@pytest.mark.sqlite
def test_answers_come_back_with_a_restore_and_go_with_a_deletion(
    published: str, emeritus: Emeritus, workspace: Path, shown: Shown
) -> None:
    before = shown(published)
    assert emeritus("preserve", "seal").exit_code == 0
    for file in workspace.glob("emeritus.db*"):
        file.unlink()
    restored = emeritus("preserve", "restore")
    assert restored.exit_code == 0, restored.stderr
    assert shown(published) == before

    why = ("--reason", "private", "--basis", "GDPR", "--by", "ana", "--yes")
    gone = emeritus("preserve", "delete", "post", published, *why)

    assert gone.exit_code == 0, gone.stderr
    assert "A quiet tide" not in repr(shown(published))
    files = [path for path in workspace.rglob("*") if path.is_file()]
    assert [path for path in files if b"A quiet tide" in path.read_bytes()] == []


@pytest.mark.parametrize("text", ["DECLINE POST", TEXT], ids=["no text", "all answered"])
def test_where_there_is_nothing_to_ask_it_is_not_asked(
    answered: Any,  # noqa: ANN401
    emeritus: Emeritus,
    server: MessagesServer,
    text: str,
) -> None:
    post = answered("Yes.", NAMED, text=text)
    asked = len(server.requests)

    refused = emeritus("post", "ask", post)

    assert (refused.exit_code, len(server.requests)) == (1, asked)
