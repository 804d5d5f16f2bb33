"""What the tests of imports share: the data of others, and files of our own."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Emeritus, run

DATA = Path(__file__).parents[2] / "data"
FEEDS = [DATA / f"model-eol/{name}.json" for name in ("anthropic", "openai", "google", "amazon")]
NOTICES = DATA / "deprecations-info/data.json"
EVERYTHING = [*FEEDS, NOTICES]

Feed = Callable[..., Path]


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that tests share: they bring nothing into it."""
    folder = tmp_path_factory.mktemp("standing") / "workspace"
    assert run("init", folder).exit_code == 0
    return folder


@pytest.fixture
def trying(standing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Emeritus:
    """`model import` in the shared workspace, from a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    return partial(run, "--workspace", standing, "model", "import")


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    """Write a model-eol feed of these models."""

    def written(*models: object, name: str = "feed.json", **changes: Any) -> Path:  # noqa: ANN401  # JSON
        document = {
            "spec": "model-eol/0.1",
            "publisher": "halcyon",
            "generated": "2026-08-18T12:06:03.442Z",
            "source": "https://halcyon.example/deprecations",
            "models": models,
        }
        path = tmp_path / name
        path.write_text(json.dumps(document | changes))
        return path

    return written
