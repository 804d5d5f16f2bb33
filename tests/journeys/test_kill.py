"""An interview that was killed goes on where it was: nothing is asked twice and nothing is lost.

Each case kills a run of its own with SIGKILL: when the server has its n-th request, while the
n-th reply streams in, or before or after an act of it on the disk. Then `resume` must bring
every question once, a chain that verifies, and every reply that the run had shown to have, by
sending it back with the next question.
"""

import os
import shutil
import signal
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.workspace.workspace import open_workspace
from interviews.sessions.listing import summaries
from interviews.sessions.reading import session_document
from interviews.sessions.verifying import verify_sessions
from tests.conftest import Emeritus
from tests.interviews.conftest import ASKS, Document
from tests.support import forked, killing
from tests.support.messages_server import Received, Step, serving
from tests.support.protocols import FILE, SMALL

pytestmark = pytest.mark.sqlite

ACTS = (*killing.FILE_ACTS, killing.COMMIT)
RUN = ("interview", "run", "halcyon-2", "--protocol", "exit")
AT_ONCE = 4  # processes


@dataclass(frozen=True, kw_only=True)
class Kill:
    """When a run is killed, under a name that no other case has."""

    name: str
    at_request: int | None = None  # from 1
    in_reply: int | None = None  # from 1
    at_point: int | None = None  # from 0


