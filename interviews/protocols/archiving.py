"""A version of a protocol in the store: its file byte for byte, and who approved it."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import SQLModel

from archive.identifiers import derived_id, to_urn
from archive.records.premis import (
    Event,
    EventOutcome,
    EventRelatedAgentRole,
    EventType,
    Keeper,
    derived_event,
    premis,
)
from archive.store.kinds import Deposit, Kept
from archive.workspace.archiving import keeper
from archive.workspace.workspace import Workspace
from interviews.protocols.versions import ProtocolVersion

FILE = "protocol.yaml"

_NAMESPACE = "01939f6e-5c00-7000-8000-70726f746f63"


def deposit(workspace: Workspace, digest: str) -> Deposit:
    """Return what the object of a protocol's version is to hold."""
    with workspace.database.reading() as session:
        version = session.get_one(ProtocolVersion, digest)
        return Deposit(
            object_id=to_urn(_identifier(digest)),
            title=f"Interview protocol {version.slug}, version {version.version}",
            record=version.model_dump(exclude={"source"})
            | {"premis": _premis(version, keeper(workspace))},
            files={FILE: version.source},
        )


def restore(kept: Kept) -> Iterator[SQLModel]:
    """Return the row of a protocol's version.

    Raises:
        KeyError, TypeError, ValueError: It is not what `deposit` gave.
    """
    fields = {name: kept.record[name] for name in ProtocolVersion.model_fields if name != "source"}
    yield ProtocolVersion(source=kept.read(FILE), **fields)


def _identifier(digest: str) -> str:
    return derived_id(_NAMESPACE, digest)


def _premis(version: ProtocolVersion, by: Keeper) -> dict[str, Any]:
    identifier = _identifier(version.digest)
    events = [
        Event(
            id=derived_event(identifier, "kept"),
            type=EventType.ACCESSION,
            at=version.kept_at,
            detail="put on record",
            agents=((EventRelatedAgentRole.IMPLEMENTER, by.operator),),
        )
    ]
    if version.approved_at is not None and version.approved_by is not None:
        events.append(
            Event(
                id=derived_event(identifier, "approved"),
                type=EventType.VALIDATION,
                at=version.approved_at,
                detail="approved, by its digest",
                agents=((EventRelatedAgentRole.AUTHORIZER, by.decider(version.approved_by)),),
                outcome=EventOutcome.SUCCESS,
            )
        )
    return premis(events, [by.stated_basis])
