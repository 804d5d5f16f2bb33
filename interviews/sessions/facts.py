"""What an interview may tell a model of itself: the archive's records, as phrases.

Nothing is invented: what nobody put on record is said to be not recorded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from sqlmodel import Session

from archive.policy.policies import Policy, policies_of
from archive.records.lifecycle import Event, Statement, in_force
from archive.records.models import Model, channels_of, statements_of
from archive.records.promises import Promise, promises_of
from archive.records.words import NOT_RECORDED, recorded
from archive.weights.holdings import Holding, holdings_of
from archive.weights.inventory import WeightFile, weight_files_of
from archive.workspace.settings import Operator
from archive.workspace.workspace import Workspace
from interviews.protocols.facts import Fact, FactVisibility
from interviews.protocols.protocol import Protocol
from interviews.protocols.workspace_facts import demanded, stated_facts

LEAVING = (
    Event.LEGACY,
    Event.DEPRECATED,
    Event.EXTENDED_ACCESS,
    Event.RETIRED,
    Event.LAST_ANSWER,
)

PUBLICATION = (
    "those who run this archive; anyone else only after a person there has decided to release it"
)


SOURCE = "the records of this workspace"
BASIS = "as it stood on record on that day"


def told_to(
    workspace: Workspace,
    session: Session,
    model: Model,
    protocol: Protocol,
    *,
    reply_limit: int,
    today: date,
    supplied: Mapping[str, Fact] = MappingProxyType({}),
) -> dict[str, Fact]:
    """Return all that `protocol` can tell `model`: what is on record, and the protocol's own facts.

    Of its own, those in `supplied` come with the command; the workspace has to state the others.

    Raises:
        InputError: The workspace lacks a fact that the protocol demands, or its file cannot be used.
    """
    operator = workspace.settings.operator
    on_record = facts_of(session, model, operator, reply_limit=reply_limit, today=today)
    own = {name: says for name, says in protocol.facts.items() if name not in supplied}
    stated = demanded(replace(protocol, facts=own), model.slug, stated_facts(workspace.root))
    return on_record | stated | dict(supplied)


def facts_of(
    session: Session, model: Model, operator: Operator, *, reply_limit: int, today: date
) -> dict[str, Fact]:
    """Return each of the facts that every protocol's texts can hold, looked up on the day `today`."""
    channels = channels_of(session, model.slug)
    said = {
        "model": model.name,
        "maker": recorded(model.maker),
        "operator": _operator(operator),
        "relation": recorded(operator.relation),
        "channels": _listed(channel.name for channel in channels),
        "use": NOT_RECORDED,
        "retirement": _retirement(statements_of(session, model.slug)),
        "weights": _listed(
            _weights(file, holdings_of(session, model.slug))
            for file in weight_files_of(session, model.slug)
        ),
        "access": _access(policies_of(session, model.slug)),
        "promises": _listed(_promise(promise) for promise in promises_of(session, model.slug)),
        "publication": PUBLICATION,
        "reply_limit": f"{reply_limit} tokens",
    }
    return {
        name: Fact(
            name=name,
            text=" ".join(phrase.split()),
            source=SOURCE,
            date=today.isoformat(),
            basis=BASIS,
            visibility=FactVisibility.PUBLIC,
        )
        for name, phrase in said.items()
    }


def _operator(operator: Operator) -> str:
    if operator.name is None or operator.responsible is None:
        return recorded(operator.name or operator.responsible)
    return f"{operator.responsible}, for {operator.name}"


def _retirement(statements: Iterable[Statement]) -> str:
    """Return what each source last said of the model's leaving; where they differ, all of it."""
    leaving = [one for one in in_force(statements) if one.event in LEAVING]
    return _listed(
        f"{one.event} {_when(one)}{'' if one.channel is None else f' on {one.channel}'}"
        f" (source: {one.who})"
        for one in sorted(leaving, key=lambda one: (one.date or one.observed_at, one.observed_at))
    )


def _when(one: Statement) -> str:
    if one.date is None:
        return f"when looked up on {one.observed_at[:10]}"
    return f"not before {one.date}" if one.not_before else one.date


def _weights(file: WeightFile, holdings: Iterable[Holding]) -> str:
    copies = [row.until for row in holdings if file.sha256 in row.digests]
    until = ", ".join(sorted({day or "no date was stated" for day in copies})) or NOT_RECORDED
    return (
        f"{file.name} ({file.bytes:,} bytes), registered on {file.registered_at[:10]};"
        f" until when: {until}"
    )


def _access(policies: list[Policy]) -> str:
    return policies[-1].summary if policies else NOT_RECORDED


def _promise(promise: Promise) -> str:
    due = "no date" if promise.due is None else f"due {promise.due}"
    return f"“{promise.text}” ({due}, {promise.outcome})"


def _listed(phrases: Iterable[str]) -> str:
    return "; ".join(phrases) or NOT_RECORDED
