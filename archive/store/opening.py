"""Opening the workspace's own store: first, what a crash left in it is finished or removed.

Every command that reads or writes the store begins here. Where nothing was left, `settle` looks
into one folder and one table; only where something was does it take the store's lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlmodel import select

from archive.commands import say
from archive.store.removing import clear, is_clear
from archive.store.seals import Seal
from archive.store.writing import Root, is_settled, locked, only_writer, recover
from archive.workspace.workspace import Workspace


def settle(workspace: Workspace) -> None:
    """Finish or remove what a crash left in the store of `workspace`; say what must be left.

    Raises:
        ServiceError: Another process is writing there.
        OSError: The disk refused.
    """
    if not workspace.store.is_dir():
        return
    if not is_settled(workspace.store) or not is_clear(workspace):
        with locked(workspace.store) as root:
            left = recover_sealed(workspace, root)
        for slot in left:
            say(
                f"{slot.relative_to(workspace.root)}: holds a version that was sealed and cannot "
                "take its place\n  Mend its object: emeritus preserve repair."
            )


@contextmanager
def own_store(workspace: Workspace) -> Iterator[Root]:
    """Open the store of `workspace` alone, with nothing left of a crash; make it if there is none.

    Raises:
        InputError: Something stands there that is no storage root of ours.
        ServiceError: Another process is writing there.
        OSError: The disk refused.
    """
    with only_writer(workspace.store) as root:
        recover_sealed(workspace, root)
        yield root


def recover_sealed(workspace: Workspace, root: Root) -> list[Path]:
    """Finish what a crash left of versions that `workspace` has sealed; remove the rest.

    In the store of `workspace` itself, deletions that were decided on are finished too.

    Returns:
        The folders that had to be left: each holds a version of an object that is not whole.

    Raises:
        OSError: The disk refused.
    """
    recovered = recover(root, committed=lambda *version: _is_sealed(workspace, *version))
    if root.path == workspace.store:
        clear(workspace, root)
    left = [one.slot for one in recovered if one.finished is None]
    return [slot for slot in left if slot.exists()]  # a deletion removes it


def _is_sealed(workspace: Workspace, object_id: str, inventory_digest: str) -> bool:
    rows = select(Seal).where(
        Seal.object_id == object_id, Seal.inventory_digest == inventory_digest
    )
    with workspace.database.reading() as session:
        return session.exec(rows).first() is not None
