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
import tempfile
import time
from pathlib import Path

from anthropic import AsyncAnthropic  # noqa: TID253  # it is what we measure against
from anthropic.types import MessageParam  # noqa: TID253  # as above

from archive.workspace.workspace import open_workspace
from bench.interviewing import ADDRESSES, MODEL, TOKENS, made, planned, questions, serving
from interviews.sessions.progress import Progress
from interviews.sessions.running import Run, hold

AT_ONCE = 32
GROWTH = (1, 8, 32, 128)
ROUNDS = 3
SESSIONS = 2  # of one round, for each that goes on at once
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
        asked = asked_by_us(Path(folder) / "questions")
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
        plans = planned(workspace, sessions)
        run = Run(workspace=workspace, progress=Progress(), concurrency=at_once)
        start = time.perf_counter()
        held = asyncio.run(hold(run, ADDRESSES, plans))
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


def asked_by_us(folder: Path) -> list[str]:
    """Return what an interview asks, from one that is held."""
    ours(folder, 1, 1)
    with contextlib.closing(open_workspace(folder)) as workspace:
        return questions(workspace)


if __name__ == "__main__":
    main()
