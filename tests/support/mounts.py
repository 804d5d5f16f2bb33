"""The command line where a folder is read-only or its disk is full, which holds for root too."""

import subprocess
import sys
from pathlib import Path

import pytest

_UNSHARE = ["unshare", "--mount", "--map-root-user"]  # mounts that end with the process
_READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd / && exec "$@"'
_FULL = 'mount -t tmpfs -o size=%sk tmpfs "$0" && cd / && "$@"; code=$?; find "$0"; exit $code'


def read_only(folder: Path, workspace: Path, *arguments: str | Path) -> tuple[int, str]:
    """Run a command while nobody may write to `folder`; return its exit code and stderr.

    The test is skipped where the system lets nobody mount.
    """
    code, said, _ = _run(_READ_ONLY, folder, workspace, *arguments)
    return code, said


def full(
    folder: Path, kibibytes: int, workspace: Path, *arguments: str | Path
) -> tuple[int, str, list[str]]:
    """Run a command while `folder` is an empty disk with so much space, which is gone afterwards.

    Returns:
        Its exit code, its stderr, and the paths that it left there.
    """
    code, said, out = _run(_FULL % kibibytes, folder, workspace, *arguments)
    return code, said, [line for line in out.splitlines() if line.startswith(f"{folder}/")]


def _run(
    script: str, folder: Path, workspace: Path, *arguments: str | Path
) -> tuple[int, str, str]:
    tried = subprocess.run([*_UNSHARE, "true"], check=False, capture_output=True)  # noqa: S603  # as below
    if tried.returncode:
        pytest.skip("no mounts of one's own here")
    program: list[str | Path] = [Path(sys.executable).with_name("emeritus")]
    program += ["--workspace", workspace, *arguments]
    command = [*_UNSHARE, "sh", "-c", script, folder, *program]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)  # noqa: S603  # our own command
    return done.returncode, done.stderr, done.stdout
