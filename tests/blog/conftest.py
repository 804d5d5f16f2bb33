"""Fixtures for the blog: a model that answers, and posts that it was asked for."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Emeritus, Result
from tests.support.messages_server import MessagesServer, Step, serving

Review = Callable[..., Result]
Write = Callable[..., str]
Interview = Callable[..., str]
Release = Callable[..., None]
Shown = Callable[[str], Any]


@pytest.fixture
def server(emeritus: Emeritus, monkeypatch: pytest.MonkeyPatch) -> Iterator[MessagesServer]:
    """A Messages API on loopback that `anthropic:` reaches with its key."""
    del emeritus  # it clears the developer's key, so it comes first
    with serving(key="key-canary-0123456789") as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "key-canary-0123456789")
        yield server


@pytest.fixture
def others(workspace: Path) -> None:
    """Two more on the roster: `bo`, a person, and `script`, a program."""
    with (workspace / "people.toml").open("a") as roster:
        roster.write('\n[people.bo]\nname = "Bo Lee"\n')
        roster.write('\n[people.script]\nname = "a script"\nprogram = true\n')


@pytest.fixture
def review(emeritus: Emeritus, others: None) -> Review:
    """Review a post; return what the command left."""
    del others

    def reviewed(post: str, verdict: str, by: str, *options: str) -> Result:
        return emeritus(
            "post", "review", post, verdict, "--reason", "because", "--by", by, *options
        )

    return reviewed


@pytest.fixture
def write(emeritus: Emeritus, workspace: Path, server: MessagesServer) -> Write:
    """Let `halcyon-2` write one post that says a text; return its id."""
    del workspace  # the current folder

    def written(text: str = "# The Lighthouse\n\nIt was quiet.", *options: str) -> str:
        step = Step(text=text, piece=100_000)
        server.script = [*([None] * len(server.requests)), step]
        done = emeritus("post", "write", "halcyon-2", "--json", *options)
        assert done.exit_code == 0, done.stderr
        return str(done.json["post"])

    return written


@pytest.fixture
def publish(emeritus: Emeritus, write: Write) -> Write:
    """Let `halcyon-2` write one post that says a text, approve and publish it; return its id."""

    def published(*arguments: str) -> str:
        post = write(*arguments)
        for command in (
            ("review", post, "--approve", "--reason", "nothing private", "--by", "ana"),
            ("publish", post, "--by", "ana"),
        ):
            done = emeritus("post", *command)
            assert done.exit_code == 0, done.stderr
        return post

    return published


@pytest.fixture
def interview(emeritus: Emeritus, workspace: Path, server: MessagesServer) -> Interview:
    """Hold an interview with `halcyon-2` in one stance; return its id."""
    del workspace, server

    def held(stance: str = "neutral") -> str:
        done = emeritus("interview", "run", "halcyon-2", "--stance", stance, "--json")
        assert done.exit_code == 0, done.stderr
        return str(done.json["sessions"][0])

    return held


@pytest.fixture
def release(emeritus: Emeritus) -> Release:
    """Release a thing, to the public unless told otherwise."""

    def released(kind: str, subject: str, *options: str) -> None:
        done = emeritus("release", kind, subject, *(options or ["--public"]), "--by", "ana")
        assert done.exit_code == 0, done.stderr

    return released


@pytest.fixture
def shown(emeritus: Emeritus) -> Shown:
    """What `post show --json` says of a post."""
    return lambda post: emeritus("post", "show", post, "--json").json
