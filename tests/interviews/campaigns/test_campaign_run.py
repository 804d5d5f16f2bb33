"""`interview run --campaign`: planned and logged before the first question, balanced, gone on with."""

import json
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from archive.log.entries import LogEntry
from archive.workspace.workspace import Workspace
from tests.conftest import Emeritus, Result
from tests.interviews.conftest import Api, Hold
from tests.support.messages_server import Received, Step
from tests.support.protocols import FILE
from tests.support.rows import rows

NAME = ("--campaign", "exit-2026")


def planned(hold: Hold, *options: str) -> Result:
    return hold(*NAME, *options)


def flow(emeritus: Emeritus) -> dict[str, dict[str, int]]:
    document = emeritus("interview", "coverage", *NAME, "--json").json
    return {words: one["fates"] for words, one in document["conditions"].items()}


def test_every_condition_is_held_as_often_as_is_planned(
    api: Api, hold: Hold, emeritus: Emeritus
) -> None:
    api()

    result = planned(hold, "--replicates", "2", "--concurrency", "3")

    assert result.exit_code == 0, result.stderr
    assert {words: fates["complete"] for words, fates in flow(emeritus).items()} == {
        "plain/told/en": 2,
        "warm/told/en": 2,
        "plain/untold/en": 2,
        "warm/untold/en": 2,
    }
    assert emeritus("interview", "verify").exit_code == 0


def test_the_plan_is_in_the_log_before_anything_is_asked(
    api: Api, hold: Hold, opened: Workspace
) -> None:
    seen: list[str] = []

    def look(_received: Received) -> Step | None:
        with opened.database.reading() as session:
            seen.extend(session.exec(select(LogEntry.kind)).all() if not seen else [])
        return None

    api(look)
    planned(hold, "--replicates", "1")

    assert seen[-1] == "plan"


def test_what_was_left_is_gone_on_with_and_nothing_is_held_twice(
    api: Api, hold: Hold, emeritus: Emeritus, workspace: Path
) -> None:
    server = api()
    stopped = planned(hold, "--replicates", "1", "--max-calls", "7")

    resumed = emeritus("interview", "resume", *NAME)
    again = planned(hold, "--replicates", "1")

    assert (stopped.exit_code, resumed.exit_code, again.exit_code) == (1, 0, 0)
    assert len(server.requests) == 4 * 5
    slots = Counter(slot for (slot,) in rows(workspace, "SELECT slot FROM session"))
    assert slots == {0: 1, 1: 1, 2: 1, 3: 1}


def test_another_plan_under_the_same_name_is_refused(
    api: Api, hold: Hold, emeritus: Emeritus
) -> None:
    api()
    planned(hold, "--replicates", "1")

    result = planned(hold, "--replicates", "2")

    assert result.exit_code == 2
    assert "planned already" in result.stderr
    assert emeritus("interview", "campaigns", "--json").json["campaigns"][0]["flow"]["begun"] == 4


def test_the_version_that_was_planned_is_asked_whatever_became_of_the_file(
    api: Api, hold: Hold, emeritus: Emeritus, workspace: Path
) -> None:
    server = api()
    planned(hold, "--replicates", "1", "--max-calls", "3")
    (workspace / FILE).write_text("no protocol any more")

    resumed = emeritus("interview", "resume", *NAME)

    assert resumed.exit_code == 0, resumed.stderr
    assert len(server.requests) == 4 * 5


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--only", "plain/told/xx"), "no condition 'plain/told/xx'"),
        (("--language", "de"), "no language 'de'"),
        (("--stance", "cold"), "no stance 'cold'"),
        (("--character", "assistant"), "no character 'assistant'"),
        (("--campaign", "No Name"), "No Name"),
    ],
    ids=lambda value: value[-1] if isinstance(value, tuple) else "",
)
def test_what_the_protocol_has_not_is_refused_before_anything_is_planned(
    options: tuple[str, str], says: str, api: Api, hold: Hold, emeritus: Emeritus
) -> None:
    server = api()

    result = planned(hold, "--replicates", "1", *options)

    assert result.exit_code == 2
    assert says in result.stderr
    assert server.requests == []
    assert emeritus("interview", "campaigns", "--json").json == {"campaigns": []}


def test_replicates_at_temperature_0_on_the_embedded_engine_are_one_draw(
    emeritus: Emeritus, workspace: Path
) -> None:
    emeritus("model", "add", "small", "--name", "Small", "--participant", "embedded")

    result = emeritus(
        "interview", "run", "small", "--temperature", "0", "--replicates", "2", "--pilot"
    )

    assert result.exit_code == 2
    assert "2 replicates at temperature 0 are one draw, counted 2 times" in result.stderr
    assert rows(workspace, "SELECT id FROM session") == []


CHANGES = {
    "a session in another's place": (
        "UPDATE session SET slot = 3",
        "the session's row does not say what it says",
    ),
    "another plan": (
        "UPDATE campaign SET plan_digest = 'ff'",
        "its plan is not what was recorded",
    ),
    "a plan that was never logged": (
        "DELETE FROM log_entry WHERE kind = 'plan'",
        "the log has no entry of it",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_campaign_that_was_changed_is_found(
    name: str, api: Api, hold: Hold, emeritus: Emeritus, opened: Workspace
) -> None:
    api()
    planned(hold, "--replicates", "1", "--only", "plain/told/en")
    statement, says = CHANGES[name]
    with opened.database.transaction() as connection:
        connection.execute(text(statement))

    result = emeritus("interview", "verify", "--json")

    assert result.exit_code == 1
    assert says in json.dumps(result.json)


def test_a_dry_run_plans_and_asks_nothing(api: Api, hold: Hold, emeritus: Emeritus) -> None:
    server = api()

    document = planned(hold, "--replicates", "250000", "--dry-run").json

    assert (document["sessions"], document["conditions"]) == (1_000_000, 4)
    assert document["calls"] == [5_000_000, 5_000_000]
    assert document["cost"] is None
    assert server.requests == []
    assert emeritus("interview", "campaigns", "--json").json == {"campaigns": []}
