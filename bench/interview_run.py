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
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from anthropic import Anthropic  # noqa: TID253  # it is what we measure against
from anthropic.types import MessageParam  # noqa: TID253  # as above
from typing_extensions import override

from archive.records.models import Model
from archive.workspace.making import make_workspace
from archive.workspace.settings import Operator, SiteSettings
from archive.workspace.workspace import Workspace
from interviews.participants.seam import Sampling
from interviews.protocols.design import Cell
from interviews.protocols.reading import find_protocol
from interviews.sessions.beginning import Plan, plans_for
from interviews.sessions.content import decoded
from interviews.sessions.facts import facts_of
from interviews.sessions.header import Addresses
from interviews.sessions.progress import Lines
from interviews.sessions.reading import sessions_of, turns_of
from interviews.sessions.running import Run, hold

ROUNDS = 7
SESSIONS = 5  # of one round, for each that is measured
TOKENS = 256
MODEL = "halcyon-2"

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
        plans, stopwatch = planned(workspace), Stopwatch()
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
        held = asyncio.run(hold(run, Addresses(participant=f"anthropic:{MODEL}"), plans))
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


def made(folder: Path) -> Workspace:
    """Return a new workspace with the model on record."""
    workspace = make_workspace(folder, Operator(), SiteSettings(), [])
    with workspace.database.writing() as session:
        session.add(Model(slug=MODEL, name="Halcyon 2", participant=f"anthropic:{MODEL}"))
    return workspace


def planned(workspace: Workspace) -> list[Plan]:
    """Return the plans of one round on the standard protocol."""
    with workspace.database.reading() as session:
        model = session.get_one(Model, MODEL)
        facts = facts_of(
            session,
            model,
            workspace.settings.operator,
            reply_limit=TOKENS,
            today=datetime.now(UTC).date(),
        )
    return plans_for(
        MODEL,
        find_protocol("retirement", folder=None),
        cells={Cell(stance="neutral", information="occasion", language="en"): None},
        replicates=SESSIONS,
        sampling=Sampling(max_tokens=TOKENS),
        facts=facts,
    )


def questions(workspace: Workspace) -> list[str]:
    """Return what the interview asked."""
    with workspace.database.reading() as session:
        first, *_ = sessions_of(session)
        turns = turns_of(session, first.id)
    return [decoded(turn.content or b"").text for turn in turns[::2]]


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
