"""Budgets: what a run, a session, a campaign or the workspace may spend.

Pure. Before each call the most that it can take is reserved; when it has ended, what the provider
counted takes its place. A call of which nothing more is known stays spent at its reservation. What
was spent before this process began is given by `interviews.sessions.spending`: nothing is counted
on disk but the attempts themselves.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from archive.errors import FaultError, InputError, Place
from interviews.campaigns.prices import (
    FILE_NAME as PRICES,
)
from interviews.campaigns.prices import (
    KINDS,
    Price,
    Tokens,
    cost_of,
    most_for,
    shown_money,
)
from interviews.participants.seam import Attempt, Cause

FILE_NAME = "budgets.toml"

_REPORTED = {
    "input_tokens": "input",
    "output_tokens": "output",
    "cache_read_input_tokens": "cache_read",
    "cache_creation_input_tokens": "cache_write",
}

REFUSALS = frozenset(
    {
        Cause.KEY_REFUSED,
        Cause.NOT_FOUND,
        Cause.BAD_REQUEST,
        Cause.RATE_LIMITED,
        Cause.OVERLOADED,
    }
)
"""Failures by which a provider that answered them with an error's status took nothing."""

ERROR = 400
"""The least HTTP status of a refusal."""


class Scope(StrEnum):
    """Whose spending a budget limits."""

    RUN = "run"  # what one command spends
    SESSION = "session"  # each of them
    CAMPAIGN = "campaign"  # each of them
    WORKSPACE = "workspace"  # all that is asked in it


