"""What was spent, as the stored attempts tell it: by session, by campaign, in the workspace.

Totals are queries, never counters. Who spends under a budget of a campaign or of the workspace
does it alone: locks that the kernel frees see to it, whatever becomes of the process.
"""

import fcntl
import os
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import Session, SQLModel, and_, case, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from archive.errors import ServiceError
from archive.records.models import load_model
from archive.times import from_text
from archive.workspace.workspace import Workspace
from interviews.attempts import AttemptRecord, Role
from interviews.campaigns.campaign import load_campaign
from interviews.campaigns.prices import Tokens, read_prices, read_toml
from interviews.protocols.versions import ProtocolVersion
from interviews.sessions.budgets import (
    ERROR,
    FILE_NAME,
    REFUSALS,
    Before,
    Budget,
    Kind,
    Purse,
    Scope,
    Taken,
    read_budgets,
)
from interviews.sessions.reading import load_session
from interviews.sessions.records import InterviewSession

_ATTEMPTS = SQLModel.metadata.tables["attempt"]
_COUNTS = ("input", "output", "cache_read", "cache_write")

Subjects = SelectOfScalar[str] | None
"""Whose attempts are meant: a query for their subjects; None: of everybody."""

WITHOUT_SESSIONS = frozenset({Scope.RUN, Scope.WORKSPACE})
"""The scopes of what asks a model and holds no interview: posts, fingerprints."""


@contextmanager
def spending_alone(
    workspace: Workspace,
    budgets: Sequence[Budget],
    *,
    campaigns: Iterable[str] = (),
    scopes: Collection[Scope] = tuple(Scope),
) -> Iterator[Purse]:
    """Give the purse of a command: what it is told to spend, and what `budgets.toml` allows.

    Args:
        workspace: Where it asks.
        budgets: Those that were named to the command.
        campaigns: Those whose sessions it is going to hold.
        scopes: Those that it spends in.

    Raises:
        InputError: `budgets.toml` or `prices.toml` cannot be used.
        ServiceError: Another process spends what a budget limits.
    """
    written = read_budgets(read_toml(workspace.root / FILE_NAME))
    every = tuple(budget for budget in (*budgets, *written) if budget.scope in scopes)
    with ExitStack() as locks:
        lock = partial(_locked, workspace, every, locks, set())
        lock(Scope.WORKSPACE, "")
        for campaign in campaigns:
            lock(Scope.CAMPAIGN, campaign)

        def earlier(scope: Scope, name: str) -> Before:
            lock(scope, name)
            timed = any(one.scope == scope and one.kind == Kind.MINUTES for one in every)
            with workspace.database.reading() as session:
                subjects = subjects_of(scope, name)
                return Before(
                    taken=tuple(taken(session, subjects)),
                    seconds=seconds(session, subjects) if timed else 0.0,
                )

        yield Purse(
            budgets=every,
            prices=read_prices(workspace.root),
            earlier=earlier,
            clock=time.monotonic,
        )


def subjects_of(scope: Scope, name: str) -> Subjects:
    """Return whose attempts count for a scope."""
    ids = select(InterviewSession.id)
    if scope == Scope.SESSION:
        return ids.where(InterviewSession.id == name)
    return ids.where(InterviewSession.campaign == name) if scope == Scope.CAMPAIGN else None


def campaigns_of(session: Session, identifiers: Iterable[str]) -> dict[str, str]:
    """Return the campaign of each of these sessions that is of one."""
    wanted = set(identifiers)
    rows = select(InterviewSession.id, InterviewSession.campaign).where(
        col(InterviewSession.campaign).is_not(None)
    )
    return {
        identifier: slug
        for identifier, slug in session.exec(rows)
        if slug is not None and identifier in wanted
    }


def taken_by_sessions(
    workspace: Workspace,
    identifiers: Sequence[str],
    *,
    campaign: str | None = None,
    model: str | None = None,
) -> tuple[int, list[Taken]]:
    """Return how many sessions are meant, and what their attempts took.

    Args:
        workspace: Where they are on record.
        identifiers: Those that were named; none: all of the campaign and of the model.
        campaign: None: of any, and of none.
        model: None: with any.

    Raises:
        InputError: There is no such session, campaign or model.
    """
    with workspace.database.reading() as session:
        ids = select(InterviewSession.id)
        for identifier in identifiers:
            load_session(session, identifier)
        if identifiers:
            ids = ids.where(col(InterviewSession.id).in_(identifiers))
        if campaign is not None:
            ids = ids.where(InterviewSession.campaign == load_campaign(session, campaign).slug)
        if model is not None:
            ids = ids.where(InterviewSession.model == load_model(session, model).slug)
        count = session.exec(select(func.count()).select_from(ids.subquery())).one()
        return count, taken(session, ids)


