"""What the documents give readers and hosts to use by themselves works, and is up to date."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from blog.site.serving import FEED_TYPES, HEADERS
from tests.conftest import Emeritus
from tests.support.messages_server import Step, serving

DOCS = Path(__file__).parents[2] / "docs"
HARD_TO_WRITE = 'Tschüß \x01\x7f\u2028 😀 "quoted" \\ \t and\r\nso on'
WITHHELD = 5


def fences(document: str, kind: str) -> list[str]:
    tokens = MarkdownIt("commonmark").parse((DOCS / document).read_text("utf-8"))
    return [token.content for token in tokens if token.type == "fence" and token.info == kind]


def run(script: str, file: Path) -> str:
    """Run a Python script of docs/reader.md on a file; return what it prints."""
    command = [sys.executable, "-c", script, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603  # our own page
    return done.stdout


@pytest.fixture
def public(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A public site with a post and an interview, of which one turn is withheld."""
    del workspace  # the current folder
    release = ("--public", "--by", "ana")
    with serving([None, Step(text=HARD_TO_WRITE)], key="sample") as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sample")
        (session,) = emeritus("interview", "run", "halcyon-2", "--json").json["sessions"]
        post = emeritus("post", "write", "halcyon-2", "--json").json["post"]
    for arguments in (
        ("post", "review", post, "--approve", "--reason", "nothing private", "--by", "ana"),
        ("post", "publish", post),
        ("release", "model", "halcyon-2", *release),
        ("release", "session", session, *release),
        ("release", "turn", f"{session}:{WITHHELD}", "--internal", "--by", "ana"),
        ("release", "post", post, *release),
        ("site", "build", "--out", tmp_path / "public"),
    ):
        done = emeritus(*arguments)
        assert done.exit_code == 0, done.stderr
    return tmp_path / "public"


@pytest.fixture
def record(public: Path) -> Path:
    """The published record of the interview."""
    (found,) = public.glob("models/*/interviews/*/session.json")
    return found


def test_a_reader_finds_every_turn_sound_but_the_withheld_one(record: Path) -> None:
    _, script = fences("reader.md", "python")

    *turns, last = run(script, record).splitlines()

    assert [line.endswith(" holds") for line in turns] == [at != WITHHELD for at in range(24)]
    assert turns[WITHHELD].endswith("its link holds; its words cannot be checked")
    assert last == "the last link holds"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        pytest.param(lambda turns: turns[3].update(text="no"), "BAD WORDS", id="text shown"),
        pytest.param(lambda turns: turns[3].update(salt="00" * 16), "BAD WORDS", id="salt"),
        pytest.param(lambda turns: turns[3].update(at="2020"), "BAD LINK", id="time"),
        pytest.param(lambda turns: turns[3].update(content_digest="0"), "BAD", id="digest"),
        pytest.param(lambda turns: turns.insert(3, turns[1]), "BAD LINK", id="put in"),
    ],
)
def test_a_reader_finds_the_turn_that_was_changed(
    record: Path, change: Callable[[list[dict[str, Any]]], None], found: str
) -> None:
    document = json.loads(record.read_bytes())
    change(document["turns"])
    record.write_text(json.dumps(document))
    _, script = fences("reader.md", "python")

    lines = run(script, record).splitlines()

    assert [found in line for line in lines[:4]] == [False, False, False, True]


def test_a_reader_computes_the_digest_of_a_copy(public: Path, tmp_path: Path) -> None:
    (item,) = json.loads((public / "feeds/feed.json").read_bytes())["items"]
    (page,) = public.glob("posts/*/index.html")
    copy = tmp_path / "copy.html"
    copy.write_text(item["content_html"], "utf-8")
    script, _ = fences("reader.md", "python")

    digests = {run(script, page).strip(), run(script, copy).strip()}

    assert digests == {item["_emeritus"]["reading_text_sha256"]}


@pytest.mark.parametrize("kind", ["nginx", "caddy", ""])
def test_each_snippet_for_a_host_sends_what_site_serve_sends(kind: str) -> None:
    (snippet,) = fences("publishing.md", kind)
    written = snippet.replace("\\.", ".")

    wanted = [part for header in (HEADERS | FEED_TYPES).items() for part in header]

    assert [part for part in wanted if part not in written] == []