class Kind(StrEnum):
    """What is limited."""

    CALLS = "calls"
    TOKENS = "tokens"  # in and out, cached or not
    COST = "cost"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A limit, and where somebody wrote it."""

    scope: Scope
    kind: Kind
    amount: Decimal
    currency: str | None = None  # of a cost
    written: str  # "--max-calls", "budgets.toml: session.calls"


GO_ON = (
    "What was said is kept. Raise the budget, or let it be; then go on with"
    " `emeritus interview resume`."
)


class BudgetError(FaultError):
    """A scope has spent what it was allowed."""

    def __init__(self, what: str, *, budget: Budget, name: str, mend: str = GO_ON) -> None:
        self.budget, self.scope, self.name = budget, budget.scope, name
        super().__init__(what, at=budget.written, mend=mend)

    def anew(self) -> "BudgetError":
        """Return it as it is said where nothing is taken up again."""
        mend = (
            "What came is kept. Raise the budget; then type the same command again: it begins anew."
        )
        return BudgetError(self.what, budget=self.budget, name=self.name, mend=mend)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What calls took, or may take."""

    calls: int = 0
    tokens: int = 0
    money: Decimal = Decimal(0)  # in the currency of the budgets on cost, if there are any

    def __add__(self, other: "Spending") -> "Spending":
        return Spending(
            calls=self.calls + other.calls,
            tokens=self.tokens + other.tokens,
            money=self.money + other.money,
        )

    def __sub__(self, other: "Spending") -> "Spending":
        return Spending(
            calls=self.calls - other.calls,
            tokens=self.tokens - other.tokens,
            money=self.money - other.money,
        )

    def of(self, kind: Kind) -> Decimal:
        """How much of a kind, but for time."""
        if kind == Kind.COST:
            return self.money
        return Decimal(self.calls if kind == Kind.CALLS else self.tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What attempts of one kind took: a query's row, or one that has just ended."""

    address: str | None  # who was asked; None: not on record
    outcome: str  # replied, a Cause, or in flight
    calls: int
    tokens: Tokens  # as reported; or as reserved
    reserved: bool = False  # whether the tokens are what was reserved
    unmeasured: bool = False  # an earlier version kept no figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What a scope had spent before this process asked anything in it."""

    taken: tuple[Taken, ...] = ()
    seconds: float = 0.0  # in which at least one attempt was under way


Earlier: TypeAlias = Callable[[Scope, str], Before]
Clock: TypeAlias = Callable[[], float]  # seconds, monotonic


def counted(usage: Mapping[str, int]) -> Tokens | None:
    """Return the tokens that a provider reported; None: it said nothing of them."""
    if not usage.keys() & _REPORTED.keys():
        return None
    return Tokens(**{kind: usage.get(name, 0) for name, kind in _REPORTED.items()})


def taken_by(attempt: Attempt, *, address: str, most: Tokens) -> Taken:
    """Return what an attempt that has ended took; it was sent with `most` reserved for it."""
    failure = attempt.failure
    outcome = "replied" if failure is None else str(failure.cause)
    reported = counted(attempt.usage)
    if reported is not None:
        return Taken(address=address, outcome=outcome, calls=1, tokens=reported)
    refused = failure is not None and failure.cause in REFUSALS and (attempt.status or 0) >= ERROR
    tokens = Tokens() if refused else most
    return Taken(address=address, outcome=outcome, calls=1, tokens=tokens, reserved=not refused)


def read_budget(text: str) -> Budget:
    """Return the budget that `SCOPE:KIND=AMOUNT` names.

    Raises:
        InputError: It names none.
    """
    limited, _, amount = text.partition("=")
    scope, _, kind = limited.partition(":")
    return budget_of(scope, kind, amount, written=f"--budget {text}")


def read_budgets(document: Mapping[str, object]) -> list[Budget]:
    """Return the budgets that `budgets.toml` states: a table for each scope.

    Raises:
        InputError: It cannot be used; the first thing wrong is named with its field.
    """
    budgets: list[Budget] = []
    for scope, table in document.items():
        place = str(Place(FILE_NAME, field=scope))
        if not isinstance(table, dict):
            raise InputError("not a table", at=place, mend=f"Write [{scope}].")
        for kind, amount in table.items():
            whole = isinstance(amount, int) and not isinstance(amount, bool)
            text = str(amount) if whole or isinstance(amount, str) else ""
            budgets.append(budget_of(scope, kind, text, written=f"{place}.{kind}"))
    return budgets


def budget_of(scope: str, kind: str, amount: str, *, written: str) -> Budget:
    """Return a budget.

    Raises:
        InputError: There is no such scope or kind, or the amount is none.
    """
    if scope not in set(Scope):
        known = ", ".join(Scope)
        raise InputError(f"no such scope: {scope!r:.80}", at=written, mend=f"There are {known}.")
    if kind not in set(Kind):
        known = ", ".join(Kind)
        raise InputError(f"nothing to limit: {kind!r:.80}", at=written, mend=f"Limit {known}.")
    form, example = _AMOUNTS[Kind(kind)]
    found = form.fullmatch(amount.strip())
    if found is None or not Decimal(found["amount"]):
        raise InputError(
            f"no amount of {kind}: {amount!r:.80}", at=written, mend=f"Write {example}."
        )
    return Budget(
        scope=Scope(scope),
        kind=Kind(kind),
        amount=Decimal(found["amount"]),
        currency=found.groupdict().get("currency"),
        written=written,
    )


_WHOLE = re.compile(r"(?P<amount>[0-9]{1,15})")
_AMOUNTS = {
    Kind.CALLS: (_WHOLE, "a whole number of them: 30"),
    Kind.TOKENS: (_WHOLE, "a whole number of them: 100000"),
    Kind.COST: (
        re.compile(r"(?P<amount>[0-9]{1,12}(\.[0-9]{1,9})?) ?(?P<currency>[A-Z]{3})"),
        "it with its currency: 2.50USD",
    ),
    Kind.MINUTES: (
        re.compile(r"(?P<amount>[0-9]{1,9}(\.[0-9]{1,3})?)"),
        "how many, in quotes where it is no whole number: 30",
    ),
}


@dataclass(slots=True, kw_only=True)
class _Account:
    """What one scope may spend, has spent and has reserved."""

    name: str
    budgets: tuple[Budget, ...]
    spent: Spending
    before: float  # seconds, of earlier processes
    opened: float  # by the clock
    elapsed: float = 0.0  # seconds since; never goes back
    met: bool = False  # whether one of the budgets has stopped a session

    def check(self, most: Spending, now: float) -> None:
        """Raise a BudgetError if what is to be reserved is more than is left."""
        self.elapsed = max(self.elapsed, now - self.opened)
        self.met = True
        for budget in self.budgets:
            if budget.kind == Kind.MINUTES:
                minutes = Decimal(self.before + self.elapsed) / 60
                if minutes >= budget.amount:
                    raise BudgetError(
                        f"{self._who(budget)} has run for {minutes:.1f} of {budget.amount} minutes",
                        budget=budget,
                        name=self.name,
                    )
            elif self.spent.of(budget.kind) + most.of(budget.kind) > budget.amount:
                spent = shown(budget, self.spent.of(budget.kind), unit=False)
                room = f", and the next call may take {shown(budget, most.of(budget.kind))}"
                raise BudgetError(
                    f"{self._who(budget)} has spent {spent} of {shown(budget, budget.amount)}"
                    f"{'' if budget.kind == Kind.CALLS else room}",
                    budget=budget,
                    name=self.name,
                )
        self.met = False

    def _who(self, budget: Budget) -> str:
        of = {Scope.RUN: "this run", Scope.WORKSPACE: "this workspace"}
        return of.get(budget.scope, f"{budget.scope} {self.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reserved:
    address: str
    most: Tokens
    spending: Spending
    accounts: tuple[_Account, ...]


def _nothing(_scope: Scope, _name: str) -> Before:
    return Before()


def _stopped_clock() -> float:
    return 0.0


@dataclass(slots=True, kw_only=True)
class Purse:
    """What a process may spend: every budget that holds for it, and what is reserved.

    A session has one call in flight at a time.
    """

    budgets: tuple[Budget, ...] = ()
    prices: Mapping[str, Price] = field(default_factory=dict)
    earlier: Earlier = _nothing
    clock: Clock = _stopped_clock
    _accounts: dict[tuple[Scope, str], _Account] = field(default_factory=dict)
    _reserved: dict[str, _Reserved] = field(default_factory=dict)  # by session
    _on_cost: list[Budget] = field(default_factory=list)
    _limited: dict[Scope, tuple[Budget, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._on_cost = [budget for budget in self.budgets if budget.kind == Kind.COST]
        self._limited = {
            scope: tuple(budget for budget in self.budgets if budget.scope == scope)
            for scope in Scope
        }

    def open(self, addresses: Iterable[str], *, campaigns: Iterable[str] = ()) -> None:
        """Look up what was spent before, and see that every price that is needed is known.

        Args:
            addresses: Who is going to be asked.
            campaigns: Those whose sessions are going to be held.

        Raises:
            InputError: A budget limits the cost, and a price is not known in its currency.
            ServiceError: Another process spends what a budget limits.
        """
        for address in addresses:
            self._check_price(address)
        for scope in (Scope.RUN, Scope.WORKSPACE):
            self._account(scope, "")
        for campaign in campaigns:
            self._account(Scope.CAMPAIGN, campaign)

    def check_first(self, address: str, most: Tokens, *, campaign: str | None = None) -> None:
        """Refuse to begin with a new session if not even its first call can be made.

        Raises:
            InputError: A budget is below what the call may take, or a price is not known.
            BudgetError: Too little is left of one.
        """
        self._check_price(address)
        spending = self._most(address, most)
        for budget in self.budgets:
            if budget.scope == Scope.CAMPAIGN and campaign is None:
                continue
            if budget.kind != Kind.MINUTES and spending.of(budget.kind) > budget.amount:
                raise InputError(
                    f"the first call may take {shown(budget, spending.of(budget.kind))}",
                    at=budget.written,
                    mend="Allow more, or make replies shorter (--limit-answer).",
                )
        for scope, name in self._scopes(None, campaign):
            if (account := self._account(scope, name)) is not None:
                account.check(spending, self.clock())

    def reserve(
        self, session: str, address: str, most: Tokens, *, campaign: str | None = None
    ) -> None:
        """Reserve what a session's next call may take at most.

        Raises:
            BudgetError: That is more than is left of a budget: nothing was reserved.
            InputError: A price is not known.
        """
        if not self.budgets:
            return
        self._check_price(address)
        spending = self._most(address, most)
        found = (self._account(*one) for one in self._scopes(session, campaign))
        accounts = tuple(account for account in found if account is not None)
        now = self.clock()
        for account in accounts:
            account.check(spending, now)
        for account in accounts:
            account.spent += spending
        self._reserved[session] = _Reserved(
            address=address, most=most, spending=spending, accounts=accounts
        )

    def settle(self, session: str, attempt: Attempt) -> None:
        """Put what an attempt took in the place of what was reserved for it."""
        reserved = self._reserved.pop(session, None)
        if reserved is None:
            return
        taken = taken_by(attempt, address=reserved.address, most=reserved.most)
        spent = self._spending([taken])
        for account in reserved.accounts:
            account.spent += spent - reserved.spending

    def is_met(self, campaign: str | None) -> bool:
        """Whether a budget of a campaign has stopped one of its sessions."""
        account = self._accounts.get((Scope.CAMPAIGN, campaign or ""))
        return account is not None and account.met

    def leave(self, session: str) -> None:
        """Forget a session that is held no more; what it left in flight stays spent elsewhere."""
        self._reserved.pop(session, None)
        self._accounts.pop((Scope.SESSION, session), None)

    def _scopes(self, session: str | None, campaign: str | None) -> list[tuple[Scope, str]]:
        scopes = [(Scope.RUN, ""), (Scope.WORKSPACE, "")]
        if campaign is not None:
            scopes.append((Scope.CAMPAIGN, campaign))
        return scopes if session is None else [*scopes, (Scope.SESSION, session)]

    def _account(self, scope: Scope, name: str) -> _Account | None:
        budgets = self._limited[scope]
        if not budgets:
            return None
        if (scope, name) not in self._accounts:
            before = Before() if scope == Scope.RUN else self.earlier(scope, name)
            self._accounts[scope, name] = _Account(
                name=name,
                budgets=budgets,
                spent=self._spending(before.taken),
                before=max(0.0, before.seconds),
                opened=self.clock(),
            )
        return self._accounts[scope, name]

    def _spending(self, taken: Iterable[Taken]) -> Spending:
        spent = Spending()
        for one in taken:
            money = Decimal(0)
            if one.tokens.total and self._on_cost:
                address = one.address or "a participant that is not on record"
                self._check_price(address)
                price = self.prices[address]
                cost = most_for(one.tokens, price) if one.reserved else cost_of(one.tokens, price)
                money = cost.amount or Decimal(0)  # no price is missing
            spent += Spending(calls=one.calls, tokens=one.tokens.total, money=money)
        return spent

    def _most(self, address: str, most: Tokens) -> Spending:
        taken = Taken(address=address, outcome="", calls=1, tokens=most, reserved=True)
        return self._spending([taken])

    def _check_price(self, address: str) -> None:
        for budget in self._on_cost:
            price = self.prices.get(address)
            if price is None or price.missing:
                missing = KINDS if price is None else price.missing
                raise InputError(
                    f"a budget on cost, and no price is known for {address}: {', '.join(missing)}",
                    at=budget.written,
                    mend=f'Write what it charges below ["{address}"] in {PRICES}; what it does not'
                    " charge for, as 0. Or limit calls or tokens.",
                )
            if price.currency != budget.currency:
                raise InputError(
                    f"in {budget.currency}, and the prices of {address} are in {price.currency}",
                    at=budget.written,
                    mend=f"Write the budget in {price.currency}.",
                )


def shown(budget: Budget, amount: Decimal, *, unit: bool = True) -> str:
    """Return an amount of what a budget limits, in words."""
    if budget.kind == Kind.COST:
        return shown_money(amount, budget.currency if unit else None)
    word = str(budget.kind).removesuffix("s" if amount == 1 else "")
    return f"{amount:,f} {word}" if unit else f"{amount:,f}"
