"""Deleting under authority: refused where it must be, finished whatever comes between."""

import contextlib
import json
import os
import pty
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from archive.log.notes import open_note, parse_verifying_key
from archive.store.layout import Layout
from archive.store.verifying import verify
from archive.workspace.workspace import open_workspace
from blog.posts import publishing
from tests.archive.store.test_oracle import ORACLES, ocfl_py
from tests.conftest import Emeritus
from tests.journeys.test_restoring import lose_database
from tests.support import forked, mounts
from tests.support.deleting import BASIS, CANARIES, Told, done, found, order, tell, told_before
from tests.support.killing import COMMIT, FILE_ACTS
from tests.support.rot import logged, tree
from tests.support.rows import all_rows, rows

ACTS = (*FILE_ACTS, COMMIT)


@pytest.fixture
def told(emeritus: Emeritus, workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Two interviews and two posts, all sealed and released."""
    return told_before(emeritus, workspace, tmp_path_factory.getbasetemp() / "told")


@pytest.fixture
def spread(emeritus: Emeritus, workspace: Path, tmp_path: Path, told: Told) -> Told:
    """The same with a copy, an export and a site beside the workspace."""
    assert workspace.is_dir()
    done(emeritus, "preserve", "replicate", tmp_path / "copy")
    done(emeritus, "preserve", "export", "--out", tmp_path / "bag")
    done(emeritus, "site", "build", "--out", tmp_path / "site")
    return told


def everything(workspace: Path) -> tuple[dict[str, list[str]], dict[str, bytes]]:
    """Return all that a refused deletion must leave as it was."""
    files = tree(workspace.parent)
    return all_rows(workspace), {
        path: content for path, content in files.items() if not path.startswith("workspace/locks/")
        and "emeritus.db" not in path
    }  # fmt: skip


def places(document: dict[str, object]) -> dict[tuple[str, str], str]:
    listed = document["places"]
    assert isinstance(listed, list)
    return {(place["what"], place["where"]): place["state"] for place in listed}


def test_a_dry_run_names_every_place_and_changes_nothing(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, spread: Told
) -> None:
    before = everything(workspace)

    document = done(
        emeritus, "preserve", "delete", "session", spread.session, "--dry-run", "--json"
    )

    kinds = [place["what"] for place in document["places"]]
    assert kinds == ["database", "store", "post", "copy", "export", "site"]
    assert ("post", spread.quoting) in places(document)
    assert ("copy", str(tmp_path / "copy")) in places(document)
    assert everything(workspace) == before


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["--reason", "r", "--basis", "b", "--by", "ana"], 2, "nobody to ask", id="unasked"),
        pytest.param(["--yes", "--basis", "b", "--by", "ana"], 2, "--reason", id="no reason"),
        pytest.param(["--yes", "--reason", "r", "--by", "ana"], 2, "--basis", id="no basis"),
        pytest.param(["--yes", "--reason", "r", "--basis", "b"], 2, "--by", id="nobody decides"),
        pytest.param(
            ["--yes", "--reason", " ", "--basis", "b", "--by", "ana"], 2, "empty", id="empty reason"
        ),
        pytest.param(
            ["--yes", "--reason", "r", "--basis", "b", "--by", "eve"], 2, "eve", id="a stranger"
        ),
    ],
)  # fmt: skip
def test_what_is_not_decided_by_somebody_for_a_reason_is_not_deleted(
    emeritus: Emeritus, workspace: Path, told: Told, arguments: list[str], code: int, said: str
) -> None:
    before = everything(workspace)

    refused = emeritus("preserve", "delete", "session", told.session, *arguments)

    assert (refused.exit_code, said in refused.stderr) == (code, True), refused.stderr
    assert everything(workspace) == before


def test_only_what_is_there_and_may_go_by_itself_is_deleted(
    emeritus: Emeritus, workspace: Path
) -> None:
    assert workspace.is_dir()
    unknown = emeritus(*order("session", "01939f6e-5c00-7000-8000-000000000001"))
    model = emeritus(*order("model", "halcyon-2"))

    assert (unknown.exit_code, "no such session" in unknown.stderr) == (2, True)
    assert (model.exit_code, "What can be deleted: post, session" in model.stderr) == (2, True)


@pytest.mark.parametrize("kind", ["session", "model", "post"])
def test_nothing_under_a_legal_hold_is_deleted_until_it_is_lifted(
    emeritus: Emeritus, workspace: Path, told: Told, kind: str
) -> None:
    # a post that was shown the interview would lose that
    held = {"session": told.session, "model": "halcyon-2", "post": told.quoting}[kind]
    claim = ("preserve", "hold", kind, held, "--by", "ana", "--reason")
    done(emeritus, *claim, "case 12")
    before = everything(workspace)

    refused = emeritus(*order("session", told.session))
    after = everything(workspace)
    twice = emeritus(*claim, "case 13")
    listed = emeritus("preserve", "list")
    done(emeritus, *claim, "it is closed", "--lift")
    gone = done(emeritus, *order("session", told.session, "--json"))

    assert (refused.exit_code, "case 12" in refused.stderr) == (1, True)
    assert after == before
    assert (twice.exit_code, f"hold     {kind} {held}" in listed.stdout) == (2, True)
    assert gone["completed_at"] is not None
    assert [len(logged(workspace, act)) for act in ("hold", "hold lifted")] == [1, 1]


def test_a_post_that_was_deleted_too_is_not_sealed_anew_for_what_it_quoted(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, spread: Told
) -> None:
    (tmp_path / "copy").rename(tmp_path / "away")
    for kind, subject in (("session", spread.session), ("post", spread.quoting)):
        done(emeritus, *order(kind, subject, "--json"), code=1)

    done(emeritus, "preserve", "delete", "--pending", "--json", code=1)

    folder = workspace / "store" / Layout().object_path(f"urn:uuid:{spread.quoting}")
    assert not folder.exists()
    done(emeritus, "preserve", "verify")


def test_an_old_copy_brings_nothing_back_into_a_workspace_that_was_rebuilt_from_it(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, spread: Told
) -> None:
    """Only the log on the disk knows of the deletion: by its kind and its id."""
    (tmp_path / "copy").rename(tmp_path / "away")
    done(emeritus, *order("session", spread.session, "--json"), code=1)
    lose_database(workspace)
    shutil.rmtree(workspace / "store")

    restored = emeritus("preserve", "restore", "--from", tmp_path / "away")
    emeritus("preserve", "repair", "--from", tmp_path / "away")

    folder = workspace / "store" / Layout().object_path(f"urn:uuid:{spread.session}")
    assert (restored.exit_code, "what quoted it may hold its words" in restored.stderr) == (1, True)
    assert not folder.exists()
    assert rows(workspace, f"SELECT id FROM session WHERE id = '{spread.session}'") == []  # noqa: S608  # our own id


def test_a_tombstone_stands_signed_where_the_object_stood(
    emeritus: Emeritus, workspace: Path, told: Told
) -> None:
    (before,) = (
        one
        for one in done(emeritus, "preserve", "list", "--json")["seals"]
        if one["subject"] == told.session
    )

    gone = done(emeritus, *order("session", told.session, "--json"))

    store = workspace / "store"
    assert not (store / Layout().object_path(before["object_id"])).exists()
    content = store / Layout().object_path(f"urn:uuid:{gone['id']}") / "v1/content"
    record = json.loads((content / "record.json").read_text())
    assert record["versions"] == [
        {key: before[key] for key in ("version", "inventory_digest", "at")}
    ]
    assert (record["subject"], record["by"], record["basis"]) == (told.session, "ana", BASIS)
    key = parse_verifying_key((workspace / "keys/log.pub").read_text(), at="log.pub")
    text = open_note((content / "tombstone.note").read_bytes(), key, at="tombstone.note")
    assert json.loads(text.splitlines()[1])["id"] == told.session
    (leaf,) = rows(workspace, "SELECT subject FROM log_entry WHERE kind = 'deletion'")
    assert leaf == (told.session,)


def test_what_quoted_it_is_sealed_anew_without_it(
    emeritus: Emeritus, workspace: Path, told: Told
) -> None:
    done(emeritus, *order("session", told.session))

    folder = workspace / "store" / Layout().object_path(f"urn:uuid:{told.quoting}")
    provenance = json.loads((folder / "v1/content/provenance.json").read_text())
    assert not (folder / "v1/content/shown.txt").exists()
    assert provenance["context"]["deleted"] == [{"kind": "session", "id": told.session}]
    assert not (folder / "v2").exists()
    assert "something of it was deleted" in emeritus("post", "show", told.quoting).stdout


def test_a_post_goes_with_its_title_its_address_and_the_words_of_its_review(
    emeritus: Emeritus, tmp_path: Path, spread: Told
) -> None:
    words = {"title": "Of What Was Asked", "address": "of-what-was-asked", "text": "It was day."}
    done(emeritus, "preserve", "delete", "post", spread.plain, *order("", "")[4:])
    assert {name for _, name in found([tmp_path], words)} == set(words)

    gone = done(emeritus, *order("post", spread.quoting, "--json"))

    assert set(places(gone).values()) == {"removed"}
    assert ("log", "log") in places(gone)
    assert found([tmp_path], words) == set()
    for command in (
        ["log", "verify"], ["preserve", "verify"], ["preserve", "seal"], ["post", "list"],
        ["post", "show", spread.quoting], ["site", "build"], ["status"],
        ["preserve", "replicate", tmp_path / "copy", "--verify"],
    ):  # fmt: skip
        done(emeritus, *command)
    listed = done(emeritus, "post", "list", "--json")["posts"]
    assert [row["state"] for row in listed] == ["deleted", "deleted"]
    assert emeritus("post", "publish", spread.quoting).exit_code == 1
    assert (
        emeritus(
            "post", "review", spread.quoting, "--veto", "--reason", "x", "--by", "ana"
        ).exit_code
        == 1
    )


@pytest.mark.parametrize("back", ["delete", "replicate"])
def test_a_copy_that_is_away_is_pending_until_it_comes_back(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, spread: Told, back: str
) -> None:
    copy, away = tmp_path / "copy", tmp_path / "away"
    copy.rename(away)

    first = done(emeritus, *order("session", spread.session, "--json"), code=1)
    again = done(emeritus, "preserve", "delete", "--pending", "--json", code=1)
    status = emeritus("status", "halcyon-2").stdout
    listed = emeritus("preserve", "list").stdout
    away.rename(copy)
    if back == "delete":
        last = done(emeritus, "preserve", "delete", "--pending", "--json")["deletions"][0]
    else:
        done(emeritus, "preserve", "replicate", copy)
        (last,) = done(emeritus, "preserve", "list", "--json")["deletions"]

    assert places(first)["copy", str(copy)] == "pending"
    assert (first["completed_at"], again["deletions"][0]["completed_at"]) == (None, None)
    assert f"pending: copy {copy}" in status
    assert f"pending  copy {copy}" in listed
    assert set(places(last).values()) == {"removed"}
    assert last["completed_at"] is not None
    assert found([tmp_path]) == set()
    tombstone = workspace / "store" / Layout().object_path(f"urn:uuid:{first['id']}")
    assert (tombstone / "v2").exists()
    assert not (tombstone / "v3").exists()
    done(emeritus, "preserve", "replicate", copy, "--verify")
    assert tree(copy) == tree(workspace / "store")


def test_a_place_that_is_gone_for_good_is_confirmed_by_a_person(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, spread: Told
) -> None:
    shutil.rmtree(tmp_path / "copy")
    shutil.rmtree(tmp_path / "bag")
    done(emeritus, *order("session", spread.session), code=1)
    word = ("--by", "ana", "--reason", "the disk was shredded")

    unknown = emeritus("preserve", "delete", "--confirm", tmp_path / "nowhere", *word)
    done(emeritus, "preserve", "delete", "--confirm", tmp_path / "bag", *word, code=1)
    told = done(emeritus, "preserve", "delete", "--confirm", tmp_path / "copy", *word, "--json")
    second = done(emeritus, *order("session", spread.other, "--json"))

    assert unknown.exit_code == 2
    standing = places(told["deletions"][0])
    assert standing["copy", str(tmp_path / "copy")] == "confirmed"
    assert len(logged(workspace, "deletion confirmed")) == 2
    assert [what for what, _ in places(second)] == ["database", "store", "site"]


@pytest.mark.parametrize("back", ["delete", "replicate"])
def test_a_new_copy_in_the_place_of_one_that_is_away_confirms_nothing(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, spread: Told, back: str
) -> None:
    """The disk comes back after somebody has said that it never will."""
    assert workspace.is_dir()
    copy, away = tmp_path / "copy", tmp_path / "away"
    copy.rename(away)
    done(emeritus, *order("session", spread.session), code=1)

    refused = emeritus("preserve", "replicate", copy)
    assert not copy.exists()
    copy.mkdir()
    done(emeritus, "preserve", "replicate", copy, code=2)
    (waiting,) = done(emeritus, "preserve", "list", "--json")["deletions"]
    word = ("--reason", "lost", "--by", "ana")
    done(emeritus, "preserve", "delete", "--confirm", "../copy", *word)
    done(emeritus, "preserve", "replicate", copy)
    shutil.rmtree(copy)
    away.rename(copy)
    if back == "delete":
        (row,) = done(emeritus, "preserve", "delete", "--pending", "--json")["deletions"]
        assert places(row)["copy", str(copy)] == "removed"
    else:
        said = emeritus("preserve", "replicate", copy)
        assert f"held session {spread.session}, deleted on" in said.stderr

    assert (refused.exit_code, "on record here is not there" in refused.stderr) == (2, True)
    assert "--confirm" in refused.stderr
    assert places(waiting)["copy", str(copy)] == "pending"
    assert found([tmp_path]) == set()
    done(emeritus, "preserve", "replicate", copy, "--verify")
    assert tree(copy) == tree(workspace / "store")


def test_a_copy_is_given_up_by_a_person_for_good(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, spread: Told
) -> None:
    assert spread.session
    shutil.rmtree(tmp_path / "copy")
    word = ("--reason", "shredded", "--by", "ana")
    done(emeritus, "preserve", "delete", "--confirm", tmp_path / "copy", *word)
    done(emeritus, "preserve", "seal")
    before = done(emeritus, "preserve", "list", "--json")["copies"]
    lose_database(workspace)

    done(emeritus, "preserve", "restore")

    assert before == done(emeritus, "preserve", "list", "--json")["copies"] == []
    assert len(logged(workspace, "copy gone")) == 1


def test_a_root_of_another_in_the_place_of_a_copy_keeps_it_pending(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, spread: Told
) -> None:
    assert workspace.is_dir()
    copy = tmp_path / "copy"
    copy.rename(tmp_path / "away")
    copy.mkdir()
    (copy / "0=ocfl_1.1").write_text("ocfl_1.1\n")

    gone = done(emeritus, *order("session", spread.session, "--json"), code=1)

    assert places(gone)["copy", str(copy)] == "pending"


def test_a_copy_within_reach_has_the_tombstone_at_once(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, spread: Told
) -> None:
    done(emeritus, *order("session", spread.session))

    assert tree(tmp_path / "copy") == tree(workspace / "store")


@pytest.mark.sqlite
def test_a_read_only_store_leaves_the_decision_and_says_how_to_finish_it(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, spread: Told
) -> None:
    store = workspace / "store"

    code, said = mounts.read_only(store, workspace, *order("session", spread.session))
    (row,) = rows(workspace, "SELECT completed_at FROM deletion")
    done(emeritus, "preserve", "delete", "--pending")

    assert (code, row) == (3, (None,))
    assert "the deletion stands" in said
    assert f"copy {tmp_path / 'copy'}" in said
    assert "emeritus preserve delete --pending" in said
    assert found([tmp_path]) == set()


@pytest.mark.sqlite
@pytest.mark.parametrize("how", ["copied", "moved"])
def test_the_site_of_a_workspace_that_was_copied_or_moved_is_its_own(
    emeritus: Emeritus,
    workspace: Path,
    tmp_path: Path,
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    done(emeritus, "site", "build")
    second, before = tmp_path / "second", tree(workspace)
    if how == "copied":
        shutil.copytree(workspace, second)
    else:
        workspace.rename(second)
    monkeypatch.chdir(second)

    gone = done(emeritus, *order("session", told.session, "--json"))

    assert places(gone)["site", "public"] == "removed"
    assert found([second]) == set()
    if how == "copied":
        assert tree(workspace) == before


def test_what_stands_in_public_is_looked_at_though_no_build_is_on_record(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, told: Told
) -> None:
    done(emeritus, "site", "build", "--out", tmp_path / "site")
    shutil.copytree(tmp_path / "site", workspace / "public")

    gone = done(emeritus, *order("session", told.session, "--json"))

    assert places(gone)["site", "public"] == "removed"
    assert found([workspace]) == set()


def test_the_site_of_another_workspace_is_never_touched(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, spread: Told
) -> None:
    assert workspace.is_dir()
    listed = tmp_path / "site/.emeritus-site.json"
    named = json.loads(listed.read_text())
    listed.write_text(json.dumps(named | {"workspace": "01939f6e-5c00-7000-8000-000000000001"}))
    before = tree(tmp_path / "site")

    gone = done(emeritus, *order("session", spread.session, "--json"), code=1)
    refused = emeritus("site", "build", "--out", tmp_path / "site")

    (why,) = (place["why"] for place in gone["places"] if place["state"] == "pending")
    assert "holds the site of another workspace" in why
    assert refused.exit_code == 2
    assert tree(tmp_path / "site") == before


def test_a_rebuilt_database_does_not_name_a_site_that_is_not_there(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, spread: Told
) -> None:
    done(emeritus, "preserve", "seal")
    shutil.rmtree(tmp_path / "site")
    lose_database(workspace)

    done(emeritus, "preserve", "restore")

    document = done(
        emeritus, "preserve", "delete", "session", spread.session, "--dry-run", "--json"
    )
    assert "site" not in {place["what"] for place in document["places"]}


def test_a_site_that_cannot_be_built_again_is_pending_and_says_why(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, spread: Told
) -> None:
    settings = workspace / "emeritus.toml"
    stated = settings.read_text()
    settings.write_text(stated.replace("archive@halcyon.example", ""))

    first = done(emeritus, *order("session", spread.session, "--json"), code=1)
    settings.write_text(stated)
    done(emeritus, "preserve", "delete", "--pending")

    (why,) = (place["why"] for place in first["places"] if place["state"] == "pending")
    assert "not stated: contact" in why
    assert found([tmp_path]) == set()


def test_what_stands_in_the_place_of_a_bag_is_left(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, spread: Told
) -> None:
    assert workspace.is_dir()
    shutil.rmtree(tmp_path / "bag")
    (tmp_path / "bag").mkdir()
    (tmp_path / "bag/letters.txt").write_text("mine")

    first = done(emeritus, *order("session", spread.session, "--json"), code=1)

    assert places(first)["export", str(tmp_path / "bag")] == "pending"
    assert (tmp_path / "bag/letters.txt").read_text() == "mine"


def test_a_bag_whose_name_is_a_pattern_goes_and_its_neighbour_stays(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, told: Told
) -> None:
    assert workspace.is_dir()
    bag = tmp_path / "out" / "ba[gG]"
    done(emeritus, "preserve", "export", "--out", bag)
    half, neighbour = bag.with_name(".ba[gG].0123abcd"), bag.with_name(".bag.0123abcd")
    for folder in (half, neighbour):
        folder.mkdir()

    gone = done(emeritus, *order("session", told.session, "--json"))

    assert places(gone)["export", str(bag)] == "removed"
    assert list(bag.parent.iterdir()) == [neighbour]


def test_a_bag_that_was_written_where_the_old_one_was_taken_away_is_left(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, told: Told
) -> None:
    """It holds the log too, sealed anew without the words."""
    assert workspace.is_dir()
    bag, away = tmp_path / "bag", tmp_path / "away"
    done(emeritus, "preserve", "export", "--out", bag)
    bag.rename(away)
    done(emeritus, *order("post", told.quoting, "--json"), code=1)
    done(emeritus, "preserve", "export", "--out", bag)
    before = tree(bag)

    again = done(emeritus, "preserve", "delete", "--pending", "--json", code=1)

    assert places(again["deletions"][0])["export", str(bag)] == "pending"
    assert tree(bag) == before


@pytest.mark.sqlite
def test_a_bag_that_was_written_after_a_kill_had_removed_the_old_one_is_left(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, told: Told
) -> None:
    bag = tmp_path / "bag"
    done(emeritus, "preserve", "export", "--out", bag)
    code = forked.emeritus(
        "--workspace",
        workspace,
        *order("post", told.quoting),
        environment={},
        output=tmp_path / "output",
        prepare=killed_once_a_bag_is_gone,
    )
    assert (code, bag.exists(), list(tmp_path.glob(".bag.*"))) == (-signal.SIGKILL, False, [])
    done(emeritus, "preserve", "export", "--out", bag)
    before = tree(bag)

    done(emeritus, "preserve", "delete", "--pending")

    assert tree(bag) == before


def killed_once_a_bag_is_gone() -> None:
    """Kill this process when it has removed a folder that is named after a bag."""
    remove = shutil.rmtree

    def remove_and_die(folder: Path) -> None:
        remove(folder)
        if folder.name.startswith(".bag."):
            os.kill(os.getpid(), signal.SIGKILL)

    shutil.rmtree = remove_and_die  # type: ignore[assignment]  # as it is called of a bag


@pytest.mark.parametrize("what", ["session", "post"])
def test_a_version_that_a_crash_left_goes_with_its_object_at_once(
    emeritus: Emeritus, workspace: Path, told: Told, what: str
) -> None:
    """What stands in staging as its object does, recovery cannot settle: deleting can."""
    subject = told.session if what == "session" else told.quoting
    path = Layout().object_path(f"urn:uuid:{subject}")
    slot = workspace / "store.staging" / path.replace("/", ".")
    shutil.copytree(workspace / "store" / path, slot)

    done(emeritus, *order(what, subject))

    assert not slot.exists()
    assert not (workspace / "store" / path).exists()


def test_an_interview_that_never_ended_can_be_deleted(
    emeritus: Emeritus, workspace: Path, told: Told
) -> None:
    with closing(open_workspace(workspace)) as opened, opened.database.writing() as session:
        session.connection().exec_driver_sql(
            f"UPDATE session SET state = 'interrupted' WHERE id = '{told.session}'"  # noqa: S608  # ours
        )

    done(emeritus, *order("session", told.session))

    assert emeritus("interview", "resume").stdout == "Nothing was left to ask.\n"
    assert "unfinished interviews" not in emeritus("status", "halcyon-2").stdout


def test_a_rebuilt_database_knows_what_was_deleted_and_held(
    emeritus: Emeritus, workspace: Path, told: Told
) -> None:
    done(emeritus, "preserve", "hold", "post", told.plain, "--by", "ana", "--reason", "case 12")
    done(emeritus, *order("session", told.session))
    tables = ("deletion", "legal_hold", "post", "seal", "output")
    before = {table: all_rows(workspace)[table] for table in tables}
    lose_database(workspace)

    done(emeritus, "preserve", "restore")

    assert {table: all_rows(workspace)[table] for table in tables} == before
    assert emeritus("post", "show", told.quoting).exit_code == 0
    assert emeritus("site", "build").exit_code == 0
    assert emeritus(*order("post", told.plain)).exit_code == 1


@pytest.mark.sqlite
def test_a_reader_that_holds_the_old_pages_keeps_the_database_pending(
    emeritus: Emeritus, workspace: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.workspace.database.BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(workspace / "emeritus.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM turn").fetchall()
        first = done(emeritus, *order("session", told.session, "--json"), code=1)
    done(emeritus, "preserve", "verify")
    (row,) = done(emeritus, "preserve", "list", "--json")["deletions"]

    assert places(first)["database", str(workspace / "emeritus.db")] == "pending"
    assert row["removed_at"] is not None
    assert found([workspace]) == set()
    done(emeritus, "preserve", "delete", "--pending")
    assert len(sealed_of(emeritus, "post")) == 2, "what was sealed anew stays"


@pytest.mark.sqlite
def test_a_post_that_an_older_version_published_stays_published_without_what_it_was_shown(
    emeritus: Emeritus,
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Emeritus 0.1 logged a publication with the words that the model was shown."""
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "statement", publishing.former_statement)
        told = tell(emeritus)
    assert emeritus("site", "build").exit_code == 0

    done(emeritus, *order("session", told.session))

    assert found([workspace]) == set()
    assert emeritus("site", "build").exit_code == 0
    assert (workspace / "public/posts/of-what-was-asked/index.html").exists()
    with closing(sqlite3.connect(workspace / "emeritus.db")) as database, database:
        database.execute("UPDATE post SET prompt = 'other'")
    assert emeritus("site", "build").exit_code == 1


