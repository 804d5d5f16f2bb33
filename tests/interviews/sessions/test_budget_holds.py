"""A budget of N calls: the server counts N, and with kill -9 at random moments at most N."""

import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.conftest import Emeritus
from tests.interviews.conftest import Api, Hold
from tests.support.messages_server import Received, Step
from tests.support.rows import rows

RUN = ("interview", "run", "halcyon-2", "--protocol", "exit", "--replicates", "4")
CALLS = 13  # of 20 that four sessions make
AT_ONCE = ("--concurrency", "3")
BUDGET = ("--budget", f"workspace:calls={CALLS}")


def attempts(workspace: Path) -> int:
    ((count,),) = rows(workspace, "SELECT count(*) FROM attempt")
    return int(str(count))


def test_without_kills_the_server_counts_exactly_what_was_allowed(
    api: Api, hold: Hold, emeritus: Emeritus, workspace: Path
) -> None:
    server = api([Step(status=529, headers={"retry-after": "0"})])  # a try that fails is a call

    stopped = hold("--replicates", "4", *AT_ONCE, *BUDGET)
    resumed = emeritus("interview", "resume", *AT_ONCE, *BUDGET)

    assert (stopped.exit_code, resumed.exit_code) == (1, 1)
    assert f"this workspace has spent {CALLS} of {CALLS} calls" in stopped.stderr
    assert (len(server.requests), attempts(workspace)) == (CALLS, CALLS)
    states = [row["state"] for row in emeritus("interview", "list", "--json").json["sessions"]]
    assert set(states) <= {"interrupted", "complete"}
    assert "interrupted" in states


class Killer:
    """A script that kills whoever asks, a moment after a request that chance picks."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311  # a moment, no secret
        self._asker: subprocess.Popen[bytes] | None = None
        self._left = 0

    def run(self, *arguments: str) -> int:
        """Run the command line and return how it ended: -9, if it was killed."""
        self._left = self._chance.randint(1, 4)
        program = "from archive.cli import main; main()"
        with subprocess.Popen(  # noqa: S603  # this very interpreter
            [sys.executable, "-c", program, *arguments], stderr=subprocess.DEVNULL
        ) as asker:
            self._asker = asker
            return asker.wait(timeout=120)

    def __call__(self, _received: Received) -> Step:
        self._left -= 1
        if self._left == 0 and self._asker is not None:
            threading.Timer(self._chance.uniform(0, 0.03), self._asker.kill).start()
        return Step(delay=self._chance.uniform(0, 0.02))


@pytest.mark.slow
@pytest.mark.usefixtures("hold")
@pytest.mark.parametrize("seed", [1, 2])
def test_with_kills_at_random_moments_the_server_counts_no_more_than_was_allowed(
    seed: int, api: Api, emeritus: Emeritus, workspace: Path
) -> None:
    killer = Killer(seed)
    server = api(killer)

    ends = [killer.run(*RUN, *AT_ONCE, *BUDGET)]
    while ends[-1] == -9:
        ends.append(killer.run("interview", "resume", *AT_ONCE, *BUDGET))

    assert len(ends) > 2
    assert ends[-1] in {0, 1}  # what was begun is at its end, or the budget is
    assert len(server.requests) <= attempts(workspace) <= CALLS
    assert emeritus("interview", "verify").exit_code == 0
    if ends[-1] == 1:
        assert attempts(workspace) == CALLS
