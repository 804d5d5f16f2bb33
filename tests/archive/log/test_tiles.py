import errno
import itertools
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import FaultError
from archive.log import merkle
from archive.log.keyring import Keyring
from archive.log.notes import Checkpoint, SigningKey, sign_note
from archive.log.tiles import (
    WIDTH,
    bring_up_to_date,
    read_checkpoint,
    stored_hashes,
    tile_path,
)
from tests.support.naive_tree import naive_root

KEY = SigningKey("emeritus.invalid/one", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
KEYRING = Keyring(KEY.verifying)
OTHER = SigningKey("emeritus.invalid/two", Ed25519PrivateKey.from_private_bytes(bytes(32)))
ENTRIES = [b"entry %d" % index for index in range(66_000)]


def grow(log: Path, size: int, entries: list[bytes] = ENTRIES) -> Checkpoint:
    return bring_up_to_date(log, lambda start: entries[start:size], KEY)


def files(log: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(log)): path.read_bytes() for path in log.rglob("*") if path.is_file()
    }


def lasting(log: Path) -> dict[str, bytes]:
    """The checkpoint and the full tiles: what does not depend on how the log grew."""
    return {path: content for path, content in files(log).items() if ".p/" not in path}


def split_bundle(content: bytes) -> Iterator[bytes]:
    while content:
        end = 2 + int.from_bytes(content[:2])
        yield content[2:end]
        content = content[end:]


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 7, 3, "tile/0/007.p/3"),
        (2, 999, 256, "tile/2/999"),
        (1, 1000, 256, "tile/1/x001/000"),
        (0, 1_234_067, 1, "tile/0/x001/x234/067.p/1"),
        ("entries", 12_000_345, 255, "tile/entries/x012/x000/345.p/255"),
    ],
)
def test_a_tile_lies_where_clients_look_for_it(
    level: int | str, index: int, width: int, path: str
) -> None:
    assert tile_path(level, index, width) == path


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 600), min_size=1, max_size=4).map(sorted))
def test_however_it_grew_a_log_holds_its_entries_and_their_root(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    log = tmp_path_factory.mktemp("grown") / "log"
    for size in sizes:
        checkpoint = grow(log, size)

        assert checkpoint.root == naive_root(ENTRIES[:size])
        assert read_checkpoint(log, KEYRING) == checkpoint
    whole, rest = divmod(size, WIDTH)
    names = [tile_path("entries", n) for n in range(whole)]
    names += [tile_path("entries", whole, rest)] if rest else []
    stored = [entry for name in names for entry in split_bundle((log / name).read_bytes())]
    assert stored == ENTRIES[:size]


def test_growing_by_steps_leaves_what_growing_at_once_leaves(tmp_path: Path) -> None:
    for size in (1, 100, 255, 256, 300, 511, 513):
        grow(tmp_path / "steps", size)
    grow(tmp_path / "once", 513)

    assert lasting(tmp_path / "steps") == lasting(tmp_path / "once")


def test_partial_tiles_stay_until_the_full_one_stands(tmp_path: Path) -> None:
    """Whoever holds an older checkpoint can still check it."""
    for size in (3, 5, 255):
        grow(tmp_path, size)
    before = set(files(tmp_path))
    grow(tmp_path, 257)
    after = set(files(tmp_path))

    assert {tile_path(0, 0, width) for width in (3, 5, 255)} <= before
    assert not any(".p/" in path and "000" in path for path in after if "/1/" not in path)
    assert stored_hashes(tmp_path, 5)(2, 0) == naive_root(ENTRIES[:4])


@pytest.mark.slow
def test_a_third_level_begins_with_entry_65536(tmp_path: Path) -> None:
    for size in (65_535, 65_536, 65_538):
        assert grow(tmp_path, size).root == naive_root(ENTRIES[:size])

    assert (tmp_path / tile_path(2, 0, 1)).read_bytes() == naive_root(ENTRIES[:65_536])
    assert (tmp_path / tile_path(0, 256, 2)).stat().st_size == 64


def test_proofs_come_from_the_tiles(tmp_path: Path) -> None:
    size = 700
    root, hashes = grow(tmp_path, size).root, stored_hashes(tmp_path, size)

    for index in (0, 255, 256, 699):
        leaf, proof = merkle.leaf_hash(ENTRIES[index]), merkle.inclusion_proof(index, size, hashes)
        assert merkle.verify_inclusion(leaf, index, size, proof, root)


def test_an_empty_log_has_a_signed_checkpoint(tmp_path: Path) -> None:
    assert read_checkpoint(tmp_path, KEYRING) is None

    assert grow(tmp_path, 0).root == merkle.EMPTY_ROOT
    assert list(files(tmp_path)) == ["checkpoint"]


def test_nothing_is_written_when_nothing_is_new(tmp_path: Path) -> None:
    grow(tmp_path, 300)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}

    grow(tmp_path, 300)

    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_adding_one_entry_reads_only_the_last_tile_again(tmp_path: Path) -> None:
    asked = list[int]()
    grow(tmp_path, 700)

    def leaves(start: int) -> list[bytes]:
        asked.append(start)
        return ENTRIES[start:701]

    bring_up_to_date(tmp_path, leaves, KEY)

    assert asked == [512]


