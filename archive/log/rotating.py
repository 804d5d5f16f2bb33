"""Rotating the log's key: make the next one, state it in the log; writing the log hands over."""

from archive.log import entries, rotations
from archive.log.keys import make_next_key, read_next_key, read_signing_key
from archive.log.notes import VerifyingKey
from archive.workspace.locks import only_runner
from archive.workspace.workspace import Workspace


def rotate(workspace: Workspace, *, by: str) -> VerifyingKey:
    """Let a new key sign the log from now on, and return it; one that was begun is finished.

    Killed at any point, the next decision or the next rotation finishes what was stated.

    Raises:
        InputError: The log's key is missing or damaged.
        FaultError: The log is damaged, or disagrees with its entries.
        ServiceError: Another process rotates it, or the database or the disk refused.
    """
    with only_runner(workspace.lock("key"), what="key rotate"):
        begun = read_next_key(workspace.keys)
        workspace.bring_log_up_to_date()
        old = read_signing_key(workspace.keys)
        if begun == old.verifying:
            return begun
        new = make_next_key(workspace.keys, name=old.name).verifying
        statement = {"new": new.text, "old": old.verifying.text}
        with workspace.deciding() as session:
            entries.append(session, rotations.KIND, rotations.subject_of(new), statement)
            # who decided is no part of what receipts show to strangers
            entries.append(session, "decision", rotations.subject_of(new), {"by": by})
        return new
