"""Removing objects from a storage root, and from the workspace what deletions have decided on.

An object is renamed out of the root as a whole before anything of it is destroyed. What a crash
leaves of it stands in staging, where `recover` finds that no seal knows it, and removes it.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

from archive.errors import ServiceError
from archive.files import sync_folder
from archive.store.deletions import ASIDE, AWAY, DATABASE, Deletion, Standing, not_removed
from archive.store.writing import Root
from archive.times import now, to_text
from archive.workspace.workspace import Workspace


def remove_objects(root: Root, object_ids: Iterable[str]) -> None:
    """Remove objects with all their versions, and the folders that they leave empty.

    Raises:
        OSError: The disk refused; calling it again finishes what was begun.
    """
    for object_id in object_ids:
        _remove_object(root, object_id)


def _remove_object(root: Root, object_id: str) -> None:
    folder, slot = root.folder(object_id), root.slot(object_id)
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        remove_tree(slot)  # a version that `recover` had to leave
        folder.rename(slot)
        sync_folder(slot.parent)
        sync_folder(folder.parent)
    remove_tree(slot)
    for parent in folder.parents:
        if parent == root.path:
            break
        if parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()
            sync_folder(parent.parent)


def remove_tree(folder: Path) -> None:
    """Remove a folder and all in it, durably; it may be gone already.

    Raises:
        OSError: The disk refused.
    """
    if folder.exists():
        shutil.rmtree(folder)
        sync_folder(folder.parent)


def is_clear(workspace: Workspace) -> bool:
    """Whether the workspace itself holds nothing more of what was deleted."""
    with workspace.database.reading() as session:
        return not not_removed(session)


def clear(workspace: Workspace, root: Root) -> None:
    """Finish in the workspace itself what was decided: its store, what is set aside, its database.

    Raises:
        OSError: The disk refused; the next command on the store tries again.
    """
    with workspace.database.reading() as session:
        rows = [Deletion(**row.model_dump()) for row in not_removed(session)]
    if not rows:
        return
    for row in rows:
        # what quoted the words may be sealed anew by now: its new object stays
        if any(place["what"] != DATABASE for place in _own(row)):
            _remove_files(workspace, root, row)
    refused = _scrubbed(workspace)
    with workspace.database.writing() as session:
        for row in rows:
            kept = session.get_one(Deletion, row.id)
            for place in _own(kept):
                left = refused if place["what"] == DATABASE else None
                standing = Standing.REMOVED if left is None else Standing.PENDING
                kept.settle(place["what"], place["where"], standing, left)
            kept.removed_at = to_text(now()) if refused is None else None
            session.add(kept)


def _own(row: Deletion) -> list[dict[str, str]]:
    return [place for place in row.pending if place["what"] not in AWAY]


def _remove_files(workspace: Workspace, root: Root, row: Deletion) -> None:
    remove_objects(root, row.objects)
    for place in row.places:
        if place["what"] == ASIDE:
            remove_tree(workspace.root / place["where"])


def _scrubbed(workspace: Workspace) -> str | None:
    """Take what was destroyed out of the database's files; return why that is not done yet."""
    try:
        workspace.database.scrub()
    except ServiceError as error:  # a reader holds it back: it will have ended
        return error.what
    return None
