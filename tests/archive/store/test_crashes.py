"""No moment of a crash costs a version: the old one or the new one, never neither."""

import contextlib
import errno
import os
import random
import resource
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.store.verifying import verify
from tests.support.killing import fault_points, run_until
from tests.support.objects import (
    OBJECT,
    object_folder,
    read_states,
    recovered,
    write_version,
    write_versions,
)
from tests.support.power_cut import Disk, PowerCutError

PROGRAM = "tests.support.objects:main"
OLD = {"record.json": b"old", "kept.txt": b"kept"}
NEW = {"record.json": b"new", "kept.txt": b"kept", "raw/0.json": b"added"}
OTHER = "urn:uuid:01939f6e-5c00-7000-8000-00000000000f"
NEW_ARGUMENTS = [f"{path}={text.decode()}" for path, text in NEW.items()]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where the system has one: a slow disk would prove no more."""
    memory = Path("/dev/shm")  # noqa: S108  # only if it is there
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as name:
        yield Path(name)


@pytest.fixture(params=["new object", "new version"])
def store(request: pytest.FixtureRequest, folder: Path) -> Path:
    """A store without the object, or with its first version."""
    folder = folder / "disk" / "store"
    folder.parent.mkdir()
    write_version(folder, OLD, OTHER)
    if request.param == "new version":
        write_version(folder, OLD)
    return folder


def states_of(store: Path) -> list[dict[str, bytes]]:
    """The object's versions after the start-up check; everything in the store is valid."""
    recovered(store)
    report = verify(store)
    assert report.valid, report.to_text()
    folder = object_folder(store)
    return read_states(folder) if folder.exists() else []


def test_killed_at_any_act_leaves_the_old_version_or_the_new(store: Path) -> None:
    """And what was acknowledged is never lost."""
    start = Start(store)
    points = fault_points(PROGRAM, store, *NEW_ARGUMENTS)
    last, after = len(points) - 1, start.states
    for number, label in enumerate(points):
        if label.startswith("after") and number != last:
            continue  # before the next act the disk is the same
        start.again()

        done = run_until(PROGRAM, store, *NEW_ARGUMENTS, kill_at=number)

        after = states_of(store)
        assert after in (start.states, [*start.states, NEW]), (number, label)
        assert after != start.states or "sealed" not in done.stdout, (number, label)
    assert last > 60
    assert after == [*start.states, NEW]


@pytest.mark.parametrize("seed", range(4))
def test_a_power_cut_at_any_act_leaves_the_old_version_or_the_new(store: Path, seed: int) -> None:
    """With everything gone that was not fsynced, and a version that was decided on kept."""
    start, chance = Start(store), random.Random(seed)  # noqa: S311  # no secret
    source = start.kept / "weights.gguf"
    source.write_bytes(b"copied")
    new = {**NEW, "weights.gguf": b"copied"}
    with Disk(store.parent) as disk:
        write_version(store, {**NEW, "weights.gguf": source})
    acts, acknowledged = disk.acts, False
    for number in range(1, acts + 1):
        start.again()
        with contextlib.suppress(PowerCutError), Disk(store.parent, cut_at=number) as disk:
            acknowledged = write_version(store, {**NEW, "weights.gguf": source}) is not None
        disk.restore(store.parent, chance=chance)
        decided = decision(store) != start.decision
        assert states_of(store) == ([*start.states, new] if decided else start.states), number
        assert decided or not acknowledged
    assert acts > 30


SECOND = "urn:uuid:01939f6e-5c00-7000-8000-00000000000b"


@pytest.mark.parametrize("seed", range(2))
def test_a_power_cut_in_a_batch_leaves_all_of_its_versions_or_none(store: Path, seed: int) -> None:
    start, chance = Start(store), random.Random(seed)  # noqa: S311  # no secret
    objects = {OBJECT: NEW, OTHER: NEW, SECOND: NEW}
    with Disk(store.parent) as disk:
        write_versions(store, objects)
    acts = disk.acts
    for number in range(1, acts + 1):
        start.again()
        with contextlib.suppress(PowerCutError), Disk(store.parent, cut_at=number) as disk:
            write_versions(store, objects)
        disk.restore(store.parent, chance=chance)
        decided = decision(store) != start.decision
        assert states_of(store) == ([*start.states, NEW] if decided else start.states), number
        assert read_states(object_folder(store, OTHER)) == ([OLD, NEW] if decided else [OLD])
        assert object_folder(store, SECOND).exists() == decided
    assert acts > 80


@pytest.mark.parametrize("act", ["fsync", "open", "mkdir", "rename", "replace"])
def test_a_refused_act_is_final_and_the_old_version_stays(
    store: Path, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No fsync is tried again; what was decided on comes in with the next start."""
    start = Start(store)
    refusals = 0
    while True:
        start.again()
        refusal = Refusal(monkeypatch, act, at=refusals + 1)
        with contextlib.suppress(PermissionError):
            write_version(store, NEW)
        if refusal.end() <= refusals:
            break  # that many calls are not made
        refusals += 1
        assert act != "fsync" or refusal.end() == refusals, "a second fsync after a refused one"
        decided = decision(store) != start.decision
        assert states_of(store) == ([*start.states, NEW] if decided else start.states)
    assert states_of(store) == [*start.states, NEW]


def test_a_full_disk_in_the_middle_of_a_file_leaves_the_old_version(store: Path) -> None:
    before = states_of(store)
    source = store.with_name("weights.gguf")
    source.write_bytes(bytes(1 << 20))

    with file_size_limit(1 << 19), pytest.raises(OSError, match="File too large"):
        write_version(store, {**NEW, "weights.gguf": source})

    assert states_of(store) == before
    assert write_version(store, NEW) == len(before) + 1


class Start:
    """How a store stood before the acts of a test."""

    def __init__(self, store: Path) -> None:
        self.states = states_of(store)
        self.decision = decision(store)
        self._disk = store.parent
        self.kept = self._disk.with_name("kept")
        shutil.copytree(self._disk, self.kept)

    def again(self) -> None:
        shutil.rmtree(self._disk)
        shutil.copytree(self.kept, self._disk)


class Refusal:
    """The call of an act of `os` with this number fails, and every later one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, act: str, *, at: int) -> None:
        self._monkeypatch = monkeypatch
        self._calls = 0
        original = getattr(os, act)

        def refusing(path: Any, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401  # of any signature
            if act == "open" and not arguments[0] & os.O_CREAT:
                return original(path, *arguments, **options)
            self._calls += 1
            if self._calls < at:
                return original(path, *arguments, **options)
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), path)

        monkeypatch.setattr(os, act, refusing)

    def end(self) -> int:
        """Let the acts be done again; return how many calls there were."""
        self._monkeypatch.undo()
        return self._calls


@contextlib.contextmanager
def file_size_limit(limit: int) -> Iterator[None]:
    """Let no file grow beyond `limit` bytes: the system's own way to refuse a write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def decision(store: Path) -> str:
    """What the last decision on a version was."""
    return store.with_name("decision").read_text()