def taken(session: Session, subjects: Subjects) -> list[Taken]:
    """Return what the attempts took, by who was asked, how they ended and what is known of it."""
    table = _ATTEMPTS.c
    reported = or_(*(table[f"{kind}_tokens"].is_not(None) for kind in _COUNTS))
    refused = and_(table.failure.in_(sorted(REFUSALS)), table.status >= ERROR)
    basis = case(
        (reported, "reported"),
        (refused, "refused"),
        (table.reserved_output_tokens.is_not(None), "reserved"),
        else_="unmeasured",
    )
    outcome = case(
        (table.failure.is_not(None), table.failure),
        (table.ended_at.is_(None), "in flight"),
        else_="replied",
    )
    sums = [
        func.coalesce(func.sum(table[name]), 0)
        for name in (
            *(f"{kind}_tokens" for kind in _COUNTS),
            "reserved_input_tokens",
            "reserved_output_tokens",
        )
    ]
    rows: Any = (
        select(table.address, outcome, basis, func.count(), *sums)
        .group_by(table.address, outcome, basis)
        .order_by(table.address, outcome, basis)
    )
    if subjects is not None:
        rows = rows.where(table.subject.in_(subjects))
    return [_taken(*row) for row in session.connection().execute(rows)]


def seconds(session: Session, subjects: Subjects) -> float:
    """Return for how many seconds at least one attempt was under way.

    One that ended before it began, by a clock that was set back, took no time.
    """
    rows = select(AttemptRecord.started_at, AttemptRecord.ended_at).where(
        col(AttemptRecord.ended_at).is_not(None)
    )
    if subjects is not None:
        rows = rows.where(col(AttemptRecord.subject).in_(subjects))
    passed, until = timedelta(), datetime.min.replace(tzinfo=UTC)
    for started_at, ended_at in session.exec(rows.order_by(col(AttemptRecord.started_at))):
        start, end = _time(started_at), _time(ended_at or started_at)
        passed += max(end - max(start, until), timedelta())
        until = max(until, end)
    return passed.total_seconds()


def earlier_replies(
    session: Session, *, model: str, protocol: str, most: int = 2000
) -> list[tuple[int, float]]:
    """Return tokens and seconds of the latest replies of a model on any version of a protocol.

    Args:
        session: Where they are on record.
        model: Its slug.
        protocol: Its slug.
        most: How many.
    """
    rows = (
        select(AttemptRecord.output_tokens, AttemptRecord.started_at, AttemptRecord.ended_at)
        .join(InterviewSession, col(InterviewSession.id) == col(AttemptRecord.subject))
        .join(ProtocolVersion, col(ProtocolVersion.digest) == col(InterviewSession.protocol))
        .where(
            InterviewSession.model == model,
            ProtocolVersion.slug == protocol,
            AttemptRecord.role == Role.PARTICIPANT,
            col(AttemptRecord.failure).is_(None),
            col(AttemptRecord.ended_at).is_not(None),
            col(AttemptRecord.output_tokens).is_not(None),
        )
        .order_by(col(AttemptRecord.started_at).desc())
        .limit(most)
    )
    return [
        (tokens or 0, max(0.0, (_time(ended) - _time(started)).total_seconds()))
        for tokens, started, ended in session.exec(rows)
        if ended is not None
    ]


def _time(text: str) -> datetime:
    return from_text(text, at="attempt")


def _taken(address: str | None, outcome: str, basis: str, calls: int, *sums: int) -> Taken:
    *counts, reserved_input, reserved_output = map(int, sums)
    reserved = basis == "reserved"
    tokens = (
        Tokens(input=reserved_input, output=reserved_output)
        if reserved
        else Tokens(**dict(zip(_COUNTS, counts, strict=True)))
    )
    return Taken(
        address=address,
        outcome=outcome,
        calls=calls,
        tokens=tokens,
        reserved=reserved,
        unmeasured=basis == "unmeasured",
    )


def _locked(
    workspace: Workspace,
    budgets: Sequence[Budget],
    locks: ExitStack,
    held: set[tuple[Scope, str]],
    scope: Scope,
    name: str,
) -> None:
    """Hold a scope's lock: alone where a budget limits it, else beside others without one."""
    if scope not in {Scope.CAMPAIGN, Scope.WORKSPACE} or (scope, name) in held:
        return
    limited = any(budget.scope == scope for budget in budgets)
    path = workspace.lock("-".join(filter(None, ("budget", scope, name))))
    locks.enter_context(_lock(path, alone=limited, what=f"{scope} {name}".strip()))
    held.add((scope, name))


@contextmanager
def _lock(path: Path, *, alone: bool, what: str) -> Iterator[None]:
    path.parent.mkdir(exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ServiceError(
                "another process asks in it, and one of the two has a budget for it",
                at=what,
                mend="Wait until it has ended, or stop it; then type the same command again.",
            ) from error
        yield
    finally:
        os.close(descriptor)
