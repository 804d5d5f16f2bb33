"""The command line where a folder is mounted read-only, which holds for root too."""

import subprocess
import sys
from pathlib import Path

import pytest

_UNSHARE = ["unshare", "--mount", "--map-root-user"]  # mounts that end with the process
_MOUNT = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd / && exec "$@"'


def read_only(folder: Path, workspace: Path, *arguments: str | Path) -> tuple[int, str]:
    """Run a command while nobody may write to `folder`; return its exit code and stderr.

    The test is skipped where the system lets nobody mount.
    """
    tried = subprocess.run([*_UNSHARE, "true"], check=False, capture_output=True)  # noqa: S603  # as below
    if tried.returncode:
        pytest.skip("no mounts of one's own here")
    program: list[str | Path] = [
        Path(sys.executable).with_name("emeritus"),
        "--workspace",
        workspace,
    ]
    command = [*_UNSHARE, "sh", "-c", _MOUNT, folder, *program, *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)  # noqa: S603  # our own command
    return done.returncode, done.stderr
