"""Setting up on a machine that lacks something: one clear line, and nothing half-made."""

import os
import subprocess
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parents[2] / "requirements"


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # the project's own scripts
        command,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("python", "line"),
    [
        pytest.param('case "$2" in *print*) echo 3.9;; *) exit 1;; esac', "3.9", id="too old"),
        pytest.param("exit 127", "does not run", id="does not run"),
    ],
)
def test_an_unfit_python_is_refused_in_one_line(tmp_path: Path, python: str, line: str) -> None:
    stub = program(tmp_path, "python", python)

    done = run(REQUIREMENTS / "venv.sh", tmp_path / "venv", "run", PYTHON=str(stub))

    assert done.returncode == 1
    assert line in done.stderr
    assert "make PYTHON=" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "venv").exists()


def test_who_may_not_install_packages_is_told_which_and_not_asked(tmp_path: Path) -> None:
    """No password is asked for: `sudo -n` fails at once."""
    program(tmp_path, "id", "echo 1000")
    program(tmp_path, "sudo", "exit 1")
    program(tmp_path, "apt-get", "echo apt-get ran; exit 0")

    done = run(REQUIREMENTS / "apt.sh", "python3.13-venv", PATH=f"{tmp_path}:{os.environ['PATH']}")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "Missing: python3.13-venv. As root: apt-get install python3.13-venv; "
        "then type the same again.\n"
    )
