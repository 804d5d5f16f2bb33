"""Stopping a run by real signals to a real process: what is in flight, what waits, what is kept."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import Emeritus
from tests.interviews.conftest import ASKS, Api, Shown
from tests.support.messages_server import Received, Step
from tests.support.protocols import FILE, SMALL

pytestmark = pytest.mark.sqlite

RUN = ("interview", "run", "halcyon-2", "--protocol", "exit", "--pilot", "--json")
LONG = Step(text="word " * 40, piece=5, pace=0.02)  # 0.8 s


@dataclass
class Process:
    """The command line as a process, which scripts of a server can send signals to."""

    pid: int = 0
    timers: list[threading.Timer] = field(default_factory=list)

    def signal(self, number: signal.Signals, *, after: float = 0.0) -> None:
        timer = threading.Timer(after, os.kill, (self.pid, number))
        self.timers.append(timer)
        timer.start()

    def run(self, *options: str) -> tuple[int, str]:
        program = "from archive.cli import main; main()"
        with subprocess.Popen(  # noqa: S603  # this very interpreter
            [sys.executable, "-c", program, "--debug", *RUN, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        ) as process:
            self.pid = process.pid
            _, said = process.communicate(timeout=60)
        for timer in self.timers:
            timer.join()
        assert process.returncode == 130, said
        return process.returncode, said


@pytest.fixture
def process(workspace: Path) -> Process:
    """`interview run` of halcyon-2 on the small protocol."""
    (workspace / FILE).write_text(SMALL)
    return Process()


def at_third(act: Callable[[], Step]) -> Callable[[Received], Step | None]:
    return lambda received: act() if received.number == 3 else None


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_at_the_first_signal_the_reply_in_flight_is_finished_and_recorded(
    number: signal.Signals, api: Api, process: Process, shown: Shown, emeritus: Emeritus
) -> None:
    def act() -> Step:
        process.signal(number, after=0.2)
        return LONG

    server = api(at_third(act))

    code, said = process.run()

    left = shown()
    assert (code, left["state"], len(left["turns"]), left["unanswered"]) == (
        130, "interrupted", 6, [],
    ), said  # fmt: skip
    assert left["turns"][5]["text"] == LONG.text
    assert "On record of this session (1 interrupted): 3 answers, " in said
    assert "What was said is kept. Go on with `emeritus interview resume`." in said
    assert emeritus("interview", "resume").exit_code == 0
    assert (shown()["state"], len(server.requests)) == ("complete", len(ASKS))
    assert emeritus("interview", "verify").exit_code == 0


def test_at_the_second_signal_what_is_in_flight_is_lost_and_the_rest_is_kept(
    api: Api, process: Process, shown: Shown, emeritus: Emeritus
) -> None:
    def act() -> Step:
        process.signal(signal.SIGINT, after=0.2)
        process.signal(signal.SIGTERM, after=0.6)
        return Step(fault="hang")

    server = api(at_third(act))

    code, said = process.run()

    left = shown()
    assert (code, left["state"], len(left["turns"])) == (130, "interrupted", 4), said
    assert [one["failure"] for one in left["unanswered"]] == ["lost"]
    assert emeritus("interview", "resume").exit_code == 0
    assert (shown()["state"], len(server.requests)) == ("complete", len(ASKS) + 1)


def test_who_only_waits_is_not_waited_for(api: Api, process: Process, shown: Shown) -> None:
    """The provider asks for a minute; the signal comes after a part of a second."""

    def act() -> Step:
        process.signal(signal.SIGINT, after=0.5)
        return Step(status=429, headers={"retry-after": "60"})

    server = api(at_third(act))
    began = time.monotonic()

    code, said = process.run()

    assert (code, shown()["state"], len(server.requests)) == (130, "interrupted", 3), said
    assert time.monotonic() - began < 30


@pytest.mark.slow
def test_sessions_that_have_not_begun_do_not_begin(
    api: Api, process: Process, emeritus: Emeritus
) -> None:
    def act() -> Step:
        process.signal(signal.SIGINT, after=0.1)
        return LONG

    api(at_third(act))

    code, said = process.run("--replicates", "9", "--concurrency", "2")

    rows = emeritus("interview", "list", "--json").json["sessions"]
    assert code == 130, said
    assert {row["state"] for row in rows} <= {"interrupted", "complete"}
    assert 2 <= len(rows) < 9
