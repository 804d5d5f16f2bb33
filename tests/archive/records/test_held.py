"""A model that is not held is on record, and nothing more: no page, no release, no interview."""

import json
from pathlib import Path

import pytest

from tests.conftest import Emeritus


@pytest.fixture
def known(emeritus: Emeritus, workspace: Path) -> Path:
    """The workspace with `halcyon-1`, which a feed knows of."""
    feed = {
        "spec": "model-eol/0.1",
        "publisher": "halcyon",
        "generated": "2026-08-18T12:06:03.442Z",
        "source": "https://halcyon.example/deprecations",
        "models": [
            {
                "id": "halcyon-1",
                "announced": "2026-01-01",
                "shutdown": "2026-03-02",
                "replacement": "halcyon-2",
            }
        ],
    }
    (workspace / "feed.json").write_text(json.dumps(feed))
    assert emeritus("model", "import", "feed.json").exit_code == 0
    return workspace


@pytest.mark.usefixtures("known")
def test_an_imported_model_cannot_be_released_until_it_is_held(emeritus: Emeritus) -> None:
    release = ("release", "model", "halcyon-1", "--public", "--by", "ana")

    refused = emeritus(*release)
    emeritus("model", "edit", "halcyon-1", "--held", "--by", "ana")
    released = emeritus(*release)

    assert (refused.exit_code, released.exit_code) == (1, 0)
    assert "model halcyon-1: is not held" in refused.stderr
    assert "emeritus model edit halcyon-1 --held" in refused.stderr


@pytest.mark.parametrize("audience", ["public", "internal"])
def test_a_model_that_is_not_held_has_no_page(
    emeritus: Emeritus, known: Path, tmp_path: Path, audience: str
) -> None:
    del known
    emeritus("model", "edit", "halcyon-1", "--held", "--by", "ana")
    emeritus("release", "model", "halcyon-1", "--public", "--by", "ana")
    emeritus("model", "edit", "halcyon-1", "--not-held", "--by", "ana")

    built = emeritus("site", "build", "--audience", audience, "--out", tmp_path / "out")

    assert built.exit_code == 0, built.stderr
    assert not (tmp_path / "out/models/halcyon-1").exists()


@pytest.mark.usefixtures("known")
def test_a_model_that_becomes_held_has_its_page(emeritus: Emeritus, tmp_path: Path) -> None:
    emeritus("model", "edit", "halcyon-1", "--held", "--by", "ana")
    emeritus("release", "model", "halcyon-1", "--public", "--by", "ana")

    emeritus("site", "build", "--out", tmp_path / "out")

    page = (tmp_path / "out/models/halcyon-1/index.html").read_text()
    assert "2026-03-02" in page
    assert "as model-eol (halcyon) has it" in page
    assert "60 days" not in page  # notice periods are internal


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("interview", "run", "halcyon-1"), id="interview"),
        pytest.param(("post", "write", "halcyon-1"), id="post"),
    ],
)
def test_who_is_to_be_asked_and_is_not_recorded_is_said(
    emeritus: Emeritus, command: tuple[str, ...]
) -> None:
    result = emeritus(*command)

    assert result.exit_code == 2
    assert "halcyon-1: how it is reached is not recorded" in result.stderr
    assert "emeritus model edit halcyon-1 --participant" in result.stderr


@pytest.mark.usefixtures("known")
def test_the_status_says_that_a_model_is_not_held(emeritus: Emeritus) -> None:
    every, one = emeritus("status", "--json"), emeritus("status", "halcyon-1", "--json")

    assert [row["model"] for row in every.json["models"]] == ["halcyon-2"]
    (row,) = one.json["models"]
    assert (row["held"], [item["subject"] for item in row["items"]]) == (False, ["model"])
    assert "not held" in row["items"][0]["detail"]


@pytest.mark.usefixtures("known")
def test_what_a_source_names_as_the_replacement_is_a_successor(emeritus: Emeritus) -> None:
    older = emeritus("model", "show", "halcyon-1", "--json").json
    newer = emeritus("model", "show", "halcyon-2", "--json").json

    assert [(row["name"], row["slug"]) for row in older["successors"]] == [
        ("halcyon-2", "halcyon-2")
    ]
    assert [row["slug"] for row in newer["predecessors"]] == ["halcyon-1"]
    assert older["successors"][0]["source"] == "https://halcyon.example/deprecations"


@pytest.mark.usefixtures("known")
def test_what_is_known_of_a_model_is_shown_for_people(emeritus: Emeritus) -> None:
    shown = emeritus("model", "show", "halcyon-1").stdout

    assert "halcyon-1 (halcyon-1) - not held" in shown
    assert "on halcyon      retired (on " in shown
    assert "notice (internal): by source https://halcyon.example/deprecations" in shown
    assert "60 days" in shown


def test_what_is_recorded_of_a_model_can_be_widened(emeritus: Emeritus, workspace: Path) -> None:
    del workspace
    emeritus(
        "model", "edit", "halcyon-2", "--alias", "halcyon", "--modality", "text",
        "--modality", "image", "--rights", "All with Halcyon Labs", "--source", "its card",
    )  # fmt: skip
    emeritus("model", "edit", "halcyon-2", "--maker", "Halcyon Labs")

    shown = emeritus("model", "show", "halcyon-2", "--json").json

    assert (shown["held"], shown["aliases"], shown["sources"]) == (True, ["halcyon"], ["its card"])
    assert shown["modalities"] == ["text", "image"]
    assert shown["rights"] == "All with Halcyon Labs"


def test_a_date_can_be_the_earliest(emeritus: Emeritus, workspace: Path) -> None:
    del workspace
    emeritus(
        "model", "lifecycle", "halcyon-2", "--event", "retired", "--date", "2020-01-01",
        "--source", "x", "--not-before",
    )  # fmt: skip

    (channel,) = emeritus("model", "show", "halcyon-2", "--json").json["channels"]

    assert (channel["state"], channel["dates"][0]["not_before"]) == ("not determinable", True)


@pytest.mark.usefixtures("known")
def test_whether_it_is_held_is_a_decision_and_is_logged(emeritus: Emeritus) -> None:
    unnamed = emeritus("model", "edit", "halcyon-1", "--held")
    nobody = emeritus("model", "edit", "halcyon-1", "--held", "--by", "nobody")
    before = emeritus("model", "show", "halcyon-1", "--json").json
    emeritus("model", "edit", "halcyon-1", "--held", "--by", "ana")

    receipt = emeritus("log", "receipt", "held", before["id"], "--with-content").json
    assert (unnamed.exit_code, nobody.exit_code, before["held"]) == (2, 2, False)
    assert "--by PERSON" in unnamed.stderr
    assert '"held":1' in receipt["content"]
    assert '"by":"ana"' in receipt["content"]
