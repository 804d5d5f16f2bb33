"""`weights verify` and holdings: what was found of the registered files and of their copies."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Emeritus

HELD = ("--custodian", "State Library", "--by", "ana")


@pytest.fixture
def folder(emeritus: Emeritus, workspace: Path, tmp_path: Path) -> Path:
    """A registered folder of three files."""
    assert workspace.is_dir()
    path = tmp_path / "weights"
    (path / "part").mkdir(parents=True)
    for name in ("a.bin", "b.bin", "part/c.bin"):
        (path / name).write_bytes(name.encode())
    assert emeritus("weights", "register", "halcyon-2", path).exit_code == 0
    return path


def outcomes(document: Any) -> dict[str, str]:  # noqa: ANN401  # any JSON document
    return {file["name"]: file["outcome"] for file in document["files"]}


def test_verify_has_a_word_for_each_thing_that_it_finds(emeritus: Emeritus, folder: Path) -> None:
    (folder / "a.bin").unlink()
    (folder / "b.bin").write_bytes(b"other")
    (folder / "part/c.bin").rename(folder / "part/moved.bin")
    (folder / "part/c.bin").mkdir()
    (folder / "linked.bin").symlink_to("b.bin")

    result = emeritus("weights", "verify", "halcyon-2", "--json")

    assert (result.exit_code, outcomes(result.json)) == (
        1,
        {
            "a.bin": "missing",
            "b.bin": "changed",
            "part/c.bin": "unreadable",
            "part/moved.bin": "extra",
            "linked.bin": "extra",
        },
    )
    assert "part/c.bin: unreadable: cannot be read: Is a directory" in result.stderr
    kept = emeritus("weights", "list", "halcyon-2", "--json").json["files"]
    assert [file["last_check"]["outcome"] for file in kept] == ["missing", "changed", "unreadable"]


def test_verify_counts_what_is_sound(emeritus: Emeritus, folder: Path) -> None:
    sound = emeritus("weights", "verify", "halcyon-2")
    (folder / "more.bin").write_bytes(b"more")

    extra = emeritus("weights", "verify", "halcyon-2")

    assert (sound.exit_code, sound.stdout) == (0, "3 of 3 files are sound.\n")
    assert (extra.exit_code, extra.stdout) == (1, "3 of 3 files are sound, 1 extra.\n")


def hold(emeritus: Emeritus, place: str | Path, *more: str) -> str:
    result = emeritus("weights", "hold", "halcyon-2", *HELD, "--where", place, *more, "--json")
    assert result.exit_code == 0, result.stderr
    return str(result.json["id"])


def holdings(emeritus: Emeritus) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = emeritus("weights", "holdings", "halcyon-2", "--json").json[
        "holdings"
    ]
    return found


@pytest.mark.usefixtures("folder")
def test_what_was_said_last_of_a_custodian_and_a_place_holds(emeritus: Emeritus) -> None:
    hold(emeritus, "vault 3", "--until", "2030")
    hold(emeritus, "vault 4", "--files", "a.bin")

    hold(emeritus, "vault 3", "--until", "2046-02", "--public")

    third, fourth = holdings(emeritus)
    assert (third["place"], third["until"], third["public"]) == ("vault 3", "2046-02", True)
    assert (fourth["until"], fourth["public"], fourth["last_check"]) == (None, False, None)
    assert [file["name"] for file in fourth["files"]] == ["a.bin"]
    shown = emeritus("model", "show", "halcyon-2", "--json").json
    assert shown["holdings"] == [third, fourth]
    assert "State Library, vault 3, until 2046-02" in emeritus("model", "show", "halcyon-2").stdout


def test_a_copy_is_read_where_it_is_held_and_the_check_is_kept(
    emeritus: Emeritus, folder: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    hold(emeritus, copy)

    sound = emeritus("weights", "verify", "halcyon-2", "--copy", copy)
    (copy / "part/c.bin").unlink()
    bad = emeritus("weights", "verify", "halcyon-2", "--copy", copy, "--json")

    assert (sound.exit_code, bad.exit_code) == (0, 1)
    assert outcomes(bad.json)["part/c.bin"] == "missing"
    (row,) = holdings(emeritus)
    assert row["last_check"]["faults"] == {"part/c.bin": "missing"}
    files = emeritus("weights", "list", "halcyon-2", "--json").json["files"]
    assert {file["last_check"] for file in files} == {None}


def test_a_copy_that_came_by_post_is_named_by_its_holding(
    emeritus: Emeritus, folder: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(folder, tmp_path / "disk")
    held = hold(emeritus, "vault 3")

    unnamed = emeritus("weights", "verify", "halcyon-2", "--copy", copy)
    named = emeritus("weights", "verify", "halcyon-2", "--copy", copy, "--holding", held)

    assert (unnamed.exit_code, named.exit_code) == (2, 0)
    assert "no holdings of halcyon-2 are there" in unnamed.stderr
    assert holdings(emeritus)[0]["last_check"]["sound"] is True


@pytest.mark.usefixtures("folder")
def test_what_a_custodian_found_is_said_to_be_theirs(emeritus: Emeritus) -> None:
    held = hold(emeritus, "vault 3")

    result = emeritus(
        "weights", "checked", held, "--damaged", "--evidence", "a letter", "--by", "ana"
    )

    assert result.exit_code == 0, result.stderr
    check = holdings(emeritus)[0]["last_check"]
    assert (check["sound"], check["evidence"], check["stated_by"]) == (False, "a letter", "ana")
    assert "NOT SOUND" in emeritus("weights", "holdings", "halcyon-2").stdout


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["hold", "halcyon-2", *HELD, "--where", " "], "--where: is empty"),
        (["hold", "halcyon-2", *HELD, "--where", "x", "--until", "2026-02-31"], "not a date"),
        (["hold", "halcyon-2", *HELD, "--where", "x", "--files", "../a.bin"], "no file on record"),
        (["hold", "halcyon-2", *HELD[:2], "--where", "x", "--by", "x"], "no such person"),
        (["checked", "x", "--sound", "--evidence", "x", "--by", "ana"], "no such holding"),
        (["checked", "x", "--evidence", "x", "--by", "ana"], "sound or damaged?"),
        (["verify", "halcyon-2", "--copy", "nowhere"], "is no folder"),
        (["verify", "halcyon-2", "--holding", "x"], "which folder?"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(
    emeritus: Emeritus, arguments: list[str], message: str
) -> None:
    result = emeritus("weights", *arguments)

    assert result.exit_code == 2
    assert message in result.stderr
    assert holdings(emeritus) == []


@pytest.mark.usefixtures("folder")
def test_status_says_when_a_copy_runs_out_and_when_it_is_to_be_checked(emeritus: Emeritus) -> None:
    today = datetime.now(UTC).date()
    hold(emeritus, "a", "--until", (today - timedelta(days=1)).isoformat())
    hold(emeritus, "b", "--until", (today + timedelta(days=20)).isoformat())
    hold(emeritus, "c", "--until", "2999")
    late = hold(emeritus, "d", "--until", "2999")
    emeritus("weights", "checked", late, "--sound", "--evidence", "a letter", "--by", "ana")

    items = emeritus("status", "halcyon-2", "--json").json["models"][0]["items"]

    copies = [item for item in items if item["subject"] == "copy at State Library"]
    assert [item["state"] for item in copies] == ["overdue", "open", "open", "done"]
    assert "weights hold" in copies[1]["next"]
    assert "never checked" in copies[2]["detail"]


@pytest.mark.usefixtures("folder")
def test_the_page_names_a_custodian_only_where_the_holding_is_public(
    emeritus: Emeritus, workspace: Path
) -> None:
    emeritus("release", "model", "halcyon-2", "--public", "--by", "ana")
    hold(emeritus, "vault 3", "--until", "2046")
    page = workspace / "public/models/halcyon-2/index.html"

    emeritus("site", "build")
    internal = page.read_text()
    hold(emeritus, "vault 3", "--until", "2046", "--public")
    emeritus("site", "build")
    public = page.read_text()

    assert "State Library" not in internal
    assert "2046 (State Library)" in public
    assert "vault 3" not in internal + public
