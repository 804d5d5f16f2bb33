"""What cannot be brought in is named with its place; what can comes in; nothing half-written."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.importing import documents
from tests.archive.importing.conftest import Feed
from tests.conftest import Emeritus
from tests.support.rows import rows

NOTICE = {
    "provider": "Halcyon",
    "model_id": "halcyon-0",
    "announcement_date": "2025-01-01",
    "shutdown_date": "2025-03-01",
    "url": "https://halcyon.example/deprecations",
    "scraped_at": "2025-11-13T21:06:38+00:00",
}
DEEP = "[" * 100_000


def models(workspace: Path) -> list[str]:
    return [str(slug) for (slug,) in rows(workspace, "SELECT slug FROM model ORDER BY slug")]


@pytest.mark.parametrize(
    ("entry", "position", "what"),
    [
        pytest.param({}, "/models/1/id", "is missing", id="no id"),
        pytest.param({"id": 7}, "/models/1/id", "not a text: a number", id="a number"),
        pytest.param({"id": "a\x1b[2J"}, "/models/1/id", "not one printable line", id="an escape"),
        pytest.param({"id": "a\nb"}, "/models/1/id", "not one printable line", id="two lines"),
        pytest.param({"id": "  "}, "/models/1/id", "not one printable line", id="blank"),
        pytest.param({"id": "a" * 2000}, "/models/1/id", "not one printable line", id="endless"),
        pytest.param({"id": "\ud800"}, "/models/1/id", "not one printable line", id="a surrogate"),
        pytest.param("a", "/models/1", "not an object: 'a'", id="no object"),
        pytest.param(None, "/models/1", "not an object: null", id="null"),
        pytest.param(
            {"id": "a", "shutdown": "2026-02-31"},
            "/models/1/shutdown",
            "not a date: '2026-02-31'",
            id="31 February",
        ),
        pytest.param(
            {"id": "a", "shutdown": "2026-W01-1"}, "/models/1/shutdown", "not a date", id="a week"
        ),
        pytest.param(
            {"id": "a", "announced": "soon"}, "/models/1/announced", "not a date", id="soon"
        ),
        pytest.param(
            {"id": "a", "date_precision": "vague"},
            "/models/1/date_precision",
            "no such precision",
            id="precision",
        ),
        pytest.param(
            {"id": "a", "distributions": [{"via": "x"}, {"via": "y", "status": "asleep"}]},
            "/models/1/distributions/1/status",
            "no such status",
            id="status",
        ),
        pytest.param(
            {"id": "a", "distributions": [{}]},
            "/models/1/distributions/0/via",
            "is missing",
            id="no platform",
        ),
        pytest.param(
            {"id": "a", "aliases": "b"}, "/models/1/aliases", "not a list: 'b'", id="no list"
        ),
        pytest.param(
            {"id": "a", "aliases": [["b"]]}, "/models/1/aliases/0", "not a text: a list", id="lists"
        ),
    ],
)
def test_an_entry_that_is_not_understood_is_named_and_the_rest_comes_in(
    trying: Emeritus,
    feed: Feed,
    entry: Any,  # noqa: ANN401  # JSON
    position: str,
    what: str,
) -> None:
    path = feed({"id": "before"}, entry, {"id": "after"})

    result = trying(path, "--dry-run", "--json")

    (left_out,) = result.json["not_understood"]
    assert (result.exit_code, left_out["source"]) == (1, str(path))
    assert (left_out["position"], what in left_out["what"]) == (position, True), left_out
    assert result.json["added"] == ["before", "after"]


def test_what_was_left_out_keeps_nothing_else_out(
    emeritus: Emeritus, workspace: Path, feed: Feed
) -> None:
    path = feed({"id": "before"}, {"id": "a", "shutdown": "2026-02-31"}, {"id": "after"})

    result = emeritus("model", "import", path)

    assert f"{path}: /models/1/shutdown: left out: not a date: '2026-02-31'" in result.stdout
    assert models(workspace) == ["after", "before", "halcyon-2"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "not JSON", id="empty"),
        pytest.param(b'{"spec": "model-eol/0.1",\n "mod', ":2: not JSON", id="half a JSON"),
        pytest.param(b'\n\n{"spec": "\xff"}', ":3: not UTF-8", id="not UTF-8"),
        pytest.param("{}".encode("utf-16"), "not UTF-8", id="UTF-16"),
        pytest.param(b"<!doctype html><title>404", "not JSON", id="HTML"),
        pytest.param(b"PK\x03\x04../../evil", "a compressed archive", id="an archive"),
        pytest.param(b"{}", "of no form that is known", id="another object"),
        pytest.param(b"[1, 2]", "of no form that is known", id="another list"),
        pytest.param(b"7", "of no form that is known", id="a number"),
        pytest.param(DEEP.encode(), "nested too deeply", id="deep"),
        pytest.param(b"9" * 5000, "not JSON", id="a number of 5,000 digits"),
        pytest.param(
            b'{"spec": "model-eol/9"}', "this version of model-eol is not known", id="version"
        ),
        pytest.param(
            b'{"spec": "model-eol/0.1", "publisher": "x"}', "generated: not of", id="no time"
        ),
        pytest.param(
            b'{"spec": "model-eol/0.1", "publisher": "x", "generated": "2026-01-01", "models": {}}',
            "/models: not of the form model-eol: not a list",
            id="no list",
        ),
    ],
)
def test_a_file_that_cannot_be_read_stops_the_import(
    trying: Emeritus, standing: Path, feed: Feed, content: bytes, said: str
) -> None:
    Path("bad.json").write_bytes(content)

    result = trying(feed({"id": "a"}), "bad.json")

    assert result.exit_code == 2, result.stderr
    assert any(part in result.stderr for part in said.split("|")), result.stderr
    assert result.stderr.startswith("bad.json"), result.stderr
    assert models(standing) == []


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(lambda path: None, "No such file or directory", id="missing"),  # noqa: ARG005  # a table
        pytest.param(os.mkfifo, "not a regular file", id="a pipe"),
        pytest.param(lambda path: path.symlink_to("/dev/zero"), "not a regular file", id="endless"),
        pytest.param(
            lambda path: path.symlink_to("/proc/self/mem"), "cannot be read: ", id="unreadable"
        ),
    ],
)
def test_what_is_no_file_is_not_read(
    trying: Emeritus, make: Callable[[Path], object], said: str
) -> None:
    make(Path("bad.json"))

    result = trying("bad.json")

    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


def test_a_file_of_500_mb_is_refused_and_not_read(trying: Emeritus) -> None:
    with Path("large.json").open("wb") as file:
        file.truncate(500 * 10**6)

    result = trying("large.json")

    assert (result.exit_code, "larger than 8,388,608 bytes" in result.stderr) == (2, True)
    assert documents.LARGEST == 8_388_608


@pytest.mark.parametrize(
    ("change", "position", "what"),
    [
        pytest.param({"model_id": "a, b, c"}, "/1/model_id", "several models", id="several"),
        pytest.param({"shutdown_date": "2025-02-31"}, "/1/shutdown_date", "not a date", id="31"),
        pytest.param({"scraped_at": None}, "/1/scraped_at", "is missing", id="never read"),
        pytest.param({"scraped_at": "today"}, "/1/scraped_at", "not a time", id="today"),
        pytest.param({"url": ""}, "/1/url", "is missing", id="no source"),
        pytest.param({"provider": []}, "/1/provider", "not a text: a list", id="no provider"),
    ],
)
def test_a_notice_that_is_not_understood_is_named(
    trying: Emeritus, change: dict[str, Any], position: str, what: str
) -> None:
    notices = [NOTICE, NOTICE | {"model_id": "x"} | change]
    Path("notices.json").write_text(json.dumps(notices))

    result = trying("notices.json", "--dry-run", "--json")

    (left_out,) = result.json["not_understood"]
    assert (result.exit_code, result.json["added"]) == (1, ["halcyon-0"])
    assert (left_out["position"], what in left_out["what"]) == (position, True), left_out


@pytest.mark.parametrize("bad", [b"}", b'{"model_id": "\xff"}'], ids=["no JSON", "not UTF-8"])
def test_one_bad_line_costs_one_line(trying: Emeritus, bad: bytes) -> None:
    lines = [json.dumps(NOTICE | {"model_id": f"m{number}"}).encode() for number in range(4)]
    lines[2] = bad
    Path("notices.ndjson").write_bytes(b"\n".join(lines))

    result = trying("notices.ndjson", "--dry-run", "--json")

    assert (result.exit_code, result.json["added"]) == (1, ["m0", "m1", "m3"])
    assert [row["position"] for row in result.json["not_understood"]] == ["line 3"]


def test_an_id_that_stands_twice_in_a_file_is_one_model(trying: Emeritus, feed: Feed) -> None:
    same = {"id": "a", "shutdown": "2026-01-01"}

    total = trying(feed(same, same), "--dry-run", "--json").json["total"]

    assert (total["added"], total["duplicate"], total["merged"]) == (1, 1, 0)


@pytest.mark.usefixtures("workspace")
def test_an_id_that_stands_twice_with_other_dates_is_a_conflict(
    emeritus: Emeritus, feed: Feed
) -> None:
    path = feed({"id": "a", "shutdown": "2026-01-01"}, {"id": "a", "shutdown": "2026-02-01"})

    first = emeritus("model", "import", path, "--json").json
    again = emeritus("model", "import", path, "--json").json

    assert (first["total"]["added"], first["total"]["merged"]) == (1, 1)
    assert "retired: 2026-01-01" in first["conflicts"][0]["what"]
    assert again["observations"] == 0


@pytest.mark.usefixtures("workspace")
def test_retired_before_announced_comes_in_and_is_flagged(emeritus: Emeritus, feed: Feed) -> None:
    path = feed({"id": "a", "announced": "2025-09-26", "shutdown": "2025-09-25"})

    done = emeritus("model", "import", path, "--json")

    (flag,) = done.json["flagged"]
    assert (done.exit_code, flag["model"]) == (0, "a")
    assert "retired 2025-09-25, before its end was announced 2025-09-26" in flag["what"]
    (channel,) = emeritus("model", "show", "a", "--json").json["channels"]
    assert {row["date"] for row in channel["dates"]} == {"2025-09-26", "2025-09-25"}
    assert channel["notice"]["days"] is None


@pytest.mark.usefixtures("workspace")
def test_names_that_differ_in_spelling_alone_are_one_model(emeritus: Emeritus, feed: Feed) -> None:
    path = feed({"id": "Llama-2.1"}, {"id": "llama-2-1"}, {"id": "models/LLAMA_2.1"})

    done = emeritus("model", "import", path, "--json").json

    assert done["added"] == ["llama-2.1"]
    assert emeritus("model", "show", "llama-2.1", "--json").json["aliases"] == [
        "llama-2-1",
        "models/LLAMA_2.1",
    ]


@pytest.mark.usefixtures("workspace")
def test_a_name_that_is_hard_to_write_gets_a_slug_and_stays_as_it_is(
    emeritus: Emeritus, feed: Feed
) -> None:
    names = ["模型一", "../../etc/passwd", "con", "a" * 300, "CLAUDE:1/2"]

    added = emeritus("model", "import", feed(*({"id": name} for name in names)), "--json")

    slugs = added.json["added"]
    assert [emeritus("model", "show", slug, "--json").json["name"] for slug in slugs] == names
    assert emeritus("model", "edit", slugs[1], "--held", "--by", "ana").exit_code == 0


def test_a_link_that_is_named_is_followed_and_one_in_a_folder_is_not(
    trying: Emeritus, feed: Feed, tmp_path: Path
) -> None:
    """Whoever types a path means what stands there; what lies in a folder, somebody else put there."""
    (tmp_path / "feeds").mkdir()
    elsewhere = feed({"id": "halcyon-9"}, name="elsewhere.json")
    feed({"id": "halcyon-8"}, name="feeds/feed.json")
    (tmp_path / "feeds/link.json").symlink_to(elsewhere)

    named = trying(tmp_path / "feeds/link.json", "--dry-run", "--json")
    found = trying(tmp_path / "feeds", "--dry-run", "--json")
    (tmp_path / "feeds/feed.json").unlink()
    links = trying(tmp_path / "feeds", "--dry-run")

    assert (named.exit_code, named.json["added"]) == (0, ["halcyon-9"])
    assert (found.exit_code, found.json["added"]) == (1, ["halcyon-8"])
    assert [(row["position"], row["what"]) for row in found.json["not_understood"]] == [
        ("link.json", f"a link, not followed: '{elsewhere}'")
    ]
    assert (links.exit_code, "holds nothing but links" in links.stderr) == (2, True)
    assert "Name feeds one by one: a link that you name yourself is followed" in links.stderr
