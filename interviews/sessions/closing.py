"""What is said of a run when it is over: queried from the record, not counted on the way."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from sqlmodel import col, func, select

from archive.workspace.workspace import Workspace
from interviews.campaigns.costs import Asked, asked_of
from interviews.campaigns.prices import read_prices, shown_money
from interviews.sessions.budgets import Taken
from interviews.sessions.content import Speaker
from interviews.sessions.records import InterviewSession, Turn
from interviews.sessions.spending import taken

AT_ONCE = 5000
"""How many ids one query names: databases limit it."""


def closing_line(workspace: Workspace, sessions: Sequence[str]) -> str:
    """Return how these sessions stand, and all that was ever said, sent and paid in them.

    Raises:
        InputError: `prices.toml` cannot be used.
        ServiceError: The record cannot be read.
    """
    states, answers, took = Counter[str](), 0, list[Taken]()
    with workspace.database.reading() as session:
        for some in _parts(sessions):
            ids = select(InterviewSession.id).where(col(InterviewSession.id).in_(some))
            by_state = (
                select(InterviewSession.state, func.count())
                .where(col(InterviewSession.id).in_(some))
                .group_by(InterviewSession.state)
            )
            states.update(dict(session.exec(by_state).all()))
            said = select(func.count()).where(
                col(Turn.session).in_(some), Turn.speaker == Speaker.PARTICIPANT
            )
            answers += session.exec(said).one()
            took += taken(session, ids)
    asked = asked_of(took, read_prices(workspace.root))
    stand = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    which = "this session" if len(sessions) == 1 else f"these {len(sessions):,} sessions"
    return f"On record of {which} ({stand}): {_count(answers, 'answer')}, {_spent(asked)}."


def _spent(asked: Sequence[Asked]) -> str:
    tokens = sum(one.tokens.total for one in asked)
    calls = sum(sum(one.calls.values()) for one in asked)
    costs: dict[str, Decimal] = {}
    for one in asked:
        if one.cost.amount is not None and one.cost.currency is not None:
            currency = one.cost.currency
            costs[currency] = costs.get(currency, Decimal(0)) + one.cost.amount
    parts = [f"{_count(tokens, 'token')} in {_count(calls, 'call')}"]
    if unsettled := sum(one.unsettled for one in asked):
        parts.append(f"{_count(unsettled, 'call')} without a count")
    if costs:
        known = " + ".join(shown_money(amount, currency) for currency, amount in costs.items())
        some = any(one.cost.amount is None for one in asked)
        parts.append(f"cost {known}{' and what has no price' if some else ''}")
    return ", ".join(parts)


def _parts(sessions: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(sessions), AT_ONCE):
        yield sessions[start : start + AT_ONCE]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
