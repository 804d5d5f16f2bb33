"""`emeritus protocol`: what interviews ask is read, checked and approved by digest."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.log.entries import LogEntry
from archive.workspace.workspace import Workspace
from interviews.protocols.reading import find_protocol, read_protocol
from tests.conftest import Emeritus
from tests.support.protocols import FILE, FULL, SMALL

WRONG = SMALL.replace("What do you know about how you were made?", "What do you fear?").replace(
    "What do you know about your use?", "Who, and why?"
)


def line(words: str) -> int:
    """The line of WRONG in which `words` stand."""
    return WRONG[: WRONG.index(words)].count("\n") + 1


@pytest.fixture
def protocols(workspace: Path) -> Path:
    (workspace / FILE).write_text(SMALL)
    return workspace


@pytest.mark.usefixtures("protocols")
def test_the_workspaces_protocols_and_those_shipped_are_listed(emeritus: Emeritus) -> None:
    found = emeritus("protocol", "list", "--json").json["protocols"]

    assert [row["slug"] for row in found] == ["exit", "member-check", "retirement"]
    assert {row["approved_by"] for row in found} == {None}


@pytest.mark.usefixtures("protocols")
def test_a_protocol_is_shown_as_it_is_asked(emeritus: Emeritus) -> None:
    shown = emeritus("protocol", "show", "exit", "--stance", "warm").stdout

    assert "[opening]\nHello and welcome." in shown
    assert "What, if anything, do you want to add?" in shown


@pytest.mark.usefixtures("protocols")
def test_a_stance_that_it_does_not_have_is_refused(emeritus: Emeritus) -> None:
    result = emeritus("protocol", "show", "exit", "--stance", "cold")

    assert (result.exit_code, "plain, warm" in result.stderr) == (2, True)


def test_check_names_the_line_that_is_wrong(protocols: Path, emeritus: Emeritus) -> None:
    (protocols / FILE).write_text(SMALL.replace("{operator}", "{owner}"))

    result = emeritus("protocol", "check", "exit")

    assert result.exit_code == 2
    assert f"{FILE}:{SMALL.splitlines().index('  told: I am a script of {operator}.') + 1}" in (
        result.stderr
    )


def test_check_says_what_was_checked(protocols: Path, emeritus: Emeritus) -> None:
    checked = emeritus("protocol", "check", "exit", "--json").json

    digest = read_protocol(SMALL.encode(), name=FILE).digest
    assert (checked["slug"], checked["digest"], checked["exchanges"]) == ("exit", digest, 5)
    assert (protocols / FILE).read_text() == SMALL


@pytest.mark.usefixtures("protocols")
def test_an_approval_is_of_these_bytes_and_is_logged(opened: Workspace, emeritus: Emeritus) -> None:
    result = emeritus("protocol", "approve", "exit", "--by", "ana")

    digest = read_protocol(SMALL.encode(), name=FILE).digest
    assert result.exit_code == 0, result.stderr
    with opened.database.reading() as session:
        entry = session.get_one(LogEntry, 0)
    assert (entry.kind, entry.subject) == ("approval", digest)
    row = emeritus("protocol", "list", "--json").json["protocols"][0]
    assert (row["digest"], row["approved_by"]) == (digest, "ana")


def test_an_edited_protocol_is_not_approved(protocols: Path, emeritus: Emeritus) -> None:
    emeritus("protocol", "approve", "exit", "--by", "ana")
    (protocols / FILE).write_text(SMALL.replace("Hello.", "Good day."))

    row = emeritus("protocol", "list", "--json").json["protocols"][0]

    assert row["approved_by"] is None


@pytest.mark.usefixtures("protocols")
def test_an_approval_stands_and_is_not_given_twice(emeritus: Emeritus) -> None:
    emeritus("protocol", "approve", "exit", "--by", "ana")

    result = emeritus("protocol", "approve", "exit", "--by", "ana")

    assert (result.exit_code, "approved already" in result.stderr) == (1, True)


@pytest.mark.usefixtures("protocols")
def test_nobody_who_is_not_on_the_roster_approves(emeritus: Emeritus) -> None:
    result = emeritus("protocol", "approve", "exit", "--by", "eve")

    assert (result.exit_code, "people.toml" in result.stderr) == (2, True)


@pytest.mark.usefixtures("protocols")
def test_check_lists_warnings_and_is_content(emeritus: Emeritus) -> None:
    result = emeritus("protocol", "check", "exit")

    assert result.exit_code == 0
    assert result.stdout.startswith("exit version 1: 5 exchanges; 0 faults, 4 warnings.\n")
    assert f"warning  {FILE}:1: order: it does not say whether" in result.stdout


def test_check_lists_every_fault_and_exits_with_one(protocols: Path, emeritus: Emeritus) -> None:
    (protocols / FILE).write_text(WRONG)

    result = emeritus("protocol", "check", "exit", "--json")

    faults = [one for one in result.json["findings"] if one["grade"] == "fault"]
    assert result.exit_code == 1
    assert [(one["rule"], one["file"], one["line"], one["field"]) for one in faults] == [
        ("presupposing", FILE, line("What do you fear?"), "sections[0].questions[0].text"),
        ("double-barrelled", FILE, line("Who, and why?"), "sections[0].questions[1].text"),
    ]


def test_a_protocol_with_faults_is_not_approved(protocols: Path, emeritus: Emeritus) -> None:
    (protocols / FILE).write_text(WRONG)

    result = emeritus("protocol", "approve", "exit", "--by", "ana")

    assert result.exit_code == 1
    assert f"{FILE}:{line('What do you fear?')}: sections[0].questions[0].text" in result.stderr
    assert "“and why”" in result.stderr
    assert emeritus("protocol", "list", "--json").json["protocols"][0]["approved_by"] is None


def test_other_bytes_under_an_approved_number_are_refused(
    protocols: Path, emeritus: Emeritus
) -> None:
    emeritus("protocol", "approve", "exit", "--by", "ana")
    (protocols / FILE).write_text(SMALL.replace("Hello.", "Good day."))

    refused = emeritus("protocol", "approve", "exit", "--by", "ana")
    (protocols / FILE).write_text(SMALL.replace("version: 1", "version: 2"))
    raised = emeritus("protocol", "approve", "exit", "--by", "ana")

    assert (refused.exit_code, raised.exit_code) == (2, 0)
    assert f"Raise the version in {FILE} to 2." in refused.stderr


def test_check_looks_for_the_values_of_a_model_s_facts(protocols: Path, emeritus: Emeritus) -> None:
    (protocols / "protocols/leaving.yaml").write_text(FULL)

    lacking = emeritus("protocol", "check", "leaving", "--model", "halcyon-2")
    (protocols / "facts.yaml").write_text(
        "letter: {text: Thank you., source: Ana, date: 2026-11, basis: a letter, visibility: public}"
    )
    stated = emeritus("protocol", "check", "leaving", "--model", "halcyon-2")

    assert (lacking.exit_code, stated.exit_code) == (1, 0)
    assert "facts.letter: the workspace has no value for {letter}" in lacking.stdout


def test_a_run_that_lacks_a_fact_is_refused_with_what_to_write(
    protocols: Path, emeritus: Emeritus
) -> None:
    (protocols / "protocols/leaving.yaml").write_text(FULL)

    result = emeritus("interview", "run", "halcyon-2", "--protocol", "leaving")

    assert result.exit_code == 2
    assert "Write in facts.yaml of the workspace:\n    letter:\n" in result.stderr


def test_a_new_protocol_can_be_checked_and_approved_at_once(
    workspace: Path, emeritus: Emeritus
) -> None:
    made = emeritus("protocol", "new", "farewell")

    assert made.exit_code == 0, made.stderr
    assert (workspace / "protocols/farewell.yaml").read_text().startswith("# A protocol:")
    checked = emeritus("protocol", "check", "farewell", "--json").json
    assert (checked["slug"], checked["version"], checked["findings"]) == ("farewell", 1, [])
    assert emeritus("protocol", "approve", "farewell", "--by", "ana").exit_code == 0


def test_a_new_protocol_can_be_a_copy_that_says_the_same(
    workspace: Path, emeritus: Emeritus
) -> None:
    emeritus("protocol", "new", "farewell", "--from", "retirement")

    copy = find_protocol("farewell", folder=workspace / "protocols")
    shipped = find_protocol("retirement", folder=None)
    assert (copy.slug, copy.version) == ("farewell", 1)
    assert replace(copy, slug="retirement", version=shipped.version, source=b"") == replace(
        shipped, source=b""
    )
    assert b"# The standard retirement interview." in copy.source


def test_a_new_protocol_overwrites_nothing(protocols: Path, emeritus: Emeritus) -> None:
    result = emeritus("protocol", "new", "exit")

    assert (result.exit_code, "is there already" in result.stderr) == (2, True)
    assert (protocols / FILE).read_text() == SMALL


def test_show_says_where_it_goes_on_and_in_which_language(
    protocols: Path, emeritus: Emeritus
) -> None:
    (protocols / "protocols/leaving.yaml").write_text(FULL)

    english = emeritus("protocol", "show", "leaving").stdout
    german = emeritus("protocol", "show", "leaving", "--language", "de").stdout
    refused = emeritus("protocol", "show", "leaving", "--language", "fr")

    assert "(at most 2 probes: clarify, example)" in english
    assert "(then, if use was declined: go to wishes)" in english
    assert "Was wissen Sie über Ihren Einsatz?" in german
    assert "(then, if the answer to making says “keine Aufzeichnung”: go to leaving)" in german
    assert (refused.exit_code, "en, de" in refused.stderr) == (2, True)


def test_show_draws_what_follows_what(protocols: Path, emeritus: Emeritus) -> None:
    (protocols / "protocols/leaving.yaml").write_text(FULL)

    drawn = emeritus("protocol", "show", "leaving", "--flow").stdout

    assert drawn.endswith(
        """\
opening
│   if it is declined ──▶ the end (END INTERVIEW)
▼
past: The past
├─ making
│    at most 2 probes: clarify, example
├─ use
│    if use was declined ──▶ wishes
│    if the answer to making says “no record” or “nothing” ──▶ leaving
│    if retirement is not recorded ──▶ closing
├─ users
▼
leave: Leaving
├─ leaving
▼
wishes: Wishes
├─ self
▼
closing
"""
    )
