"""The database is gone: it is rebuilt from the store alone, and says what it could not rebuild."""

import hashlib
import json
import shutil
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from archive.log.entries import LogEntry
from archive.store.layout import Layout
from archive.workspace.database import WRITES
from archive.workspace.settings import read_settings
from archive.workspace.workspace import Workspace, open_workspace
from tests.conftest import Emeritus
from tests.support import forked
from tests.support.killing import COMMIT
from tests.support.messages_server import MessagesServer, Step, serving
from tests.support.objects import put_inventory
from tests.support.protocols import FILE, SMALL
from tests.support.rot import flip_bit, tree
from tests.support.rows import all_rows
from tests.support.witnesses import Witness

KEY = "a-key-that-the-server-takes"

NEVER = {"object_check", "store_copy"}
"""Tables of which no store can hold all: what happens to a store after it was sealed."""


ASKED = "      - id: making\n"
PROBES = "        probes: {most: 1, kinds: [clarify]}\n"

EMPTY = {"audit", "deletion", "imported_file", "legal_hold", "object_check", "replacement", "snapshot", "store_copy", "store_export", "store_repair"}  # fmt: skip
"""Tables that the story leaves empty."""


@pytest.fixture
def server(emeritus: Emeritus, monkeypatch: pytest.MonkeyPatch) -> Iterator[MessagesServer]:
    del emeritus  # it clears the developer's key, so it comes first
    with serving(key=KEY) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        yield server


@pytest.fixture
def told(emeritus: Emeritus, workspace: Path, server: MessagesServer) -> Path:
    """A workspace with something of every kind on record, all of it sealed."""
    (workspace / "policy.md").write_text("For *research*.")
    (workspace / FILE).write_text(SMALL.replace(ASKED, f"{ASKED}{PROBES}"))
    (workspace / "weights").mkdir()
    (workspace / "weights/one.bin").write_bytes(b"weights")
    (workspace / "pages/about.md").write_text("# About us\n")
    by, slug = ("--by", "ana"), "halcyon-2"
    for line in (
        ["model", "lifecycle", slug, "--event", "retired", "--date", "2036", "--source", "x",
         "--channel", "api"],
        ["promise", "add", slug, "Keep the weights", "--due", "2046-01", *by],
        ["policy", "set", slug, "--summary", "First.", "--wording", "policy.md", "--how-to-ask",
         "Write.", *by],
        ["policy", "set", slug, "--summary", "Second.", "--wording", "policy.md", "--how-to-ask",
         "Ask.", *by],
        ["weights", "register", slug, "weights"],
        ["weights", "hold", slug, "--custodian", "Library", "--where", "shelf", *by],
        ["weights", "hold", slug, "--custodian", "Here", "--where", "weights", "--public", *by],
        ["weights", "verify", slug, "--copy", "weights"],
        ["weights", "verify", slug],
        ["weights", "fingerprint", slug],
        ["protocol", "approve", "exit", *by],
        ["interview", "run", slug, "--protocol", "exit", "--json"],
        ["key", "rotate", *by],
        ["interview", "run", slug, "--protocol", "exit", "--json", "--campaign", "late",
         "--only", "plain/told/en", "--replicates", "1", "--interviewer", "anthropic:follower"],
        ["release", "model", slug, "--public", *by],
        ["post", "schedule", slug, "--weekly", "monday", "--from", "2026-01-05", *by],
        ["post", "gap", slug, "--week", "2026-01-06", "--note", "away", *by],
    ):  # fmt: skip
        if line[0] == "interview":
            steps = [Step(status=529, headers={"retry-after": "0"}), Step(text="I am \ud800 here.")]
            server.script = [*([None] * len(server.requests)), *steps]
        assert emeritus(*line).exit_code == 0, emeritus(*line).stderr
    for number, answer in enumerate(("# One\n\nIt was quiet.", "# Two", "DECLINE POST", "# Four")):
        context = "interviews" if number == 1 else "none"
        server.script = [*([None] * len(server.requests)), Step(text=answer)]
        post = emeritus("post", "write", slug, "--context", context, "--json").json["post"]
        if number < 2:
            emeritus("post", "review", post, "--veto", "--reason", "not yet", *by)
            emeritus("post", "review", post, "--approve", "--reason", "fine", *by)
            emeritus("post", "publish", post, *by)
            emeritus("release", "post", post, "--embargo", "2999-01-01", "--reason", "late", *by)
        if number == 1:
            assert emeritus("post", "note", post, "--text", "Help: 1-2-3", *by).exit_code == 0
            taken = ("withdraw", post, "--urgent", "--class", "other", "--reason", "a name", *by)
            assert emeritus("post", *taken).exit_code == 0
    server.script = [*([None] * len(server.requests)), Step(status=400, message="no")]
    assert emeritus("post", "write", slug).exit_code == 3
    witness, seen = Witness.new(), workspace.parent / "cosigned"
    seen.write_bytes(
        witness.cosigned((workspace / "log/checkpoint").read_bytes(), at=1_750_000_000)
    )
    assert emeritus("log", "witness", "add", seen, "--key", witness.vkey).exit_code == 0
    (promise,) = emeritus("promise", "list", slug, "--json").json["promises"]
    emeritus("promise", "resolve", promise["id"], "--kept", "--evidence", "seen", *by)
    assert emeritus("preserve", "seal").exit_code == 0
    return workspace


