"""Replicate and repair, killed or refused at any act: each object is old or new, never neither."""

import errno
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from archive.store.layout import Layout
from archive.store.opening import recover_sealed, settle
from archive.store.repairing import repair
from archive.store.sealed_objects import faults_in, sealed_objects
from archive.store.verifying import verify
from archive.store.writing import only_writer
from archive.workspace.workspace import Workspace, open_workspace
from tests.archive.store.test_oracle import ORACLES, ocfl_py
from tests.conftest import Emeritus
from tests.support import forked
from tests.support.killing import COMMIT, FILE_ACTS
from tests.support.rot import find, flip_bit, logged, tree

ACTS = (*FILE_ACTS, "os:link", COMMIT)

sweep = pytest.mark.parametrize(
    "step", [pytest.param(60, id="some"), pytest.param(2, id="all", marks=pytest.mark.slow)]
)
"""Of the points, those before an act: after one, the disk is as before the next."""


class Stage:
    """A workspace and its copy, which each kill finds as they were at first."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.workspace, self.copy = folder, folder / "workspace", folder / "copy"
        self._kept = folder / "kept"
        for name in ("workspace", "copy", "copy.staging"):
            if (folder / name).exists():
                shutil.copytree(folder / name, self._kept / name)

    def again(self) -> None:
        for name in ("workspace", "copy", "copy.staging"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            if (self._kept / name).exists():
                shutil.copytree(self._kept / name, self.folder / name)

    def kills(self, step: int, *arguments: str | Path) -> Iterator[str]:
        """Kill the command at every so many points; yield the label of each."""
        command = ("--workspace", self.workspace, *arguments)
        points = forked.points(*command, acts=ACTS, environment={}, folder=self.folder)
        for number in range(0, len(points), step):
            self.again()
            code = forked.emeritus_until(
                number, *command, acts=ACTS, environment={}, output=self.folder / "output"
            )
            assert code == -signal.SIGKILL
            yield f"{number}: {points[number]}"


@pytest.fixture
def stage(sealed: Path, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A store with rot in one file and one object lost, and a sound copy."""
    assert copy.is_dir()
    monkeypatch.chdir(tmp_path)
    flip_bit(find(sealed / "store", "content"))
    shutil.rmtree(lost(sealed))
    return Stage(tmp_path)


def lost(workspace: Path) -> Path:
    return object_of(workspace, workspace / "store", "policy")


def object_of(workspace: Path, store: Path, kind: str) -> Path:
    with closing(open_workspace(workspace)) as opened, opened.database.reading() as session:
        (found,) = (one for one in sealed_objects(session) if one.last.kind == kind)
    return store / found.path


def verdicts(store: Path) -> dict[Path, bool]:
    """Return whether each object there is valid."""
    return {
        path.parent: verify(path.parent).valid for path in store.glob("*/*/*/*/0=ocfl_object_1.1")
    }


def agrees(ours: dict[Path, bool]) -> None:
    """Hold our verdicts against those of ocfl-py, where it is there."""
    if ORACLES.exists() and ours:
        printed = ocfl_py(*ours).stdout
        assert {path for path in ours if f"{path} is VALID" in printed} == {
            path for path, valid in ours.items() if valid
        }


@sweep
def test_a_killed_repair_leaves_what_was_or_what_is_good(
    stage: Stage, emeritus: Emeritus, step: int, tmp_path: Path
) -> None:
    bad = find(stage.workspace / "store", "content")
    rotten, good = bad.read_bytes(), find(stage.copy, "content").read_bytes()
    seen: dict[Path, bool] = {}
    for number, point in enumerate(stage.kills(step, "preserve", "repair")):
        with closing(open_workspace(stage.workspace)) as workspace:
            settle(workspace)
        assert bad.read_bytes() in {rotten, good}, point
        assert not lost(stage.workspace).exists() or verify(lost(stage.workspace)).valid, point
        found = shutil.copytree(stage.workspace / "store", tmp_path / f"seen-{number}")
        seen |= verdicts(found)
        mended = logged(stage.workspace, "repair")
        assert bad.read_bytes() == rotten or mended, f"{point}: not logged"

        done = emeritus("--workspace", stage.workspace, "preserve", "repair")

        assert done.exit_code == 0, f"{point}: {done.stderr}"
        assert tree(stage.workspace / "store") == tree(stage.copy), point
        assert rotten in tree(stage.workspace / "store.damaged").values(), point
    agrees(seen)


