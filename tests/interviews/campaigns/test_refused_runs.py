"""What refuses a run refuses it before anything is planned, logged, asked or spent."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import col, select

from archive.log.entries import LogEntry
from archive.workspace.locks import only_runner
from archive.workspace.workspace import Workspace
from tests.conftest import Emeritus
from tests.interviews.conftest import Api, Hold
from tests.support.messages_server import Step
from tests.support.rows import rows

CAMPAIGN = ("--campaign", "spring")
RUN = ("interview", "run", "halcyon-2", "--protocol", "exit", "--json")
PROGRAM = "from archive.cli import main; main()"
ROOT = Path(__file__).parents[3]

REFUSED = {
    "a temperature that it does not take": (("--temperature", "0.5"), "takes no temperature"),
    "an interviewer that is not there": (
        ("--interviewer", "gguf:/nowhere/weights.gguf"),
        "/nowhere/weights.gguf",
    ),
    "a judge that is not there": (
        ("--interviewer", "anthropic:asker", "--judge", "gguf:/nowhere/weights.gguf"),
        "/nowhere/weights.gguf",
    ),
    "a judge of no probes": (("--judge", "anthropic:judge"), "--interviewer"),
    "a name that leads elsewhere": (("--campaign", "a/../b"), "a/../b"),
    "a list and a choice": (
        ("--only", "plain/told/en", "--stance", "warm"),
        "Leave out --stance",
    ),
    "a condition listed twice": (("--only", "plain/told/en,plain/told/en"), "stands there 2 times"),
}


def logged(opened: Workspace) -> list[str]:
    with opened.database.reading() as session:
        return list(session.exec(select(LogEntry.kind).order_by(col(LogEntry.index))))


@pytest.mark.parametrize("dry", [(), ("--dry-run",)], ids=["run", "dry run"])
@pytest.mark.parametrize(("options", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_leaves_no_plan_and_no_entry_of_the_log(
    options: tuple[str, ...], says: str, dry: tuple[str, ...], api: Api, hold: Hold,
    opened: Workspace,
) -> None:  # fmt: skip
    server, before = api(), logged(opened)

    result = hold(*CAMPAIGN, *options, *dry)

    assert (result.exit_code, server.requests) == (2, []), result.stderr
    assert says in result.stderr
    assert rows(opened.root, "SELECT slug FROM campaign") == []
    assert logged(opened) == before


@pytest.mark.parametrize("dry", [(), ("--dry-run",)], ids=["run", "dry run"])
def test_without_a_key_nothing_is_planned_and_the_name_stays_free(
    dry: tuple[str, ...], api: Api, hold: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as keyless:
        keyless.delenv("ANTHROPIC_API_KEY", raising=False)
        refused = hold(*CAMPAIGN, *dry)
    api()

    held = hold(*CAMPAIGN, "--replicates", "1")

    assert (refused.exit_code, held.exit_code) == (2, 0), held.stderr
    assert "ANTHROPIC_API_KEY" in refused.stderr


def test_a_million_sessions_are_not_begun_where_nobody_can_be_asked(
    api: Api, hold: Hold, opened: Workspace
) -> None:
    server = api()

    result = hold(*CAMPAIGN, "--replicates", "1000000")

    assert (result.exit_code, server.requests) == (2, []), result.stderr
    assert "--yes" in result.stderr
    assert rows(opened.root, "SELECT slug FROM campaign") == []


def test_a_dry_run_of_another_plan_under_the_same_name_is_refused(api: Api, hold: Hold) -> None:
    api()
    assert hold(*CAMPAIGN, "--replicates", "1").exit_code == 0

    refused = hold(*CAMPAIGN, "--replicates", "2", "--dry-run")
    agreed = hold(*CAMPAIGN, "--replicates", "1", "--dry-run")

    assert (refused.exit_code, agreed.exit_code) == (2, 0)
    assert "planned already" in refused.stderr


def test_a_new_campaign_that_two_begin_at_one_moment_is_held_by_one_of_them(
    api: Api, hold: Hold, opened: Workspace
) -> None:
    """The lock comes before the plan, so the second finds it taken, whoever has planned by then."""
    api()
    with only_runner(opened.lock("campaign-spring"), what="campaign spring"):
        result = hold(*CAMPAIGN, "--replicates", "1")

    assert result.exit_code == 3
    assert "campaign spring: another process is running it" in result.stderr
    assert rows(opened.root, "SELECT slug FROM campaign") == []


@pytest.mark.slow
def test_of_many_that_begin_one_campaign_at_one_moment_one_holds_it(
    api: Api, hold: Hold, emeritus: Emeritus
) -> None:
    del hold  # has approved the protocol
    api([Step(delay=2.0)])
    begun = [
        subprocess.Popen(  # noqa: S603  # this very interpreter
            [sys.executable, "-c", PROGRAM, *RUN, *CAMPAIGN, "--replicates", "1"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        for _ in range(4)
    ]  # fmt: skip
    said = [process.communicate(timeout=120)[1] for process in begun]

    assert sorted(process.returncode for process in begun) == [0, 3, 3, 3], said
    assert sum("another process is running it" in text for text in said) == 3
    assert emeritus("interview", "verify").stdout.endswith("1 campaign is as planned.\n")


def test_who_answers_no_is_told_that_nothing_was_begun(
    api: Api, hold: Hold, workspace: Path
) -> None:
    del hold  # has approved the protocol
    server = api()
    ours, theirs = pty.openpty()
    with subprocess.Popen(  # noqa: S603  # this very interpreter
        [sys.executable, "-c", PROGRAM, *RUN, *CAMPAIGN, "--replicates", "100"],
        stdin=theirs, stdout=subprocess.PIPE, stderr=theirs,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        os.close(theirs)
        os.write(ours, b"n\n")
        said = read_all(ours)
        code = process.wait(timeout=60)

    assert (code, server.requests) == (2, [])
    assert "Nothing was begun." in said
    assert "Interrupted" not in said
    assert rows(workspace, "SELECT slug FROM campaign") == []


def read_all(terminal: int) -> str:
    """Return what is written to a terminal until its other end is let go of."""
    said = b""
    try:
        while piece := os.read(terminal, 4096):
            said += piece
    except OSError:  # as Linux tells of the end
        pass
    os.close(terminal)
    return said.decode()
