"""What was done with a model, its files and their copies, as PREMIS events and rights.

Nothing is read here: rows are taken as values. What sources say of a model's life is no event of
its preservation, and stands in `lifecycle` alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlmodel import SQLModel

from archive.identifiers import to_urn
from archive.policy.policies import Policy
from archive.records import premis
from archive.records.models import Model, Snapshot
from archive.records.premis import (
    PROGRAM,
    Agent,
    Event,
    EventOutcome,
    EventRelatedAgentRole,
    EventType,
    Keeper,
    Rights,
    RightsBasis,
)
from archive.weights.holdings import CopyCheck, Holding
from archive.weights.inventory import FixityCheck, WeightFile

BY_PROGRAM = ((EventRelatedAgentRole.EXECUTING_PROGRAM, PROGRAM),)


def premis_of_model(
    model: Model, rows: Sequence[SQLModel], policies: Iterable[Policy], keeper: Keeper
) -> dict[str, Any]:
    """Return the events, agents and rights of a model.

    Args:
        model: The model.
        rows: All that was put on record of it, as `archive.records.history` keeps it.
        policies: Every version of its access policy, the oldest first.
        keeper: Who keeps the record.
    """
    versions = list(policies)
    custodians = {row.id: premis.custodian(row.custodian) for row in rows if type(row) is Holding}
    accession = Event(
        id=premis.derived_event(model.id, "registered"),
        type=EventType.ACCESSION,
        at=model.registered_at,
        detail="put on record",
        agents=((EventRelatedAgentRole.IMPLEMENTER, keeper.operator),),
    )
    events = [event for row in rows for event in _events(row, custodians, keeper)]
    return premis.premis(
        [accession, *events, *(_assignment(version, keeper) for version in versions)],
        [_licence(model), *(_policy(version) for version in versions[-1:])],
    )


def premis_of_weights(model: str, files: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the events, agents and rights of weight files that are in the store.

    Args:
        model: The id of the model.
        files: What the object's record says of each.
    """
    rights = Rights(
        basis=RightsBasis.OTHER, note="as of the model, in its own record", document=to_urn(model)
    )
    return premis.premis((event for row in files for event in _reading(row)), [rights])


def premis_of_policy(policy: Policy, keeper: Keeper) -> dict[str, Any]:
    """Return the events, agents and rights of one version of an access policy."""
    return premis.premis([_assignment(policy, keeper)], [_policy(policy)], agents=[keeper.operator])


def _events(row: SQLModel, custodians: Mapping[str, Agent], keeper: Keeper) -> Iterator[Event]:
    match row:
        case WeightFile():
            yield from _reading(row.model_dump())
        case FixityCheck():
            yield Event(
                id=row.id,
                type=EventType.FIXITY_CHECK,
                at=row.checked_at,
                detail=f"read whole; SHA-256 expected: {row.expected}",
                agents=BY_PROGRAM,
                outcome=_outcome(sound=row.sound),
                note=row.outcome if row.found is None else f"{row.outcome}; found: {row.found}",
                objects=(to_urn(row.file),),
            )
        case Holding():
            yield _copy(row, custodians[row.id], keeper)
        case CopyCheck():
            yield _check(row, custodians[row.holding], keeper)
        case Snapshot():
            yield Event(
                id=row.id,
                type=EventType.METADATA_EXTRACTION,
                at=row.observed_at,
                detail=f"files listed, none digested, in {row.source}",
                agents=BY_PROGRAM,
            )
        case _:
            return


def _reading(row: Mapping[str, Any]) -> Iterator[Event]:
    """Yield what the one reading of a weight file did."""
    yield Event(
        id=row["id"],
        type=EventType.MESSAGE_DIGEST_CALCULATION,
        at=row["registered_at"],
        detail=f"SHA-256 and SHA-512 of {row['name']}",
        agents=BY_PROGRAM,
        objects=(to_urn(row["id"]),),
    )
    if row["facts"]:
        yield Event(
            id=premis.derived_event(row["id"], "header"),
            type=EventType.METADATA_EXTRACTION,
            at=row["registered_at"],
            detail=f"header of {row['name']} read, as {row['format']}",
            agents=BY_PROGRAM,
            objects=(to_urn(row["id"]),),
        )


def _copy(row: Holding, custodian: Agent, keeper: Keeper) -> Event:
    until = "no date of its end stated" if row.until is None else f"until {row.until}"
    return Event(
        id=row.id,
        type=EventType.REPLICATION,
        at=row.stated_at,
        detail=f"on this day it was stated that a copy is held: {until}",
        agents=(
            (EventRelatedAgentRole.IMPLEMENTER, custodian),
            (EventRelatedAgentRole.AUTHORIZER, keeper.decider(row.stated_by)),
        ),
        objects=tuple(f"sha256:{digest}" for digest in row.digests),
    )


def _check(row: CopyCheck, custodian: Agent, keeper: Keeper) -> Event:
    faults = "; ".join(f"{name}: {fault}" for name, fault in sorted(row.faults.items()))
    told = row.stated_by and (
        (EventRelatedAgentRole.IMPLEMENTER, custodian),
        (EventRelatedAgentRole.AUTHORIZER, keeper.decider(row.stated_by)),
    )
    return Event(
        id=row.id,
        type=EventType.FIXITY_CHECK,
        at=row.checked_at,
        detail=f"copy of {custodian.name}; evidence: {row.evidence}",
        agents=told or BY_PROGRAM,
        outcome=_outcome(sound=row.sound),
        note=faults or None,
        objects=(to_urn(row.holding),),
    )


def _assignment(policy: Policy, keeper: Keeper) -> Event:
    return Event(
        id=policy.id,
        type=EventType.POLICY_ASSIGNMENT,
        at=policy.set_at,
        detail=f"access policy, version {policy.version}",
        agents=((EventRelatedAgentRole.AUTHORIZER, keeper.decider(policy.set_by)),),
        objects=(to_urn(policy.id),),
    )


def _licence(model: Model) -> Rights:
    if model.licence is None:
        return Rights(
            basis=RightsBasis.OTHER, note=model.rights or "no licence and no right is on record"
        )
    return Rights(
        basis=RightsBasis.LICENSE,
        licence=model.licence,
        note=model.rights or "the licence of the weights",
    )


def _policy(policy: Policy) -> Rights:
    return Rights(
        basis=RightsBasis.INSTITUTIONAL_POLICY, note=policy.summary, document=to_urn(policy.id)
    )


def _outcome(*, sound: bool) -> EventOutcome:
    return EventOutcome.SUCCESS if sound else EventOutcome.FAIL
