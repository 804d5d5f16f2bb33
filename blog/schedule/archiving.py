"""A model's schedule in the store: what was promised, and why in some weeks no post came."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlmodel import SQLModel, select

from archive.identifiers import derived_id, to_urn
from archive.records import premis
from archive.records.models import load_model
from archive.records.premis import Event, EventRelatedAgentRole, EventType
from archive.store.kinds import Deposit, Kept
from archive.workspace.archiving import keeper
from archive.workspace.workspace import Workspace
from blog.schedule.deciding import gaps_of, schedules_of
from blog.schedule.schedules import Gap, Schedule

SCHEMA = Path(__file__).parents[1] / "schemas/schedule.schema.json"


def scheduled(workspace: Workspace) -> Sequence[str]:
    """Return the models of which posts were ever promised."""
    with workspace.database.reading() as session:
        return session.exec(select(Schedule.model).distinct().order_by(Schedule.model)).all()


def deposit(workspace: Workspace, model: str) -> Deposit:
    """Return what the object of a model's schedule is to hold."""
    with workspace.database.reading() as session:
        row = load_model(session, model)
        schedules = [one.statement for one in schedules_of(session, model)]
        gaps = [one.statement for one in gaps_of(session, model)]
        identifier, name = derived_id(row.id, "schedule"), row.name
    by = keeper(workspace)
    events = [
        Event(
            id=str(one["id"]),
            type=EventType.POLICY_ASSIGNMENT,
            at=str(one["at"]),
            detail=detail,
            agents=((EventRelatedAgentRole.AUTHORIZER, by.decider(str(one["by"]))),),
        )
        for detail, rows in (("a schedule decided", schedules), ("a week without a post", gaps))
        for one in rows
    ]
    return Deposit(
        object_id=to_urn(identifier),
        title=f"When texts by the language model {name} were to appear",
        record={
            "id": identifier,
            "model": model,
            "schedules": [_without_model(one) for one in schedules],
            "gaps": [_without_model(one) for one in gaps],
            "premis": premis.premis(events, [by.stated_basis], agents=[by.operator]),
        },
        files={},
    )


def restore(kept: Kept) -> Iterator[SQLModel]:
    """Return the rows of a model's schedule.

    Raises:
        KeyError, TypeError, ValueError: It is not what `deposit` gave.
    """
    model = kept.record["model"]
    for row in kept.record["schedules"]:
        yield Schedule(model=model, **{"weekday": None, **row})
    for row in kept.record["gaps"]:
        yield Gap(model=model, **row)


def _without_model(statement: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in statement.items() if name != "model"}
