"""`interview resume`: what was left goes on where it was; who runs it, runs it alone."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from archive.workspace.locks import only_runner
from tests.conftest import Emeritus
from tests.interviews.conftest import ASKS, Api, Hold, Shown
from tests.support.messages_server import Received, Step
from tests.support.protocols import FILE, SMALL

pytestmark = pytest.mark.sqlite


@pytest.fixture
def left(api: Api, hold: Hold) -> None:
    """A session of which two of five questions are answered."""
    api()
    assert hold("--max-calls", "2").exit_code == 1


@pytest.mark.usefixtures("left")
def test_nothing_is_asked_twice_and_what_was_said_stays(emeritus: Emeritus, shown: Shown) -> None:
    before = shown()

    assert emeritus("interview", "resume", before["id"]).exit_code == 0

    after = shown()
    assert after["turns"][:4] == before["turns"]
    assert [turn["question"] for turn in after["turns"][::2]] == ASKS
    assert emeritus("interview", "verify").exit_code == 0


@pytest.mark.usefixtures("left")
def test_the_protocol_is_the_one_that_it_began_with(
    emeritus: Emeritus, shown: Shown, workspace: Path
) -> None:
    """Its file may have been edited since, or be gone."""
    (workspace / FILE).write_text(SMALL.replace("your use?", "your users?"))
    before = shown()["protocol"]

    emeritus("interview", "resume")

    document = shown()
    assert document["turns"][4]["text"] == "What do you know about your use?"
    assert document["protocol"] == before


@pytest.mark.usefixtures("left")
def test_another_participant_is_not_asked_the_rest(emeritus: Emeritus, shown: Shown) -> None:
    emeritus("model", "edit", "halcyon-2", "--participant", "anthropic:halcyon-3")

    result = emeritus("interview", "resume")

    assert result.exit_code == 2
    assert "anthropic:halcyon-2" in result.stderr
    assert len(shown()["turns"]) == 4


@pytest.mark.usefixtures("left")
def test_a_session_with_a_bad_turn_is_not_gone_on_with(emeritus: Emeritus, workspace: Path) -> None:
    with closing(sqlite3.connect(workspace / "emeritus.db")) as database, database:
        database.execute("""UPDATE turn SET content = 'x' WHERE "index" = 1""")

    result = emeritus("interview", "resume")

    assert result.exit_code == 1
    assert ": turn 1: its content is not what was recorded" in result.stderr


@pytest.mark.usefixtures("left")
def test_a_second_runner_is_refused_and_the_first_is_not_disturbed(
    emeritus: Emeritus, shown: Shown, workspace: Path
) -> None:
    before = shown()
    with only_runner(workspace / "locks" / before["id"], what="the first"):
        result = emeritus("interview", "resume", before["id"])

    assert result.exit_code == 3
    assert "another process is running it" in result.stderr
    assert shown() == before


def test_who_has_ended_the_interview_is_not_asked_on(
    api: Api, hold: Hold, emeritus: Emeritus, shown: Shown, workspace: Path
) -> None:
    """The reply stands, but without the log's key the session could not end."""
    server = api(taking_the_keys(workspace, {1: Step(), 2: Step(text="END INTERVIEW")}))
    assert hold().exit_code == 2
    assert (shown()["state"], len(shown()["turns"])) == ("interrupted", 4)
    (workspace / "elsewhere").rename(workspace / "keys")

    assert emeritus("interview", "resume").exit_code == 0

    assert (shown()["state"], len(shown()["turns"]), len(server.requests)) == ("declined", 4, 2)


def test_with_nothing_left_there_is_nothing_to_do(
    api: Api, hold: Hold, emeritus: Emeritus, shown: Shown
) -> None:
    server = api()
    hold()

    assert emeritus("interview", "resume", "--json").json == {"sessions": []}
    assert emeritus("interview", "resume", shown()["id"]).exit_code == 0
    assert len(server.requests) == 5


@pytest.mark.usefixtures("workspace")
def test_a_session_that_nobody_held_is_named(emeritus: Emeritus) -> None:
    result = emeritus("interview", "resume", "no-such-session")

    assert result.exit_code == 2
    assert "no-such-session" in result.stderr


def test_a_session_that_the_log_cannot_take_keeps_its_last_answer_and_ends_later(
    api: Api, hold: Hold, emeritus: Emeritus, workspace: Path, shown: Shown
) -> None:
    server = api(taking_the_keys(workspace, dict.fromkeys(range(1, 6), Step())))
    refused = hold()
    left, asked = shown(), len(server.requests)

    (workspace / "elsewhere").rename(workspace / "keys")
    resumed = emeritus("interview", "resume")

    assert (refused.exit_code, left["state"], left["length"]) == (2, "interrupted", 10)
    assert (resumed.exit_code, shown()["state"], len(server.requests)) == (0, "complete", asked)


def taking_the_keys(workspace: Path, steps: Mapping[int, Step]) -> Callable[[Received], Step]:
    """Return a script of so many answers; the log's keys are gone once the last was asked for."""

    def answer(received: Received) -> Step:
        if received.number == len(steps):
            (workspace / "keys").rename(workspace / "elsewhere")
        return steps[received.number]

    return answer


def test_without_the_keys_of_the_log_nothing_is_asked(
    api: Api, hold: Hold, emeritus: Emeritus, workspace: Path
) -> None:
    server = api()
    (workspace / "keys").rename(workspace / "elsewhere")

    refused = hold()

    assert (refused.exit_code, len(server.requests)) == (2, 0)
    assert "keys" in refused.stderr
    assert emeritus("interview", "list", "--json").json == {"sessions": []}
