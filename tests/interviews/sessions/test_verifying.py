"""`interview verify`: every digest is computed again, and the first bad turn is named."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Emeritus
from tests.interviews.conftest import Api, Hold, Shown

pytestmark = pytest.mark.sqlite


@pytest.fixture
def session(api: Api, hold: Hold, shown: Shown) -> str:
    """The id of a complete session of ten turns."""
    api()
    assert hold().exit_code == 0
    identifier: str = shown()["id"]
    return identifier


def change(workspace: Path, statement: str) -> None:
    with closing(sqlite3.connect(workspace / "emeritus.db")) as database, database:
        database.execute(statement)


def test_an_untouched_record_verifies(session: str, emeritus: Emeritus) -> None:
    result = emeritus("interview", "verify", session)

    assert result.exit_code == 0
    assert "1 session, 10 turns: every digest and every link holds." in result.stdout
    assert emeritus("interview", "verify", "--json").json == {
        "sessions": [{"id": session, "turns": 10, "faults": []}],
        "campaigns": [],
    }


CHANGES = {
    "one byte of a reply": (
        """UPDATE turn SET content = CAST(
        replace(CAST(content AS TEXT), 'You asked', 'You Asked') AS BLOB) WHERE "index" = 7""",
        "turn 7: its content is not what was recorded",
    ),
    "one byte, left as text": (
        """UPDATE turn SET content = replace(CAST(content AS TEXT), 'You asked', 'You Asked')
        WHERE "index" = 7""",
        "turn 7: its content is not what was recorded",
    ),
    "content that is none": (
        """UPDATE turn SET content = '{' WHERE "index" = 7""",
        "turn 7: its content is not what was recorded",
    ),
    "a salt": ("""UPDATE turn SET salt = x'00' WHERE "index" = 3""", "turn 3: its content"),
    "when it was said": (
        """UPDATE turn SET at = '1999-01-01T00:00:00.000000Z' WHERE "index" = 4""",
        "turn 4: its link",
    ),
    "a turn taken out": ("""DELETE FROM turn WHERE "index" = 5""", "turn 5: missing"),
    "the last turn taken off": ("""DELETE FROM turn WHERE "index" = 9""", "turn 9: there were 10"),
    "the header": ("UPDATE session SET header = x'7b7d'", "header: it is not what was recorded"),
    "the condition": (
        """UPDATE session SET condition = '{"stance": "warm"}'""",
        "header: the session's row",
    ),
    "how it ended": ("UPDATE session SET state = 'declined'", "end: it is on record as declined"),
    "the log's entry": ("UPDATE log_entry SET content = x'7b7d'", "end: its log entry"),
    "no log entry": ("DELETE FROM log_entry", "end: the log has no entry"),
    "bytes that came": (
        """UPDATE attempt SET raw = (SELECT raw FROM attempt WHERE position = 1)
        WHERE position = 3""",
        "turn 3: the bytes of try 1",
    ),
    "bytes that cannot be read": (
        "UPDATE attempt SET raw = x'00' WHERE position = 3",
        "turn 3: the bytes of try 1",
    ),
    "the try that brought a reply": (
        "DELETE FROM attempt WHERE position = 9",
        "turn 9: no try on record brought it",
    ),
}


@pytest.mark.parametrize(("statement", "fault"), CHANGES.values(), ids=CHANGES)
def test_a_changed_record_is_found_and_the_place_is_named(
    statement: str, fault: str, session: str, emeritus: Emeritus, workspace: Path
) -> None:
    change(workspace, statement)

    result = emeritus("interview", "verify")

    assert result.exit_code == 1
    assert f"{session}: {fault}" in result.stdout


def test_what_cannot_be_read_any_more_is_not_shown(
    session: str, emeritus: Emeritus, workspace: Path
) -> None:
    change(workspace, """UPDATE turn SET content = '{' WHERE "index" = 7""")

    result = emeritus("interview", "show", session)

    assert (result.exit_code, result.stdout) == (1, "")
    assert "emeritus interview verify" in result.stderr


def test_a_turn_without_its_content_still_verifies(
    session: str, emeritus: Emeritus, workspace: Path, shown: Shown
) -> None:
    """Deleted under authority, it keeps its place; its digest still stands in the chain."""
    change(workspace, """UPDATE turn SET content = NULL, salt = NULL WHERE "index" = 7""")

    assert emeritus("interview", "verify", session).exit_code == 0
    assert shown()["turns"][7]["text"] is None


def test_a_session_that_was_left_verifies_as_far_as_it_came(
    api: Api, hold: Hold, emeritus: Emeritus
) -> None:
    api()
    hold("--max-calls", "3")

    assert "1 session, 6 turns" in emeritus("interview", "verify").stdout
