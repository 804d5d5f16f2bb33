"""Stopping a run by hand, and two processes at one session."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archive.workspace.workspace import open_workspace
from interviews.sessions.listing import summaries
from interviews.sessions.reading import session_document
from tests.conftest import Emeritus
from tests.interviews.conftest import ASKS, Document
from tests.support import forked
from tests.support.messages_server import Received, Step, serving
from tests.support.protocols import FILE, SMALL

RUN = ("interview", "run", "halcyon-2", "--protocol", "exit")


@dataclass
class Hanging:
    """A Messages API that does not answer its third request, and knows who asked it."""

    asked: threading.Event = field(default_factory=threading.Event)
    process: int = 0

    def __call__(self, received: Received) -> Step | None:
        if received.number != 3:
            return None
        self.process = int((received.key or "").rpartition(":")[2])
        self.asked.set()
        return Step(fault="hang")


@dataclass(frozen=True)
class Stage:
    """A workspace and the server that commands in processes of their own find."""

    workspace: Path
    environment: dict[str, str]
    api: Hanging
    output: Path

    def command(self, *arguments: str) -> int:
        return forked.emeritus(*arguments, environment=self.environment, output=self.output)

    def session(self) -> Document:
        with closing(open_workspace(self.workspace)) as opened:
            (row,) = summaries(opened)
            return session_document(opened, row["id"])


@pytest.fixture
def stage(workspace: Path, tmp_path: Path, emeritus: Emeritus) -> Iterator[Stage]:
    """A run of the small protocol would hang at its third question."""
    (workspace / FILE).write_text(SMALL)
    assert emeritus("protocol", "approve", "exit", "--by", "ana").exit_code == 0
    api = Hanging()
    with serving(api) as server:
        environment = {
            "ANTHROPIC_BASE_URL": server.url,
            "ANTHROPIC_API_KEY": "run:{pid}",
            "EMERITUS_WORKSPACE": str(workspace),
        }
        yield Stage(workspace, environment, api, tmp_path / "output")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_says_what_it_leaves_and_goes_on_later(
    number: signal.Signals, stage: Stage
) -> None:
    with ThreadPoolExecutor() as pool:
        running = pool.submit(stage.command, *RUN)
        assert stage.api.asked.wait(60)
        while not running.done():  # the first lets replies come, the second stops at once
            with suppress(ProcessLookupError):
                os.kill(stage.api.process, number)
            time.sleep(0.5)
        code = running.result()

    left = stage.session()
    assert (code, left["state"], len(left["turns"])) == (130, "interrupted", 4)
    assert "emeritus interview resume" in stage.output.read_text()
    assert [attempt["failure"] for attempt in left["unanswered"]] == ["lost"]
    assert stage.command("interview", "resume") == 0
    assert [turn["question"] for turn in stage.session()["turns"][::2]] == ASKS


def test_a_second_runner_is_refused_and_a_killed_first_is_not_in_its_way(
    stage: Stage,
) -> None:
    with ThreadPoolExecutor() as pool:
        running = pool.submit(stage.command, *RUN)
        assert stage.api.asked.wait(60)
        going_on = stage.session()
        second = stage.command("interview", "resume", going_on["id"])
        os.kill(stage.api.process, signal.SIGKILL)
        first = running.result()

    assert (second, first) == (3, -signal.SIGKILL)
    assert "another process is running it" in stage.output.read_text()
    assert going_on["state"] == "running"
    assert (stage.session()["state"], stage.session()["turns"]) == (
        "interrupted",
        going_on["turns"],
    )
    assert stage.command("interview", "resume") == 0
    assert stage.session()["state"] == "complete"
