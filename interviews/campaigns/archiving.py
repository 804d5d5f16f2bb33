"""A campaign in the store: its plan, by which its sessions can be held against what was meant."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import SQLModel, select

from archive.canonical import as_kept, canonical_bytes
from archive.identifiers import derived_id, to_urn
from archive.records import premis
from archive.records.premis import Event, EventRelatedAgentRole, EventType, Keeper
from archive.store.kinds import Deposit, Kept
from archive.workspace.archiving import keeper
from archive.workspace.workspace import Workspace
from interviews.campaigns.campaign import Campaign, load_campaign

_NAMESPACE = "01939f6e-5c00-7000-8000-63616d706169"


def campaigns(workspace: Workspace) -> Sequence[str]:
    """Return the names of all campaigns."""
    with workspace.database.reading() as session:
        return session.exec(select(Campaign.slug).order_by(Campaign.slug)).all()


def deposit(workspace: Workspace, slug: str) -> Deposit:
    """Return what the object of a campaign is to hold."""
    with workspace.database.reading() as session:
        row = load_campaign(session, slug)
    return Deposit(
        object_id=to_urn(_identifier(row)),
        title=f"The plan of a campaign of interviews with the language model {row.model}",
        record=row.model_dump(exclude={"plan"})
        | {"plan": json.loads(as_kept(row.plan)), "premis": _premis(row, keeper(workspace))},
        files={},
    )


def restore(kept: Kept) -> Iterator[SQLModel]:
    """Return the row of a campaign.

    Raises:
        KeyError, TypeError, ValueError: It is not what `deposit` gave.
    """
    fields = {name: kept.record[name] for name in Campaign.model_fields}
    yield Campaign(**fields | {"plan": canonical_bytes(kept.record["plan"])})


def _identifier(row: Campaign) -> str:
    return derived_id(_NAMESPACE, row.plan_digest)


def _premis(row: Campaign, by: Keeper) -> dict[str, Any]:
    planned = Event(
        id=premis.derived_event(_identifier(row), "planned"),
        type=EventType.CREATION,
        at=row.planned_at,
        detail="planned, and its plan logged, before the first question",
        agents=(
            (EventRelatedAgentRole.EXECUTING_PROGRAM, premis.PROGRAM),
            (EventRelatedAgentRole.IMPLEMENTER, by.operator),
        ),
    )
    return premis.premis([planned], [by.stated_basis])