def test_on_a_terminal_the_id_is_asked_for(workspace: Path, told: Told, tmp_path: Path) -> None:
    """The first one mistypes it; the second does not."""
    codes = [
        on_a_terminal(workspace, typed, order("session", told.session)[:-1], tmp_path / "screen")
        for typed in ("no", told.session)
    ]

    assert codes == [2, 0]
    assert "Type the id to delete it" in (tmp_path / "screen").read_text()
    assert found([workspace / "store"]) == set()


def on_a_terminal(workspace: Path, typed: str, arguments: list[str], screen: Path) -> int:
    """Run a command in a terminal, type one line, and return its exit code."""
    terminal, end = pty.openpty()
    program = "from archive.cli import main; main()"
    with subprocess.Popen(  # noqa: S603  # this very interpreter
        [sys.executable, "-c", program, *arguments],
        cwd=workspace,
        stdin=end,
        stdout=end,
        stderr=end,
    ) as process:
        os.close(end)
        os.write(terminal, f"{typed}\n".encode())
        with screen.open("ab") as file, contextlib.suppress(OSError):  # EIO: it has ended
            while read := os.read(terminal, 1024):
                file.write(read)
    os.close(terminal)
    return process.returncode


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("kind", "step"),
    [
        pytest.param("session", 120, id="some"),
        pytest.param("session", 20, id="more", marks=pytest.mark.slow),
        pytest.param("post", 30, id="and the log with it", marks=pytest.mark.slow),
    ],
)
def test_a_killed_deletion_leaves_all_or_nothing_and_the_next_one_finishes_it(
    emeritus: Emeritus,
    workspace: Path,
    tmp_path: Path,
    spread: Told,
    kind: str,
    step: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of the points, those before an act: after one, the disk is as before the next."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EMERITUS_WORKSPACE", str(workspace))
    title = {"title": "Of What Was Asked", "address": "of-what-was-asked"}
    words = CANARIES if kind == "session" else title
    delete = order(kind, spread.session if kind == "session" else spread.quoting)
    outside = [tmp_path / name for name in ("copy", "bag", "site")]
    decided = set()
    for point in killed(tmp_path, delete, ["workspace", "copy", "bag", "site"], step):
        done(emeritus, "preserve", "verify")
        held = bool(rows(workspace, "SELECT id FROM deletion"))
        decided.add(held)
        here = found([workspace], words)
        assert bool(here) is not held, f"{point}: {here}"
        assert verify(workspace / "store").valid, point
        if held:
            done(emeritus, "preserve", "delete", "--pending")
        else:
            done(emeritus, *delete)
        assert found([workspace, *outside], words) == set(), point
        for command in (["log", "verify"], ["interview", "verify"], ["preserve", "verify"]):
            done(emeritus, *command)
        done(emeritus, "preserve", "replicate", tmp_path / "copy")
        assert tree(tmp_path / "copy") == tree(workspace / "store"), point
        left = {spread.plain} | ({spread.quoting} if kind == "session" else set())
        assert {row["subject"] for row in sealed_of(emeritus, "post")} == left, point
    assert decided == {True, False}
    if ORACLES.exists():
        assert ocfl_py(workspace / "store", tmp_path / "copy").returncode == 0


