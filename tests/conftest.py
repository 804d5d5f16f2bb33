"""Fixtures that the whole suite shares: the command line, and a workspace with one model."""

import contextlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive.cli import main


@dataclass(frozen=True)
class Result:
    """What a command left: its exit code and what it printed."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:  # noqa: ANN401  # any JSON document
        return json.loads(self.stdout)


Emeritus = Callable[..., Result]


def run(*arguments: str | Path) -> Result:
    """Run the command line in this process."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0
    return Result(code, stdout.getvalue(), stderr.getvalue())


@pytest.fixture
def emeritus(monkeypatch: pytest.MonkeyPatch) -> Emeritus:
    """The command line, with no workspace or key of the developer's in reach."""
    for name in (
        "EMERITUS_WORKSPACE",
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_BASE_URL",
        "OPENAI_API_KEY",
    ):
        monkeypatch.delenv(name, raising=False)
    return run


@pytest.fixture
def workspace(emeritus: Emeritus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose operator is stated, with a reviewer and the model `halcyon-2`."""
    folder = tmp_path / "workspace"
    made = emeritus(
        "init", folder, "--operator", "The Halcyon Archive", "--responsible", "Ana Ruiz",
        "--contact", "archive@halcyon.example", "--relation", "independent of the maker",
        "--basis", "the maker's terms of use", "--person", "ana=Ana Ruiz",
    )  # fmt: skip
    assert made.exit_code == 0, made.stderr
    monkeypatch.chdir(folder)
    added = emeritus(
        "model", "add", "halcyon-2", "--name", "Halcyon 2", "--participant", "anthropic:halcyon-2"
    )
    assert added.exit_code == 0, added.stderr
    return folder
