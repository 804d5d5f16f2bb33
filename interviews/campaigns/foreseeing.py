"""What a run will take, from what is on record: shown by `--dry-run`, and asked about when much."""

from collections.abc import Sequence

from archive.workspace.workspace import Workspace
from interviews.campaigns.estimating import (
    Estimate,
    Follower,
    Group,
    Pace,
    estimate,
    measured,
)
from interviews.campaigns.planning import Wish
from interviews.campaigns.prices import read_prices
from interviews.sessions.beginning import Plan
from interviews.sessions.probing import SAMPLING, TRIES_ANEW, VERDICT
from interviews.sessions.spending import earlier_replies

MUCH = 1000
"""Calls above which a person at a terminal is asked before any is made."""

VERY_MUCH = 100_000
"""Calls above which a script must have said that so many are meant."""

TEMPLATE_BYTES = 3000
"""Of the instructions that an interviewing model or a judge is given, about."""


def foreseen(
    workspace: Workspace, wish: Wish, one_each: Sequence[Plan], *, concurrency: int
) -> Estimate:
    """Return what the sessions that are wanted will take, as ranges.

    Args:
        workspace: Where they are to be held.
        wish: What is wanted.
        one_each: A plan for each condition.
        concurrency: How many at once.

    Raises:
        InputError: `prices.toml` cannot be used.
    """
    prices = read_prices(workspace.root)
    with workspace.database.reading() as session:
        earlier = measured(earlier_replies(session, model=wish.model, protocol=wish.protocol.slug))
    addresses = wish.addresses
    followers = [
        Follower(
            address=address,
            price=prices.get(address),
            tries=1 + TRIES_ANEW,
            max_tokens=sampling.max_tokens,
            prompt=TEMPLATE_BYTES,
        )
        for address, sampling in ((addresses.interviewer, SAMPLING), (addresses.judge, VERDICT))
        if address is not None
    ]
    return estimate(
        (Group(sessions=wish.each, asks=plan.asks(0), system=plan.system) for plan in one_each),
        address=addresses.participant,
        max_tokens=wish.sampling.max_tokens,
        price=prices.get(addresses.participant),
        earlier=earlier,
        followers=followers,
        pace=Pace(concurrency=concurrency),
    )
