"""The workspace in the store: who runs it, who decides there, and what they wrote themselves.

Settings and roster stand there as they are on the disk, with the operator's pages and protocols.
Keys never do: whoever could read a copy of the store could sign in the archive's name.
"""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from archive.identifiers import to_urn
from archive.records.premis import (
    Event,
    EventRelatedAgentRole,
    EventType,
    Keeper,
    derived_event,
    premis,
)
from archive.store.kinds import Deposit
from archive.workspace import people, settings
from archive.workspace.workspace import Workspace

SUBJECT = "workspace"
FILES = (settings.FILE_NAME, people.FILE_NAME, "facts.yaml", "criteria.toml")
FOLDERS = ("pages", "protocols")


def deposit(workspace: Workspace, _subject: str) -> Deposit:
    """Return what the workspace's object is to hold."""
    identity, operator = workspace.settings.workspace, workspace.settings.operator
    return Deposit(
        object_id=to_urn(identity.id),
        title=f"The archive of {operator.name or 'an operator who is not stated'}",
        record={
            "id": identity.id,
            "created": identity.created,
            "operator": asdict(operator),
            "people": {
                person.id: {
                    "name": person.name,
                    "roles": list(person.roles),
                    "key": person.key,
                    "program": person.program,
                }
                for person in workspace.people.values()
            },
            "premis": _premis(workspace),
        },
        files={str(path.relative_to(workspace.root)): path for path in _files(workspace.root)},
    )


def keeper(workspace: Workspace) -> Keeper:
    """Return who keeps the workspace's records."""
    return Keeper(
        archive=workspace.settings.workspace.id,
        programs={person.id for person in workspace.people.values() if person.program},
    )


def is_part(path: str) -> bool:
    """Whether the file at `path` in the object is one that a workspace holds under that name."""
    return path in FILES or path.startswith(tuple(f"{folder}/" for folder in FOLDERS))


def _premis(workspace: Workspace) -> dict[str, Any]:
    by, identity = keeper(workspace), workspace.settings.workspace
    begun = Event(
        id=derived_event(identity.id, "begun"),
        type=EventType.CREATION,
        at=identity.created,
        detail="archive begun",
        agents=((EventRelatedAgentRole.IMPLEMENTER, by.operator),),
    )
    roster = [by.decider(identifier) for identifier in workspace.people]
    return premis([begun], [by.stated_basis], agents=roster)


def _files(root: Path) -> Iterator[Path]:
    for name in FILES:
        if (root / name).is_file():
            yield root / name
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path
