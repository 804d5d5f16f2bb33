"""`interview run` beside bare loops over the `anthropic` SDK: the same calls, one after the other.

All stream from an instant Messages API in a process of its own, in turns. The bare loops keep
nothing; the interview has each exchange on the disk before it asks on. One loop takes whole
messages from `messages.stream`, as an interview needs them; the other only joins the text of the
raw events. Prints the interview's rate of calls over theirs, 1 is as fast, from the first
question of each session to its last; and over whole sessions, with the header at their
beginning and the log, signed and on the disk, at their end.

    python -m bench.interview_run
"""

import asyncio
import contextlib
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from anthropic import Anthropic  # noqa: TID253  # it is what we measure against
from anthropic.types import MessageParam  # noqa: TID253  # as above
from typing_extensions import override

from archive.workspace.workspace import Workspace
from bench.interviewing import ADDRESSES, MODEL, TOKENS, made, planned, questions, serving
from interviews.sessions.beginning import Plan
from interviews.sessions.progress import Lines
from interviews.sessions.running import Run, hold

ROUNDS = 7
SESSIONS = 5  # of one round, for each that is measured

Loop = Callable[[Anthropic, list[MessageParam]], str]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, serving() as url:
        os.environ |= {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": "none"}
        warm_up, *rounds = (measured(Path(folder) / str(number)) for number in range(ROUNDS + 1))
    del warm_up
    ratios = {
        "ratio": [one.bare / one.asking for one in rounds],
        "to_raw_events": [one.raw_events / one.asking for one in rounds],
        "of_whole_sessions": [one.bare / one.whole_sessions for one in rounds],
        "milliseconds_a_call": [1000 * one.asking for one in rounds],
        "bare_milliseconds_a_call": [1000 * one.bare for one in rounds],
    }
    medians = {name: round(statistics.median(values), 2) for name, values in ratios.items()}
    print(json.dumps({"interview_run": medians}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The seconds that one call took."""

    asking: float  # in interviews, from one question to the next
    whole_sessions: float  # in interviews, with their beginning and end
    bare: float  # in the loop over whole messages
    raw_events: float


def measured(folder: Path) -> Round:
    """Hold interviews, run both loops, and return what one call took in each."""
    with contextlib.closing(made(folder)) as workspace:
        plans, stopwatch = planned(workspace, SESSIONS), Stopwatch()
        whole_sessions = timed(lambda: interview(workspace, plans, stopwatch))
        asked = questions(workspace)
    calls = SESSIONS * len(asked)
    return Round(
        asking=stopwatch.seconds / stopwatch.calls,
        whole_sessions=whole_sessions / calls,
        bare=timed(lambda: bare(asked, whole_message)) / calls,
        raw_events=timed(lambda: bare(asked, raw_events)) / calls,
    )


def timed(work: Callable[[], None]) -> float:
    """Return the seconds that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class Stopwatch(Lines):
    """The lines of progress of `interview run`, and how long it is from question to question."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds, self.calls = 0.0, 0
        self._last: float | None = None  # when the last question of the session was sent

    @override
    def begins(self, session: str, label: str, *, answered: int, asks: int) -> None:
        super().begins(session, label, answered=answered, asks=asks)
        self._last = None

    @override
    def asks(self, session: str) -> None:
        super().asks(session)
        before, self._last = self._last, time.perf_counter()
        if before is not None:
            self.seconds, self.calls = self.seconds + self._last - before, self.calls + 1


def interview(workspace: Workspace, plans: Sequence[Plan], progress: Lines) -> None:
    """Hold the sessions as `interview run` does."""
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stderr(nowhere), progress:
        run = Run(workspace=workspace, progress=progress)
        held = asyncio.run(hold(run, ADDRESSES, plans))
    if held.errors:
        raise held.errors[0]


def bare(asked: Sequence[str], loop: Loop) -> None:
    """Ask the same questions with nothing but the SDK."""
    client = Anthropic(max_retries=0)
    for _ in range(SESSIONS):
        messages: list[MessageParam] = []
        for question in asked:
            messages.append({"role": "user", "content": question})
            messages.append({"role": "assistant", "content": loop(client, messages)})


def whole_message(client: Anthropic, messages: list[MessageParam]) -> str:
    """Return the text of the message that the SDK puts together from its stream."""
    with client.messages.stream(model=MODEL, max_tokens=TOKENS, messages=messages) as stream:
        blocks = stream.get_final_message().content
    return "".join(block.text for block in blocks if block.type == "text")


def raw_events(client: Anthropic, messages: list[MessageParam]) -> str:
    """Return the pieces of text of a stream, joined; all else of the message is lost."""
    with client.messages.create(
        model=MODEL, max_tokens=TOKENS, messages=messages, stream=True
    ) as events:
        return "".join(
            event.delta.text
            for event in events
            if event.type == "content_block_delta" and event.delta.type == "text_delta"
        )


if __name__ == "__main__":
    main()
