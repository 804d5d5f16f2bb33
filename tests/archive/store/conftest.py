"""A workspace with sealed objects of one and of two versions, and a copy of its store."""

from pathlib import Path

import pytest

from tests.conftest import Emeritus


@pytest.fixture
def sealed(emeritus: Emeritus, workspace: Path) -> Path:
    """The workspace: a model sealed twice, a policy and the schemas once."""
    (workspace / "policy.md").write_text("For *research*.")
    for line in (
        ["policy", "set", "halcyon-2", "--summary", "For research.", "--wording", "policy.md",
         "--how-to-ask", "Write.", "--by", "ana"],
        ["preserve", "seal"],
        ["model", "edit", "halcyon-2", "--maker", "Halcyon Labs"],
        ["preserve", "seal"],
    ):  # fmt: skip
        assert emeritus(*line).exit_code == 0
    return workspace


@pytest.fixture
def copy(emeritus: Emeritus, sealed: Path, tmp_path: Path) -> Path:
    """A copy of its store, on record."""
    assert sealed.is_dir()
    done = emeritus("preserve", "replicate", tmp_path / "copy")
    assert done.exit_code == 0, done.stderr
    return tmp_path / "copy"
