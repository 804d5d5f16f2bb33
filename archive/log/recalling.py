"""Recalling the log: its rows from its archival object, and what was signed after it was sealed.

The tiles on the disk may be longer than what was sealed: of these entries kind, id and digest are
known and no more. All together must be the tree that was signed, or there is a fork.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session, SQLModel

from archive.errors import FaultError
from archive.log import merkle, rotations, tiles
from archive.log.archiving import HANDOVERS, restore
from archive.log.entries import LogEntry, damage
from archive.log.keyring import Keyring, Term
from archive.log.keys import PUBLIC
from archive.log.notes import Checkpoint, parse_verifying_key
from archive.log.rotations import LogHandover
from archive.log.tiles import CHECKPOINT, WIDTH
from archive.log.witnesses import LogWitness
from archive.store.kinds import Kept
from archive.workspace.workspace import Workspace

_OBJECT = "the log's object"
_FORK = (
    "Keep both, and find out which is right: an older store or an older log may have been brought "
    "back. Nothing was rebuilt."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """The log as it could be put back."""

    entries: Sequence[LogEntry]
    handovers: Sequence[LogHandover]  # how its keys followed one another
    witnesses: Sequence[LogWitness]  # what they said of it
    sealed: int  # of how many entries it is known what was logged, unless that was deleted
    by_own_key: bool  # False: checked against the key that the log's object names itself


def recall(workspace: Workspace, session: Session, kept: Kept | None) -> Recalled:
    """Put back the log's rows in the caller's transaction.

    Args:
        workspace: Whose log it is; its folder `log` may be longer, shorter or not there.
        session: Writes to its database.
        kept: What the log's object holds; None: there is none in the store.

    Raises:
        FaultError: Entries are not what was signed, or the log on the disk did not grow from them.
        InputError: The log's public key is missing or damaged.
    """
    rows = [] if kept is None else _rows(kept)
    entries = [row for row in rows if isinstance(row, LogEntry)]
    handovers = [row for row in rows if isinstance(row, LogHandover)]
    witnesses = [row for row in rows if isinstance(row, LogWitness)]
    session.add_all([LogHandover(**row.model_dump()) for row in handovers])
    session.add_all([LogWitness(**row.model_dump()) for row in witnesses])
    session.flush()
    by_own_key = kept is None or (workspace.keys / PUBLIC).exists()
    keyring = (
        _stated_keyring(kept)
        if kept is not None and not by_own_key
        else rotations.read_keyring(session, workspace.keys)
    )
    if kept is not None:
        _check_sealed(entries, keyring.open_checkpoint(kept.read(CHECKPOINT), at=_OBJECT))
    signed = tiles.read_checkpoint(workspace.log, keyring)
    tail = [] if signed is None else list(_tail(workspace, len(entries), signed.size))
    if signed is not None and _root([*entries, *tail], signed.size) != signed.root:
        raise FaultError(
            f"a fork: the log on the disk did not grow from the {len(entries)} entries that "
            "were sealed",
            at=str(workspace.log),
            mend=_FORK,
        )
    session.add_all([LogEntry(**row.model_dump()) for row in [*entries, *tail]])
    session.flush()
    return Recalled(
        entries=[*entries, *tail],
        handovers=handovers,
        witnesses=witnesses,
        sealed=len(entries),
        by_own_key=by_own_key,
    )


def _stated_keyring(kept: Kept) -> Keyring:
    """Return the keys as the log's object names them, where the workspace has none."""
    keys = [parse_verifying_key(text, at=_OBJECT) for text in kept.record["keys"]]
    sizes = [json.loads(line)["size"] for line in kept.read(HANDOVERS).splitlines()]
    return Keyring(keys[-1], tuple(map(Term, keys, sizes)))


def _rows(kept: Kept) -> list[SQLModel]:
    try:
        kept.read(CHECKPOINT)
        return list(restore(kept))
    except (KeyError, TypeError, ValueError) as error:
        raise FaultError(
            f"is no log that this version can read: {error!r}",
            at=_OBJECT,
            mend="Name a copy that has it as it was sealed with --from FOLDER.",
        ) from error


def _check_sealed(entries: Sequence[LogEntry], signed: Checkpoint) -> None:
    numbered = [entry.index for entry in entries] == list(range(signed.size))
    if not numbered or _root(entries, signed.size) != signed.root:
        raise FaultError(
            "its entries are not those that its checkpoint signs",
            at=_OBJECT,
            mend="Name a copy that has it as it was sealed with --from FOLDER.",
        )
    for entry in entries:
        if (fault := damage(entry)) is not None:
            raise FaultError(
                fault,
                at=f"{_OBJECT}: entry {entry.index}",
                mend="Name a copy that has it as it was sealed with --from FOLDER.",
            )


def _tail(workspace: Workspace, start: int, end: int) -> Iterator[LogEntry]:
    """Return the entries from `start` on as the log's files have them."""
    for number in range(start // WIDTH, -(-end // WIDTH)):
        first = number * WIDTH
        bundle = tiles.read_bundle(workspace.log, number, min(WIDTH, end - first))
        for index, leaf in enumerate(bundle, first):
            if index >= start:
                yield _entry(index, leaf, at=str(workspace.log))


def _entry(index: int, leaf: bytes, *, at: str) -> LogEntry:
    try:
        stated = json.loads(leaf)
        return LogEntry(
            index=index,
            kind=stated["kind"],
            subject=stated["id"],
            at=None,
            digest=stated["digest"],
            salt=None,
            content=None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise FaultError(
            f"entry {index} is none that this program writes", at=at, mend=_FORK
        ) from error


def _root(entries: Sequence[LogEntry], size: int) -> bytes:
    """Return the root over the first `size` entries."""
    hashes = [merkle.leaf_hash(entry.leaf) for entry in entries[:size]]

    def subtree(height: int, index: int) -> bytes:
        return merkle.full_root(hashes[index << height : (index + 1) << height])

    return merkle.root(len(hashes), subtree)
