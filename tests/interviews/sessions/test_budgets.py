"""What may be spent: reserved before each call, settled after it, never passed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import InputError
from interviews.campaigns.prices import Price, Tokens
from interviews.participants.seam import Attempt, Cause, Failure
from interviews.sessions.budgets import (
    Before,
    BudgetError,
    Purse,
    Scope,
    Taken,
    read_budget,
    read_budgets,
)

ADDRESS = "anthropic:halcyon-2"
MOST = Tokens(input=100, output=50)
PRICE = Price(
    currency="USD",
    date="2026-11",
    source="a test",
    input=Decimal(1),
    output=Decimal(10),
    cache_read=Decimal("0.1"),
    cache_write=Decimal(2),
)
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def attempt(
    usage: Mapping[str, int] | None = None,
    cause: Cause | None = None,
    status: int | None = 200,
) -> Attempt:
    failure = None if cause is None else Failure(cause=cause, message="so it is")
    return Attempt(
        started_at=NOON, ended_at=NOON, raw=b"", usage=usage or {}, failure=failure, status=status
    )


def purse(*budgets: str, before: Before | None = None, price: Price | None = PRICE) -> Purse:
    return Purse(
        budgets=tuple(map(read_budget, budgets)),
        prices={} if price is None else {ADDRESS: price},
        earlier=lambda _scope, _name: before or Before(),
    )


@given(st.integers(1, 20), st.integers(1, 5))
def test_the_call_that_would_be_one_too_many_is_refused(limit: int, sessions: int) -> None:
    spends = purse(f"run:calls={limit}")
    for number in range(limit):
        spends.reserve(str(number % sessions), ADDRESS, MOST)
        spends.settle(str(number % sessions), attempt())

    with pytest.raises(BudgetError, match=f"has spent {limit} of {limit} call") as caught:
        spends.reserve("0", ADDRESS, MOST)
    assert "emeritus interview resume" in str(caught.value)


STEPS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.integers(1, 200),
        st.integers(1, 200),
        st.one_of(st.none(), st.floats(0, 1)),
    ),
    max_size=60,
)


@given(STEPS, st.integers(1, 3000), st.sampled_from(["run", "workspace", "campaign"]))
def test_a_provider_that_keeps_to_what_was_reserved_never_takes_more_than_the_budget(
    steps: list[tuple[str, int, int, float | None]], limit: int, scope: str
) -> None:
    """Whoever is in flight: what was sent, and what it took, stays below."""
    spends = purse(f"{scope}:tokens={limit}")
    billed, flying = 0, set[str]()
    for session, read, written, part in steps:
        if session in flying:
            continue
        try:
            spends.reserve(session, ADDRESS, Tokens(input=read, output=written), campaign="c")
        except BudgetError:
            continue
        if part is None:  # it is still in flight, or was lost
            billed += read + written
            flying.add(session)
            continue
        used = {"input_tokens": int(read * part), "output_tokens": int(written * part)}
        spends.settle(session, attempt(used))
        billed += sum(used.values())

    assert billed <= limit


@pytest.mark.parametrize(
    ("ended", "left"),
    [
        pytest.param(attempt({"input_tokens": 7, "output_tokens": 3}), 990, id="as reported"),
        pytest.param(
            attempt({"input_tokens": 7, "output_tokens": 3}, Cause.EMPTY), 990, id="empty, reported"
        ),
        pytest.param(attempt({"server_requests": 9}), 850, id="nothing reported"),
        pytest.param(attempt({}, Cause.BROKEN_OFF), 850, id="broken off"),
        pytest.param(attempt({}, Cause.UNREACHABLE, None), 850, id="no answer"),
        pytest.param(attempt({}, Cause.SERVER_ERROR, 504), 850, id="504"),
        pytest.param(attempt({}, Cause.OVERLOADED, 200), 850, id="overloaded in mid-stream"),
        pytest.param(attempt({}, Cause.OVERLOADED, 529), 1000, id="529"),
        pytest.param(attempt({}, Cause.RATE_LIMITED, 429), 1000, id="429"),
        pytest.param(attempt({}, Cause.KEY_REFUSED, 401), 1000, id="401"),
        pytest.param(
            attempt({
                "input_tokens": 1, "cache_creation_input_tokens": 10,
                "cache_read_input_tokens": 100, "output_tokens": 39,
            }),
            850,
            id="cached tokens are tokens",
        ),
    ],
)  # fmt: skip
def test_an_attempt_takes_what_was_reported_or_what_was_reserved(ended: Attempt, left: int) -> None:
    spends = purse("run:tokens=1000")
    spends.reserve("a", ADDRESS, MOST)
    spends.settle("a", ended)

    spends.reserve("b", ADDRESS, Tokens(output=left))
    with pytest.raises(BudgetError):
        spends.reserve("c", ADDRESS, Tokens(output=1))


def test_what_a_scope_spent_before_counts_and_each_kind_at_its_own_price() -> None:
    """1000 read + 100 written as counted, and 100 + 50 reserved at the dearest: 0.0027 USD."""
    before = Before(
        taken=(
            Taken(
                address=ADDRESS, outcome="replied", calls=1, tokens=Tokens(input=1000, output=100)
            ),
            Taken(address=ADDRESS, outcome="lost", calls=1, tokens=MOST, reserved=True),
        )
    )
    spends = purse("workspace:cost=0.0035USD", before=before)
    spends.reserve("a", ADDRESS, MOST)

    with pytest.raises(BudgetError) as caught:
        spends.reserve("b", ADDRESS, MOST)

    assert str(caught.value).splitlines()[0] == (
        "--budget workspace:cost=0.0035USD: this workspace has spent 0.0034 of 0.0035 USD,"
        " and the next call may take 0.0007 USD"
    )


@pytest.mark.parametrize(
    ("price", "said"),
    [
        pytest.param(None, "input, output, cache_read, cache_write", id="none"),
        pytest.param(replace(PRICE, cache_write=None), ADDRESS + ": cache_write", id="one"),
        pytest.param(replace(PRICE, currency="EUR"), "are in EUR", id="another currency"),
    ],
)
def test_a_budget_on_cost_needs_every_price(price: Price | None, said: str) -> None:
    with pytest.raises(InputError, match=said):
        purse("campaign:cost=1USD", price=price).open([ADDRESS])


def test_what_was_asked_of_somebody_without_a_price_is_not_taken_for_free() -> None:
    before = Before(
        taken=(Taken(address="embedded", outcome="replied", calls=1, tokens=Tokens(input=1)),)
    )

    with pytest.raises(InputError, match="no price is known for embedded"):
        purse("workspace:cost=1USD", before=before).open([ADDRESS])


def test_a_clock_that_goes_back_gives_no_time_back() -> None:
    ticks = iter([0.0, 0.0, 50.0, 10.0, 61.0, 5.0])
    spends = replace(purse("run:minutes=1"), clock=lambda: next(ticks))
    spends.open([ADDRESS])

    for session in "abc":
        spends.reserve(session, ADDRESS, MOST)
    for _ in range(2):
        with pytest.raises(BudgetError, match=r"has run for 1.0 of 1 minutes"):
            spends.reserve("d", ADDRESS, MOST)


def test_time_of_before_counts_and_is_never_negative() -> None:
    with pytest.raises(BudgetError, match=r"campaign spring has run for 2.0 of 1.5 minutes"):
        purse("campaign:minutes=1.5", before=Before(seconds=120)).reserve(
            "a", ADDRESS, MOST, campaign="spring"
        )
    purse("campaign:minutes=1.5", before=Before(seconds=-1e9)).reserve(
        "a", ADDRESS, MOST, campaign="spring"
    )


def test_each_session_has_a_budget_of_its_own() -> None:
    spends = purse("session:calls=1")
    spends.reserve("a", ADDRESS, MOST)
    spends.reserve("b", ADDRESS, MOST)

    with pytest.raises(BudgetError, match="session a has spent 1 of 1 call") as caught:
        spends.reserve("a", ADDRESS, MOST)
    assert (caught.value.scope, caught.value.name) == (Scope.SESSION, "a")


def test_a_session_of_no_campaign_spends_no_campaigns_budget() -> None:
    spends = purse("campaign:calls=1")
    for session in "ab":
        spends.reserve(session, ADDRESS, MOST)


def test_a_call_that_is_refused_reserves_nothing() -> None:
    spends = purse("run:calls=9", "session:tokens=200")
    spends.reserve("a", ADDRESS, MOST)
    for _ in range(20):
        with pytest.raises(BudgetError, match="session a"):
            spends.reserve("a", ADDRESS, MOST)

    for session in "bcdefghi":
        spends.reserve(session, ADDRESS, MOST)


@pytest.mark.parametrize(
    "text",
    [
        "", "calls=3", "run:calls", "run:calls=", "run:calls=0", "run:calls=-1", "run:calls=1.5",
        "run:calls=\uff11", "run:calls=1e9", "run:calls=" + "9" * 40, "run:words=3", "year:calls=3",
        "run:cost=2", "run:cost=2.5", "run:cost=2.5usd", "run:cost=0USD", "run:cost=NaNUSD",
        "run:minutes=0", "run:minutes=infinity", "run:minutes=-3",
    ],
)  # fmt: skip
def test_what_limits_nothing_is_refused_with_its_mend(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_budget(text)
    assert caught.value.at.name == f"--budget {text}"
    assert caught.value.mend


def test_a_file_of_budgets_says_what_flags_say() -> None:
    document = {
        "session": {"calls": 30, "minutes": "1.5"},
        "workspace": {"tokens": 1_000_000, "cost": "12 EUR"},
    }

    said = [
        (str(one.scope), str(one.kind), one.amount, one.currency) for one in read_budgets(document)
    ]

    assert said == [
        ("session", "calls", 30, None),
        ("session", "minutes", Decimal("1.5"), None),
        ("workspace", "tokens", 1_000_000, None),
        ("workspace", "cost", 12, "EUR"),
    ]


@pytest.mark.parametrize(
    ("document", "at"),
    [
        pytest.param({"session": 3}, "budgets.toml: session", id="no table"),
        pytest.param({"year": {"calls": 3}}, "budgets.toml: year.calls", id="unknown scope"),
        pytest.param({"run": {"words": 3}}, "budgets.toml: run.words", id="unknown kind"),
        pytest.param({"run": {"calls": True}}, "budgets.toml: run.calls", id="true"),
        pytest.param({"run": {"cost": 2.5}}, "budgets.toml: run.cost", id="a float"),
        pytest.param({"run": {"calls": [3]}}, "budgets.toml: run.calls", id="a list"),
    ],
)
def test_a_file_that_limits_nothing_is_refused_where_it_is_wrong(
    document: dict[str, object], at: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_budgets(document)
    assert str(caught.value.at) == at
