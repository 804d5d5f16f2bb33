"""Copies that were away: which of them is there again, and which still holds what was deleted.

A copy is more than the path at which it was made: while its disk is away another one, or a new
and empty root, can stand there.
"""

from pathlib import Path

from archive.store.copies import copies
from archive.store.deletions import COPY, Deletion, deletions
from archive.store.layout import ROOT_DECLARATION
from archive.store.sealed_objects import sealed_objects
from archive.store.writing import Root
from archive.workspace.workspace import Workspace


def is_there(workspace: Workspace, place: Path) -> bool:
    """Whether a copy of the store stands in `place`: a root that holds something of it."""
    if not (place / ROOT_DECLARATION).is_file():
        return False
    with workspace.database.reading() as session:
        ids = [one.id for one in sealed_objects(session)]
        ids += [one for row in deletions(session) for one in row.objects]
    return any(Root(place).folder(one).is_dir() for one in ids)


def reopen(workspace: Workspace, place: Path) -> list[Deletion]:
    """Let deletions wait for a copy that holds what they deleted; return those that did not."""
    where = str(place)
    with workspace.database.reading() as session:
        held = [
            row.id
            for row in deletions(session)
            if Root(place).folder(row.object_id).is_dir()
            and not any((one["what"], one["where"]) == (COPY, where) for one in row.pending)
        ]
    if not held:
        return []
    with workspace.database.writing() as session:
        rows = [session.get_one(Deletion, identifier) for identifier in held]
        for row in rows:
            row.reopen(COPY, where)
            session.add(row)
        return [Deletion(**row.model_dump()) for row in rows]


def reopen_all(workspace: Workspace) -> None:
    """Do so for every copy on record that is within reach."""
    with workspace.database.reading() as session:
        places = [Path(copy.path) for copy in copies(session)]
    for place in places:
        if (place / ROOT_DECLARATION).is_file():
            reopen(workspace, place)
