"""What interviews took and what that costs, reckoned from the attempts on record.

Pure. What is not known is said to be unknown: tokens that an earlier version did not keep, a
price that nobody wrote down, an attempt of which no outcome is on record.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from interviews.campaigns.prices import (
    Cost,
    Price,
    Tokens,
    cost_of,
    most_for,
    saved_by_cache,
    shown_money,
)
from interviews.sessions.budgets import Taken

NOT_ON_RECORD = "a participant that is not on record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one participant was asked and what it took."""

    address: str | None
    price: Price | None
    calls: Mapping[str, int]  # by outcome
    tokens: Tokens  # as reported
    unsettled: int  # calls that count at their reservation
    reserved: Tokens
    unmeasured: int  # calls by a version that kept no figures

    @property
    def cost(self) -> Cost:
        """Of what was reported."""
        return cost_of(self.tokens, self.price)

    @property
    def at_most(self) -> Cost:
        """Of what is not settled."""
        return most_for(self.reserved, self.price)

    @property
    def cache_share(self) -> float | None:
        """Which part of what was sent came from the prompt cache; None: nothing was sent."""
        return self.tokens.cache_read / self.tokens.read if self.tokens.read else None

    @property
    def saved(self) -> Cost:
        """What the prompt cache saved."""
        return saved_by_cache(self.tokens, self.price)


def asked_of(taken: Iterable[Taken], prices: Mapping[str, Price]) -> list[Asked]:
    """Return what each participant was asked, in the order in which they first come."""
    by_address: dict[str | None, list[Taken]] = {}
    for one in taken:
        by_address.setdefault(one.address, []).append(one)
    return [
        Asked(
            address=address,
            price=None if address is None else prices.get(address),
            calls=_outcomes(some),
            tokens=sum((one.tokens for one in some if not one.reserved), Tokens()),
            unsettled=sum(one.calls for one in some if one.reserved),
            reserved=sum((one.tokens for one in some if one.reserved), Tokens()),
            unmeasured=sum(one.calls for one in some if one.unmeasured),
        )
        for address, some in by_address.items()
    ]


def cost_document(asked: Iterable[Asked], *, sessions: int) -> dict[str, Any]:
    """Return what `interview cost --json` says."""
    everybody = list(asked)
    totals: dict[str, Decimal] = {}
    for one in everybody:
        if one.cost.amount is not None and one.price is not None:
            currency = one.price.currency
            totals[currency] = totals.get(currency, Decimal(0)) + one.cost.amount
    return {
        "sessions": sessions,
        "calls": sum(sum(one.calls.values()) for one in everybody),
        "cost": [
            {"amount": f"{amount:f}", "currency": currency} for currency, amount in totals.items()
        ],
        "unknown_cost_of": [one.address for one in everybody if one.cost.amount is None],
        "participants": [_document(one) for one in everybody],
    }


def cost_text(asked: Iterable[Asked], *, sessions: int) -> str:
    """Return the same for people."""
    everybody = list(asked)
    if not everybody:
        return "Nobody was asked anything."
    parts = [f"{_count(sessions, 'session')}", *(_paragraph(one) for one in everybody)]
    return "\n\n".join(parts)


def _paragraph(one: Asked) -> str:
    tokens, calls = one.tokens, sum(one.calls.values())
    outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in one.calls.items())
    lines = [
        one.address or NOT_ON_RECORD,
        f"  calls         {calls:,}: {outcomes}",
        (
            f"  tokens        {tokens.read:,} in (from the cache {tokens.cache_read:,}, written to it"
            f" {tokens.cache_write:,}), {tokens.output:,} out"
        ),
    ]
    if one.unmeasured:
        lines.append(f"  unknown       the tokens of {_count(one.unmeasured, 'call')}")
    lines.append(f"  cost          {_shown(one.cost)}{_dated(one)}")
    if one.unsettled:
        lines.append(
            f"  not settled   {_count(one.unsettled, 'call')}: at most {one.reserved.read:,} in,"
            f" {one.reserved.output:,} out, {_shown(one.at_most)}"
        )
    if one.cache_share is not None:
        lines.append(
            f"  prompt cache  {one.cache_share:.1%} of the input read from it;"
            f" saved: {_shown(one.saved)}"
        )
    return "\n".join(lines)


def _dated(one: Asked) -> str:
    if one.price is None or one.cost.amount is None:
        return ""
    return f", at prices of {one.price.date} ({one.price.source})"


def _shown(cost: Cost) -> str:
    if cost.amount is None:
        return f"unknown: no price of {', '.join(cost.missing)}"
    return shown_money(cost.amount, cost.currency)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _outcomes(taken: Iterable[Taken]) -> dict[str, int]:
    counter: Counter[str] = Counter()
    for one in taken:
        counter[one.outcome] += one.calls
    return dict(sorted(counter.items(), key=lambda item: (item[0] != "replied", item[0])))


def _document(one: Asked) -> dict[str, Any]:
    price = one.price
    return {
        "address": one.address,
        "calls": dict(one.calls),
        "tokens": asdict(one.tokens),
        "unmeasured_calls": one.unmeasured,
        "cost": _cost(one.cost),
        "unsettled": {
            "calls": one.unsettled,
            "input": one.reserved.read,
            "output": one.reserved.output,
            "cost_at_most": _cost(one.at_most),
        },
        "cache": {
            "share_of_input": None if one.cache_share is None else round(one.cache_share, 4),
            "saved": _cost(one.saved),
        },
        "price": None if price is None else {"date": price.date, "source": price.source},
    }


def _cost(cost: Cost) -> dict[str, Any]:
    return {
        "amount": None if cost.amount is None else f"{cost.amount:f}",
        "currency": cost.currency,
        "missing": list(cost.missing),
    }