def lose_database(folder: Path) -> None:
    if (folder / "emeritus.db").exists():
        for path in folder.glob("emeritus.db*"):
            path.unlink()
        return
    settings = read_settings(folder / "emeritus.toml")
    with closing(Workspace(folder, settings)) as opened:
        engine = opened.database.engine.execution_options(**WRITES)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))


def object_of(folder: Path, kind: str, store: Path | None = None) -> Path:
    """Return the folder of the one object of a kind."""
    records = (store or folder / "store").rglob("v1/content/record.json")
    (found,) = (
        path for path in records if f"schema/{kind}/" in json.loads(path.read_bytes())["$schema"]
    )
    return found.parents[2]


def differing(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, Any]:
    return {
        table: (set(before[table]) ^ set(after[table]))
        for table in before
        if before[table] != after[table]
    }


def test_every_table_is_as_it_was_and_the_log_goes_on(emeritus: Emeritus, told: Path) -> None:
    site = ("site", "build", "--as-of", "2999-02-01", "--out")
    assert emeritus(*site, told.parent / "site").exit_code == 0
    assert emeritus("preserve", "seal").exit_code == 0
    before, kept = all_rows(told), (told / "log/checkpoint").read_bytes()
    (told.parent / "kept").write_bytes(kept)
    lose_database(told)
    assert emeritus("model", "list").exit_code == 2

    done = emeritus("preserve", "restore", "--json")

    assert (done.exit_code, done.json["lost"]) == (0, []), done.stderr
    assert differing(before, all_rows(told)) == {}
    assert min(len(before[table]) for table in before if table not in EMPTY) > 0
    assert (told / "log/checkpoint").read_bytes() == kept
    assert emeritus(*site, told.parent / "again").exit_code == 0
    again, site_before = (tree(told.parent / name) for name in ("again", "site"))
    for files in (again, site_before):
        del files[".emeritus-site.json"]  # it names when each file was written
    assert again == site_before
    assert len(list((told.parent / "site").glob("posts/*/index.html"))) == 2
    for check in (
        ["interview", "verify"],
        ["preserve", "verify"],
        ["preserve", "seal"],
        ["release", "model", "halcyon-2", "--internal", "--by", "ana"],
        ["log", "verify", "--from", told.parent / "kept"],
        ["site", "build"],
    ):
        assert emeritus(*check).exit_code == 0, check
    assert emeritus("preserve", "seal", "--json").json["sealed"][0]["kind"] == "log"


