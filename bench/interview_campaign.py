"""Many interviews at once: beside Inspect AI and a bare loop over the SDK, in one run.

All ask the same instant Messages API in a process of its own, streamed: ten core questions after
the opening, and the closing. Ours has each exchange on the disk before it asks on, as
`interview run --campaign` does; Inspect AI runs its `eval` in .venv-oracles with its own log; the
bare loop keeps nothing. Start-up stands apart: it is what one session takes more than its part.

    python -m bench.interview_campaign
"""

import asyncio
import contextlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from anthropic import AsyncAnthropic  # noqa: TID253  # it is what we measure against
from anthropic.types import MessageParam  # noqa: TID253  # as above

from archive.records.models import Model
from archive.workspace.making import make_workspace
from archive.workspace.settings import Operator, SiteSettings
from archive.workspace.workspace import Workspace, open_workspace
from interviews.participants.seam import Sampling
from interviews.protocols.design import Cell
from interviews.protocols.reading import find_protocol
from interviews.sessions.beginning import plans_for
from interviews.sessions.content import decoded
from interviews.sessions.facts import facts_of
from interviews.sessions.header import Addresses
from interviews.sessions.progress import Progress
from interviews.sessions.reading import sessions_of, turns_of
from interviews.sessions.running import Run, hold

AT_ONCE = 32
GROWTH = (1, 8, 32, 128)
ROUNDS = 3
SESSIONS = 2  # of one round, for each that goes on at once
TOKENS = 256
MODEL = "claude-bench"
ORACLE = Path(__file__).parents[1] / ".venv-oracles/bin/python"

INSPECT = """
import json, sys, time
began = time.perf_counter()
from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.model import ChatMessageUser
from inspect_ai.solver import solver

questions, sessions, at_once, tokens, model, folder = json.loads(sys.argv[1])

@solver
def interview():
    async def solve(state, generate):
        for question in questions:
            state.messages.append(ChatMessageUser(content=question))
            state = await generate(state)
        return state
    return solve

def held(count):
    task = Task(
        dataset=[Sample(input=[ChatMessageUser(content="Hello.")], target="", id=n) for n in range(count)],
        solver=interview(),
    )
    start = time.perf_counter()
    (log,) = eval(
        task, model=f"anthropic/{model}", max_connections=at_once, max_samples=at_once,
        max_tokens=tokens, log_dir=folder, display="none", model_args={"streaming": True},
    )
    assert log.status == "success", log.error
    return time.perf_counter() - start

imported = time.perf_counter() - began
first = held(1)
print(json.dumps({"import": imported, "first": first, "seconds": held(sessions)}))
"""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, serving() as url:
        os.environ |= {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": "none"}
        asked = questions(Path(folder) / "questions")
        ours(Path(folder) / "warm-up", 1, 1)
        rounds = [one_round(Path(folder) / str(number), asked) for number in range(ROUNDS)]
        growth = {
            at_once: rate(
                ours(Path(folder) / f"g{at_once}", at_once, 2 * at_once), asked, 2 * at_once
            )
            for at_once in GROWTH
        }
    figures = {name: round(statistics.median(one[name] for one in rounds), 2) for name in rounds[0]}
    print(
        json.dumps(
            {
                "interview_campaign": figures
                | {"turns_a_second_at_once": growth}
                | {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}
            }
        )
    )


def one_round(folder: Path, asked: list[str]) -> dict[str, float]:
    """Return how many turns a second each makes, and the ratios."""
    sessions = SESSIONS * AT_ONCE
    mine = rate(ours(folder, AT_ONCE, sessions), asked, sessions)
    bare = rate(asyncio.run(bare_loop(asked, AT_ONCE, sessions)), asked, sessions)
    inspect = inspected(asked, sessions, folder)
    peer = rate(inspect["seconds"], asked, sessions)
    return {
        "turns_a_second": mine,
        "bare_turns_a_second": bare,
        "inspect_turns_a_second": peer,
        "of_bare": mine / bare,
        "of_inspect": mine / peer,
        "inspect_import_seconds": inspect["import"],
        "inspect_first_sample_seconds": inspect["first"],
    }


def rate(seconds: float, asked: list[str], sessions: int) -> float:
    """Return replies a second."""
    return round(sessions * len(asked) / seconds, 1)


def ours(folder: Path, at_once: int, sessions: int) -> float:
    """Hold interviews; return the seconds from the first question to the last reply."""
    with contextlib.closing(made(folder)) as workspace:
        with workspace.database.reading() as session:
            model = session.get_one(Model, MODEL)
            facts = facts_of(
                session,
                model,
                workspace.settings.operator,
                reply_limit=TOKENS,
                today=datetime.now(UTC).date(),
            )
        plans = plans_for(
            MODEL,
            find_protocol("retirement", folder=None),
            cells={Cell(stance="neutral", information="occasion", language="en"): None},
            replicates=sessions,
            sampling=Sampling(max_tokens=TOKENS),
            facts=facts,
        )
        run = Run(workspace=workspace, progress=Progress(), concurrency=at_once)
        start = time.perf_counter()
        held = asyncio.run(hold(run, Addresses(participant=f"anthropic:{MODEL}"), plans))
        seconds = time.perf_counter() - start
    if held.errors:
        raise held.errors[0]
    return seconds


async def bare_loop(asked: list[str], at_once: int, sessions: int) -> float:
    """Ask the same with nothing but the SDK; return the seconds."""
    left = list(range(sessions))

    async def one_after_the_other(client: AsyncAnthropic) -> None:
        while left:
            left.pop()
            messages: list[MessageParam] = []
            for question in asked:
                messages.append({"role": "user", "content": question})
                async with client.messages.stream(
                    model=MODEL, max_tokens=TOKENS, messages=messages
                ) as stream:
                    reply = await stream.get_final_text()
                messages.append({"role": "assistant", "content": reply})

    start = time.perf_counter()
    async with AsyncAnthropic(max_retries=0) as client, asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(one_after_the_other(client))
    return time.perf_counter() - start


def inspected(asked: list[str], sessions: int, folder: Path) -> dict[str, float]:
    """Run the same in Inspect AI, in a process of its own."""
    arguments = json.dumps([asked, sessions, AT_ONCE, TOKENS, MODEL, str(folder / "inspect")])
    done = subprocess.run(  # noqa: S603  # our own script
        [ORACLE, "-c", INSPECT, arguments], capture_output=True, text=True, check=True
    )
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def questions(folder: Path) -> list[str]:
    """Return what an interview asks, from one that is held."""
    ours(folder, 1, 1)
    with (
        contextlib.closing(open_workspace(folder)) as workspace,
        workspace.database.reading() as session,
    ):
        first, *_ = sessions_of(session)
        turns = turns_of(session, first.id)
    return [decoded(turn.content or b"").text for turn in turns[::2]]


def made(folder: Path) -> Workspace:
    """Return a new workspace with the model on record."""
    workspace = make_workspace(folder, Operator(), SiteSettings(), [])
    with workspace.database.writing() as session:
        session.add(Model(slug=MODEL, name="Bench", participant=f"anthropic:{MODEL}"))
    return workspace


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """Serve an instant Messages API from a process of its own; return its URL."""
    command = [sys.executable, "-m", "tests.support.messages_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  # this interpreter
        try:
            yield (server.stdout.readline() if server.stdout else "").strip()
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