def test_an_entry_that_no_bundle_can_hold_is_refused(tmp_path: Path) -> None:
    grow(tmp_path, 1)
    before = files(tmp_path)

    with pytest.raises(ValueError, match="65536 bytes"):
        grow(tmp_path, 2, [ENTRIES[0], bytes(65_536)])

    assert files(tmp_path) == before


# --- A log and a database that do not belong together -------------------------------------------

FORKS = {
    "one entry is gone": (ENTRIES[:299], "300 entries were signed, of which only 299 are there"),
    "all are gone": ([], "300 entries were signed, of which only 256 are there"),
    "the last is another": (
        [*ENTRIES[:299], b"another", *ENTRIES[300:400]],
        "entry 299 is not the one that was signed",
    ),
    "a backup was brought back and has grown": (
        [*ENTRIES[:270], *(b"new %d" % index for index in range(600))],
        "entry 270 is not the one that was signed",
    ),
}


@pytest.mark.parametrize(("entries", "message"), FORKS.values(), ids=FORKS)
def test_entries_that_are_not_the_signed_ones_are_refused(
    tmp_path: Path, entries: list[bytes], message: str
) -> None:
    grow(tmp_path, 300)
    before = files(tmp_path)

    with pytest.raises(FaultError, match=message):
        grow(tmp_path, len(entries), entries)

    assert files(tmp_path) == before


def change_a_tile(log: Path) -> None:
    content = (log / tile_path(1, 0, 1)).read_bytes()
    (log / tile_path(1, 0, 1)).write_bytes(content[::-1])


def cut_a_tile(log: Path) -> None:
    (log / tile_path(0, 1, 44)).write_bytes(bytes(31))


def lose_a_tile(log: Path) -> None:
    (log / tile_path(0, 1, 44)).unlink()


def put_another_tile_in_the_way(log: Path) -> None:
    (log / tile_path("entries", 1, 45)).write_bytes(b"another")


def change_the_checkpoint(log: Path) -> None:
    note = (log / "checkpoint").read_bytes()
    (log / "checkpoint").write_bytes(note.replace(b"\n300\n", b"\n299\n"))


def put_another_logs_checkpoint(log: Path) -> None:
    text = Checkpoint(origin="another.example", size=0, root=merkle.EMPTY_ROOT).text
    (log / "checkpoint").write_bytes(sign_note(text, KEY))


