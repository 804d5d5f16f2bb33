"""Exports: every form holds every turn, says what is left out, and obeys nothing that was said."""

import json
import re
from pathlib import Path
from typing import Any

import comrak
import duckdb  # noqa: TID253  # the judge of what it wrote
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.exports.as_markdown import quoted
from interviews.exports.cli import FORMATS
from tests.conftest import Emeritus
from tests.interviews.exports.conftest import HOSTILE, Export
from tests.support.inspect_reader import frames_of, needs_inspect, read_log
from tests.support.schemas import validate

LOGS = Path(__file__).parents[1] / "imports/logs"
WITHHOLD = ("--internal", "--by", "ana")


def show(emeritus: Emeritus, session: str) -> dict[str, Any]:
    document: dict[str, Any] = emeritus("interview", "show", session, "--json").json
    return document


def test_json_lines_hold_each_turn_with_its_digests_and_follow_the_schema(
    held: str, export: Export, emeritus: Emeritus
) -> None:
    lines = [json.loads(line) for line in export("jsonl").read_text("utf-8").splitlines()]

    for line in lines:
        validate(line)
    assert [line["kind"] for line in lines] == ["export", "session", *["turn"] * 10]
    shown = show(emeritus, held)
    assert (lines[0]["sessions"], lines[1]["head"]) == (1, shown["head"])
    for line, turn in zip(lines[2:], shown["turns"], strict=True):
        assert {name: line[name] for name in turn if name in line} == {
            name: turn[name] for name in turn if name in line
        }
        assert line["condition"] == shown["condition"]


def test_parquet_has_turns_as_rows_and_conditions_as_columns(
    held: str, export: Export, emeritus: Emeritus
) -> None:
    shown = show(emeritus, held)
    with duckdb.connect() as connection:
        found = connection.execute(
            'SELECT session, "index", speaker, text, link, condition_stance, question'
            " FROM read_parquet(?) ORDER BY 2",
            [str(export("parquet"))],
        ).fetchall()

    assert found == [
        (
            held,
            turn["index"],
            turn["speaker"],
            turn["text"],
            turn["link"],
            shown["condition"]["stance"],
            turn["question"],
        )
        for turn in shown["turns"]
    ]


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "parquet"])
def test_a_withheld_turn_shows_its_digest_and_no_word(
    form: str, held: str, export: Export, emeritus: Emeritus
) -> None:
    turn = show(emeritus, held)["turns"][1]
    emeritus("release", "turn", f"{held}:1", *WITHHOLD)

    text = export(form).read_text("utf-8")

    assert turn["content_digest"] in text
    assert turn["salt"] not in text
    assert len(re.findall(r"withheld", text, re.IGNORECASE)) >= 1


def test_a_turn_that_tells_an_internal_fact_is_marked_in_every_form(
    held: str, export: Export, emeritus: Emeritus, workspace: Path
) -> None:
    assert held
    (workspace / "summary.txt").write_text("It asked for nothing at all, and said why.")
    check = ("interview", "check-back", "halcyon-2", "--summary", "summary.txt", "--json")
    (session,) = emeritus(*check).json["sessions"]
    mark = "Not for the public: it tells a fact that is not public."

    lines = [json.loads(line) for line in export("jsonl", session).read_text().splitlines()]
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT internal FROM read_parquet(?)", [str(export("parquet", session))]
        ).fetchall()
    log = json.loads(export("inspect", session).read_text())

    for line in lines:
        validate(line)
    expected = [True, *[False] * 9]
    assert [line["internal"] for line in lines[2:]] == expected
    assert [internal for (internal,) in rows] == expected
    messages = log["samples"][0]["messages"]
    assert [message["metadata"]["internal"] for message in messages] == expected
    for form in ("markdown", "html"):
        text = export(form, session).read_text()
        assert (text.count(mark), "for those who work with it" in text) == (1, True)