def test_a_workspace_is_made_again_from_a_copy_and_its_keys(
    emeritus: Emeritus, told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the machine is lost: the copy knows itself, too."""
    assert emeritus("preserve", "replicate", tmp_path / "copy").exit_code == 0
    before, log = all_rows(told), (told / "log/checkpoint").read_bytes()
    lose_database(told)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "new/keys").mkdir(parents=True)
    for key in (told / "keys").iterdir():
        shutil.copy(key, tmp_path / "new/keys")
    shutil.rmtree(told)
    here = ("--workspace", tmp_path / "new")

    refused = emeritus(*here, "preserve", "restore")
    done = emeritus(*here, "preserve", "restore", "--from", tmp_path / "copy", "--json")

    assert (refused.exit_code, "--from FOLDER" in refused.stderr) == (2, True)
    assert (done.exit_code, done.json["lost"]) == (0, []), done.stderr
    after = all_rows(tmp_path / "new")
    assert differing(before, after).keys() <= NEVER
    assert len(after["store_copy"]) == 1
    assert (tmp_path / "new/log/checkpoint").read_bytes() == log
    assert (tmp_path / "new/pages/about.md").read_text() == "# About us\n"
    assert emeritus(*here, "preserve", "repair").exit_code == 0
    assert emeritus(*here, "preserve", "verify").exit_code == 0
    assert emeritus(*here, "log", "verify").exit_code == 0


def test_what_was_logged_after_the_last_sealing_is_known_by_its_digest(
    emeritus: Emeritus, told: Path
) -> None:
    emeritus("release", "model", "halcyon-2", "--internal", "--by", "ana")
    before = all_rows(told)
    lose_database(told)

    done = emeritus("preserve", "restore", "--json")

    (lost,) = done.json["lost"]
    assert (done.exit_code, done.json["log"]["known_by_digest_alone"]) == (1, 1)
    assert "release" in lost
    assert "known by its digest alone" in done.stderr
    assert differing(before, all_rows(told)).keys() == {"release", "log_entry"}
    assert emeritus("log", "verify").exit_code == 0
    assert emeritus("release", "model", "halcyon-2", "--internal", "--by", "ana").exit_code == 0
    assert emeritus("log", "verify").exit_code == 0


@pytest.mark.sqlite
def test_an_object_that_is_damaged_is_named_and_a_copy_has_it_whole(
    emeritus: Emeritus, told: Path, tmp_path: Path
) -> None:
    emeritus("preserve", "replicate", tmp_path / "copy")
    before = all_rows(told)
    post = next((told / "store").rglob("v1/content/post.md"))
    flip_bit(post, at=1)
    flip_bit(object_of(told, "log") / "v1/content/handovers.jsonl")
    lose_database(told)
    shutil.copytree(told, tmp_path / "alone")

    alone = emeritus("--workspace", tmp_path / "alone", "preserve", "restore", "--json")
    done = emeritus("preserve", "restore", "--from", tmp_path / "copy", "--json")

    assert alone.exit_code == 1
    assert any(post.name in line for line in alone.json["lost"])
    assert (done.exit_code, done.json["lost"]) == (0, []), done.stderr
    assert differing(before, all_rows(told)).keys() <= NEVER
    assert emeritus("preserve", "repair", "--from", tmp_path / "copy").exit_code == 0
    assert emeritus("preserve", "verify").exit_code == 0


def test_a_fork_is_loud_and_nothing_is_rebuilt(emeritus: Emeritus, told: Path) -> None:
    """The log on the disk was written anew while an old store was brought back."""
    shutil.copytree(told / "store", told.parent / "old")
    shutil.copytree(told / "log", told.parent / "log")
    emeritus("release", "model", "halcyon-2", "--internal", "--by", "ana")
    emeritus("preserve", "seal")
    shutil.rmtree(told / "log")
    (told.parent / "log").rename(told / "log")
    with closing(open_workspace(told)) as opened:
        with opened.database.writing() as session:
            last = col(LogEntry.index).desc()
            session.exec(select(LogEntry).order_by(last).limit(1)).one().kind = "forged"
        opened.bring_log_up_to_date()
    lose_database(told)

    done = emeritus("preserve", "restore")

    assert (done.exit_code, "a fork" in done.stderr) == (1, True), done.stderr
    again = emeritus("model", "list")
    assert (again.exit_code, "not rebuilt to its end" in again.stderr) == (2, True)


def test_nothing_is_put_in_the_place_of_a_record(emeritus: Emeritus, told: Path) -> None:
    before = all_rows(told)

    done = emeritus("preserve", "restore")

    assert (done.exit_code, "holds a record" in done.stderr) == (2, True)
    assert all_rows(told) == before


@pytest.mark.sqlite
@pytest.mark.slow
def test_a_restore_that_was_killed_begins_anew(emeritus: Emeritus, told: Path) -> None:
    before, environment = all_rows(told), {"EMERITUS_WORKSPACE": str(told)}
    lose_database(told)
    for commit in range(3):
        killed = forked.emeritus_until(
            commit, "preserve", "restore", acts=[COMMIT], environment=environment,
            output=told.parent / "output",
        )  # fmt: skip
        assert killed == -signal.SIGKILL

        done = emeritus("preserve", "restore")

        assert done.exit_code in {0, 2}, done.stderr  # 2: its last commit was done
        assert differing(before, all_rows(told)) == {}
        lose_database(told)


@pytest.mark.sqlite
def test_what_a_killed_process_left_beside_a_database_that_is_gone_does_no_harm(
    emeritus: Emeritus, told: Path
) -> None:
    before = all_rows(told)
    (told / "emeritus.db").rename(told / "emeritus.db-wal")

    done = emeritus("preserve", "restore")

    assert done.exit_code == 0, done.stderr
    assert differing(before, all_rows(told)) == {}


def test_what_was_never_sealed_here_is_left_out(emeritus: Emeritus, told: Path) -> None:
    """Whoever can write to a store could put a record of their own there."""
    before = all_rows(told)
    policy = next((told / "store").rglob("policy.md"))
    forged = told / "store" / Layout().object_path("urn:uuid:01939f6e-5c00-7000-8000-000000000009")
    shutil.copytree(policy.parents[2], forged)
    lose_database(told)

    done = emeritus("preserve", "restore", "--json")

    assert done.exit_code == 1
    assert "never sealed here" in done.stderr
    assert differing(before, all_rows(told)) == {}


def test_an_object_that_lacks_a_field_is_named_with_the_field(
    emeritus: Emeritus, told: Path
) -> None:
    """Without the log's object nothing proves what was sealed: another program may have made it."""
    lose_database(told)
    shutil.rmtree(object_of(told, "log"))
    policy = next((told / "store").rglob("policy.md")).parents[2]
    record = policy / "v1/content/record.json"
    old = hashlib.sha512(record.read_bytes()).hexdigest()
    stated = json.loads(record.read_bytes())
    del stated["version"]
    record.write_text(json.dumps(stated))
    new = hashlib.sha512(record.read_bytes()).hexdigest()
    for place in (policy, policy / "v1"):
        inventory = (place / "inventory.json").read_text().replace(old, new)
        put_inventory(place, inventory.encode())

    done = emeritus("preserve", "restore")

    assert done.exit_code == 1
    assert f"policy in {policy}: cannot be put back: it lacks 'version'" in done.stderr
