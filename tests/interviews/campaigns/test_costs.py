"""`interview cost`: what was taken, from the attempts on record and nothing else."""

from pathlib import Path

import pytest

from archive.workspace.workspace import Workspace
from interviews.sessions.spending import earlier_replies
from tests.conftest import Emeritus
from tests.interviews.conftest import Api, Hold, Shown
from tests.support.messages_server import Step

PRICES = """\
["anthropic:halcyon-2"]
input = "1"
output = "10"
cache_read = "0.1"
cache_write = "2"
currency = "USD"
date = "2026-11"
source = "a test"
"""
USED = {
    "input_tokens": 100,
    "output_tokens": 50,
    "cache_read_input_tokens": 800,
    "cache_creation_input_tokens": 100,
}
AT_ONCE = {"retry-after": "0"}


def test_what_was_counted_is_what_it_cost(
    api: Api, hold: Hold, emeritus: Emeritus, workspace: Path
) -> None:
    """Five replies and one try that was refused: each kind of token at its own price."""
    (workspace / "prices.toml").write_text(PRICES)
    api([Step(status=529, headers=AT_ONCE), *[Step(usage=USED)] * 5])
    hold()

    document = emeritus("interview", "cost", "--json").json
    text = emeritus("interview", "cost", "--model", "halcyon-2").stdout

    (asked,) = document["participants"]
    assert (document["sessions"], document["calls"]) == (1, 6)
    assert asked["calls"] == {"replied": 5, "overloaded": 1}
    assert asked["tokens"] == {
        "input": 500, "output": 250, "cache_read": 4000, "cache_write": 500,
    }  # fmt: skip
    assert document["cost"] == [{"amount": "0.0044000", "currency": "USD"}]
    assert asked["cache"]["share_of_input"] == 0.8
    assert asked["cache"]["saved"]["amount"] == "0.0031000"
    assert asked["price"] == {"date": "2026-11", "source": "a test"}
    assert "cost          0.0044 USD, at prices of 2026-11 (a test)" in text
    assert "80.0% of the input read from it; saved: 0.0031 USD" in text


def test_without_a_price_the_cost_is_unknown(api: Api, hold: Hold, emeritus: Emeritus) -> None:
    api()
    hold()

    document = emeritus("interview", "cost", "--json").json

    assert (document["cost"], document["unknown_cost_of"]) == ([], ["anthropic:halcyon-2"])
    assert document["participants"][0]["cost"]["missing"] == ["input", "output"]
    assert "unknown: no price of input, output" in emeritus("interview", "cost").stdout


def test_what_broke_off_is_not_settled_and_costs_at_most_its_reservation(
    api: Api, hold: Hold, emeritus: Emeritus, workspace: Path
) -> None:
    (workspace / "prices.toml").write_text(PRICES)
    api([Step(fault="reset", after=None)])
    hold("--limit-answer", "100")

    (asked,) = emeritus("interview", "cost", "--json").json["participants"]

    assert asked["unsettled"]["calls"] == 1
    assert asked["unsettled"]["output"] == 100
    assert asked["unsettled"]["input"] > 100
    assert float(asked["unsettled"]["cost_at_most"]["amount"]) > 0.001
    assert "not settled   1 call: at most" in emeritus("interview", "cost").stdout


def test_sessions_are_chosen_by_id_and_by_model(api: Api, hold: Hold, emeritus: Emeritus) -> None:
    api()
    first, *_ = hold("--replicates", "2").json["sessions"]
    emeritus("model", "add", "halcyon-3", "--name", "Halcyon 3", "--participant", "embedded")

    def calls(*options: str) -> int:
        return int(emeritus("interview", "cost", "--json", *options).json["calls"])

    assert (calls(), calls(first), calls("--model", "halcyon-3")) == (10, 5, 0)


@pytest.mark.parametrize("options", [["nobody"], ["--campaign", "nobody"], ["--model", "nobody"]])
@pytest.mark.usefixtures("workspace")
def test_what_is_not_on_record_is_named(options: list[str], emeritus: Emeritus) -> None:
    result = emeritus("interview", "cost", *options)

    assert result.exit_code == 2
    assert "nobody" in result.stderr


def test_where_nothing_was_asked_there_is_no_cost(emeritus: Emeritus, workspace: Path) -> None:
    assert workspace.is_dir()
    assert emeritus("interview", "cost", "--json").json == {
        "sessions": 0, "calls": 0, "cost": [], "unknown_cost_of": [], "participants": [],
    }  # fmt: skip


def test_figures_of_earlier_replies_are_those_of_this_protocol(
    api: Api, hold: Hold, shown: Shown, opened: Workspace
) -> None:
    api([Step(usage=USED)] * 5)
    hold()

    with opened.database.reading() as session:
        found = earlier_replies(session, model="halcyon-2", protocol=shown()["protocol"]["slug"])
        others = earlier_replies(session, model="halcyon-2", protocol="retirement")

    assert [tokens for tokens, _ in found] == [50] * 5
    assert all(0 <= seconds < 60 for _, seconds in found)
    assert others == []
