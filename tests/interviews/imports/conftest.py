"""Fixtures of the imports' tests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Emeritus, Result

Import = Callable[..., Result]
Sessions = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def bring_in(emeritus: Emeritus, workspace: Path) -> Import:
    """`interview import halcyon-2` with these files and options, --json."""
    assert workspace.exists()

    def run(*arguments: str | Path) -> Result:
        return emeritus("interview", "import", "halcyon-2", "--json", *arguments)

    return run


@pytest.fixture
def sessions(emeritus: Emeritus) -> Sessions:
    """All sessions on record, as `interview show --json` has them."""

    def found() -> list[dict[str, Any]]:
        rows = emeritus("interview", "list", "--json").json["sessions"]
        return [emeritus("interview", "show", row["id"], "--json").json for row in rows]

    return found
