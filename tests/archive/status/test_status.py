"""The retirement checklist: what is done, open, overdue, and what to type next."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.status.checklist import days_left
from tests.conftest import Emeritus
from tests.support.command_tree import lacking


def items(emeritus: Emeritus) -> dict[str, dict[str, Any]]:
    (model,) = emeritus("status", "halcyon-2", "--json").json["models"]
    return {item["subject"]: item for item in model["items"]}


@pytest.mark.usefixtures("workspace")
def test_a_new_model_needs_everything_and_is_not_late(emeritus: Emeritus) -> None:
    result = emeritus("status", "halcyon-2")

    assert result.exit_code == 0
    for subject in ("retirement date", "weights", "access policy"):
        assert items(emeritus)[subject]["state"] == "not recorded"
    assert "next: emeritus weights register halcyon-2 PATH" in result.stdout


@pytest.mark.usefixtures("workspace")
def test_a_promise_past_its_date_is_overdue_until_somebody_says_what_became_of_it(
    emeritus: Emeritus,
) -> None:
    emeritus("promise", "add", "halcyon-2", "Publish", "--due", "2020-06", "--by", "ana")
    (promise,) = emeritus("promise", "list", "halcyon-2", "--json").json["promises"]
    late = emeritus("status", "halcyon-2")

    emeritus("promise", "resolve", promise["id"], "--missed", "--evidence", "none", "--by", "ana")

    assert (late.exit_code, "overdue       promise: Publish" in late.stdout) == (1, True)
    assert emeritus("status", "halcyon-2").exit_code == 0
    assert items(emeritus)["promise: Publish"]["detail"] == "missed: none"


def test_what_comes_next_names_every_option_that_its_command_requires(
    emeritus: Emeritus, workspace: Path
) -> None:
    (workspace / "policy.md").write_text("For research.")
    emeritus("promise", "add", "halcyon-2", "Publish", "--due", "2020-06", "--by", "ana")
    lines = [item["next"] for item in items(emeritus).values()]
    emeritus(
        "policy", "set", "halcyon-2", "--summary", "x", "--wording", "policy.md",
        "--how-to-ask", "Write.", "--by", "ana",
    )  # fmt: skip
    lines += [item["next"] for item in items(emeritus).values()]

    assert {line: lacking(line) for line in lines if line and lacking(line)} == {}
    assert "emeritus release model halcyon-2 --public --by PERSON" in lines


@pytest.mark.usefixtures("workspace")
def test_each_channel_has_its_own_date(emeritus: Emeritus) -> None:
    soon = (date.today() + timedelta(days=30)).isoformat()  # noqa: DTZ011  # within a day either way
    for channel, day in (("api", soon), ("cloud", "2021")):
        emeritus(
            "model", "lifecycle", "halcyon-2", "--event", "retired", "--date", day,
            "--source", "the maker", "--channel", channel,
        )  # fmt: skip

    found = items(emeritus)

    assert found["retirement on api"]["due"] == soon
    assert "days" in found["retirement on api"]["detail"]
    assert found["retirement on cloud"]["state"] == "done"


def test_weights_are_done_when_they_were_read_again_and_are_the_same(
    emeritus: Emeritus, workspace: Path
) -> None:
    file = workspace / "model.bin"
    file.write_bytes(b"weights")
    emeritus("weights", "register", "halcyon-2", file)
    registered = items(emeritus)["weights"]["state"]
    emeritus("weights", "verify", "halcyon-2")
    verified = items(emeritus)["weights"]["state"]

    file.write_bytes(b"weightz")
    checked = emeritus("weights", "verify", "halcyon-2")

    assert (registered, verified, checked.exit_code) == ("open", "done", 1)
    assert items(emeritus)["weights"]["detail"] == "not as registered: model.bin changed"


@given(st.integers(-4000, 4000))
def test_days_left_say_which_way(days: int) -> None:
    today = date(2026, 11, 23)
    words = days_left(today + timedelta(days=days), today)

    assert words.endswith("ago") is (days < 0)
    assert words.startswith("in ") is (days > 0)
    assert (str(abs(days)) in words) is (days != 0)


def test_where_a_decision_is_waited_for_it_says_who_can_sign(
    emeritus: Emeritus, workspace: Path
) -> None:
    signed, unsigned = items(emeritus)["access policy"], items(emeritus)["weights"]
    assert (signed["signs"], unsigned["signs"]) == (["ana"], [])
    assert "signs: Ana Ruiz (ana)" in emeritus("status", "halcyon-2").stdout

    (workspace / "people.toml").write_text("")

    assert "signs: nobody is on the roster yet" in emeritus("status", "halcyon-2").stdout
