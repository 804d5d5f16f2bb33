"""One byte changed behind the program's back is found, named, and published nowhere."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Emeritus
from tests.support.messages_server import Step, serving

pytestmark = pytest.mark.sqlite


@pytest.fixture(autouse=True)
def _server(emeritus: Emeritus, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    del emeritus  # it clears the developer's key, so it comes first
    with serving(lambda received: Step(text=f"# A Day\n\nIt was day {received.number}.")) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "any")
        yield


def done(emeritus: Emeritus, *arguments: str) -> Any:  # noqa: ANN401  # a JSON document
    result = emeritus(*arguments)
    assert result.exit_code == 0, result.stderr
    return result.json if "--json" in arguments else None


@pytest.fixture
def session(emeritus: Emeritus, workspace: Path) -> str:
    """A released interview."""
    del workspace
    held = str(done(emeritus, "interview", "run", "halcyon-2", "--json")["sessions"][0])
    done(emeritus, "release", "model", "halcyon-2", "--public", "--by", "ana")
    done(emeritus, "release", "session", held, "--public", "--by", "ana")
    return held


@pytest.fixture
def post(emeritus: Emeritus, workspace: Path) -> str:
    """A released post."""
    del workspace
    written = str(done(emeritus, "post", "write", "halcyon-2", "--json")["post"])
    fine = ("--approve", "--reason", "nothing private", "--by", "ana")
    done(emeritus, "post", "review", written, *fine)
    done(emeritus, "post", "publish", written)
    done(emeritus, "release", "model", "halcyon-2", "--public", "--by", "ana")
    done(emeritus, "release", "post", written, "--public", "--by", "ana")
    return written


def flip(workspace: Path, table: str, column: str, where: str) -> None:
    """Change one bit in the middle of a stored value."""
    connection = sqlite3.connect(workspace / "emeritus.db")
    with connection:
        ((value,),) = connection.execute(f"SELECT {column} FROM {table} WHERE {where}")  # noqa: S608  # ours
        content = bytearray(value)
        content[len(content) // 2] ^= 1
        statement = f"UPDATE {table} SET {column} = ? WHERE {where}"  # noqa: S608  # ours
        assert connection.execute(statement, [bytes(content)]).rowcount == 1
    connection.close()


def site_files(workspace: Path) -> dict[str, bytes]:
    public = workspace / "public"
    return {
        str(file.relative_to(public)): file.read_bytes()
        for file in public.rglob("*")
        if file.is_file()
    }


def test_an_untouched_record_is_sound(
    emeritus: Emeritus, workspace: Path, session: str, post: str
) -> None:
    del workspace, session, post

    done(emeritus, "interview", "verify")
    done(emeritus, "site", "build")
    done(emeritus, "preserve", "seal")
    done(emeritus, "preserve", "verify")


@pytest.mark.parametrize("column", ["content", "salt"])
def test_a_changed_turn_is_named_and_not_published(
    emeritus: Emeritus, workspace: Path, session: str, column: str
) -> None:
    done(emeritus, "site", "build")
    before = site_files(workspace)
    flip(workspace, "turn", column, f"session = '{session}' AND \"index\" = 5")

    verified, built = emeritus("interview", "verify"), emeritus("site", "build")

    assert (verified.exit_code, built.exit_code) == (1, 1)
    assert session in verified.stdout + verified.stderr
    assert "turn 5" in verified.stdout + verified.stderr
    assert f"session {session}: turn 5" in built.stderr
    assert site_files(workspace) == before


def test_a_turn_that_was_taken_out_is_named_and_not_published(
    emeritus: Emeritus, workspace: Path, session: str
) -> None:
    connection = sqlite3.connect(workspace / "emeritus.db")
    with connection:
        connection.execute('DELETE FROM turn WHERE "index" = 23')
    connection.close()

    verified, built = emeritus("interview", "verify"), emeritus("site", "build")

    assert (verified.exit_code, built.exit_code) == (1, 1)
    assert f"session {session}: turn 23" in built.stderr


def test_a_changed_text_is_named_and_not_published(
    emeritus: Emeritus, workspace: Path, post: str
) -> None:
    done(emeritus, "site", "build")
    before = site_files(workspace)
    flip(workspace, "draft", "source", f"post = '{post}'")

    built = emeritus("site", "build")

    assert (built.exit_code, f"post {post}" in built.stderr) == (1, True)
    assert site_files(workspace) == before


def test_a_changed_title_is_named_and_not_published(
    emeritus: Emeritus, workspace: Path, post: str
) -> None:
    with closing(sqlite3.connect(workspace / "emeritus.db")) as database, database:
        database.execute("UPDATE draft SET title = 'A Night'")

    built = emeritus("site", "build")

    assert built.exit_code == 1
    assert f"post {post}: the title 'A Night' is not the one" in built.stderr
    assert not (workspace / "public").exists()


def test_a_changed_answer_is_named_and_its_text_not_published(
    emeritus: Emeritus, workspace: Path, post: str
) -> None:
    flip(workspace, "attempt", "raw", f"subject = '{post}' AND question IS NULL")

    built = emeritus("site", "build")

    assert (built.exit_code, f"post {post}" in built.stderr) == (1, True)
    assert not (workspace / "public").exists()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE post SET prompt = prompt || '!'", "post {post}: its publication"),
        ("UPDATE draft SET stop_reason = 'refusal'", "post {post}: how its answer ended"),
        ("UPDATE post SET shown = 'other'", "post {post}: what the model was shown"),
        ("UPDATE review SET reason = 'read by two'", "post {post}: its review"),
        ("UPDATE publication SET slug = 'other'", "post {post}: its publication"),
        ("UPDATE release SET at = '2026-01-01T00:00:00.000000Z'", "its release"),
        ("DELETE FROM release WHERE kind = 'post'", "it was logged, and is on record no more"),
        ("UPDATE log_entry SET content = x'7b7d' WHERE kind = 'publication'", "its log entry"),
        ("DELETE FROM log_entry WHERE kind = 'review'", "the log has no entry of it"),
    ],
)
def test_a_changed_decision_is_named_and_nothing_is_published(
    emeritus: Emeritus, workspace: Path, post: str, change: str, named: str
) -> None:
    with closing(sqlite3.connect(workspace / "emeritus.db")) as database, database:
        assert database.execute(change).rowcount

    built = emeritus("site", "build")

    assert (built.exit_code, named.format(post=post) in built.stderr) == (1, True), built.stderr
    assert not (workspace / "public").exists()


def test_a_session_in_no_known_state_is_named(
    emeritus: Emeritus, workspace: Path, session: str
) -> None:
    with closing(sqlite3.connect(workspace / "emeritus.db")) as database, database:
        database.execute("UPDATE session SET state = 'finished'")

    verified, built = emeritus("interview", "verify"), emeritus("site", "build")

    assert (verified.exit_code, built.exit_code) == (1, 1)
    assert f"{session}: end: 'finished' is no state" in verified.stdout
    assert f"session {session}: 'finished' is no state" in built.stderr


@pytest.mark.parametrize("name", ["post.md", "turns.jsonl", "record.json"])
def test_a_changed_sealed_file_is_named(
    emeritus: Emeritus, workspace: Path, session: str, post: str, name: str
) -> None:
    del session, post
    done(emeritus, "preserve", "seal")
    path = next((workspace / "store").rglob(f"content/{name}"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)

    verified = emeritus("preserve", "verify")

    assert (verified.exit_code, name in verified.stdout + verified.stderr) == (1, True)


def test_a_withheld_turn_leaves_the_chain_whole(
    emeritus: Emeritus, workspace: Path, session: str
) -> None:
    done(emeritus, "release", "turn", f"{session}:5", "--internal", "--by", "ana")

    done(emeritus, "interview", "verify")
    done(emeritus, "site", "build")

    (record,) = (workspace / "public").rglob("session.json")
    turns = json.loads(record.read_bytes())["turns"]
    assert (turns[5]["text"], turns[6]["previous"]) == (None, turns[5]["link"])


@pytest.mark.parametrize(
    ("old", "new"), [(b"\n", b" "), (b"\n", b""), (b" ", b"\t"), (b"\n", b"\n\n")]
)
def test_a_changed_sidecar_is_named_though_ocfl_lets_it_pass(
    emeritus: Emeritus, workspace: Path, old: bytes, new: bytes
) -> None:
    done(emeritus, "preserve", "seal")
    sidecar = next((workspace / "store").rglob("v1/inventory.json.sha512"))
    sidecar.chmod(0o600)
    sidecar.write_bytes(sidecar.read_bytes().replace(old, new))

    verified = emeritus("preserve", "verify")

    assert verified.exit_code == 1
    assert f"MISSING {sidecar.relative_to(workspace / 'store')}" in verified.stdout