@sweep
def test_a_killed_replicate_leaves_what_was_or_what_is_new(
    stage: Stage, emeritus: Emeritus, step: int, tmp_path: Path
) -> None:
    """The model has a newer version, the copy lacks an object, and there is a new one."""
    mend = emeritus("--workspace", stage.workspace, "preserve", "repair")
    for maker in ("Third", "Fourth"):
        emeritus("--workspace", stage.workspace, "model", "edit", "halcyon-2", "--maker", maker)
        emeritus("--workspace", stage.workspace, "preserve", "seal")
    shutil.rmtree(object_of(stage.workspace, stage.copy, "policy"))
    shutil.rmtree(stage.folder / "kept")
    stage = Stage(stage.folder)
    versions = {0, 2, 3, 4}  # the log was sealed once more, when the copy was made
    seen: dict[Path, bool] = {}
    for number, point in enumerate(stage.kills(step, "preserve", "replicate", stage.copy)):
        with closing(open_workspace(stage.workspace)) as workspace:
            with only_writer(stage.copy) as root:
                recover_sealed(workspace, root)
            assert faults_of(workspace, stage.copy, versions) == [], point
        seen |= verdicts(shutil.copytree(stage.copy, tmp_path / f"seen-{number}"))

        done = emeritus("--workspace", stage.workspace, "preserve", "replicate", stage.copy)

        assert (mend.exit_code, done.exit_code) == (0, 0), f"{point}: {done.stderr}"
        assert tree(stage.copy) == tree(stage.workspace / "store"), point
    assert all(seen.values())
    agrees(seen)


def faults_of(workspace: Workspace, store: Path, versions: set[int]) -> list[object]:
    """Return what is wrong with what a copy holds: each object at a version that it may have."""
    with workspace.database.reading() as session:
        objects = sealed_objects(session)
    wrong: list[object] = []
    for sealed in objects:
        folder = store / Layout().object_path(sealed.id)
        held = sealed.version_in(folder)
        if held not in versions | {sealed.last.version}:
            wrong.append((sealed.name, held))
        elif held == sealed.last.version:
            wrong += faults_in(folder, sealed)
    return wrong


def refusing(copy: Path, at: int) -> Callable[[int], None]:
    """Return an fsync for which the disk of `copy` is full from its call `at` on."""
    calls, original = [0], os.fsync

    def fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path.is_relative_to(copy) or path.is_relative_to(copy.with_name("copy.staging")):
            calls[0] += 1
            if calls[0] >= at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        original(descriptor)

    return fsync


@pytest.mark.parametrize("at", [1, 4, 9, 16])
def test_a_full_disk_under_a_copy_is_named_and_the_next_try_goes_on(
    emeritus: Emeritus, sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    copy = tmp_path / "copy"
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refusing(copy, at))
        refused = emeritus("preserve", "replicate", copy)

    again = emeritus("preserve", "replicate", copy)

    assert (refused.exit_code, "the disk is full" in refused.stderr) == (3, True), refused.stderr
    assert (again.exit_code, tree(copy)) == (0, tree(sealed / "store")), again.stderr


def test_a_copy_that_goes_away_in_the_middle_gives_nothing_half_written(stage: Stage) -> None:
    before = tree(stage.workspace / "store")
    gone = stage.folder / "unplugged"

    def unplug(_count: int) -> None:
        if stage.copy.exists():
            stage.copy.rename(gone)

    with closing(open_workspace(stage.workspace)) as workspace:
        repaired = list(repair(workspace, stage.copy, on_bytes=unplug))

    faults = [fault for one in repaired for fault in one.faults]
    *objects, last = (one.name.partition(" ")[0] for one in repaired)
    assert (len(objects), "policy" in objects, last) == (2, True, "the"), "the store itself is last"
    assert all(f"not within reach: {stage.copy}" in fault for fault in faults[:2]), faults
    assert tree(stage.workspace / "store") == before


def test_a_store_that_cannot_be_written_is_refused_and_left(
    stage: Stage, emeritus: Emeritus, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, before = stage.workspace / "store", tree(stage.workspace / "store")

    def read_only(original: Callable[..., object], *paths: object, **options: object) -> object:
        if any(Path(str(path)).is_relative_to(store) for path in paths):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(paths[0]))
        return original(*paths, **options)

    for name in ("rename", "replace", "mkdir", "link"):
        monkeypatch.setattr(os, name, partial(read_only, getattr(os, name)))

    done = emeritus("--workspace", stage.workspace, "preserve", "repair")

    assert (done.exit_code, "may not be read or written" in done.stderr) == (3, True), done.stderr
    assert tree(store) == before
