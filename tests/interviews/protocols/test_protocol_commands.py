"""`emeritus protocol`: what interviews ask is read, checked and approved by digest."""

from pathlib import Path

import pytest

from archive.log.entries import LogEntry
from archive.workspace.workspace import Workspace
from interviews.protocols.reading import read_protocol
from tests.conftest import Emeritus
from tests.support.protocols import FILE, SMALL


@pytest.fixture
def protocols(workspace: Path) -> Path:
    (workspace / FILE).write_text(SMALL)
    return workspace


@pytest.mark.usefixtures("protocols")
def test_the_workspaces_protocols_and_those_shipped_are_listed(emeritus: Emeritus) -> None:
    found = emeritus("protocol", "list", "--json").json["protocols"]

    assert [row["slug"] for row in found] == ["exit", "retirement"]
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
