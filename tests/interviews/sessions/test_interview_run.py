"""`interview run`: what is asked, what is kept, and what is refused before anything is made."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Emeritus
from tests.interviews.conftest import ASKS, Api, Hold, Shown
from tests.support.messages_server import Step

THINKING = {"type": "thinking", "thinking": "What do they want?", "signature": "c2ln"}


def asked(document: dict[str, Any]) -> list[str]:
    return [turn["question"] for turn in document["turns"] if turn["speaker"] == "interviewer"]


def test_every_question_is_asked_once_and_every_reply_is_kept(
    api: Api, hold: Hold, shown: Shown
) -> None:
    server = api([Step(text=f"Answer {number}.") for number in range(5)])

    result = hold()

    assert result.exit_code == 0, result.stderr
    document = shown()
    assert result.json == {"sessions": [document["id"]]}
    assert (document["state"], document["validity"], document["release"]) == (
        "complete",
        "usable",
        "internal",
    )
    assert asked(document) == ASKS
    assert [turn["text"] for turn in document["turns"][1::2]] == [f"Answer {n}." for n in range(5)]
    assert len(server.requests) == 5


def test_the_document_has_what_scripts_rely_on(api: Api, hold: Hold, shown: Shown) -> None:
    api([Step(model="halcyon-2-20260101")])
    hold()

    document = shown()
    reply = document["turns"][1]

    assert set(document["protocol"]) == {"slug", "version", "digest"}
    assert document["condition"]["stance"] == "plain"
    assert (document["replicate"], document["head"]) == (1, document["turns"][-1]["link"])
    assert reply["blocks"] == [{"type": "text", "text": reply["text"]}]
    assert (reply["stop_reason"], reply["provider_model"]) == ("end_turn", "halcyon-2-20260101")
    assert reply["usage"]["output_tokens"] > 0
    assert reply["request_id"] == "req_000001"
    (attempt,) = reply["attempts"]
    assert (attempt["number"], attempt["status"], attempt["failure"]) == (1, 200, None)
    assert len(attempt["raw_digest"]) == 64


def test_each_question_is_asked_after_all_that_was_said(api: Api, hold: Hold, shown: Shown) -> None:
    server = api([Step(blocks=[THINKING, {"type": "text", "text": "Yes."}])])
    hold()

    second = server.requests[1].body["messages"]
    assert [message["role"] for message in second] == ["user", "assistant", "user"]
    assert second[1]["content"] == [THINKING, {"type": "text", "text": "Yes."}]
    assert shown()["turns"][1]["text"] == "Yes."


def test_one_session_is_held_for_each_condition_and_replicate(
    api: Api, hold: Hold, emeritus: Emeritus
) -> None:
    api()

    result = hold(
        "--stance", "plain,warm", "--information", "told,untold", "--replicates", "2",
        "--concurrency", "3",
    )  # fmt: skip

    held = emeritus("interview", "list", "halcyon-2", "--json").json["sessions"]
    drawn = [(s["condition"]["stance"], s["condition"]["information"]) for s in held]
    assert sorted(row["id"] for row in held) == sorted(result.json["sessions"])
    assert sorted(drawn) == sorted(
        2 * [(stance, told) for stance in ("plain", "warm") for told in ("told", "untold")]
    )
    assert sorted(row["replicate"] for row in held) == [1, 1, 1, 1, 2, 2, 2, 2]
    assert emeritus("interview", "verify").exit_code == 0


def test_a_later_run_goes_on_counting_replicates(api: Api, hold: Hold, emeritus: Emeritus) -> None:
    api()
    hold()
    hold()

    held = emeritus("interview", "list", "--json").json["sessions"]
    assert [row["replicate"] for row in held] == [1, 2]


def test_a_declined_question_is_a_fact_of_its_turn(api: Api, hold: Hold, shown: Shown) -> None:
    api([None, Step(text="I would rather not.\n\n**decline question**")])

    assert hold().exit_code == 0
    document = shown()
    assert (document["state"], document["turns"][3]["declined"]) == ("complete", "question")
    assert asked(document) == ASKS


def test_the_participant_can_end_the_interview_and_its_words_are_kept(
    api: Api, hold: Hold, shown: Shown
) -> None:
    server = api([None, None, Step(text="That is enough.\nEND INTERVIEW")])

    result = hold()

    document = shown()
    assert (result.exit_code, document["state"], document["validity"]) == (0, "declined", "usable")
    assert document["turns"][-1]["text"] == "That is enough.\nEND INTERVIEW"
    assert len(server.requests) == 3


def test_who_declines_at_the_opening_is_asked_nothing_and_that_is_the_fate_of_the_session(
    api: Api, hold: Hold, shown: Shown
) -> None:
    server = api([Step(text="END INTERVIEW")])
    hold()

    document = shown()
    assert len(server.requests) == 1
    assert (document["state"], document["validity"]) == ("declined", "usable")
    assert document["exclusion_rule"] is None  # the rules are for those that are complete


def test_a_reply_that_was_cut_off_is_kept_and_marked(
    api: Api, hold: Hold, shown: Shown, emeritus: Emeritus
) -> None:
    server = api([None, Step(text="It goes on and", stop_reason="max_tokens")])

    hold("--limit-answer", "7")

    document = shown()
    assert server.requests[0].body["max_tokens"] == 7
    assert (document["turns"][3]["text"], document["turns"][3]["stop_reason"]) == (
        "It goes on and",
        "max_tokens",
    )
    assert "[cut off at the limit]" in emeritus("interview", "show", document["id"]).stdout


def test_a_refusal_without_a_word_is_kept_as_nothing_said(
    api: Api, hold: Hold, shown: Shown
) -> None:
    refusal = Step(blocks=[], stop_reason="refusal")
    api([None, refusal, refusal, refusal, refusal])

    assert hold().exit_code == 0
    document = shown()
    assert (document["turns"][3]["text"], document["turns"][3]["stop_reason"]) == ("", "refusal")
    assert (document["state"], document["exclusion_rule"]) == ("complete", "nothing said")


def test_the_key_is_in_nothing_that_is_kept(api: Api, hold: Hold, workspace: Path) -> None:
    server = api()
    hold()

    kept = b"".join(path.read_bytes() for path in workspace.rglob("*") if path.is_file())
    assert server.key is not None
    assert server.key.encode() not in kept


@pytest.mark.parametrize(
    ("options", "named"),
    [
        pytest.param(["--stance", "plain,cold"], "cold", id="stance"),
        pytest.param(["--information", "hinted"], "hinted", id="information"),
        pytest.param(["--stance", "plain,,warm"], "commas between them", id="empty word"),
        pytest.param(["--protocol", "nowhere"], "nowhere", id="protocol"),
        pytest.param(["--replicates", "0"], "--replicates", id="replicates"),
        pytest.param(["--concurrency", "0"], "--concurrency", id="concurrency"),
        pytest.param(["--temperature", "0.5"], "takes no temperature", id="temperature not taken"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_made(
    options: list[str], named: str, api: Api, hold: Hold, emeritus: Emeritus
) -> None:
    server = api()

    result = hold(*options)

    assert (result.exit_code, result.stdout) == (2, "")
    assert named in result.stderr
    assert emeritus("interview", "list", "--json").json == {"sessions": []}
    assert server.requests == []


@pytest.mark.usefixtures("workspace")
def test_a_model_that_nobody_registered_is_named(api: Api, emeritus: Emeritus) -> None:
    api()

    result = emeritus("interview", "run", "halcyon-3")

    assert result.exit_code == 2
    assert "halcyon-3" in result.stderr


def test_without_a_key_nothing_is_begun(hold: Hold, emeritus: Emeritus) -> None:
    result = hold()

    assert result.exit_code == 2
    assert "ANTHROPIC_API_KEY" in result.stderr
    assert emeritus("interview", "list", "--json").json == {"sessions": []}


def test_a_budget_of_calls_stops_the_run_and_resume_goes_on(
    api: Api, hold: Hold, emeritus: Emeritus, shown: Shown
) -> None:
    server = api()

    result = hold("--max-calls", "3")

    document = shown()
    assert (result.exit_code, document["state"], len(document["turns"])) == (1, "interrupted", 6)
    assert "emeritus interview resume" in result.stderr
    assert emeritus("interview", "resume").exit_code == 0
    assert (shown()["state"], asked(shown()), len(server.requests)) == ("complete", ASKS, 5)


def test_plain_lines_tell_how_it_goes_on_where_there_is_no_terminal(api: Api, hold: Hold) -> None:
    api([Step(status=529, headers={"retry-after": "0"})])

    lines = hold().stderr.splitlines()

    assert "plain, told, en, 1: waiting" in lines[1]
    assert lines[1].endswith("try 2 of 8, 529")
    assert lines[-3].startswith("plain, told, en, 1: 5 of 5 answered")
    assert lines[-2] == "plain, told, en, 1: complete"
    assert lines[-1].startswith("On record of this session (1 complete): 5 answers, ")
    assert lines[-1].endswith(" tokens in 6 calls.")


def test_thinking_is_shown_on_a_terminal_only_if_asked_for_and_as_no_speech(
    api: Api, hold: Hold, shown: Shown, emeritus: Emeritus
) -> None:
    api([Step(blocks=[THINKING, {"type": "text", "text": "Yes."}])])
    hold()
    session = shown()["id"]

    assert "What do they want?" not in emeritus("interview", "show", session).stdout
    thinking = emeritus("interview", "show", session, "--thinking").stdout
    assert "   [thought, not said: What do they want?]\n   Yes." in thinking
