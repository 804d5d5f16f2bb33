"""What is on record of models, and what was promised."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records.lifecycle import last_day
from tests.conftest import Emeritus

pytestmark = pytest.mark.usefixtures("workspace")


def test_a_model_is_shown_as_it_was_put_on_record(emeritus: Emeritus) -> None:
    emeritus("model", "edit", "halcyon-2", "--maker", "Halcyon Labs", "--context-window", "8192")

    shown = emeritus("model", "show", "halcyon-2", "--json").json

    assert (shown["name"], shown["participant"]) == ("Halcyon 2", "anthropic:halcyon-2")
    assert (shown["maker"], shown["context_window"]) == ("Halcyon Labs", 8192)
    assert shown["licence"] is None


def test_what_is_not_recorded_is_said_to_be_so(emeritus: Emeritus) -> None:
    assert "maker           not recorded" in emeritus("model", "show", "halcyon-2").stdout


def test_a_model_is_never_put_on_record_twice(emeritus: Emeritus) -> None:
    result = emeritus("model", "add", "halcyon-2", "--name", "Other", "--participant", "embedded")

    assert (result.exit_code, "already on record" in result.stderr) == (2, True)
    assert emeritus("model", "show", "halcyon-2", "--json").json["name"] == "Halcyon 2"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(("show", "none-such"), "none-such: no such model", id="unknown"),
        pytest.param(
            ("add", "Not A Slug", "--name", "x", "--participant", "embedded"),
            "SLUG: not a slug",
            id="no slug",
        ),
        pytest.param(
            ("add", "other", "--name", "x", "--participant", "carrier-pigeon"),
            "--participant: no such participant",
            id="no participant",
        ),
        pytest.param(
            ("lifecycle", "halcyon-2", "--event", "retired", "--date", "soon", "--source", "x"),
            "--date: not a date",
            id="no date",
        ),
    ],
)
def test_what_cannot_be_recorded_is_named_with_its_mend(
    emeritus: Emeritus, arguments: tuple[str, ...], message: str
) -> None:
    result = emeritus("model", *arguments)

    assert (result.exit_code, message in result.stderr) == (2, True), result.stderr


def test_observations_are_added_and_never_overwritten(emeritus: Emeritus) -> None:
    for day in ("2026-12-01", "2026-12-31"):
        emeritus(
            "model", "lifecycle", "halcyon-2", "--event", "retired", "--date", day,
            "--source", "https://halcyon.example/deprecations", "--channel", "api",
        )  # fmt: skip

    lifecycle = emeritus("model", "show", "halcyon-2", "--json").json["lifecycle"]

    assert [(row["date"], row["channel"]) for row in lifecycle] == [
        ("2026-12-01", "api"),
        ("2026-12-31", "api"),
    ]


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(9998, 12, 31)))
def test_the_last_day_of_a_date_is_never_before_it(day: date) -> None:
    text = day.isoformat()

    assert last_day(text) == day
    assert day <= last_day(text[:7]) <= last_day(text[:4])
    assert last_day(text[:7]).isoformat()[:7] == text[:7]


def test_a_promise_is_kept_once_and_stays_so(emeritus: Emeritus) -> None:
    emeritus("promise", "add", "halcyon-2", "Keep the weights", "--due", "2036", "--by", "ana")
    (promise,) = emeritus("promise", "list", "halcyon-2", "--json").json["promises"]

    kept = emeritus("promise", "resolve", promise["id"], "--kept", "--evidence", "x", "--by", "ana")
    again = emeritus(
        "promise", "resolve", promise["id"], "--missed", "--evidence", "y", "--by", "ana"
    )

    (after,) = emeritus("promise", "list", "halcyon-2", "--json").json["promises"]
    assert (kept.exit_code, again.exit_code) == (0, 1)
    assert (after["outcome"], after["evidence"]) == ("kept", "x")


def test_only_people_on_the_roster_decide(emeritus: Emeritus) -> None:
    result = emeritus("promise", "add", "halcyon-2", "Keep the weights", "--by", "nobody")

    assert result.exit_code == 2
    assert "people.toml: no such person: 'nobody'\n  Add [people.nobody]" in result.stderr
