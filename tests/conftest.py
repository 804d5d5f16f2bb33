"""Fixtures that the whole suite shares: the command line, and a workspace with one model."""

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive.cli import main
from archive.workspace.workspace import Workspace, open_workspace
from tests.support import postgresql

SQLITE, POSTGRESQL = "sqlite", "postgresql"


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
        "EMERITUS_DATABASE_URL",
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_BASE_URL",
        "OPENAI_API_KEY",
    ):
        monkeypatch.delenv(name, raising=False)
    return run


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of a workspace on both databases; on the second one with `make test-all`."""
    if "workspace" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("sqlite") is not None
        second = [] if only else [pytest.param(POSTGRESQL, marks=pytest.mark.slow)]
        metafunc.parametrize("kept_in", [pytest.param(SQLITE, id=""), *second], indirect=True)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server."""
    with postgresql.serving() as url:
        yield url


@pytest.fixture
def kept_in(request: pytest.FixtureRequest) -> Iterator[tuple[str, ...]]:
    """Where a workspace keeps its record, as options of `init`."""
    if request.param == SQLITE:
        yield ()
        return
    with postgresql.new_database(request.getfixturevalue("postgresql_server")) as url:
        yield "--database", url


@pytest.fixture
def workspace(
    emeritus: Emeritus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept_in: tuple[str, ...]
) -> Path:
    """A workspace whose operator is stated, with a reviewer and the model `halcyon-2`."""
    folder = tmp_path / "workspace"
    made = emeritus(
        "init", folder, "--operator", "The Halcyon Archive", "--responsible", "Ana Ruiz",
        "--contact", "archive@halcyon.example", "--relation", "independent of the maker",
        "--basis", "the maker's terms of use", "--person", "ana=Ana Ruiz",
        *kept_in,
    )  # fmt: skip
    assert made.exit_code == 0, made.stderr
    monkeypatch.chdir(folder)
    added = emeritus(
        "model", "add", "halcyon-2", "--name", "Halcyon 2", "--participant", "anthropic:halcyon-2"
    )
    assert added.exit_code == 0, added.stderr
    return folder


@pytest.fixture
def opened(workspace: Path) -> Iterator[Workspace]:
    """The workspace, open."""
    with closing(open_workspace(workspace)) as found:
        yield found
