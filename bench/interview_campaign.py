"""Many interviews at once: beside Inspect AI and a bare loop over the SDK, in one run.

All ask the same instant Messages API in a process of its own, streamed: ten core questions after
the opening, and the closing. Ours has each exchange on the disk before it asks on, as
`interview run --campaign` does; Inspect AI runs its `eval` in .venv-oracles with its own log; the
bare loop keeps nothing. Start-up stands apart: the imports and one session, in a new process.
A campaign of four times as many sessions is asked once. Ours is always streamed; what the others
make unstreamed is reported beside it.

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
MANY = 8  # likewise, of a campaign
ORACLE = Path(__file__).parents[1] / ".venv-oracles/bin/python"

INSPECT = """
import json, sys, time
began = time.perf_counter()
from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.model import ChatMessageUser
from inspect_ai.solver import solver

questions, sessions, at_once, tokens, model, folder, streamed = json.loads(sys.argv[1])

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
        max_tokens=tokens, log_dir=folder, display="none", model_args={"streaming": streamed},
    )
    assert log.status == "success", log.error
    return time.perf_counter() - start

imported = time.perf_counter() - began
first = held(1)
print(json.dumps({"import": imported, "first": first, "seconds": held(sessions)}))
"""


OURS = """
import json, sys, time
began = time.perf_counter()
from pathlib import Path
from bench.interview_campaign import ours
imported = time.perf_counter() - began
print(json.dumps({"import": imported, "first": ours(Path(sys.argv[1]), 1, 1)}))
"""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name, serving() as url:
        os.environ |= {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": "none"}
        folder = Path(name)
        asked = asked_by_us(folder / "questions")
        ours(folder / "warm-up", 1, 1)
        rounds = [
            one_round(folder / str(number), asked, SESSIONS * AT_ONCE) for number in range(ROUNDS)
        ]
        figures = {
            name: round(statistics.median(one[name] for one in rounds), 2) for name in rounds[0]
        }
        begun = figures_of(sys.executable, OURS, str(folder / "first"))
        figures |= {
            "import_seconds": round(begun["import"], 2),
            "first_session_seconds": round(begun["first"], 2),
        }
        many = {
            name: round(figure, 2)
            for name, figure in one_round(folder / "many", asked, MANY * AT_ONCE).items()
        }
        report = {
            **figures,
            "sessions": SESSIONS * AT_ONCE,
            f"with_{MANY * AT_ONCE}_sessions": many,
            "unstreamed": unstreamed(folder / "unstreamed", asked, SESSIONS * AT_ONCE),
            "turns_a_second_at_once": growth(folder, asked),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
    print(json.dumps({"interview_campaign": report}))


def one_round(folder: Path, asked: list[str], sessions: int) -> dict[str, float]:
    """Return how many turns a second each makes, and the ratios."""
    mine = rate(ours(folder, AT_ONCE, sessions), asked, sessions)
    bare = rate(asyncio.run(bare_loop(asked, AT_ONCE, sessions)), asked, sessions)
    inspect = inspected(asked, sessions, folder, streamed=True)
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


def unstreamed(folder: Path, asked: list[str], sessions: int) -> dict[str, float]:
    """Return the same of those that can be told not to stream."""
    bare = asyncio.run(bare_loop(asked, AT_ONCE, sessions, streamed=False))
    inspect = inspected(asked, sessions, folder, streamed=False)
    return {
        "bare_turns_a_second": rate(bare, asked, sessions),
        "inspect_turns_a_second": rate(inspect["seconds"], asked, sessions),
    }


def growth(folder: Path, asked: list[str]) -> dict[int, float]:
    """Return how many turns a second ours makes, by how many sessions go on at once."""
    return {
        at_once: rate(ours(folder / f"g{at_once}", at_once, 2 * at_once), asked, 2 * at_once)
        for at_once in GROWTH
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


async def bare_loop(
    asked: list[str], at_once: int, sessions: int, *, streamed: bool = True
) -> float:
    """Ask the same with nothing but the SDK; return the seconds."""
    left = list(range(sessions))

    async def one_after_the_other(client: AsyncAnthropic) -> None:
        while left:
            left.pop()
            messages: list[MessageParam] = []
            for question in asked:
                messages.append({"role": "user", "content": question})
                reply = await ask(client, messages)
                messages.append({"role": "assistant", "content": reply})

    ask = streamed_reply if streamed else whole_reply
    start = time.perf_counter()
    async with AsyncAnthropic(max_retries=0) as client, asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(one_after_the_other(client))
    return time.perf_counter() - start


async def streamed_reply(client: AsyncAnthropic, messages: list[MessageParam]) -> str:
    """Ask with the SDK, as ours does."""
    async with client.messages.stream(model=MODEL, max_tokens=TOKENS, messages=messages) as stream:
        return await stream.get_final_text()


async def whole_reply(client: AsyncAnthropic, messages: list[MessageParam]) -> str:
    """Ask with the SDK, for the reply in one piece."""
    message = await client.messages.create(model=MODEL, max_tokens=TOKENS, messages=messages)
    return "".join(block.text for block in message.content if block.type == "text")


def inspected(asked: list[str], sessions: int, folder: Path, *, streamed: bool) -> dict[str, float]:
    """Run the same in Inspect AI, in a process of its own."""
    log = str(folder / "inspect")
    return figures_of(
        str(ORACLE),
        INSPECT,
        json.dumps([asked, sessions, AT_ONCE, TOKENS, MODEL, log, streamed]),
    )


def figures_of(interpreter: str, script: str, argument: str) -> dict[str, float]:
    """Run one of our scripts in a process of its own; return the figures that it prints."""
    done = subprocess.run(  # noqa: S603  # our own script
        [interpreter, "-c", script, argument], capture_output=True, text=True, check=True
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
