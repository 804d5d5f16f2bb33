"""`model import`: what sources know comes in once, whole, and beside what is on record."""

import json
import shutil
from pathlib import Path

import pytest

from tests.archive.importing.conftest import DATA, EVERYTHING, FEEDS, NOTICES, Feed
from tests.conftest import Emeritus
from tests.support.killing import COMMIT, run_until
from tests.support.rows import rows

pytestmark = pytest.mark.usefixtures("workspace")


def counts(workspace: Path) -> dict[str, int]:
    """Count what is on record."""
    tables = ("model", "channel", "observation", "replacement", "snapshot")
    return {
        table: int(str(rows(workspace, f"SELECT count(*) FROM {table}")[0][0]))  # noqa: S608  # our own names
        for table in tables
    }


def test_every_model_and_every_notice_is_accounted_for(emeritus: Emeritus) -> None:
    result = emeritus("model", "import", *EVERYTHING, "--json")

    document = result.json
    assert [source["read"] for source in document["sources"]] == [29, 194, 86, 4, 153]
    for counts in (*document["sources"], document["total"]):
        parts = ("added", "merged", "duplicate", "not_understood")
        assert counts["read"] == sum(counts[part] for part in parts)
    assert document["total"]["read"] == 313 + 153
    assert len(document["added"]) == len(set(document["added"])) == document["total"]["added"]
    (left_out,) = document["not_understood"]
    assert (left_out["source"], left_out["position"]) == (str(NOTICES), "/113/model_id")
    assert result.exit_code == 1


def test_a_folder_of_feeds_stands_for_all_of_them_and_a_schema_says_nothing(
    emeritus: Emeritus, tmp_path: Path
) -> None:
    shutil.copytree(DATA / "model-eol", tmp_path / "data/model-eol")
    shutil.copytree(DATA / "deprecations-info", tmp_path / "data/deprecations-info")
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}
    (tmp_path / "data/model-eol/schema.json").write_text(json.dumps(schema))
    (tmp_path / "data/README.md").write_text("What lies here.")

    document = emeritus("model", "import", tmp_path / "data", "--json").json
    again = emeritus("model", "import", *EVERYTHING, "--json").json

    assert [row["format"] for row in document["sources"]].count("json-schema") == 1
    assert (document["total"]["read"], document["total"]["not_understood"]) == (313 + 153, 1)
    assert (again["observations"], again["added"]) == (0, [])


def test_a_second_time_adds_nothing(emeritus: Emeritus, workspace: Path) -> None:
    emeritus("model", "import", *EVERYTHING)
    before = counts(workspace)

    again = emeritus("model", "import", *EVERYTHING, "--json").json

    assert (again["observations"], again["total"]["added"], again["total"]["merged"]) == (0, 0, 0)
    assert counts(workspace) == before


def test_in_any_order_the_sources_come_to_the_same_observations(
    emeritus: Emeritus, workspace: Path
) -> None:
    emeritus("model", "import", *reversed(EVERYTHING))
    first = counts(workspace)

    again = emeritus("model", "import", *EVERYTHING, "--json").json

    assert again["observations"] == 0
    assert counts(workspace) == first


def test_a_model_is_shown_on_both_channels_each_with_its_dates_and_sources(
    emeritus: Emeritus,
) -> None:
    emeritus("model", "import", *FEEDS)

    shown = emeritus("model", "show", "claude-3-7-sonnet-20250219", "--json").json

    own, bedrock = shown["channels"]
    assert [(row["event"], row["date"]) for row in own["dates"]] == [
        ("deprecated", "2025-10-28"),
        ("retired", "2026-02-19"),
    ]
    assert [(row["event"], row["date"]) for row in bedrock["dates"]] == [
        ("deprecated", "2026-01-30"),
        ("retired", "2026-07-30"),
    ]
    assert (own["channel"], bedrock["channel"]) == ("anthropic", "aws-bedrock")
    assert {row["source"] for row in own["dates"]} == {
        "https://platform.claude.com/docs/en/about-claude/model-deprecations"
    }
    assert {row["source"] for row in bedrock["dates"]} == {
        "https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html"
    }
    assert (own["notice"]["days"], bedrock["notice"]["days"]) == (114, 181)


def test_where_sources_differ_both_stay_and_the_import_says_so(emeritus: Emeritus) -> None:
    conflicts = emeritus("model", "import", *EVERYTHING, "--json").json["conflicts"]

    shown = emeritus("model", "show", "claude-3-7-sonnet-20250219", "--json").json
    (bedrock,) = (row for row in shown["channels"] if row["channel"] == "aws-bedrock")
    retired = [row for row in bedrock["dates"] if row["event"] == "retired"]
    assert {(row["date"], row["told_by"]) for row in retired} == {
        ("2026-04-28", "deprecations.info"),
        ("2026-07-30", "model-eol (anthropic)"),
    }
    assert any(
        row["model"] == "claude-3-7-sonnet-20250219" and "aws-bedrock: retired" in row["what"]
        for row in conflicts
    )
    assert "a source lags by 278 days" in bedrock["notice"]["why"]