def sign_with_another_key(log: Path) -> None:
    text = Checkpoint(origin=OTHER.name, size=0, root=merkle.EMPTY_ROOT).text
    (log / "checkpoint").write_bytes(sign_note(text, OTHER))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (change_a_tile, "the tiles do not have the checkpoint's root"),
        (cut_a_tile, "tile/0/001.p/44: a tile is damaged"),
        (lose_a_tile, "tile/0/001: a tile is missing"),
        (put_another_tile_in_the_way, "tile/entries/001.p/45: another tile stands"),
        (change_the_checkpoint, "checkpoint: its signature is wrong"),
        (put_another_logs_checkpoint, "checkpoint: of another log: another.example"),
        (sign_with_another_key, "checkpoint: not signed by the key emeritus.invalid/one"),
    ],
)
def test_a_damaged_log_is_refused_and_left_as_it_is(
    tmp_path: Path, damage: Callable[[Path], None], message: str
) -> None:
    grow(tmp_path, 300)
    damage(tmp_path)
    before = files(tmp_path)

    with pytest.raises(FaultError, match=message):
        grow(tmp_path, 301)

    assert files(tmp_path) == before


def test_a_log_moved_aside_is_written_again_as_it_was(tmp_path: Path) -> None:
    first = grow(tmp_path / "log", 300)
    (tmp_path / "log").rename(tmp_path / "aside")

    assert grow(tmp_path / "log", 300) == first


# --- Interruptions ------------------------------------------------------------------------------

# Grows a log and kills itself before the n-th change that it makes to the disk.
KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from archive.log.notes import SigningKey
from archive.log.tiles import bring_up_to_date

left = int(sys.argv[2])

def counted(act):
    def counting(*args, **kwargs):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(*args, **kwargs)
    return counting

for module, name in ((os, "fsync"), (os, "replace"), (os, "mkdir"), (shutil, "rmtree")):
    setattr(module, name, counted(getattr(module, name)))
key = SigningKey("emeritus.invalid/one", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
entries = [b"entry %d" % index for index in range(int(sys.argv[3]))]
bring_up_to_date(Path(sys.argv[1]), lambda start: entries[start:], key)
"""


def grow_and_be_killed(log: Path, size: int, at: int) -> bool:
    """Grow the log in a process that is killed at its change `at`; False: it finished first."""
    command = [sys.executable, "-c", KILLED, str(log), str(at), str(size)]
    ended = subprocess.run(command, capture_output=True, timeout=30, check=False)  # noqa: S603  # our own script
    assert ended.returncode in {0, -signal.SIGKILL}, ended.stderr
    return ended.returncode != 0


@pytest.mark.parametrize(("before", "size", "changes"), [(0, 3, 14), (255, 513, 32)])
def test_killed_before_any_change_the_next_call_finishes(
    tmp_path: Path, before: int, size: int, changes: int
) -> None:
    """What is signed can be checked at every moment, and nothing is left lying about."""
    grow(tmp_path / "unharmed", before)
    grow(tmp_path / "unharmed", size)
    for at in itertools.count():
        log = tmp_path / f"killed-{at}"
        grow(log, before)
        if not grow_and_be_killed(log, size, at):
            break
        left = read_checkpoint(log, KEYRING)
        assert left is not None
        assert left.root == merkle.root(left.size, stored_hashes(log, left.size))

        grow(log, size)

        assert files(log) == files(tmp_path / "unharmed")
    assert at >= changes


def test_a_refused_fsync_leaves_the_last_checkpoint_standing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = grow(tmp_path, 300)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(OSError, match="No space left"):
            grow(tmp_path, 301)

    assert read_checkpoint(tmp_path, KEYRING) == signed
    assert grow(tmp_path, 301).root == naive_root(ENTRIES[:301])


def refuse(_descriptor: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_writers_at_the_same_time_never_take_each_other_for_a_fork(tmp_path: Path) -> None:
    """Each reads the entries only when it is alone, so none is behind the log."""
    entries, guard, faults = list[bytes](), threading.Lock(), list[Exception]()

    def act() -> None:
        for number in range(10):
            with guard:
                entries.append(b"%d %d" % (threading.get_ident(), number))
            try:
                bring_up_to_date(tmp_path, lambda start: entries[start:], KEY)
            except FaultError as fault:
                faults.append(fault)

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    checkpoint = read_checkpoint(tmp_path, KEYRING)
    assert checkpoint is not None
    assert (faults, checkpoint.size, checkpoint.root) == ([], 40, naive_root(entries))
