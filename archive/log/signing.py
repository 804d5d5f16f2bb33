"""Writing and signing what the log's table holds, by the key whose turn it is."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from archive.log import entries, rotations, tiles
from archive.log.keys import read_next_key, read_next_signing_key, read_signing_key, take_over
from archive.log.notes import sign_note
from archive.log.rotations import LogHandover
from archive.workspace.database import Database
from archive.workspace.locks import alone


def bring_up_to_date(database: Database, log: Path, keys: Path) -> None:
    """Write the log's tiles and its checkpoint up to the last entry; finish a rotation.

    Killed at any point, it is finished by the next call.

    Raises:
        InputError: The log's key is missing or damaged.
        FaultError: The tiles disagree with the entries, or the key is not the log's.
        ServiceError: The database refused.
        OSError: The disk refused.
    """
    with alone(keys):
        with database.reading() as session:
            keyring = rotations.read_keyring(session, keys)
            upcoming = read_next_key(keys)
            statement = upcoming and rotations.stated(session, upcoming)
        if upcoming == keyring.current:  # a kill came between the hand-over and its last step
            take_over(keys)
            upcoming = None
        key = read_signing_key(keys)
        leaves = partial(_leaves, database)
        checkpoint = tiles.bring_up_to_date(log, leaves, key, keyring.former)
        if upcoming and statement:
            new = read_next_signing_key(keys)
            note = sign_note(checkpoint.text, key, new)
            tiles.sign_again(log, note)
            handover = LogHandover(
                index=statement.index,
                old=key.verifying.text,
                new=new.verifying.text,
                size=checkpoint.size,
                note=note.decode(),
            )
            # it is on the disk before the old key is gone
            with database.writing() as session:
                session.add(handover)
            take_over(keys)


def _leaves(database: Database, start: int) -> Iterator[bytes]:
    with database.reading() as session:
        yield from entries.leaves(session, start)