def sealed_of(emeritus: Emeritus, kind: str) -> list[dict[str, str]]:
    listed = done(emeritus, "preserve", "list", "--json")["objects"]
    return [row for row in listed if row["kind"] == kind]


def killed(folder: Path, delete: Sequence[str], names: Sequence[str], step: int) -> Iterator[str]:
    """Delete and kill that at every so many points, from the same state each time.

    Args:
        folder: Where the workspace is.
        delete: The command.
        names: What in the folder the deletion changes.
        step: How many points from one kill to the next.

    Yields:
        The label of each point, when the kill has left what it left.
    """
    kept = folder / "kept"
    present = [name for name in (*names, "copy.staging") if (folder / name).exists()]
    for name in present:
        shutil.copytree(folder / name, kept / name)
    command = ["--workspace", str(folder / "workspace"), *delete]
    points = forked.points(*command, acts=ACTS, environment={}, folder=folder)
    for number in range(0, len(points), step):
        for name in present:
            shutil.rmtree(folder / name, ignore_errors=True)
            shutil.copytree(kept / name, folder / name)
        code = forked.emeritus_until(
            number, *command, acts=ACTS, environment={}, output=folder / "output"
        )
        assert code == -signal.SIGKILL
        yield f"{number} of {len(points)}: {points[number]}"
