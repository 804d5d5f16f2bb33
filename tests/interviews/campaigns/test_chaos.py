"""A campaign against a bad provider, killed again and again: it comes to its end, and adds up."""

import random
import subprocess
import sys
import time
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest

from tests.conftest import Emeritus
from tests.interviews.conftest import Api
from tests.support.messages_server import Received, Step
from tests.support.rows import rows

SESSIONS = 200
KILLING = 60.0  # seconds
RUN = (
    *("interview", "run", "halcyon-2", "--protocol", "exit", "--campaign", "chaos"),
    *("--only", "plain/told/en"),
)
AT_ONCE = ("--concurrency", "32")


class BadProvider:
    """Fails 5 %, hangs 1 % while it is killed, cuts 1 % of streams, and once asks for absurdity."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311  # faults, no secret
        self.came: Counter[str] = Counter()
        self.killing = True

    def __call__(self, _received: Received) -> Step:
        drawn, delay = self._chance.random(), self._chance.uniform(0, 3 if self.killing else 0.05)
        self.came["request"] += 1
        if self.came["request"] == 40:
            return Step(status=429, headers={"retry-after": "31536000"})
        if drawn < 0.05:
            self.came["failed"] += 1
            return Step(status=529, headers={"retry-after": "0"}, delay=delay)
        if drawn < 0.06 and self.killing:
            self.came["hung"] += 1
            return Step(fault="hang", after=2)
        if drawn < 0.07:
            self.came["cut"] += 1
            return Step(fault="close", after=2, delay=delay)
        return Step(delay=delay)


@pytest.mark.slow
@pytest.mark.usefixtures("hold")
def test_two_hundred_sessions_come_to_their_end_and_nothing_is_asked_twice(
    api: Api, emeritus: Emeritus, workspace: Path
) -> None:
    provider = BadProvider(5)
    server = api(provider)
    stop_killing, kills = time.monotonic() + KILLING, 0
    command = (*RUN, "--replicates", str(SESSIONS), *AT_ONCE)

    while time.monotonic() < stop_killing:
        kills += killed(command, after=random.uniform(3, 9))  # noqa: S311  # a moment, no secret
    provider.killing = False
    ends = [ended(command) for _ in range(3)]  # a run may end with what failed for good

    assert kills > 3
    assert min(provider.came[one] for one in ("failed", "hung", "cut")) > 0
    assert ends[-1] == 0, ends
    sessions = rows(workspace, "SELECT id, state FROM session")
    assert len(sessions) == SESSIONS
    assert {state for _, state in sessions} <= {"complete", "failed"}
    asked = emeritus("interview", "coverage", "--campaign", "chaos", "--json").json
    assert asked["flow"]["begun"] == asked["flow"]["planned"] == SESSIONS
    assert {row["sessions"] for row in asked["coverage"]} == {SESSIONS}
    assert emeritus("interview", "verify").exit_code == 0
    (attempts,), *_ = rows(workspace, "SELECT count(*) FROM attempt")
    assert len(server.requests) <= int(str(attempts))
    assert each_question_once(workspace)


def killed(command: tuple[str, ...], *, after: float) -> bool:
    """Run the command line and kill it; return whether it was still going on."""
    program = "from archive.cli import main; main()"
    with subprocess.Popen(  # noqa: S603  # this very interpreter
        [sys.executable, "-c", program, *command], stderr=subprocess.DEVNULL
    ) as asker:
        try:
            asker.wait(timeout=after)
        except subprocess.TimeoutExpired:
            asker.kill()
            return True
    return False


def ended(command: tuple[str, ...]) -> int:
    """Run the command line to its end and return how it ended."""
    program = "from archive.cli import main; main()"
    done = subprocess.run(  # noqa: S603  # this very interpreter
        [sys.executable, "-c", program, *command],
        stderr=subprocess.DEVNULL,
        timeout=600,
        check=False,
    )
    return done.returncode


def each_question_once(workspace: Path) -> bool:
    """Return whether no session has two turns of its interviewer with the same words."""
    said = rows(
        workspace,
        "SELECT session, content FROM turn WHERE speaker = 'interviewer' ORDER BY session",
    )
    return all(
        len(contents := [content for _, content in turns]) == len(set(contents))
        for _, turns in groupby(said, key=lambda row: row[0])
    )
