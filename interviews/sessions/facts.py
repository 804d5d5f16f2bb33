"""What an interview may tell a model of itself: the archive's records, as phrases.

Nothing is invented: what nobody put on record is said to be not recorded.
"""

from collections.abc import Iterable

from sqlmodel import Session

from archive.policy.policies import Policy, policies_of
from archive.records.models import (
    Channel,
    Event,
    Model,
    Observation,
    channels_of,
    latest,
    observations_of,
)
from archive.records.promises import Promise, promises_of
from archive.records.words import NOT_RECORDED, recorded
from archive.weights.holdings import Holding, holdings_of
from archive.weights.inventory import WeightFile, weight_files_of
from archive.workspace.settings import Operator

LEAVING = (Event.LEGACY, Event.DEPRECATED, Event.RETIRED, Event.LAST_ANSWER)

PUBLICATION = (
    "those who run this archive; anyone else only after a person there has decided to release it"
)


def facts_of(
    session: Session, model: Model, operator: Operator, *, reply_limit: int
) -> dict[str, str]:
    """Return a phrase for each of the facts that a protocol's texts can hold."""
    channels = channels_of(session, model.slug)
    said = {
        "model": model.name,
        "maker": recorded(model.maker),
        "operator": _operator(operator),
        "relation": recorded(operator.relation),
        "channels": _listed(channel.name for channel in channels),
        "use": NOT_RECORDED,
        "retirement": _retirement(observations_of(session, model.slug), channels),
        "weights": _listed(
            _weights(file, holdings_of(session, model.slug))
            for file in weight_files_of(session, model.slug)
        ),
        "access": _access(policies_of(session, model.slug)),
        "promises": _listed(_promise(promise) for promise in promises_of(session, model.slug)),
        "publication": PUBLICATION,
        "reply_limit": f"{reply_limit} tokens",
    }
    return {name: " ".join(phrase.split()) for name, phrase in said.items()}


def _operator(operator: Operator) -> str:
    if operator.name is None or operator.responsible is None:
        return recorded(operator.name or operator.responsible)
    return f"{operator.responsible}, for {operator.name}"


def _retirement(observations: Iterable[Observation], channels: Iterable[Channel]) -> str:
    names = {channel.id: channel.name for channel in channels}
    seen = latest(observations).values()
    return _listed(
        f"{row.event} {row.date}{'' if row.channel is None else f' on {names[row.channel]}'}"
        f" (source: {row.source})"
        for row in sorted(seen, key=lambda row: (row.date, row.id))
        if row.event in LEAVING
    )


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
