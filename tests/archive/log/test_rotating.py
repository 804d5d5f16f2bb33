"""`emeritus key rotate`: the log says so, both keys sign, the old private key is gone."""

import shutil
from pathlib import Path

import pytest

from archive.log.notes import open_note_of, parse_verifying_key
from tests.conftest import Emeritus
from tests.support import killing
from tests.support.logs import grow, sql

ROTATE = ("key", "rotate", "--by", "ana")


def keys(emeritus: Emeritus) -> list[tuple[str, str]]:
    listed = emeritus("key", "list", "--json").json["keys"]
    return [(key["vkey"], key["state"]) for key in listed]


def test_the_last_checkpoint_of_the_old_key_is_signed_by_both(
    emeritus: Emeritus, workspace: Path
) -> None:
    private = (workspace / "keys/log.key").read_bytes()
    rotated = emeritus(*ROTATE)

    (old, before), (new, now) = keys(emeritus)
    both = [parse_verifying_key(text, at="test") for text in (old, new)]
    _, signers = open_note_of((workspace / "log/checkpoint").read_bytes(), both, at="test")
    assert (rotated.exit_code, before, now, signers) == (0, "retired", "signs", both)
    assert new in rotated.stderr
    assert sorted(path.name for path in (workspace / "keys").iterdir()) == ["log.key", "log.pub"]
    assert (workspace / "keys/log.key").read_bytes() != private


def test_the_log_goes_on_and_is_verified_through_every_key(
    emeritus: Emeritus, workspace: Path, tmp_path: Path
) -> None:
    grow(workspace, 3)
    shutil.copy(workspace / "log/checkpoint", tmp_path / "kept")
    for _ in range(2):
        assert emeritus(*ROTATE).exit_code == 0
        grow(workspace, 300)

    verified = emeritus("log", "verify", "--from", tmp_path / "kept", "--json")

    assert (verified.exit_code, verified.json["errors"]) == (0, [])
    assert (verified.json["size"], len(verified.json["keys"])) == (607, 3)


def test_a_retired_key_signs_nothing_more(
    emeritus: Emeritus, workspace: Path, tmp_path: Path
) -> None:
    """An old backup of the keys is refused with its mend, and nothing is decided."""
    shutil.copytree(workspace / "keys", tmp_path / "stolen")
    emeritus(*ROTATE)
    shutil.rmtree(workspace / "keys")
    shutil.copytree(tmp_path / "stolen", workspace / "keys")

    refused = emeritus("release", "model", "halcyon-2", "--public", "--by", "ana")
    verified = emeritus("log", "verify")

    assert (refused.exit_code, verified.exit_code) == (1, 1)
    assert "log.pub: not the log's key: since entry 0 that is" in refused.stderr
    assert "made after that rotation" in refused.stderr
    assert "log.pub: not the log's key" in verified.stdout


def test_a_checkpoint_of_a_retired_key_beyond_its_time_is_refused(
    emeritus: Emeritus, workspace: Path, tmp_path: Path
) -> None:
    from archive.log.keys import read_signing_key
    from archive.log.notes import Checkpoint, sign_note

    stolen = read_signing_key(workspace / "keys")
    emeritus(*ROTATE)
    forged = Checkpoint(origin=stolen.name, size=9, root=bytes(32)).text
    (tmp_path / "kept").write_bytes(sign_note(forged, stolen))

    verified = emeritus("log", "verify", "--from", tmp_path / "kept")

    assert (verified.exit_code, "which was not the log's key then" in verified.stdout) == (1, True)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("UPDATE log_handover SET note = replace(note, 'A', 'B')", "hand-over at entry 0"),
        ("UPDATE log_handover SET old = new", "the log's entry names other keys"),
        ("UPDATE log_entry SET kind = 'decision'", "does not follow from the key before it"),
    ],
)
def test_a_broken_chain_of_keys_is_named(
    emeritus: Emeritus, workspace: Path, damage: str, message: str
) -> None:
    emeritus(*ROTATE)
    sql(workspace, damage)

    verified = emeritus("log", "verify")

    assert verified.exit_code == 1
    assert message in verified.stdout


def survives(emeritus: Emeritus, workspace: Path, saved: Path, point: int) -> None:
    """Kill a rotation at a point: the log verifies, takes a decision, and can be rotated."""
    for part in workspace.iterdir():  # the folder itself is the current one
        shutil.rmtree(part) if part.is_dir() else part.unlink()
    shutil.copytree(saved, workspace, dirs_exist_ok=True)
    program = "archive.cli:main"
    killing.run_until(
        program,
        "--workspace",
        workspace,
        *ROTATE,
        kill_at=point,
        acts=[*killing.FILE_ACTS, killing.COMMIT],
    )
    verify = ("log", "verify", "--from", saved / "log/checkpoint")

    left = emeritus(*verify)
    grow(workspace, 1)
    went_on = emeritus(*verify)
    rotated = emeritus(*ROTATE)
    last = emeritus(*verify, "--json")

    assert (left.exit_code, went_on.exit_code, rotated.exit_code) == (0, 0, 0), left.stdout
    assert (last.exit_code, keys(emeritus)[-1][1]) == (0, "signs")
    assert sorted(path.name for path in (workspace / "keys").iterdir()) == ["log.key", "log.pub"]


@pytest.mark.sqlite
@pytest.mark.slow
def test_a_rotation_killed_at_any_point_leaves_a_log_that_verifies_and_goes_on(
    emeritus: Emeritus, workspace: Path, tmp_path: Path
) -> None:
    grow(workspace, 2)
    saved = tmp_path / "saved"
    shutil.copytree(workspace, saved)
    labels = killing.fault_points(
        "archive.cli:main",
        "--workspace",
        workspace,
        *ROTATE,
        acts=[*killing.FILE_ACTS, killing.COMMIT],
    )
    for point in range(len(labels)):
        survives(emeritus, workspace, saved, point)
    assert len(labels) > 30
