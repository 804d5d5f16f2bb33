"""The interviews' lines of `emeritus status`."""

import pytest

from tests.conftest import Emeritus
from tests.interviews.conftest import Api, Hold, Shown
from tests.support.command_tree import lacking


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


def test_a_complete_session_still_needs_approval_release_and_seal(
    api: Api, hold: Hold, emeritus: Emeritus, shown: Shown
) -> None:
    api()
    hold()

    before = lines(emeritus)
    emeritus("protocol", "approve", "exit", "--by", "ana")
    emeritus("release", "session", shown()["id"], "--public", "--by", "ana")
    emeritus("preserve", "seal")
    after = lines(emeritus)

    named = ("interviews", "protocol", "release of interviews", "sealed interviews")
    assert [before[name][0] for name in named] == ["done", "open", "open", "open"]
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