def test_a_dry_run_says_the_same_and_writes_nothing(emeritus: Emeritus, workspace: Path) -> None:
    before = counts(workspace)

    tried = emeritus("model", "import", *EVERYTHING, "--dry-run", "--json")

    assert counts(workspace) == before
    done = emeritus("model", "import", *EVERYTHING, "--json")
    assert tried.json | {"dry_run": False} == done.json
    assert tried.exit_code == done.exit_code


def test_what_is_on_record_stays_and_a_source_fills_what_is_not(
    emeritus: Emeritus, feed: Feed
) -> None:
    emeritus("model", "edit", "halcyon-2", "--family", "halcyon")

    done = emeritus(
        "model", "import", feed({"id": "Halcyon_2", "shutdown": "2026-12-31"}), "--json"
    )

    shown = emeritus("model", "show", "halcyon-2", "--json").json
    assert (done.json["total"]["merged"], done.json["merged"][0]["facts"]) == (1, ["maker"])
    assert (shown["name"], shown["held"], shown["maker"]) == ("Halcyon 2", True, "halcyon")
    assert shown["aliases"] == ["Halcyon_2"]
    assert shown["participant"] == "anthropic:halcyon-2"


def test_the_same_name_of_another_maker_is_another_model(emeritus: Emeritus, feed: Feed) -> None:
    emeritus("model", "edit", "halcyon-2", "--maker", "Other Labs")

    (slug,) = emeritus("model", "import", feed({"id": "halcyon-2"}), "--json").json["added"]

    assert slug.startswith("halcyon-2-")
    assert emeritus("model", "show", "halcyon-2", "--json").json["maker"] == "Other Labs"
    assert emeritus("model", "import", feed({"id": "halcyon-2"}), "--json").json["added"] == []


def test_a_later_edition_adds_what_changed_beside_what_was(emeritus: Emeritus, feed: Feed) -> None:
    emeritus("model", "import", feed({"id": "a", "shutdown": "2026-12-31"}))
    later = {"generated": "2026-09-18T00:00:00Z"}

    done = emeritus("model", "import", feed({"id": "a", "shutdown": "2027-01-31"}, **later))

    shown = emeritus("model", "show", "a", "--json").json
    (channel,) = shown["channels"]
    assert done.exit_code == 0
    assert [row["date"] for row in shown["lifecycle"] if row["event"] == "retired"] == [
        "2026-12-31",
        "2027-01-31",
    ]
    assert [row["date"] for row in channel["dates"]] == ["2027-01-31"]


def test_a_name_that_is_another_models_own_becomes_no_alias(emeritus: Emeritus, feed: Feed) -> None:
    models = ({"id": "b"}, {"id": "b-2026", "aliases": ["c"]})
    emeritus("model", "import", feed(*models))

    done = emeritus("model", "import", feed({"id": "b-2026", "aliases": ["b"]}), "--json").json

    assert [row["what"].partition(":")[0] for row in done["conflicts"]] == ["alias b"]
    assert emeritus("model", "show", "b-2026", "--json").json["aliases"] == ["c"]


@pytest.mark.parametrize("point", [0, 1])
def test_an_import_that_is_killed_brings_in_all_or_nothing(workspace: Path, point: int) -> None:
    """Point 0 is before the commit, point 1 after it."""
    before = counts(workspace)
    arguments: list[str | Path] = ["--workspace", workspace, "model", "import", *FEEDS]

    run_until("archive.cli:main", *arguments, kill_at=point, acts=[COMMIT])

    after = counts(workspace)
    assert after["model"] - before["model"] == (0, 313)[point]
    assert (after["observation"] > 0) is bool(point)


def test_notices_can_stand_one_on_each_line(emeritus: Emeritus, workspace: Path) -> None:
    notices = json.loads(NOTICES.read_bytes())
    lines = [json.dumps(notice) for notice in notices[:3]]
    lines[1] = lines[1][:40]
    (workspace / "notices.jsonl").write_text("\n".join(lines) + "\n")

    done = emeritus("model", "import", "notices.jsonl", "--json")

    assert (done.exit_code, done.json["total"]["added"]) == (1, 2)
    (left_out,) = done.json["not_understood"]
    assert (left_out["position"], left_out["what"][:8]) == ("line 2", "not JSON")


def test_every_imported_record_can_be_sealed(emeritus: Emeritus, workspace: Path) -> None:
    from jsonschema import Draft202012Validator

    from archive.archival import SCHEMAS

    feed = json.loads(FEEDS[0].read_bytes())
    (workspace / "feed.json").write_text(json.dumps(feed | {"models": feed["models"][:3]}))
    emeritus("model", "import", "feed.json")
    emeritus("preserve", "seal")
    again = emeritus("preserve", "seal", "--json").json

    schema = Draft202012Validator(json.loads((SCHEMAS / "model.schema.json").read_bytes()))
    paths = list((workspace / "store").rglob("v1/content/record.json"))
    found = [json.loads(path.read_bytes()) for path in paths]
    for record in found:
        if "channels" in record:
            schema.validate(record)
    assert len(found) == 3 + 1 + 3  # and halcyon-2, the schemas, the workspace, the log
    assert again["sealed"] == []
