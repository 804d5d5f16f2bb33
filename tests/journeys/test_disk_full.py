"""The disk is full in the middle of an interview: what was said is kept, and it goes on later."""

import resource
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tests.conftest import Emeritus
from tests.interviews.conftest import ASKS, Document
from tests.support import forked
from tests.support.messages_server import Step, serving
from tests.support.protocols import FILE, SMALL

pytestmark = pytest.mark.sqlite

LONG = "What I remember of it is this. " * 600


def allow_pages(number: int) -> None:
    """Let the database have so many pages: the next one is SQLITE_FULL."""

    @event.listens_for(Engine, "connect")
    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={number}")


def allow_bytes(number: int) -> None:
    """Let a file have so many bytes: the kernel refuses the next write (EFBIG)."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, number))


def pages(workspace: Path) -> int:
    with closing(sqlite3.connect(workspace / "emeritus.db")) as database:
        count: int = database.execute("PRAGMA page_count").fetchone()[0]
        return count


def only_session(emeritus: Emeritus, workspace: Path) -> Document:
    (row,) = emeritus("--workspace", workspace, "interview", "list", "--json").json["sessions"]
    document: Document = emeritus(
        "--workspace", workspace, "interview", "show", row["id"], "--json"
    ).json
    return document


@pytest.mark.parametrize("what", ["pages of the database", "bytes of a file"])
def test_what_was_said_before_the_disk_was_full_is_kept_and_resume_goes_on(
    what: str, workspace: Path, tmp_path: Path, emeritus: Emeritus
) -> None:
    (workspace / FILE).write_text(SMALL)
    assert emeritus("protocol", "approve", "exit", "--by", "ana").exit_code == 0
    full: dict[str, Callable[[], None]] = {
        "pages of the database": partial(allow_pages, pages(workspace) + 20),
        "bytes of a file": partial(allow_bytes, 300_000),
    }
    with serving([Step(text=f"{number}. {LONG}") for number in range(12)]) as server:
        environment = {"ANTHROPIC_BASE_URL": server.url, "ANTHROPIC_API_KEY": "none"}
        environment["EMERITUS_WORKSPACE"] = str(workspace)
        run = ("interview", "run", "halcyon-2", "--protocol", "exit")

        output = tmp_path / "run"
        code = forked.emeritus(*run, environment=environment, output=output, prepare=full[what])

        left = only_session(emeritus, workspace)
        assert (code, left["state"]) == (3, "interrupted")
        assert "what was recorded before is kept" in output.read_text()
        assert 2 <= len(left["turns"]) <= 8
        resumed = forked.emeritus(
            "interview", "resume", environment=environment, output=tmp_path / "resume"
        )

    final = only_session(emeritus, workspace)
    assert (resumed, final["state"]) == (0, "complete")
    assert final["turns"][: len(left["turns"])] == left["turns"]
    assert [turn["question"] for turn in final["turns"][::2]] == ASKS
    assert emeritus("--workspace", workspace, "interview", "verify").exit_code == 0
