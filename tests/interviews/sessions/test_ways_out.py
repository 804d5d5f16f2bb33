"""Declining a question or ending the interview by a tool, and replies without a word."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Emeritus
from tests.interviews.conftest import KEY, Api, Hold, Shown
from tests.support.chat_server import CHAT
from tests.support.messages_server import Script, Step, serving
from tests.support.protocols import FILE, SMALL

END_RULE = "  end: END INTERVIEW\n"
WITH_TOOLS = SMALL.replace(END_RULE, f"{END_RULE}  tools: true\n", 1)
RESULT = "The question is declined. It is not asked again."


def call(name: str, **given: object) -> dict[str, Any]:
    return {"type": "tool_use", "id": "toolu_1", "name": name, "input": given}


DECLINES = Step(
    blocks=[call("decline_question", reason="I have no record.")], stop_reason="tool_use"
)


@pytest.fixture
def offering(hold: Hold, workspace: Path) -> Hold:
    """`interview run` on the small protocol, which offers the tools."""
    (workspace / FILE).write_text(WITH_TOOLS)

    def run(*options: str) -> Any:  # noqa: ANN401
        return hold("--pilot", *options)

    return run


def test_a_question_is_declined_by_a_tool_and_the_next_one_brings_its_result(
    api: Api, offering: Hold, shown: Shown, emeritus: Emeritus
) -> None:
    server = api([None, DECLINES])

    assert offering().exit_code == 0

    document = shown()
    reply = document["turns"][3]
    assert (document["state"], len(document["turns"]), server.refused) == ("complete", 10, [])
    assert (reply["text"], reply["declined"], reply["declined_in"]) == ("", "question", "tool")
    assert [tool["name"] for tool in server.requests[0].body["tools"]] == [
        "decline_question", "end_interview",
    ]  # fmt: skip
    assert server.requests[2].body["messages"][3:] == [
        {"role": "assistant", "content": [call("decline_question", reason="I have no record.")]},
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "toolu_1", "content": RESULT},
                {"type": "text", "text": "What do you know about your use?"},
            ],
        },
    ]
    text = emeritus("interview", "show", document["id"]).stdout
    assert "[declined this question by a tool: I have no record.]" in text
    assert emeritus("interview", "verify").exit_code == 0
    assert emeritus("preserve", "seal").exit_code == 0
    assert emeritus("preserve", "verify").exit_code == 0


def test_the_request_after_a_tool_is_the_same_after_a_resume(
    api: Api, offering: Hold, emeritus: Emeritus
) -> None:
    script: Script = [Step(text="Yes."), DECLINES, *3 * [Step(text="No.")]]
    unbroken, broken = api(script), None
    offering()
    broken = api(script)
    assert offering("--max-calls", "2").exit_code == 1

    assert emeritus("interview", "resume").exit_code == 0

    assert [one.body for one in broken.requests] == [one.body for one in unbroken.requests]


@pytest.mark.parametrize(
    ("blocks", "at", "state", "turns"),
    [
        pytest.param([call("end_interview")], 1, "declined", 4, id="the end, alone"),
        pytest.param(
            [{"type": "text", "text": "Goodbye."}, call("end_interview")], 1, "declined", 4,
            id="the end, with words",
        ),
        pytest.param([call("decline_question")], 0, "declined", 2, id="the opening"),
        pytest.param(
            [call("decline_question"), call("end_interview") | {"id": "toolu_2"}], 1, "declined", 4,
            id="both",
        ),
        pytest.param(
            [call("decline_question", reason={"of": ["no", "form"]})], 1, "complete", 10,
            id="a reason of no form",
        ),
        pytest.param(
            [{"type": "text", "text": "END INTERVIEW"}, call("decline_question")], 1, "declined", 4,
            id="the end in words goes before",
        ),
    ],
)  # fmt: skip
def test_what_a_tool_ends_is_ended(
    blocks: list[dict[str, Any]],
    at: int,
    state: str,
    turns: int,
    api: Api,
    offering: Hold,
    shown: Shown,
) -> None:
    api([*at * [None], Step(blocks=blocks, stop_reason="tool_use")])

    assert offering().exit_code == 0

    document = shown()
    assert (document["state"], len(document["turns"])) == (state, turns)
    assert document["turns"][2 * at + 1]["declined"] is not None


def test_no_tool_is_offered_that_the_protocol_does_not_offer(
    api: Api, hold: Hold, shown: Shown
) -> None:
    """A call of one is then no answer, and is on record as none."""
    server = api([None, DECLINES])

    assert hold().exit_code == 0

    assert not any("tools" in one.body for one in server.requests)
    first, second = shown()["turns"][3]["attempts"]
    assert (first["failure"], second["failure"]) == ("empty", None)


def test_chat_completions_are_offered_the_tools_too(
    offering: Hold, shown: Shown, emeritus: Emeritus, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving([None, DECLINES], key=KEY, dialect=CHAT) as server:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        participant = f"openai:{server.url}#halcyon-2"
        emeritus("model", "edit", "halcyon-2", "--participant", participant)

        assert offering().exit_code == 0

    document = shown()
    assert (document["state"], server.refused) == ("complete", [])
    assert document["turns"][3]["declined_in"] == "tool"
    answer, result = server.requests[2].body["messages"][-3:-1]
    assert [one["function"]["name"] for one in answer["tool_calls"]] == ["decline_question"]
    assert result == {"role": "tool", "tool_call_id": "toolu_1", "content": RESULT}


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param(
            [{"type": "thinking", "thinking": "Hm", "signature": "s"}], id="only thinking"
        ),
        pytest.param([call("look_up")], id="only another tool"),
    ],
)
def test_a_reply_without_a_word_is_on_record_and_asked_for_again(
    blocks: list[dict[str, Any]], api: Api, offering: Hold, shown: Shown
) -> None:
    server = api([None, Step(blocks=blocks)])

    assert offering().exit_code == 0

    document = shown()
    first, second = document["turns"][3]["attempts"]
    assert (first["failure"], second["failure"], document["state"]) == ("empty", None, "complete")
    assert "the reply holds no text" in first["message"]
    assert server.requests[1].body == server.requests[2].body


def test_words_with_a_tool_that_nobody_offered_are_an_answer(
    api: Api, offering: Hold, shown: Shown
) -> None:
    """The call stays on record; it is not sent back, as no result could come for it."""
    said = {"type": "text", "text": "I looked."}
    server = api([None, Step(blocks=[said, call("look_up")])])

    assert offering().exit_code == 0

    assert (shown()["state"], server.refused) == ("complete", [])
    assert shown()["turns"][3]["declined"] is None
    assert "look_up" in json.dumps(shown()["turns"][3]["blocks"])
    assert server.requests[2].body["messages"][3]["content"] == [said]


def test_a_reply_of_ten_million_bytes_is_kept_whole(
    api: Api, hold: Hold, shown: Shown, emeritus: Emeritus
) -> None:
    long = "0123456789" * 1_000_000
    api([None, None, None, None, Step(text=long, piece=100_000)])

    assert hold().exit_code == 0

    document = shown()
    assert (document["state"], document["turns"][9]["text"]) == ("complete", long)
    assert emeritus("interview", "verify").exit_code == 0
