"""Budgets on the command line: refused before anything is begun, stopped at between turns."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from archive.workspace.locks import only_runner
from archive.workspace.workspace import Workspace
from interviews.attempts import AttemptRecord
from interviews.sessions.budgets import Scope
from interviews.sessions.spending import seconds, spending_alone, subjects_of, taken
from tests.conftest import Emeritus
from tests.interviews.conftest import Api, Hold, Shown
from tests.support.messages_server import Step
from tests.support.rows import rows

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
USED = {"input_tokens": 50, "output_tokens": 50}


def states(emeritus: Emeritus) -> list[tuple[str, int]]:
    held = emeritus("interview", "list", "--json").json["sessions"]
    return [(row["state"], row["length"]) for row in held]


def test_a_budget_of_tokens_is_for_all_sessions_of_the_run_and_is_not_passed(
    api: Api, hold: Hold, emeritus: Emeritus
) -> None:
    """Each call takes 100, and may take up to some 500: none is made that could go beyond 900."""
    api([Step(usage=USED)] * 20)

    result = hold("--replicates", "3", "--max-tokens", "900", "--limit-answer", "100")

    assert result.exit_code == 1
    assert "--max-tokens: this run has spent" in result.stderr
    assert "of 900 tokens, and the next call may take" in result.stderr
    assert states(emeritus)[0] == ("complete", 10)
    assert states(emeritus)[-1][0] == "interrupted"
    assert sum(length for _, length in states(emeritus)) // 2 * 100 <= 900


@pytest.mark.parametrize(
    ("budget", "may_take"),
    [
        ("workspace:tokens=1000", "tokens"),
        ("run:tokens=1000", "tokens"),
        ("session:tokens=1000", "tokens"),
        ("session:cost=0.0102USD", " USD"),
    ],
)
def test_a_budget_below_the_first_call_is_refused_before_anything_is_begun(
    budget: str, may_take: str, api: Api, hold: Hold, emeritus: Emeritus, workspace: Path
) -> None:
    server = api()
    (workspace / "prices.toml").write_text(PRICES)

    result = hold("--budget", budget)

    assert (result.exit_code, result.stdout, server.requests) == (2, "", [])
    assert f"--budget {budget}: the first call may take" in result.stderr
    assert may_take in result.stderr
    assert states(emeritus) == []


def test_a_budget_on_cost_without_prices_is_refused_before_anything_is_begun(
    api: Api, hold: Hold, emeritus: Emeritus
) -> None:
    server = api()

    result = hold("--budget", "session:cost=5USD")

    assert (result.exit_code, server.requests) == (2, [])
    assert 'below ["anthropic:halcyon-2"] in prices.toml' in result.stderr
    assert states(emeritus) == []


def test_a_budget_on_cost_counts_what_was_reported_at_each_price(
    api: Api, hold: Hold, workspace: Path, opened: Workspace
) -> None:
    (workspace / "prices.toml").write_text(PRICES)
    api([Step(usage={**USED, "cache_read_input_tokens": 1000})] * 5)

    assert hold("--budget", "workspace:cost=1USD", "--limit-answer", "100").exit_code == 0

    with spending_alone(opened, []) as purse, opened.database.reading() as session:
        (found,) = taken(session, None)
        spent = purse.prices["anthropic:halcyon-2"]
    assert (found.outcome, found.calls, found.reserved) == ("replied", 5, False)
    assert (found.tokens.input, found.tokens.output, found.tokens.cache_read) == (250, 250, 5000)
    assert spent.cache_read == Decimal("0.1")


def test_a_session_at_its_limit_does_not_stop_the_others(
    api: Api, hold: Hold, emeritus: Emeritus
) -> None:
    api()

    result = hold("--replicates", "3", "--budget", "session:calls=2")

    assert result.exit_code == 1
    assert result.stderr.count("has spent 2 of 2 calls") >= 3
    assert states(emeritus) == [("interrupted", 4)] * 3


def test_the_budget_of_the_workspace_counts_what_earlier_commands_spent(
    api: Api, hold: Hold, emeritus: Emeritus, workspace: Path
) -> None:
    server = api()
    (workspace / "budgets.toml").write_text("[workspace]\ncalls = 7\n")
    assert hold().exit_code == 0

    stopped = hold()
    spent = hold()

    assert (stopped.exit_code, spent.exit_code, len(server.requests)) == (1, 1, 7)
    assert "budgets.toml: workspace.calls: this workspace has spent 7 of 7 calls" in stopped.stderr
    assert states(emeritus) == [("complete", 10), ("interrupted", 4)]
    (workspace / "budgets.toml").unlink()
    assert emeritus("interview", "resume").exit_code == 0


def test_an_attempt_without_an_outcome_is_spent_at_what_was_reserved(
    api: Api, hold: Hold, shown: Shown, opened: Workspace
) -> None:
    api([Step(usage=USED), Step(status=401)])
    hold("--limit-answer", "100")
    with opened.database.writing() as session:
        session.add(
            AttemptRecord(
                subject=shown()["id"], position=3, number=2, request_digest="0" * 64,
                started_at="2026-11-25T12:00:00.000000Z", address="anthropic:halcyon-2",
                reserved_input_tokens=300, reserved_output_tokens=100,
            )
        )  # fmt: skip

    with opened.database.reading() as session:
        found = {
            one.outcome: one for one in taken(session, subjects_of(Scope.SESSION, shown()["id"]))
        }

    assert {name: (one.calls, one.tokens.total, one.reserved) for name, one in found.items()} == {
        "replied": (1, 100, False),
        "key refused": (1, 0, False),
        "in flight": (1, 400, True),
    }


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([(0, 10), (20, 25)], 15, id="one after the other"),
        pytest.param([(0, 10), (5, 12), (6, 7)], 12, id="at once"),
        pytest.param([(10, 2), (11, 12)], 1, id="a clock that was set back"),
        pytest.param([(0, None), (3, 4)], 1, id="one without an end"),
    ],
)
def test_time_is_what_passed_while_somebody_was_asked(
    spans: list[tuple[int, int | None]], expected: int, opened: Workspace
) -> None:
    def at(second: int) -> str:
        return f"2026-11-25T12:00:{second:02}.000000Z"

    with opened.database.writing() as session:
        for number, (start, end) in enumerate(spans):
            session.add(
                AttemptRecord(
                    subject="somebody", position=1, number=number, request_digest="0" * 64,
                    started_at=at(start), ended_at=None if end is None else at(end),
                )
            )  # fmt: skip

    with opened.database.reading() as session:
        assert seconds(session, None) == expected


def test_who_comes_second_under_a_budget_of_the_workspace_is_refused(
    api: Api, hold: Hold, workspace: Path
) -> None:
    server = api()
    with only_runner(workspace / "locks" / "budget-workspace", what="the first"):
        budgeted, other = hold("--budget", "workspace:calls=9"), hold()

    assert (budgeted.exit_code, other.exit_code, server.requests) == (3, 3, [])
    assert "another process asks in it" in budgeted.stderr
    assert rows(workspace, "SELECT 1 FROM attempt") == []


def test_without_a_budget_of_the_workspace_two_processes_may_ask(
    api: Api, hold: Hold, opened: Workspace
) -> None:
    api()
    with spending_alone(opened, []):
        assert hold().exit_code == 0
        assert hold("--budget", "workspace:calls=9").exit_code == 3


@pytest.mark.parametrize(
    "options", [["--max-calls", "0"], ["--max-tokens", "few"], ["--budget", "x"]]
)
def test_an_amount_that_is_none_is_refused(options: list[str], api: Api, hold: Hold) -> None:
    server = api()

    result = hold(*options)

    assert (result.exit_code, server.requests) == (2, [])
    assert options[0] in result.stderr


def test_a_campaign_at_its_limit_begins_no_more_and_holds_up_no_other_session(
    api: Api, hold: Hold, emeritus: Emeritus
) -> None:
    """Of 20 calls 7 are allowed; a session of no campaign is gone on with all the same."""
    server = api()
    budget = ("--budget", "campaign:calls=7")
    stopped = hold("--campaign", "spring", *budget)
    assert hold("--max-calls", "2").exit_code == 1

    resumed = emeritus("interview", "resume", *budget)

    assert (stopped.exit_code, resumed.exit_code) == (1, 1)
    assert "campaign spring has spent 7 of 7 calls" in stopped.stderr
    assert states(emeritus) == [("complete", 10), ("interrupted", 4), ("complete", 10)]
    assert len(server.requests) == 12
    assert emeritus("interview", "resume", "--campaign", "spring").exit_code == 0
    assert emeritus("interview", "cost", "--campaign", "spring", "--json").json["calls"] == 20


@pytest.mark.parametrize("at_once", ["1", "8"])
def test_the_last_line_of_a_run_is_what_the_record_says(
    at_once: str, api: Api, hold: Hold, emeritus: Emeritus, workspace: Path
) -> None:
    """Stopped sessions have not ended, and every token and every fraction of a cent is in it."""
    (workspace / "prices.toml").write_text(PRICES)
    api()

    result = hold(
        "--campaign", "b", "--replicates", "1", "--concurrency", at_once,
        "--budget", "campaign:calls=7",
    )  # fmt: skip

    cost = emeritus("interview", "cost", "--campaign", "b", "--json").json
    tokens = sum(sum(one["tokens"].values()) for one in cost["participants"])
    (price,) = cost["cost"]
    by_state = Counter(state for (state,) in rows(workspace, "SELECT state FROM session"))
    stand = ", ".join(f"{count} {state}" for state, count in sorted(by_state.items()))
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("On record")]
    assert result.exit_code == 1
    assert f"({stand}): 7 answers, {tokens} tokens in 7 calls, cost " in line
    assert line.endswith(f"{float(price['amount']):.6f}".rstrip("0") + " USD.")
    totals = [line for line in result.stderr.splitlines() if "going on; time left" in line]
    assert totals[-1].startswith(f"{by_state['complete']} of 4 ended, ")


def test_a_campaign_whose_budget_is_below_its_first_call_is_not_planned(
    api: Api, hold: Hold, workspace: Path
) -> None:
    server = api()

    result = hold("--campaign", "spring", "--budget", "campaign:tokens=1000")

    assert (result.exit_code, server.requests) == (2, [])
    assert "the first call may take" in result.stderr
    assert rows(workspace, "SELECT slug FROM campaign") == []


def test_a_campaign_that_another_process_asks_in_is_not_asked_under_a_budget(
    api: Api, hold: Hold, opened: Workspace
) -> None:
    server = api()
    with spending_alone(opened, [], campaigns=["spring"]):
        result = hold("--campaign", "spring", "--budget", "campaign:calls=7")

    assert (result.exit_code, server.requests) == (3, [])
    assert "campaign spring: another process asks in it" in result.stderr


def test_what_posts_took_counts_in_the_workspace_at_their_participants_price(
    api: Api, hold: Hold, emeritus: Emeritus, workspace: Path
) -> None:
    (workspace / "prices.toml").write_text(PRICES)
    server = api([Step(text="# A post\n\nIt is one.", usage=USED)])
    assert emeritus("post", "write", "halcyon-2").exit_code == 0
    (workspace / "budgets.toml").write_text('[workspace]\ncalls = 4\ncost = "1USD"\n')

    result = hold()

    assert (result.exit_code, len(server.requests)) == (1, 4)
    assert "this workspace has spent 4 of 4 calls" in result.stderr