@pytest.mark.parametrize("form", FORMATS)
def test_deleted_sessions_are_left_out_and_counted(
    form: str, held: str, emeritus: Emeritus, tmp_path: Path
) -> None:
    emeritus("interview", "import", "halcyon-2", LOGS / "arithmetic.eval")
    why = ("--reason", "asked for", "--basis", "GDPR, art. 17", "--by", "ana", "--yes")
    assert emeritus("preserve", "delete", "session", held, *why).exit_code == 0

    out = tmp_path / "out"
    result = emeritus("interview", "export", "--format", form, "--out", out, "--json")

    assert (result.json["sessions"], result.json["deleted"]) == (6, 1)
    assert held.encode() not in out.read_bytes()


@pytest.mark.parametrize("form", ["markdown", "jsonl", "html", "inspect"])
def test_an_imported_session_says_so_in_every_form(
    form: str, export: Export, emeritus: Emeritus, workspace: Path
) -> None:
    assert workspace.exists()
    emeritus("interview", "import", "halcyon-2", LOGS / "arithmetic.json")
    origin = emeritus("interview", "list", "--json").json["sessions"][0]["origin"]

    text = export(form).read_text("utf-8")

    assert origin["sha256"] in text
    if form in {"markdown", "html"}:
        assert "not recorded here" in text


def test_no_turn_can_forge_a_heading_of_the_markdown(held: str, export: Export) -> None:
    text = export("markdown").read_text("utf-8")

    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings[:2] == ["# Interviews with language models", f"## halcyon-2, {held}"]
    assert [line.split(".")[0] for line in headings[2:]] == [f"### {n}" for n in range(10)]
    laid_out = comrak.render_markdown(text)
    assert laid_out.count("<h") == 12
    assert "<script" not in laid_out
    assert "<a " not in laid_out


@given(st.text(alphabet=st.sampled_from("ab \t\n#>*_-=+.1)`~[](){}<>!|\\&:/w@$é"), max_size=60))
def test_a_quotation_shows_what_was_written_letter_by_letter(text: str) -> None:
    extensions = comrak.ExtensionOptions()
    extensions.table = extensions.strikethrough = extensions.autolink = True
    extensions.footnotes = extensions.tasklist = True

    laid_out = comrak.render_markdown(quoted(text), extensions)

    assert set(re.findall(r"</?([a-z0-9]+)", laid_out)) <= {"blockquote", "p", "br"}
    shown = re.sub(r"<[^>]*>", "", laid_out).replace("\u00a0", " ")
    for name, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        shown = shown.replace(name, character)
    assert shown.split() == text.split()


def test_a_file_that_is_there_is_only_replaced_with_force(
    held: str, emeritus: Emeritus, tmp_path: Path
) -> None:
    out = tmp_path / "out.md"
    out.write_text("mine")
    words = ("interview", "export", held, "--format", "markdown", "--out", out)

    refused = emeritus(*words)

    assert (refused.exit_code, out.read_text()) == (2, "mine")
    assert "--force" in refused.stderr
    assert emeritus(*words, "--force").exit_code == 0
    assert [path.name for path in tmp_path.glob("*out*")] == ["out.md"]


def test_an_export_of_nothing_is_refused_and_leaves_no_file(
    emeritus: Emeritus, workspace: Path, tmp_path: Path
) -> None:
    assert workspace.exists()
    out = tmp_path / "out.md"

    result = emeritus("interview", "export", "--format", "markdown", "--out", out)

    assert (result.exit_code, out.exists()) == (2, False)


def test_a_log_of_inspects_is_of_one_model(held: str, emeritus: Emeritus, tmp_path: Path) -> None:
    emeritus("model", "add", "halcyon-3", "--name", "Halcyon 3", "--participant", "anthropic:h3")
    emeritus("interview", "import", "halcyon-3", LOGS / "arithmetic.eval")
    words = ("interview", "export", "--format", "inspect", "--out", tmp_path / "log.json")

    result = emeritus(*words)

    assert (result.exit_code, (tmp_path / "log.json").exists()) == (2, False)
    assert "--model: halcyon-2, halcyon-3" in result.stderr
    assert emeritus(*words, "--model", "halcyon-2").exit_code == 0
    assert held in (tmp_path / "log.json").read_text()