class Api:
    """What a Messages API does that all runs share, told apart by their keys: it kills some."""

    def __init__(self, kills: Iterable[Kill] = ()) -> None:
        self.received: dict[str, list[Received]] = {}
        self._kills = {kill.name: kill for kill in kills}

    def __call__(self, received: Received) -> Step:
        name, _, process = (received.key or "").rpartition(":")
        asked = self.received.setdefault(name, [])
        asked.append(received)
        kill = self._kills.get(name)
        if kill is not None and kill.at_request == len(asked):
            os.kill(int(process), signal.SIGKILL)
        if kill is not None and kill.in_reply == len(asked):
            threading.Timer(0.1, os.kill, (int(process), signal.SIGKILL)).start()
            return Step(text="It goes on and on. " * 20, pace=0.05)
        return Step(text=f"The answer to request {received.number}.")  # comes but once

    def sent_back(self, name: str) -> list[str]:
        """Return the replies that a run had kept, as its last request shows."""
        asked = self.received.get(name, [])
        last = asked[-1].body["messages"] if asked else []
        return [said["content"][0]["text"] for said in last if said["role"] == "assistant"]

    def questions(self, name: str) -> Counter[str]:
        """Return how often each question was asked."""
        asked = self.received.get(name, [])
        return Counter(one.body["messages"][-1]["content"][0]["text"] for one in asked)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where the stories are played: the workspace that each begins with, and the server of all."""

    template: Path
    folder: Path
    url: str
    api: Api

    def play(self, kill: Kill) -> tuple[Document | None, list[str]]:
        """Kill and resume; return the session as the kill left it, and what is wrong at the end."""
        place, output = self.folder / kill.name, self.folder / f"{kill.name}.output"
        shutil.copytree(self.template, place)
        to_run, to_resume = (
            {
                "ANTHROPIC_BASE_URL": self.url,
                "ANTHROPIC_API_KEY": f"{name}:{{pid}}",
                "EMERITUS_WORKSPACE": str(place),
            }
            for name in (kill.name, resumed(kill))
        )
        if kill.at_point is None:
            code = forked.emeritus(*RUN, environment=to_run, output=output)
        else:
            code = forked.emeritus_until(
                kill.at_point, *RUN, acts=ACTS, environment=to_run, output=output
            )
        left = document(place)
        if code != -signal.SIGKILL:
            return left, [f"not killed: exit {code}", output.read_text()]
        code = forked.emeritus("interview", "resume", environment=to_resume, output=output)
        if code != 0:
            return left, [f"not resumed: exit {code}", output.read_text()]
        return left, [*self._wrong(kill, left, document(place)), *faults(place)]

    def _wrong(self, kill: Kill, left: Document | None, final: Document | None) -> Iterable[str]:
        if left is None or final is None:
            if self.api.received.get(kill.name):
                yield "something was asked, and nothing is on record of it"
            return
        if [turn["question"] for turn in final["turns"][::2]] != ASKS:
            yield f"the questions: {[turn['question'] for turn in final['turns'][::2]]}"
        if final["turns"][: len(left["turns"])] != left["turns"]:
            yield "what stood was changed"
        kept, shown = [turn["text"] for turn in left["turns"][1::2]], self.api.sent_back(kill.name)
        if kept[: len(shown)] != shown:
            yield f"lost, though it was acknowledged: {shown[len(kept) :]}"
        answered = {turn["text"] for turn in left["turns"][::2]}
        if twice := answered & self.api.questions(resumed(kill)).keys():
            yield f"answered, and asked again: {twice}"
        in_flight = self.api.questions(kill.name).keys() - answered
        lost = [one["failure"] for turn in final["turns"] for one in turn["attempts"]].count("lost")
        if lost != len(left["unanswered"]) or lost < len(in_flight):
            yield f"{lost} tries on record as lost; {len(in_flight)} were in flight"


def resumed(kill: Kill) -> str:
    return f"{kill.name}-resumed"


def document(place: Path) -> Document | None:
    """Return the one session in a workspace, if there is one."""
    with closing(open_workspace(place)) as workspace:
        rows = summaries(workspace)
        return session_document(workspace, rows[0]["id"]) if rows else None


def faults(place: Path) -> list[str]:
    with closing(open_workspace(place)) as workspace:
        return [fault for one in verify_sessions(workspace, []) for fault in one.faults]


def played(kills: Sequence[Kill], template: Path, folder: Path) -> dict[str, Document | None]:
    """Play every story, some at once; return what each kill left. None may go wrong."""
    api = Api(kills)
    with serving(api) as server, ThreadPoolExecutor(AT_ONCE) as pool:
        stage = Stage(template=template, folder=folder, url=server.url, api=api)
        ends = dict(zip((kill.name for kill in kills), pool.map(stage.play, kills), strict=True))
    assert {name: wrong for name, (_, wrong) in ends.items() if wrong} == {}
    return {name: left for name, (left, _) in ends.items()}


@pytest.fixture
def template(workspace: Path, emeritus: Emeritus) -> Path:
    """A workspace in which the small protocol can be run."""
    (workspace / FILE).write_text(SMALL)
    assert emeritus("protocol", "approve", "exit", "--by", "ana").exit_code == 0
    return workspace


def test_a_kill_while_the_provider_is_asked_loses_the_reply_in_flight_and_nothing_else(
    template: Path, tmp_path: Path
) -> None:
    kills = [
        *(Kill(name=f"request-{number}", at_request=number) for number in range(1, 6)),
        *(Kill(name=f"reply-{number}", in_reply=number) for number in range(1, 6)),
    ]

    left = played(kills, template, tmp_path)

    assert [end and len(end["turns"]) for end in left.values()] == 2 * [0, 2, 4, 6, 8]


def points(template: Path, folder: Path) -> list[str]:
    """Return the label of each point at which a run can be killed."""
    place, labels = shutil.copytree(template, folder / "unkilled"), folder / "labels"
    with serving() as server:
        environment = {
            "ANTHROPIC_BASE_URL": server.url,
            "ANTHROPIC_API_KEY": "none",
            "EMERITUS_WORKSPACE": str(place),
        }
        output = folder / "unkilled.output"
        code = forked.emeritus_until(
            -1, *RUN, acts=ACTS, environment=environment, output=output, labels=labels
        )
    assert code == 0, output.read_text()
    return labels.read_text().splitlines()


def test_a_kill_at_any_act_on_the_disk_loses_nothing(template: Path, tmp_path: Path) -> None:
    """Before and after each commit, fsync, rename and all else that the disk is asked for."""
    kills = [
        Kill(name=f"point-{number}", at_point=number)
        for number, _ in enumerate(points(template, tmp_path))
    ]

    left = played(kills, template, tmp_path)

    begun = [end for end in left.values() if end is not None]
    assert len(kills) >= 30
    assert len(begun) >= 0.8 * len(kills)
