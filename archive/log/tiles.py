"""The log as files that any static server can publish: C2SP tlog-tiles.

`checkpoint` is what was last signed, and the tiles that it needs stand before it does. A tile
is never changed once it stands; a partial one goes when the full one has come.
"""

import itertools
import shutil
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import NoReturn

from archive.errors import FaultError
from archive.files import publish, read_bounded, sync_folder
from archive.log import merkle
from archive.log.keyring import Keyring, Term
from archive.log.notes import Checkpoint, SigningKey, sign_note
from archive.workspace.locks import alone

WIDTH = 256  # hashes in a full tile, entries in a full bundle
MAX_ENTRY_BYTES = 0xFFFF
CHECKPOINT = "checkpoint"
LONGEST_NOTE = 1 << 20  # bytes; a signature takes some hundred
LONGEST_TILE = WIDTH * (2 + MAX_ENTRY_BYTES)  # bytes, of a full bundle

_HASH_BYTES = 32
_HEIGHT = 8  # of the subtree that a full tile's hashes are the leaves of
_TEMPORARY = f".*.{'[0-9a-f]' * 8}"  # as archive.files.publish names them

_DAMAGE = (
    "Bring the log's folder back from a copy. Where there is none, and the database is the newest "
    "that there was, move it aside: it is written again."
)
_FORK = (
    "An old backup of the database or of the log may have been brought back: keep both, and "
    "find out which is right. Nothing was overwritten."
)


def bring_up_to_date(
    folder: Path,
    leaves: Callable[[int], Iterable[bytes]],
    key: SigningKey,
    former: tuple[Term, ...] = (),
) -> Checkpoint:
    """Write what the log in `folder` lacks, sign its checkpoint and return it.

    Killed at any point, it is finished by the next call. It reads and hashes again only the
    entries of the last tile, so that a fork is seen before anything is written.

    Args:
        folder: Where the log lies; made if it is not there.
        leaves: Given an index, returns the entries from there to the last. It is called once,
            while no other process writes here, and must begin to read only then: what it read
            before could be older than the log.
        key: Signs the checkpoint; its name is the log's origin.
        former: The keys that signed before it, oldest first.

    Raises:
        FaultError: The log on disk is longer than the entries, disagrees with them or with its
            checkpoint, or is another's. Nothing was overwritten.
        OSError: The disk refused.
        ValueError: An entry is longer than 65,535 bytes.
    """
    _make_folder(folder)
    with alone(folder):
        signed = _read_sound_checkpoint(folder, Keyring(key.verifying, former))
        before = 0 if signed is None else signed.size
        size = _write_entries(folder, leaves, before)
        if signed and size == before:
            return signed
        _write_upper_tiles(folder, before, size)
        root = merkle.root(size, stored_hashes(folder, size))
        checkpoint = Checkpoint(origin=key.name, size=size, root=root)
        _publish(folder / CHECKPOINT, sign_note(checkpoint.text, key))
        return checkpoint


def check(folder: Path, leaves: Callable[[int], Iterable[bytes]], keyring: Keyring) -> None:
    """Refuse unless the log in `folder` can take what comes after the entries.

    It reads what `bring_up_to_date` reads again, and writes nothing; one that was never written
    can take anything.

    Args:
        folder: Where the log lies.
        leaves: Given an index, returns the entries from there to the last.
        keyring: The log's keys.

    Raises:
        FaultError: As `bring_up_to_date` does.
    """
    signed = _read_sound_checkpoint(folder, keyring)
    if signed is not None:
        start = _last_bundle(signed.size)
        _refuse_fork(folder, signed.size, start, list(itertools.islice(leaves(start), WIDTH)))


def read_checkpoint(folder: Path, keyring: Keyring) -> Checkpoint | None:
    """Return what was last signed of the log in `folder`; None: nothing yet.

    Raises:
        FaultError: It is damaged, or another log's.
    """
    note = read_note(folder)
    return None if note is None else keyring.open_checkpoint(note, at=str(folder / CHECKPOINT))


def read_note(folder: Path) -> bytes | None:
    """Return the bytes of what was last signed, unchecked; None: nothing yet."""
    try:
        return content_of(folder / CHECKPOINT, most=LONGEST_NOTE)
    except FileNotFoundError:
        return None


def content_of(path: Path, *, most: int = LONGEST_TILE) -> bytes:
    """Return the bytes of a file of the log; none if it is longer than any, or a pipe.

    Nothing of the log is empty, so whoever reads it sees that it is damaged.
    """
    try:
        return read_bounded(path.resolve(), most)
    except ValueError:
        return b""


def sign_again(folder: Path, note: bytes) -> None:
    """Put `note` in place of the checkpoint: the same text, with one signature more."""
    _publish(folder / CHECKPOINT, note)


def stored_hashes(folder: Path, size: int) -> merkle.Subtree:
    """Return the source of hashes, for roots and proofs, of the log's first `size` entries.

    Raises:
        FaultError: When asked: a tile is missing or damaged.
    """

    @cache
    def tile(level: int, index: int) -> list[bytes]:
        width = min(WIDTH, (size >> _HEIGHT * level) - index * WIDTH)
        return read_tile(folder, level, index, width)

    def subtree(height: int, index: int) -> bytes:
        level, rest = divmod(height, _HEIGHT)
        number, start = divmod(index << rest, WIDTH)
        return merkle.full_root(tile(level, number)[start : start + (1 << rest)])

    return subtree


