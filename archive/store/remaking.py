"""Remaking what `preserve restore` needs: the workspace's folder from its object, an empty database."""

from pathlib import Path

from sqlalchemy import inspect

from archive.errors import FaultError, InputError
from archive.files import publish, sync_folder
from archive.store.gathering import Found
from archive.store.paths import check_portable
from archive.store.reading import read_inventory
from archive.store.verifying import verify, verify_root
from archive.store.writing import make_folder
from archive.workspace import archiving, identity, making, settings
from archive.workspace.database import Database
from archive.workspace.workspace import Workspace


def remake(root: Path, source: Path | None, *, schema: str) -> Workspace:
    """Return the workspace at `root`, its database with all tables and nothing in them.

    Where there is none, its settings, roster, pages and protocols come from the copy of a store.

    Args:
        root: The workspace's folder, or where it is to be.
        source: A copy of the store; None: the workspace's own is all there is.
        schema: What the record of a workspace says that it is.

    Raises:
        InputError: There is no workspace and no copy to make it from, or the database holds a
            record.
        FaultError: The copy holds no workspace's object that is whole.
        ServiceError: The database refused.
        OSError: A disk refused.
    """
    file = root / settings.FILE_NAME
    if not file.is_file():
        if source is None:
            raise InputError(
                "no workspace here",
                at=str(root),
                mend="Name a copy of its store to make it from: preserve restore --from FOLDER.",
            )
        _put_folder(root, _workspace_object(source, schema))
    workspace = Workspace(root, settings.read_settings(file))
    try:
        _prepare(workspace.database)
    except BaseException:
        workspace.close()
        raise
    return workspace


def _workspace_object(source: Path, schema: str) -> Found:
    for path in verify_root(source)[1]:
        folder = source / path
        try:
            inventory = read_inventory(folder)
        except FaultError:  # it is named when all objects are gathered
            continue
        found = None if inventory is None else Found(folder, inventory)
        if found is not None and found.schema == schema and not verify(folder).errors:
            return found
    raise FaultError(
        "holds no record of a workspace that is whole",
        at=str(source),
        mend="Name another copy, or make the folder from a backup first.",
    )


def _put_folder(root: Path, found: Found) -> None:
    """Write the files of a workspace, its settings last: until then it is none."""
    paths = [path for path in found.kept.paths if archiving.is_part(path)]
    check_portable(paths)
    making.make_folders(root)
    for path in sorted(paths, key=lambda path: path == settings.FILE_NAME):
        make_folder((root / path).parent)
        publish(root / path, found.read(path))


def _prepare(database: Database) -> None:
    if database.file is not None and not database.file.exists():
        for left in ("-wal", "-shm"):  # SQLite would take them for the new file's
            path = database.file.with_name(f"{database.file.name}{left}")
            if path.exists():
                path.rename(path.with_name(f"{path.name}.left"))
        database.file.touch(mode=0o600)
        sync_folder(database.file.parent)
    with database.reading() as session:
        is_there = inspect(session.connection()).has_table("workspace")
        owner = identity.owner(session) if is_there else None
    if owner is not None:
        raise InputError(
            "holds a record, and nothing is put in its place",
            at=database.name,
            mend="Move it aside, or name an empty database, if it is to be rebuilt.",
        )
    database.upgrade()
