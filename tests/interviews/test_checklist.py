"""The interviews' lines of `emeritus status`."""

from pathlib import Path

import pytest

from tests.conftest import Emeritus
from tests.interviews.conftest import Api, Hold, Shown
from tests.support.command_tree import lacking
from tests.support.protocols import FILE, SMALL


def lines(emeritus: Emeritus) -> dict[str, tuple[str, str]]:
    items = emeritus("status", "halcyon-2", "--json").json["models"][0]["items"]
    return {item["subject"]: (item["state"], item["detail"]) for item in items}


@pytest.mark.usefixtures("workspace")
def test_where_nobody_was_interviewed_that_is_what_is_next(emeritus: Emeritus) -> None:
    assert lines(emeritus)["interviews"] == ("open", "none was held")
    assert lines(emeritus)["protocol"] == ("open", "retirement: nobody approved it")


def test_what_was_left_is_open_and_what_goes_on_is_counted(
    api: Api, hold: Hold, emeritus: Emeritus
) -> None:
    api()
    hold("--max-calls", "1")

    found = lines(emeritus)
    assert found["interviews"] == ("open", "1 interrupted")
    assert found["unfinished interviews"] == ("open", "1")


def test_a_complete_session_still_needs_release_and_seal(
    api: Api, hold: Hold, emeritus: Emeritus, shown: Shown
) -> None:
    api()
    hold()

    before = lines(emeritus)
    emeritus("release", "session", shown()["id"], "--public", "--by", "ana")
    emeritus("preserve", "seal")
    after = lines(emeritus)

    named = ("interviews", "protocol", "release of interviews", "sealed interviews")
    assert [before[name][0] for name in named] == ["done", "done", "open", "open"]
    assert [after[name][0] for name in named] == ["done"] * 4


def test_what_comes_next_names_every_option_that_its_command_requires(
    api: Api, hold: Hold, emeritus: Emeritus
) -> None:
    api()
    hold()

    (model,) = emeritus("status", "halcyon-2", "--json").json["models"]

    typed = [item["next"] for item in model["items"] if item["next"]]
    assert any(line.startswith("emeritus release session") for line in typed)
    assert {line: lacking(line) for line in typed if lacking(line)} == {}


@pytest.mark.usefixtures("workspace")
def test_a_shipped_protocol_that_nobody_approved_runs_as_a_pilot_and_stays_open(
    api: Api, emeritus: Emeritus
) -> None:
    api()

    held = emeritus("interview", "run", "halcyon-2", "--json")

    assert held.exit_code == 0, held.stderr
    (session,) = held.json["sessions"]
    before, *_ = held.stderr.partition(session)  # said before anything is told of the session
    assert "Nobody approved retirement, version 2: this is a pilot." in before
    assert "emeritus protocol approve retirement --by PERSON" in before
    assert held.json["pilot"] is True
    shown = emeritus("interview", "show", session, "--json").json
    assert (shown["pilot"], {turn["pilot"] for turn in shown["turns"]}) == (True, {True})
    assert lines(emeritus)["protocol"] == ("open", "retirement: nobody approved it")


@pytest.mark.parametrize(
    "options", [(), ("--campaign", "first")], ids=["a draft", "a draft in a campaign"]
)
def test_a_draft_is_refused_and_runs_as_a_pilot_if_that_is_asked_for(
    options: tuple[str, ...], api: Api, emeritus: Emeritus, workspace: Path
) -> None:
    api()
    (workspace / FILE).write_text(SMALL)
    run = ("interview", "run", "halcyon-2", "--protocol", "exit", "--replicates", "1", *options)

    refused, held = emeritus(*run), emeritus(*run, "--pilot", "--only", "plain/told/en", "--json")

    assert refused.exit_code == 2
    assert "nobody approved version 1" in refused.stderr
    assert held.exit_code == 0, held.stderr
    (session,) = held.json["sessions"]
    assert emeritus("interview", "show", session, "--json").json["pilot"] is True