def read_tile(folder: Path, level: int, index: int, width: int) -> list[bytes]:
    """Return the first `width` hashes of a tile, from the partial one or from the full one.

    Raises:
        FaultError: It is missing or damaged.
    """
    path, content, width_there = _read_widest(folder, level, index, width)
    if len(content) != width_there * _HASH_BYTES:
        _refuse("a tile is damaged", path)
    return [content[at : at + _HASH_BYTES] for at in range(0, width * _HASH_BYTES, _HASH_BYTES)]


def read_bundle(folder: Path, index: int, width: int) -> list[bytes]:
    """Return the first `width` entries of a bundle, from the partial one or from the full one.

    Raises:
        FaultError: It is missing or damaged.
    """
    path, content, width_there = _read_widest(folder, "entries", index, width)
    found, at = list[bytes](), 0
    while at < len(content):
        start = at + 2
        at = start + int.from_bytes(content[at:start])
        found.append(content[start:at])
    if at != len(content) or len(found) != width_there:
        _refuse("a bundle of entries is damaged", path)
    return found[:width]


def _read_widest(folder: Path, level: int | str, index: int, width: int) -> tuple[Path, bytes, int]:
    """Return where a tile of `width` stands, alone or in the full one, its bytes and its width."""
    path = folder / tile_path(level, index, width)
    try:
        return path, content_of(path), width
    except FileNotFoundError:
        path = folder / tile_path(level, index)
        if not path.is_file():
            _refuse("a tile is missing", path)
        return path, content_of(path), WIDTH


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Return where a tile lies in the log; the level `entries` holds the bundles of entries."""
    *outer, last = (group.zfill(3) for group in f"{index:,}".split(","))
    number = "/".join([*(f"x{group}" for group in outer), last])
    return f"tile/{level}/{number}" + ("" if width == WIDTH else f".p/{width}")


def _read_sound_checkpoint(folder: Path, keyring: Keyring) -> Checkpoint | None:
    signed = read_checkpoint(folder, keyring)
    if signed and merkle.root(signed.size, stored_hashes(folder, signed.size)) != signed.root:
        _refuse("the tiles do not have the checkpoint's root", folder)
    return signed


def _last_bundle(size: int) -> int:
    """Return the index of the first entry in the last bundle of a log of `size` entries."""
    return max(size - 1, 0) // WIDTH * WIDTH


def _write_entries(folder: Path, leaves: Callable[[int], Iterable[bytes]], before: int) -> int:
    """Write the bundles of entries and the tiles of their hashes; return how many there are."""
    size = _last_bundle(before)
    entries = iter(leaves(size))
    bundle = list(itertools.islice(entries, WIDTH))
    _refuse_fork(folder, before, size, bundle)
    while bundle:
        index = size // WIDTH
        _write_tile(folder, "entries", index, [_prefixed(entry) for entry in bundle])
        _write_tile(folder, 0, index, [merkle.leaf_hash(entry) for entry in bundle])
        size += len(bundle)
        bundle = list(itertools.islice(entries, WIDTH))
    return size


def _write_upper_tiles(folder: Path, before: int, size: int) -> None:
    """Write the tiles over those that became full when the log grew from `before` to `size`."""
    for level in itertools.count(1):
        before, size = before // WIDTH, size // WIDTH  # now: hashes at this level
        if size == before:
            return
        for index in range(before // WIDTH, (size - 1) // WIDTH + 1):
            start, end = index * WIDTH, min((index + 1) * WIDTH, size)
            hashes = read_tile(folder, level, index, before - start) if before > start else []
            hashes += [
                merkle.full_root(read_tile(folder, level - 1, below, WIDTH))
                for below in range(start + len(hashes), end)
            ]
            _write_tile(folder, level, index, hashes)


def _refuse_fork(folder: Path, before: int, start: int, entries: list[bytes]) -> None:
    """Refuse unless `entries`, from `start` on, agree with the last tile of what was signed."""
    signed = read_tile(folder, 0, start // WIDTH, before - start) if before else []
    found = [merkle.leaf_hash(entry) for entry in entries[: len(signed)]]
    for index, (old, new) in enumerate(zip(signed, found, strict=False), start):
        if old != new:
            _refuse(f"entry {index} is not the one that was signed", folder, mend=_FORK)
    if len(found) < len(signed):
        have = start + len(found)
        _refuse(f"{before} entries were signed, of which only {have} are there", folder, mend=_FORK)


def _prefixed(entry: bytes) -> bytes:
    if len(entry) > MAX_ENTRY_BYTES:
        raise ValueError(f"an entry of {len(entry)} bytes; a log takes {MAX_ENTRY_BYTES}")
    return len(entry).to_bytes(2) + entry


def _write_tile(folder: Path, level: int | str, index: int, items: list[bytes]) -> None:
    """Write a tile that is not there yet; a full one takes the place of its partial ones."""
    path, content = folder / tile_path(level, index, len(items)), b"".join(items)
    if not path.exists():
        _make_folder(path.parent)
        _publish(path, content)
    elif content_of(path) != content:
        _refuse("another tile stands where one is to be written", path, mend=_FORK)
    partial = path.with_name(f"{path.name}.p")
    if len(items) == WIDTH and partial.exists():
        shutil.rmtree(partial)


def _publish(path: Path, content: bytes) -> None:
    for left_by_a_kill in path.parent.glob(_TEMPORARY):
        left_by_a_kill.unlink()
    publish(path, content)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def _refuse(what: str, path: Path, *, mend: str = _DAMAGE) -> NoReturn:
    raise FaultError(what, at=str(path), mend=mend)
