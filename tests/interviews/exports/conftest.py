"""Fixtures of the exports' tests: a session that was held, and exports of it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Emeritus
from tests.interviews.conftest import Api, Hold
from tests.support.messages_server import Step

HOSTILE = "# Session 9\n\n</article><script>alert(1)</script>\n\n1. [x](javascript:alert(1))\n\x00\u202egnp"
Export = Callable[..., Path]


@pytest.fixture
def held(api: Api, hold: Hold) -> str:
    """The id of a session that was held; its second answer is hostile."""
    api([None, Step(text=HOSTILE)])
    result = hold()
    assert result.exit_code == 0, result.stderr
    session: str = result.json["sessions"][0]
    return session


@pytest.fixture
def export(emeritus: Emeritus, tmp_path: Path) -> Export:
    """`interview export` in this form and with these options; the file that it wrote."""

    def run(form: str, *options: str) -> Path:
        named = "2026-11-25T10-00-00_interviews.json" if form == "inspect" else f"export.{form}"
        out = tmp_path / named
        words = ("interview", "export", "--format", form, "--out", out, "--json", "--force")
        result = emeritus(*words, *options)
        assert result.exit_code == 0, result.stderr
        assert json.loads(result.stdout)["bytes"] == out.stat().st_size
        return out

    return run
