"""Two hundred SIGKILLs in the store's work: each object is the old one or the new one, and valid.

What is deleted is there or gone, and a tombstone may stand for it.

An operation is one entry of `OPERATIONS`. It is killed at its acts on the disk, and at moments
that chance chose; then the next command comes, as a person would type it.
"""

import random
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from archive.log import archiving
from archive.store.layout import Layout
from archive.store.verifying import verify
from archive.workspace.workspace import open_workspace
from tests.archive.store.test_oracle import has_ocfl_py, ocfl_py
from tests.archive.store.test_upkeep_crashes import ACTS, Stage, object_of
from tests.conftest import Emeritus
from tests.support import forked
from tests.support.deleting import order, tell
from tests.support.objects import read_states
from tests.support.rot import find, flip_bit, tree

KILLS = 200
INSIDE = 0.8  # of the kills come after the first act on the disk and before the last one

States = Mapping[str, list[dict[str, bytes]]]
"""What each version of each object holds, by the object's folder."""


class Operation(NamedTuple):
    name: str
    prepare: Callable[[Emeritus, Path], Sequence[str]]  # in the workspace; what to type besides
    command: tuple[str, ...]
    then: tuple[str, ...]  # the next command; all must be well after it


def add_a_model(emeritus: Emeritus, _workspace: Path) -> Sequence[str]:
    emeritus("model", "add", "aster-1", "--name", "Aster", "--participant", "anthropic:aster-1")
    return ()


def edit_the_model(emeritus: Emeritus, _workspace: Path) -> Sequence[str]:
    emeritus("model", "edit", "halcyon-2", "--maker", "Another")
    return ()


def damage_the_store(_emeritus: Emeritus, workspace: Path) -> Sequence[str]:
    flip_bit(find(workspace / "store", "content"))
    flip_bit(find(workspace / "store", "version inventory"))
    shutil.rmtree(object_of(workspace, workspace / "store", "policy"))
    return ()


def hold_an_interview(emeritus: Emeritus, _workspace: Path) -> Sequence[str]:
    """Put an interview in the store that a published post was shown; return how it is deleted."""
    return order("session", tell(emeritus).session)[2:]


OPERATIONS = [
    Operation("seal a new object", add_a_model, ("preserve", "seal"), ("preserve", "verify")),
    Operation("seal a new version", edit_the_model, ("preserve", "seal"), ("preserve", "verify")),
    Operation("repair", damage_the_store, ("preserve", "repair"), ("preserve", "repair")),
    Operation(
        "delete", hold_an_interview, ("preserve", "delete"), ("preserve", "delete", "--pending")
    ),
]


@pytest.mark.slow
@pytest.mark.oracle
@has_ocfl_py
@pytest.mark.sqlite
@pytest.mark.parametrize("operation", OPERATIONS, ids=[one.name for one in OPERATIONS])
def test_no_kill_leaves_an_object_that_is_neither_old_nor_new(
    emeritus: Emeritus,
    sealed: Path,
    copy: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    operation: Operation,
) -> None:
    assert copy.is_dir()
    monkeypatch.chdir(tmp_path)
    more = operation.prepare(partial(emeritus, "--workspace", sealed), sealed)
    stage = Stage(tmp_path)
    run: tuple[str | Path, ...] = ("--workspace", sealed, *operation.command, *more)
    before = states_of(sealed / "store")
    points = forked.points(*run, acts=ACTS, environment={}, folder=tmp_path)
    after = states_of(sealed / "store")
    assert before != after
    log = log_of(sealed)
    seen: dict[frozenset[tuple[str, bytes]], Path] = {}

    number = inside = 0
    for number, (moment, is_inside) in enumerate(kills(stage, run, points), 1):
        inside += is_inside
        done = emeritus("--workspace", sealed, *operation.then)
        proven = emeritus("--workspace", sealed, "log", "verify")

        assert done.exit_code == 0, f"{moment}: {done.stdout}{done.stderr}"
        assert proven.exit_code == 0, f"{moment}: {proven.stdout}{proven.stderr}"
        assert verify(sealed / "store").valid, moment
        states = states_of(sealed / "store")
        assert before.keys() - states.keys() <= before.keys() - after.keys(), moment
        for path, found in states.items():
            old = before.get(path, [])
            # the log's object holds salts, and a tombstone an id: both are new with each run
            is_new_log = path == log and found[: len(old)] == old
            is_tombstone = b"schema/tombstone/" in found[0]["record.json"] and not old
            is_known = found in (old, after.get(path))
            assert is_new_log or is_tombstone or is_known, f"{moment}: {path}"
        content = frozenset(tree(sealed / "store").items())
        if content not in seen:
            seen[content] = shutil.copytree(sealed / "store", tmp_path / "seen" / str(number))

    assert number >= KILLS // len(OPERATIONS)
    assert inside >= INSIDE * number, f"{inside} of {number}"
    judged = ocfl_py(*seen.values())
    assert judged.returncode == 0, judged.stdout


def kills(
    stage: Stage, run: tuple[str | Path, ...], points: list[str]
) -> Iterator[tuple[str, bool]]:
    """Kill the command again and again; yield when that was, and whether it was at work.

    Half of the kills are spread over the acts, half over the time that the work takes.
    """
    half = -(-KILLS // len(OPERATIONS) // 2)
    output = stage.folder / "output"
    for step in range(half):
        number = 1 + step * (len(points) - 2) // half
        stage.again()
        code = forked.emeritus_until(number, *run, acts=ACTS, environment={}, output=output)
        assert code == -signal.SIGKILL
        yield f"{number}: {points[number]}", True
    chance = random.Random(half)  # noqa: S311  # no secret
    stage.again()
    longest = forked.emeritus_killed(60, *run, acts=ACTS, output=output).seconds
    for _ in range(half):
        seconds = chance.uniform(0, longest)
        stage.again()
        killed = forked.emeritus_killed(seconds, *run, acts=ACTS, output=output)
        yield (
            f"after {seconds} s",
            killed.exit_code == -signal.SIGKILL and (0 < killed.passed < len(points)),
        )


def states_of(store: Path) -> States:
    """Return what each object there holds."""
    folders = (path.parent for path in store.glob("*/*/*/*/0=ocfl_object_1.1"))
    return {str(folder.relative_to(store)): read_states(folder) for folder in folders}


def log_of(workspace: Path) -> str:
    """Return the folder of the log's own object."""
    with closing(open_workspace(workspace)) as opened:
        return Layout().object_path(archiving.object_id(opened.settings.workspace.id))
