"""PREMIS in every kind's record: valid, the same for the same state, and true to what was done."""

import json
from pathlib import Path
from typing import Any

import pytest

from archive import wing
from tests.blog.conftest import Interview, Write
from tests.conftest import Emeritus
from tests.support.schemas import validate


@pytest.fixture
def everything(
    emeritus: Emeritus, workspace: Path, interview: Interview, write: Write, publish: Write
) -> Path:
    """A workspace with something of every kind, sealed; one post was vetoed, and one deleted."""
    (workspace / "policy.md").write_text("For *research*.")
    emeritus(
        "policy", "set", "halcyon-2", "--summary", "For research.", "--wording", "policy.md",
        "--how-to-ask", "Write.", "--by", "ana",
    )  # fmt: skip
    interview()
    publish("# One")
    emeritus("post", "review", write("# Two"), "--veto", "--reason", "private", "--by", "ana")
    (workspace / "model.bin").write_bytes(b"weights")
    why = ("--reason", "private", "--basis", "GDPR, art. 17", "--by", "ana", "--yes")
    for line in (
        (
            *("post", "schedule", "halcyon-2", "--weekly", "monday"),
            *("--from", "2026-11-02", "--by", "ana"),
        ),
        ("weights", "register", "halcyon-2", "model.bin"),
        ("weights", "deposit", "halcyon-2", "--by", "ana"),
        ("weights", "fingerprint", "halcyon-2"),
        (
            *("interview", "run", "halcyon-2", "--campaign", "exit-2026", "--pilot"),
            *("--replicates", "1", "--only", "neutral/occasion/en/bare"),
        ),
        ("preserve", "delete", "post", write("# Three"), *why),
        ("key", "rotate", "--by", "ana"),
    ):
        assert emeritus(*line).exit_code == 0
    assert emeritus("preserve", "seal").exit_code == 0
    return workspace


def records(workspace: Path) -> list[dict[str, Any]]:
    """Return the record of each object as its last version has it."""
    paths = sorted((workspace / "store").rglob("v*/content/record.json"))
    last = {path.parents[2]: path for path in paths}
    return [json.loads(path.read_bytes()) for path in last.values()]


def terms(record: dict[str, Any]) -> list[tuple[str, str | None]]:
    """Return what was done by a record, and how it came out."""
    return [
        (event["type"]["term"], event["outcome"] and event["outcome"]["term"])
        for event in record["premis"]["events"]
    ]


def of(workspace: Path, kind: str) -> list[dict[str, Any]]:
    return [one for one in records(workspace) if f"schema/{kind}/" in one["$schema"]]


def test_every_kind_is_sealed_with_its_events_agents_and_rights_and_sealed_once(
    emeritus: Emeritus, everything: Path
) -> None:
    found = records(everything)

    for record in found:
        validate(record)
        assert record["premis"]["rights"]
    kinds = {kind.schema for kind in wing.kinds().values() if kind.schema is not None}
    assert len({record["$schema"] for record in found}) == len(kinds)
    again = emeritus("preserve", "seal", "--json").json["sealed"]
    assert again == []


def test_an_interview_was_begun_recorded_chained_and_judged(everything: Path) -> None:
    session, *_ = [one for one in of(everything, "session") if "campaign" not in one]

    assert terms(session)[0] == ("creation", None)
    assert set(terms(session)[1:]) == {
        ("capture", "success"),
        ("message digest calculation", None),
        ("validation", "success"),
    }
    agents = {agent["id"]: agent["type"]["term"] for agent in session["premis"]["agents"]}
    assert agents["model:halcyon-2"] == "software"
    assert any(one.startswith("software:emeritus ") for one in agents)


def test_a_post_was_written_digested_reviewed_and_published_or_not(everything: Path) -> None:
    made = [terms(post) for post in of(everything, "post")]

    written = {("creation", None), ("message digest calculation", None), ("capture", "success")}
    outcomes = [set(post) - written for post in made]
    assert sorted(map(sorted, outcomes), key=len) == [
        [("validation", "fail")],
        [("dissemination", None), ("validation", "success")],
    ]


def test_a_tombstone_tells_who_decided_and_that_the_bytes_are_gone(everything: Path) -> None:
    (tombstone,) = of(everything, "tombstone")

    assert terms(tombstone) == [("deaccession", None), ("deletion", "success")]
    assert tombstone["premis"]["rights"][0]["note"] == "GDPR, art. 17"


def test_the_log_tells_when_its_key_was_rotated(everything: Path) -> None:
    (log,) = of(everything, "log")

    assert terms(log) == [("digital signature generation", None)]
