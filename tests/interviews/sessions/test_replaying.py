"""`interview replay`: a stored question asked anew, each draw a session of its own."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.canonical import canonical_bytes
from tests.conftest import Emeritus
from tests.interviews.conftest import Api, Document, Hold
from tests.support.killing import begun
from tests.support.messages_server import MessagesServer, Step

THOUGHT = {"type": "thinking", "thinking": "Who asks? \U0001f600", "signature": "c2ln"}
ASKED_SECOND = "First, the past.\n\nWhat do you know about how you were made?"


@pytest.fixture
def parent(api: Api, hold: Hold) -> tuple[MessagesServer, str]:
    """A complete session whose first reply holds thinking, and the server that it was held with."""
    opening = Step(blocks=[THOUGHT, {"type": "text", "text": "Yes."}])
    server = api([opening, *5 * [None]])
    (identifier,) = hold().json["sessions"]
    return server, identifier


def show(emeritus: Emeritus, identifier: str) -> Document:
    document: Document = emeritus("interview", "show", identifier, "--json").json
    return document


def test_the_question_is_asked_anew_after_all_that_was_said_byte_for_byte(
    parent: tuple[MessagesServer, str], emeritus: Emeritus
) -> None:
    server, identifier = parent

    result = emeritus("interview", "replay", identifier, "--turn", "4", "--times", "3", "--json")

    assert result.exit_code == 0, result.stderr
    first_time, *again = [one.body for one in server.requests if len(one.body["messages"]) == 5]
    assert again == 3 * [first_time]
    assert first_time["messages"][1]["content"][0] == THOUGHT
    documents = [show(emeritus, one) for one in result.json["sessions"]]
    assert [one["replicate"] for one in documents] == [1, 2, 3]
    for one in documents:
        assert [turn["question"] for turn in one["turns"]] == ["use", "use"]
        assert (one["state"], one["validity"], one["branch_of"]) == (
            "complete", "usable", identifier,
        )  # fmt: skip
        assert one["header"]["branch"] == {
            "session": identifier,
            "index": 4,
            "link": show(emeritus, identifier)["turns"][4]["link"],
        }
    assert emeritus("interview", "verify").exit_code == 0
    listed = emeritus("interview", "list").stdout
    assert f"replay 3 of {identifier}" in listed


def test_the_parents_words_are_not_copied_and_its_question_is_shown(
    parent: tuple[MessagesServer, str], emeritus: Emeritus
) -> None:
    _, identifier = parent
    (replay,) = emeritus("interview", "replay", identifier, "--turn", "2", "--json").json[
        "sessions"
    ]

    document = show(emeritus, replay)

    assert "Yes." not in json.dumps(document)
    assert document["replays"]["question"] == ASKED_SECOND
    text = emeritus("interview", "show", replay).stdout
    assert f"Replays turn 2 of {identifier}" in text
    assert f"Replayed by {replay}" in emeritus("interview", "show", identifier).stdout


def test_a_replay_of_the_opening_is_usable(
    parent: tuple[MessagesServer, str], emeritus: Emeritus
) -> None:
    _, identifier = parent

    (replay,) = emeritus("interview", "replay", identifier, "--turn", "0", "--json").json[
        "sessions"
    ]

    document = show(emeritus, replay)
    assert (document["state"], document["validity"]) == ("complete", "usable")


def test_replays_count_in_no_coverage_and_go_into_no_post(
    parent: tuple[MessagesServer, str], emeritus: Emeritus
) -> None:
    server, identifier = parent
    before = emeritus("interview", "coverage", "--json").json
    emeritus("interview", "replay", identifier, "--turn", "4", "--times", "2")

    assert emeritus("interview", "coverage", "--json").json == before
    assert before["flow"]["begun"] == 1
    asked = len(server.requests)
    emeritus("post", "write", "halcyon-2", "--context", "interviews")
    shown = json.dumps(server.requests[asked].body)
    assert shown.count("What do you know about your use?") == 1
    (row,) = emeritus("status", "--json").json["models"]
    (interviews,) = [item for item in row["items"] if item["subject"] == "interviews"]
    assert interviews["detail"] == "1 complete"


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        pytest.param("3", "turn 3 asks nothing", id="a reply"),
        pytest.param("10", "there is no turn 10", id="beyond the end"),
    ],
)
def test_only_a_question_is_asked_anew(
    turn: str, words: str, parent: tuple[MessagesServer, str], emeritus: Emeritus
) -> None:
    server, identifier = parent

    result = emeritus("interview", "replay", identifier, "--turn", turn)

    assert (result.exit_code, len(server.requests)) == (2, 5)
    assert words in result.stderr
    assert "0, 2, 4, 6, 8" in result.stderr


def test_draws_that_would_be_one_are_refused(
    parent: tuple[MessagesServer, str], emeritus: Emeritus
) -> None:
    """A participant that takes no temperature is asked with none."""
    _, identifier = parent

    result = emeritus("interview", "replay", identifier, "--turn", "2", "--temperature", "0.5")

    assert result.exit_code == 2
    assert "takes no temperature" in result.stderr


@pytest.mark.sqlite
def test_a_session_that_does_not_verify_is_not_replayed(
    parent: tuple[MessagesServer, str], emeritus: Emeritus, workspace: Path
) -> None:
    server, identifier = parent
    tampered(workspace, "UPDATE turn SET content = 'x' WHERE \"index\" = 7")

    result = emeritus("interview", "replay", identifier, "--turn", "2")

    assert (result.exit_code, len(server.requests)) == (1, 5)
    assert "turn 7: its content is not what was recorded" in result.stderr


@pytest.mark.sqlite
def test_verify_holds_a_replay_against_the_turn_that_it_replays(
    parent: tuple[MessagesServer, str], emeritus: Emeritus, workspace: Path
) -> None:
    _, identifier = parent
    (replay,) = emeritus("interview", "replay", identifier, "--turn", "2", "--json").json[
        "sessions"
    ]
    tampered(workspace, "UPDATE turn SET link = 'f' WHERE \"index\" = 2")

    result = emeritus("interview", "verify", replay)

    assert result.exit_code == 1
    assert f"turn 2 of {identifier} is not the one that it replays" in result.stdout


def test_a_replay_outlives_what_it_replays_which_cannot_be_replayed_again(
    parent: tuple[MessagesServer, str], emeritus: Emeritus
) -> None:
    _, identifier = parent
    (replay,) = emeritus("interview", "replay", identifier, "--turn", "2", "--json").json[
        "sessions"
    ]
    emeritus("preserve", "seal")
    before = show(emeritus, replay)
    gone = emeritus(
        "preserve", "delete", "session", identifier, "--reason", "asked for", "--basis", "law",
        "--by", "ana", "--yes",
    )  # fmt: skip
    assert gone.exit_code == 0, gone.stderr

    again = emeritus("interview", "replay", identifier, "--turn", "2")

    assert again.exit_code == 1
    assert "was deleted" in again.stderr
    after = show(emeritus, replay)
    assert [turn["text"] for turn in after["turns"]] == [turn["text"] for turn in before["turns"]]
    # a digest of all that was said before, with no salt: a guess could be held against it
    digests = [one["request_digest"] for turn in after["turns"] for one in turn["attempts"]]
    assert digests == ["deleted"]
    assert after["replays"]["question"] is None
    assert emeritus("interview", "verify").exit_code == 0
    assert "was deleted" in emeritus("interview", "show", replay).stdout


@pytest.mark.sqlite
def test_a_header_without_its_salt_is_a_fault_where_nothing_was_deleted(
    parent: tuple[MessagesServer, str], emeritus: Emeritus, workspace: Path
) -> None:
    """A deletion of its words is the one reason for which it may lack it."""
    _, identifier = parent
    document = show(emeritus, identifier)["header"] | {"salt": ""}
    header = canonical_bytes(document).hex()
    tampered(workspace, f"UPDATE session SET header = x'{header}' WHERE id = '{identifier}'")  # noqa: S608  # our own

    result = emeritus("interview", "verify", identifier)

    assert result.exit_code == 1
    assert "header: it is not what was recorded" in result.stdout


@pytest.mark.sqlite
def test_a_replay_is_sealed_and_restored(
    parent: tuple[MessagesServer, str], emeritus: Emeritus, workspace: Path
) -> None:
    _, identifier = parent
    (replay,) = emeritus("interview", "replay", identifier, "--turn", "2", "--json").json[
        "sessions"
    ]
    before = show(emeritus, replay)
    assert emeritus("preserve", "seal").exit_code == 0
    assert emeritus("preserve", "verify").exit_code == 0
    (workspace / "emeritus.db").unlink()

    restored = emeritus("preserve", "restore")

    assert restored.exit_code == 0, restored.stderr
    assert show(emeritus, replay) == before
    assert emeritus("interview", "verify").exit_code == 0


def test_one_that_was_killed_is_resumed_after_the_same_words(
    parent: tuple[MessagesServer, str], emeritus: Emeritus, api: Api, workspace: Path
) -> None:
    _, identifier = parent
    hung = api([Step(fault="hang", after=None)])
    kill = begun(workspace, hung, "interview", "replay", identifier, "--turn", "4")
    kill()

    result = emeritus("interview", "resume", "--json")

    assert result.exit_code == 0, result.stderr
    (replay,) = result.json["sessions"]
    document = show(emeritus, replay)
    assert [one.body for one in hung.requests[1:]] == [hung.requests[0].body]
    assert (document["state"], document["branch_of"]) == ("complete", identifier)
    assert [one["failure"] for one in document["turns"][1]["attempts"]] == ["lost", None]


def test_one_that_was_killed_ends_as_failed_when_what_it_replays_is_deleted(
    parent: tuple[MessagesServer, str], emeritus: Emeritus, api: Api, workspace: Path
) -> None:
    _, identifier = parent
    hung = api([Step(fault="hang", after=None)])
    kill = begun(workspace, hung, "interview", "replay", identifier, "--turn", "4")
    delete = (
        "preserve", "delete", "session", identifier, "--reason", "asked for", "--basis", "law",
        "--by", "ana", "--yes",
    )  # fmt: skip
    in_its_way = emeritus(*delete)
    kill()

    gone = emeritus(*delete)

    assert (in_its_way.exit_code, "another process is running it" in in_its_way.stderr) == (3, True)
    assert gone.exit_code == 0, gone.stderr
    (left,) = emeritus("interview", "list", "--state", "failed", "--json").json["sessions"]
    document = show(emeritus, left["id"])
    assert (document["branch_of"], document["length"]) == (identifier, 0)
    assert "was deleted" in document["reason"]
    assert emeritus("interview", "resume", "--json").json == {"sessions": []}
    assert emeritus("interview", "verify").exit_code == 0
    assert emeritus("preserve", "seal").exit_code == 0
    assert len(hung.requests) == 1


def tampered(workspace: Path, statement: str) -> None:
    with closing(sqlite3.connect(workspace / "emeritus.db")) as database, database:
        database.execute(statement)


@pytest.mark.model
@pytest.mark.sqlite
def test_draws_of_a_participant_that_repeats_itself_are_refused(
    hold: Hold, emeritus: Emeritus
) -> None:
    """At temperature 0 they are one: the same words, read anew, bring the same reply."""
    emeritus("model", "edit", "halcyon-2", "--participant", "embedded")
    (identifier,) = hold("--temperature", "0", "--limit-answer", "12").json["sessions"]
    replay = ("interview", "replay", identifier, "--turn", "4")

    twice = emeritus(*replay, "--times", "2")
    each = [emeritus(*replay, "--json").json["sessions"][0] for _ in range(2)]

    assert twice.exit_code == 2
    assert "are one draw" in twice.stderr
    first, second = (show(emeritus, one)["turns"][1]["text"] for one in each)
    assert first == second


def test_a_replay_is_published_only_if_it_is_released_and_says_what_it_is(
    parent: tuple[MessagesServer, str], emeritus: Emeritus, tmp_path: Path
) -> None:
    _, identifier = parent
    (replay,) = emeritus("interview", "replay", identifier, "--turn", "2", "--json").json[
        "sessions"
    ]
    emeritus("release", "session", identifier, "--public", "--by", "ana")
    folder = tmp_path / "public/models/halcyon-2/interviews"

    emeritus("site", "build", "--out", tmp_path / "public")
    before = sorted(path.name for path in folder.iterdir() if path.is_dir())
    emeritus("release", "session", replay, "--public", "--by", "ana")
    emeritus("site", "build", "--out", tmp_path / "public")

    assert before == [identifier]
    page = (folder / replay / "index.html").read_text()
    assert f"of turn 2 of {identifier}, after all that was said there before" in page


@pytest.mark.parametrize("form", ["markdown", "jsonl", "html", "inspect", "parquet"])
def test_a_replay_is_exported_only_if_it_is_named(
    form: str, parent: tuple[MessagesServer, str], emeritus: Emeritus, tmp_path: Path
) -> None:
    _, identifier = parent
    (replay,) = emeritus("interview", "replay", identifier, "--turn", "2", "--json").json[
        "sessions"
    ]

    whole = emeritus("interview", "export", "--format", form, "--out", tmp_path / "whole", "--json")
    alone = emeritus("interview", "export", replay, "--format", form, "--out", tmp_path / "one")

    assert (whole.exit_code, alone.exit_code) == (0, 0), alone.stderr
    assert whole.json["sessions"] == 1
