"""What a campaign will take, before it begins: ranges that hold, and unknown where it is unknown."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.campaigns.estimating import (
    Follower,
    Group,
    Measured,
    Pace,
    Percentiles,
    Range,
    estimate,
    estimate_document,
    estimate_text,
    measured,
    rounded,
    shortest_way,
)
from interviews.campaigns.prices import Price
from interviews.protocols.probes import ProbeKind
from interviews.protocols.script import AnswerIs, Ask, Fate, Jump, Probing

ADDRESS = "anthropic:halcyon-2"
PRICE = Price(
    currency="USD",
    date="2026-11-01",
    source="a test",
    input=Decimal(3),
    output=Decimal(15),
    cache_read=Decimal("0.3"),
    cache_write=Decimal("3.75"),
)


def ask(name: str, *, length: int = 100, probes: int = 0, go: str | None = None) -> Ask:
    when = AnswerIs(question=name, fate=Fate.DECLINED)
    return Ask(
        id=name,
        section=None,
        before="",
        question="x" * length,
        probing=Probing(most=probes, kinds=(ProbeKind.REASON,)) if probes else None,
        jumps=() if go is None else (Jump(when=when, go=go),),
    )


THREE = (ask("a"), ask("b"), ask("c"))


def test_each_call_sends_the_whole_conversation_again() -> None:
    """20 tokens asked and 1 said at the least, 50 and 10 at the most, three times over."""
    found = estimate([Group(sessions=2, asks=THREE)], address=ADDRESS, max_tokens=10)

    (part,) = found.parts
    assert found.calls == (6, 6)
    assert part.low.read == 2 * (20 + 41 + 62)
    assert part.high.read == part.cached.read == 2 * (50 + 110 + 170)
    assert (part.low.output, part.high.output) == (6, 60)
    assert part.cached.cache_read == 2 * (50 + 110)
    assert part.high.cache_read == 0


def test_probes_count_up_to_their_most_where_somebody_writes_them() -> None:
    asks = (ask("a"), ask("b", probes=2), ask("c", probes=1))
    writer = Follower(address="anthropic:other", price=PRICE, tries=3, max_tokens=200, prompt=2000)

    alone = estimate([Group(sessions=1, asks=asks)], address=ADDRESS, max_tokens=10)
    probed = estimate(
        [Group(sessions=1, asks=asks)], address=ADDRESS, max_tokens=10, followers=[writer]
    )

    assert alone.calls == (3, 3)
    assert [part.calls for part in probed.parts] == [(3, 6), (0, 9)]
    assert probed.parts[1].high.output == 9 * 200
    assert probed.parts[1].high.input >= 9 * 1000


def test_the_least_takes_the_shortest_way_through_a_script() -> None:
    asks = (ask("a", go="d"), ask("b", go="c"), ask("c"), ask("d"), ask("e"))

    assert [one.id for one in shortest_way(asks)] == ["a", "d", "e"]
    assert estimate([Group(sessions=1, asks=asks)], address=ADDRESS, max_tokens=1).calls == (3, 5)


def test_cost_is_from_the_least_with_a_prompt_cache_to_the_most_without() -> None:
    found = estimate([Group(sessions=1, asks=THREE)], address=ADDRESS, max_tokens=10, price=PRICE)

    low = (
        Decimal(20 + 41) * PRICE_OF["cache_read"]
        + 62 * PRICE_OF["cache_write"]
        + 3 * PRICE_OF["output"]
    )
    high = Decimal(50 + 110 + 170) * PRICE_OF["cache_write"] + 30 * PRICE_OF["output"]
    assert found.cost == (low / 10**6, high / 10**6, "USD")
    assert "prices of anthropic:halcyon-2 of 2026-11-01 (a test)" in estimate_text(found)


PRICE_OF = {
    "cache_read": Decimal("0.3"),
    "cache_write": Decimal("3.75"),
    "output": Decimal(15),
}


@pytest.mark.parametrize(
    "price", [None, Price(currency="USD", date="2026", source="a test", input=Decimal(1))]
)
def test_without_a_price_the_cost_is_unknown_and_never_nothing(price: Price | None) -> None:
    found = estimate([Group(sessions=1, asks=THREE)], address=ADDRESS, max_tokens=9, price=price)

    assert (found.cost, estimate_document(found)["cost"]) == (None, None)
    assert "cost        unknown" in estimate_text(found)


def test_costs_in_two_currencies_are_not_added_up() -> None:
    euro = Price(**{**{k: getattr(PRICE, k) for k in PRICE.__slots__}, "currency": "EUR"})
    judge = Follower(address="anthropic:judge", price=euro, tries=1, max_tokens=60)
    asks = (ask("a", probes=1),)

    found = estimate(
        [Group(sessions=1, asks=asks)],
        address=ADDRESS,
        max_tokens=9,
        price=PRICE,
        followers=[judge],
    )

    assert found.cost is None
    assert "EUR  anthropic:judge" in estimate_text(found)


def test_earlier_replies_narrow_the_range_and_give_the_time() -> None:
    earlier = measured([(tokens, tokens / 10) for tokens in range(10, 110, 10)])
    assert earlier == Measured(
        replies=10, tokens=Percentiles(low=10, high=90), seconds=Percentiles(low=1, high=9)
    )

    found = estimate(
        [Group(sessions=40, asks=THREE)],
        address=ADDRESS,
        max_tokens=80,
        earlier=earlier,
        pace=Pace(concurrency=4),
    )

    assert (found.parts[0].low.output, found.parts[0].high.output) == (120 * 10, 120 * 80)
    assert found.seconds == Range(low=30, high=270)
    assert "of 10 earlier ones" in estimate_text(found)


def test_one_session_is_no_faster_for_many_at_once() -> None:
    earlier = measured([(10, 2.0)] * 9)

    found = estimate(
        [Group(sessions=1, asks=THREE)],
        address=ADDRESS,
        max_tokens=80,
        earlier=earlier,
        pace=Pace(concurrency=32),
    )

    assert found.seconds == Range(low=6, high=6)


def test_no_time_is_named_that_nobody_measured() -> None:
    groups = [Group(sessions=100, asks=THREE)]
    unknown = estimate(groups, address=ADDRESS, max_tokens=9)
    limited = estimate(groups, address=ADDRESS, max_tokens=9, pace=Pace(calls_a_minute=60))

    assert (unknown.seconds, limited.seconds) == (None, Range(low=300, high=None))
    assert "time        unknown" in estimate_text(unknown)
    assert "time        at least 5 min" in estimate_text(limited)


def test_a_million_sessions_are_reckoned_from_their_groups() -> None:
    """Nothing is kept of a group: a stream of 10,000 of them is read once."""

    def groups() -> Iterator[Group]:
        yield from repeat(Group(sessions=100, asks=THREE), 10_000)

    found = estimate(groups(), address=ADDRESS, max_tokens=10, price=PRICE)

    assert (found.sessions, found.calls) == (1_000_000, (3_000_000, 3_000_000))
    assert "1,000,000 in 10,000 conditions" in estimate_text(found)


GROUPS = st.lists(
    st.builds(
        Group,
        sessions=st.integers(0, 5),
        asks=st.lists(
            st.builds(ask, st.just("q"), length=st.integers(0, 300), probes=st.integers(0, 3)),
            min_size=1,
            max_size=6,
        ),
        system=st.one_of(st.none(), st.text(max_size=50)),
    ),
    max_size=4,
)


@given(GROUPS, st.integers(1, 500), st.booleans())
def test_the_least_is_never_above_the_most(
    groups: list[Group],
    max_tokens: int,
    probed: bool,  # noqa: FBT001
) -> None:
    writer = Follower(address="anthropic:other", price=PRICE, tries=3, max_tokens=200)

    found = estimate(
        groups,
        address=ADDRESS,
        max_tokens=max_tokens,
        price=PRICE,
        followers=[writer] if probed else [],
    )

    for part in found.parts:
        assert part.calls[0] <= part.calls[1]
        assert part.low.read <= part.high.read
        assert part.low.output <= part.high.output
    if found.cost is not None:
        assert found.cost[0] <= found.cost[1]
    assert estimate_text(found)


@pytest.mark.parametrize(
    ("number", "shown"), [(0, 0), (7, 7), (12, 12), (128, 130), (99_951, 100_000), (3.4, 3)]
)
def test_two_figures_count(number: float, shown: int) -> None:
    assert rounded(number) == shown
