"""What an operator gives a model to read: named, with its source; a letter only by consent."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.rendering.resources import DATA
from blog.posts.contexts import FORMS
from tests.blog.conftest import Release, Shown, Write
from tests.conftest import Emeritus
from tests.support.messages_server import MessagesServer

CANARY = "The tide went out at noon, canary."
CITED = "--source=https://sea.example/tides", "--citation=R. Marsh, Tides (1951)"
Page = Callable[[str], str]

WORDS = {
    "corrected 1": "e462ba31f8cb",
    "interviews 1": "64a14a2d8272",
    "posts 1": "c00cef5ef9b4",
    "file 1": "19984621f130",
    "reading 1": "d984f815127a",
    "letter 1": "e7e41ca6b9bc",
    "news 1": "9a11c2256576",
    "date 1": "d77b34bf2330",
}
"""The start of the SHA-256 of the template of each form."""


def asked(server: MessagesServer, number: int = 0) -> str:
    return str(server.requests[number].body["messages"][0]["content"][0]["text"])


@pytest.fixture
def text(workspace: Path) -> str:
    (workspace / "sea.txt").write_text(CANARY)
    return "sea.txt"


@pytest.fixture
def page(emeritus: Emeritus, workspace: Path, shown: Shown, release: Release) -> Page:
    """Publish a post that was written, build the public site, and return the post's page."""

    def built(post: str) -> str:
        for line in (
            ("post", "review", post, "--approve", "--reason", "fine", "--by", "ana"),
            ("post", "publish", post),
        ):
            assert emeritus(*line).exit_code == 0
        release("post", post)
        done = emeritus("site", "build")
        assert done.exit_code == 0, done.stderr
        slug = shown(post)["publication"]["slug"]
        return (workspace / f"public/posts/{slug}/index.html").read_text()

    return built


def holding(workspace: Path, words: str) -> list[Path]:
    """Return the files below the workspace that hold some words."""
    files = (path for path in workspace.rglob("*") if path.is_file())
    return [path for path in files if words.encode() in path.read_bytes()]


# --- Readings ---------------------------------------------------------------------------------


def test_a_reading_is_shown_cited_and_named_in_public_and_never_reprinted(
    write: Write, text: str, shown: Shown, server: MessagesServer, page: Page, workspace: Path
) -> None:
    post = write("# The Sea", "--context", text, *CITED)

    context = shown(post)["context"]
    digest = hashlib.sha256(CANARY.encode()).hexdigest()
    assert CANARY in asked(server)
    assert (context["source"], context["form"]) == ("reading", "reading 1")
    assert context["items"] == [
        {
            "kind": "reading",
            "name": text,
            "sha256": digest,
            "source": "https://sea.example/tides",
            "citation": "R. Marsh, Tides (1951)",
        }
    ]
    html = page(post)
    assert f"R. Marsh, Tides (1951); source: https://sea.example/tides; SHA-256 {digest}" in html
    assert not holding(workspace / "public", "went out at noon")


def test_what_a_file_is_may_stand_beside_it(
    write: Write, text: str, shown: Shown, workspace: Path
) -> None:
    (workspace / "sea.txt.toml").write_text(
        'source = "a library"\ncitation = "R. Marsh,\\n  Tides"\n'
    )

    (item,) = shown(write("# The Sea", "--context", text))["context"]["items"]

    assert (item["kind"], item["source"], item["citation"]) == (
        "reading",
        "a library",
        "R. Marsh, Tides",
    )


@pytest.mark.parametrize(
    ("beside", "options", "message"),
    [
        pytest.param("", ["--source=x"], "sea.txt: citation: not stated", id="half of it"),
        pytest.param("source = 3", [], "sea.txt: source: no text of", id="no text"),
        pytest.param("sourc = 'x'", [], "sea.txt.toml: sourc: no such field", id="a slip"),
        pytest.param("source =", [], "sea.txt.toml: not TOML", id="no TOML"),
        pytest.param("source = 'x'", CITED, "stated on the command line too", id="twice"),
        pytest.param("", ["--source", "x" * 301, "--citation=x"], "at most 300", id="too long"),
        pytest.param("", ["--news", "sea.txt"], "sea.txt: its source is not stated", id="news"),
        pytest.param("", ["--news-source=x"], "--news-source says where", id="no news"),
        pytest.param("", ["--letter", "sea.txt"], "--letter stands instead", id="two of them"),
        pytest.param("", ["--may-be-shown"], "are about --letter FILE", id="no letter"),
        pytest.param("", ["--topic", " "], "--topic: no text of at most 300", id="no topic"),
        pytest.param("", ["--topic-from=reader"], "--topic-from says who", id="whose topic"),
    ],
)
def test_what_is_not_clearly_stated_is_refused_and_nothing_is_asked(
    emeritus: Emeritus,
    server: MessagesServer,
    workspace: Path,
    text: str,
    beside: str,
    options: list[str],
    message: str,
) -> None:
    if beside:
        (workspace / "sea.txt.toml").write_text(beside)

    refused = emeritus("post", "write", "halcyon-2", "--context", text, *options)

    assert (refused.exit_code, server.requests) == (2, [])
    assert message in refused.stderr
    assert emeritus("post", "list", "--json").json["posts"] == []


