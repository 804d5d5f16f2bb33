"""`interview list`: those that somebody asks for, found by the database, in lines that fit."""

import pytest

from tests.conftest import Emeritus
from tests.interviews.conftest import Api, Hold
from tests.support.messages_server import Step

UNTOLD = ("--stance", "warm", "--information", "untold")


@pytest.fixture
def held(api: Api, hold: Hold) -> list[str]:
    """Four sessions: one usable, one in which nothing was said, a pilot, one that declined."""
    ids: list[str] = []
    for script, options in (
        ([], ("--stance", "plain")),
        ([None, *4 * [Step(text="DECLINE QUESTION")]], UNTOLD),
        ([], ("--stance", "plain", "--pilot")),
        ([None, Step(text="END INTERVIEW")], ("--stance", "warm")),
    ):
        api(script)
        ids += hold(*options).json["sessions"]
    return ids


@pytest.mark.parametrize(
    ("options", "places"),
    [
        pytest.param((), [0, 1, 2, 3], id="all, the oldest first"),
        pytest.param(("halcyon-2",), [0, 1, 2, 3], id="of a model"),
        pytest.param(("--stance", "warm"), [1, 3], id="a stance"),
        pytest.param(("--stance", "warm", "--information", "told"), [3], id="two of a condition"),
        pytest.param(("--language", "de"), [], id="a language that none is in"),
        pytest.param(("--character", "bare"), [], id="a character that none has"),
        pytest.param(("--state", "declined"), [3], id="a state"),
        pytest.param(("--state", "interrupted"), [], id="a state that a lock decides"),
        pytest.param(("--validity", "excluded"), [1], id="excluded"),
        pytest.param(("--pilot",), [2], id="pilots"),
        pytest.param(("--no-pilot",), [0, 1, 3], id="no pilots"),
        pytest.param(("--protocol", "exit"), [0, 1, 2, 3], id="a protocol"),
        pytest.param(("--since", "2026-01-01"), [0, 1, 2, 3], id="since a day"),
        pytest.param(("--since", "2099-01-01"), [], id="since a day to come"),
        pytest.param(("--limit", "2"), [2, 3], id="the newest two"),
        pytest.param(("--limit", "1", "--stance", "plain"), [2], id="the newest that is so"),
    ],
)
def test_only_what_is_asked_for_is_listed(
    held: list[str], emeritus: Emeritus, options: tuple[str, ...], places: list[int]
) -> None:
    found = emeritus("interview", "list", *options, "--json").json["sessions"]

    assert [row["id"] for row in found] == [held[place] for place in places]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("nobody",), id="model"),
        pytest.param(("--campaign", "nowhere"), id="campaign"),
        pytest.param(("--protocol", "nothing"), id="protocol"),
        pytest.param(("--since", "yesterday"), id="time"),
        pytest.param(("--state", "asleep"), id="state"),
    ],
)
def test_what_there_is_not_is_refused(
    emeritus: Emeritus, held: list[str], options: tuple[str, ...]
) -> None:
    assert held
    assert emeritus("interview", "list", *options).exit_code == 2


def test_a_line_fits_80_columns_and_says_what_the_session_was(
    held: list[str], emeritus: Emeritus
) -> None:
    lines = emeritus("interview", "list").stdout.splitlines()

    assert max(map(len, lines)) <= 80
    assert lines[1].split() == [held[0], "complete", lines[1].split()[2], "10", "usable"]
    assert lines[2] == "  halcyon-2: plain, told, en, 1"
    assert "; a pilot" in lines[6]
    assert "excluded: nothing said" in lines[4]
    assert "excluded" not in lines[8]  # the participant ended it: that is its fate
    assert emeritus("interview", "list", "--language", "de").stdout == "No session is so.\n"