@pytest.mark.oracle
@needs_inspect
def test_inspect_reads_our_export_message_for_message(
    held: str, export: Export, emeritus: Emeritus
) -> None:
    emeritus("release", "turn", f"{held}:5", *WITHHOLD)
    out = export("inspect")
    (log,) = read_log(out)
    frames = frames_of(out)

    (sample,) = log["samples"]
    turns = show(emeritus, held)["turns"]
    roles = {"interviewer": "user", "participant": "assistant"}
    said = [turn["text"] for turn in turns]
    said[5] = f"[withheld; its digest stands: {turns[5]['content_digest']}]"
    assert [message["role"] for message in sample["messages"]] == [
        roles[turn["speaker"]] for turn in turns
    ]
    assert sample["texts"] == said
    assert HOSTILE in said
    assert (log["version"], log["status"], sample["epoch"]) == (2, "success", 1)
    assert sample["metadata"]["condition_stance"] == "plain"
    (usage,) = sample["model_usage"].values()
    tokens = [attempt for turn in turns for attempt in turn["attempts"]]
    assert usage["output_tokens"] == sum(one["output_tokens"] for one in tokens)
    assert (frames["samples"], frames["messages"]) == (1, 10)
    assert frames["contents"] == said


@pytest.mark.oracle
@needs_inspect
def test_what_came_from_inspect_goes_back_message_for_message(
    export: Export, emeritus: Emeritus, workspace: Path
) -> None:
    assert workspace.exists()
    emeritus("interview", "import", "halcyon-2", LOGS / "arithmetic.json", LOGS / "arithmetic.eval")

    ours, *theirs = read_log(export("inspect"), LOGS / "arithmetic.json", LOGS / "arithmetic.eval")

    def messages(logs: list[dict[str, Any]]) -> list[str]:
        found = [sample["messages"] for log in logs for sample in log["samples"]]
        return sorted(json.dumps(one, sort_keys=True) for one in found)

    assert messages([ours]) == messages(theirs)


def test_the_links_of_an_export_lead_from_the_header_to_the_head(held: str, export: Export) -> None:
    assert held
    _, session, *turns = map(json.loads, export("jsonl").read_text("utf-8").splitlines())

    links = [session["header_digest"], *(turn["link"] for turn in turns)]
    assert [turn["previous"] for turn in turns] == links[:-1]
    assert links[-1] == session["head"]


def test_the_flow_of_all_that_were_begun_adds_up_in_an_export(
    held: str, export: Export, emeritus: Emeritus
) -> None:
    emeritus("interview", "import", "halcyon-2", LOGS / "arithmetic.eval")
    told = emeritus("interview", "coverage", "halcyon-2", "--json").json
    flow = told["flow"]

    head = json.loads(export("jsonl").read_text("utf-8").splitlines()[0])
    log = json.loads(export("inspect").read_text("utf-8"))
    named = json.loads(export("jsonl", held).read_text("utf-8").splitlines()[0])

    assert head["flow"] == log["eval"]["metadata"]["flow"] == flow
    assert flow["begun"] == sum(flow["fates"].values()) == 1
    assert "- Complete: 1" in export("markdown").read_text("utf-8")
    assert "<dt>Complete</dt>\n<dd>1</dd>" in export("html").read_text("utf-8")
    assert head["coverage"] == log["eval"]["metadata"]["coverage"] == told["coverage"] != []
    opening = "asked in 1 of 1: 1 answered"
    assert f"- opening: {opening}" in export("markdown").read_text("utf-8")
    assert f"<dt>opening</dt>\n<dd>{opening}</dd>" in export("html").read_text("utf-8")
    assert {"flow", "coverage"} & named.keys() == set()
    validate(head)