def test_an_empty_file_is_no_reading(emeritus: Emeritus, workspace: Path) -> None:
    (workspace / "blank.txt").write_text(" \n")

    refused = emeritus("post", "write", "halcyon-2", "--context", "blank.txt")

    assert (refused.exit_code, "blank.txt: holds no word" in refused.stderr) == (2, True)


# --- Letters ----------------------------------------------------------------------------------


@pytest.mark.parametrize("beside", ["", "shown = false\nprinted = true\nkept = true\n"])
def test_a_letter_is_not_shown_without_consent_to_that(
    emeritus: Emeritus, server: MessagesServer, workspace: Path, text: str, beside: str
) -> None:
    (workspace / "sea.txt.toml").write_text(beside)

    refused = emeritus("post", "write", "halcyon-2", "--letter", text)

    assert (refused.exit_code, server.requests) == (2, [])
    assert "no consent that it is shown to the model" in refused.stderr


def test_a_letter_that_may_not_be_kept_never_reaches_the_disk_and_its_digest_stands(
    emeritus: Emeritus,
    write: Write,
    shown: Shown,
    server: MessagesServer,
    workspace: Path,
    text: str,
    page: Page,
) -> None:
    options = ("--letter", text, "--may-be-shown", "--may-be-printed")
    post = write("# An answer", *options)
    (workspace / text).unlink()

    html = page(post)
    assert emeritus("preserve", "seal").exit_code == 0

    assert CANARY in asked(server)
    context = shown(post)["context"]
    digest = hashlib.sha256(asked(server).partition("\n\nThat is the end of what")[0].encode())
    assert context["sha256"] == digest.hexdigest()
    assert context["items"][0] | {"sha256": ""} == {
        "kind": "letter",
        "sha256": "",
        "shown": "yes",
        "printed": "yes",
        "kept": "no",
    }
    assert holding(workspace, "went out at noon") == []
    assert "the reader who wrote the letter did not agree" in html


def test_a_letter_is_printed_where_the_reader_agreed_to_that(
    write: Write, workspace: Path, text: str, page: Page
) -> None:
    (workspace / f"{text}.toml").write_text("shown = true\nprinted = true\nkept = true\n")
    (workspace / text).write_text(f"{CANARY} <script>alert(1)</script>\x07")

    html = page(write("# An answer", "--letter", text))

    assert f"{CANARY} &lt;script&gt;" in html
    assert ("\x07" in html, "<script" in html) == (False, False)


def test_a_letter_that_may_be_kept_and_not_printed_is_on_no_page(
    write: Write, workspace: Path, text: str, page: Page
) -> None:
    html = page(write("# An answer", "--letter", text, "--may-be-shown", "--may-be-kept"))

    assert "a letter from a reader, SHA-256 " in html
    assert text not in html
    assert holding(workspace / "public", "went out at noon") == []


# --- Date, news, topic ------------------------------------------------------------------------


def test_the_date_and_the_news_are_told_beside_any_context(
    write: Write, shown: Shown, server: MessagesServer, text: str, page: Page
) -> None:
    post = write(
        "# A Day", "--date", "2026-11-25", "--news", text, "--news-source", "The Coast Gazette"
    )

    assert "from The Coast Gazette:\n\n" + CANARY in asked(server)
    assert "Today is 25 November 2026." in asked(server)
    context = shown(post)["context"]
    assert (context["form"], [item["kind"] for item in context["items"]]) == (
        "news 1, date 1",
        ["news", "date"],
    )
    assert "It was shown news that the operator chose and the date." in page(post)


@pytest.mark.parametrize(
    ("options", "who", "words"),
    [
        pytest.param([], "model", "the model: it was asked", id="none"),
        pytest.param(["--topic", "tides"], "operator", "the operator", id="the operator's"),
        pytest.param(
            ["--topic", "tides", "--topic-from", "reader"], "reader", "a reader", id="a reader's"
        ),
    ],
)
def test_who_chose_the_topic_is_on_record_and_on_the_page(
    write: Write,
    shown: Shown,
    server: MessagesServer,
    page: Page,
    options: list[str],
    who: str,
    words: str,
) -> None:
    post = write("# Tides", *options)

    assert shown(post)["topic_from"] == who
    assert ("about tides, in at most" in asked(server)) == bool(options)
    assert f"<dt>Topic chosen by</dt>\n<dd>{words}" in page(post)


# --- Forms ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "version"), sorted(FORMS.items()))
def test_the_words_of_a_form_never_change(name: str, version: int) -> None:
    """Other words are another version: a new number in FORMS, and a template beside this one."""
    words = (DATA / f"templates/prompts/context.{name}.{version}.txt").read_bytes()

    assert hashlib.sha256(words).hexdigest()[:12] == WORDS[f"{name} {version}"]
