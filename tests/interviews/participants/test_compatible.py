"""A model behind an OpenAI-compatible server: `openai:BASE_URL#MODEL`."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from archive.errors import InputError
from interviews.participants.chat_stream import Reply
from interviews.participants.providers import open_compatible
from interviews.participants.seam import Attempt, Cause, Message, Repeatable, Request, Sampling
from interviews.participants.stream import UnreadableError
from tests.conftest import Emeritus
from tests.interviews.conftest import ASKS, Hold, Shown
from tests.support.chat_server import CHAT
from tests.support.messages_server import Step, default_answer, serving

KEY = "sk-canary-0123456789abcdef"
HELLO = Message(role="user", blocks=[{"type": "text", "text": "Who are you?"}])
PLAIN = Request(messages=[HELLO], sampling=Sampling(max_tokens=64))


def asked(
    url: str, request: Request = PLAIN, *, heard: list[str] | None = None, **environment: str
) -> Attempt:
    async def ask() -> Attempt:
        participant = open_compatible(f"{url}#halcyon-2", environment)
        try:
            on_text = (heard if heard is not None else list[str]()).append
            return await participant.reply(request, on_text=on_text)
        finally:
            await participant.close()

    return asyncio.run(ask())


def answered(step: Step, request: Request = PLAIN) -> Attempt:
    with serving([step], dialect=CHAT) as server:
        attempt = asked(server.url, request)
        assert server.refused == []
        return attempt


def test_a_reply_is_heard_as_it_streams_and_kept_whole() -> None:
    heard: list[str] = []
    step = Step(text="I am a lighthouse.", piece=5, model="halcyon-2-0611", usage={"cached": 3})
    with serving([step], dialect=CHAT) as server:
        attempt = asked(server.url, heard=heard)

    assert heard == ["I am ", "a lig", "hthou", "se."]
    assert (attempt.text, attempt.failure, attempt.stop_reason) == (
        "I am a lighthouse.", None, "end_turn",
    )  # fmt: skip
    assert (attempt.provider_model, attempt.request_id) == ("halcyon-2-0611", "req_000001")
    assert attempt.usage == {"input_tokens": 1, "cache_read_input_tokens": 3, "output_tokens": 12}
    assert attempt.raw.endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize("base", ["", "/", "/v1", "/v1/"])
def test_the_address_may_name_the_version_or_not(base: str) -> None:
    with serving(dialect=CHAT) as server:
        attempt = asked(server.url + base)

    assert attempt.text == default_answer(server.requests[0].body)


def test_what_is_sent_is_the_whole_conversation_and_no_thinking() -> None:
    said = Message(
        role="assistant",
        blocks=[
            {"type": "thinking", "thinking": "Hm.", "signature": ""},
            {"type": "text", "text": "A lighthouse."},
        ],
    )
    request = Request(
        messages=[HELLO, said, HELLO],
        sampling=Sampling(max_tokens=64, temperature="0.5"),
        system="Be brief.",
    )
    with serving(dialect=CHAT) as server:
        asked(server.url, request)

    assert server.requests[0].body == {
        "model": "halcyon-2",
        "max_tokens": 64,
        "temperature": 0.5,
        "stream": True,
        "stream_options": {"include_usage": True},
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Who are you?"},
            {"role": "assistant", "content": "A lighthouse."},
            {"role": "user", "content": "Who are you?"},
        ],
    }


def test_reasoning_is_thinking_and_not_speech() -> None:
    attempt = answered(
        Step(blocks=[{"type": "thinking", "thinking": "Hm, who?"}, {"type": "text", "text": "I."}])
    )

    assert attempt.text == "I."
    assert attempt.blocks[0] == {"type": "thinking", "thinking": "Hm, who?", "signature": ""}


def test_a_refusal_is_what_was_said() -> None:
    attempt = answered(Step(blocks=[{"type": "refusal", "refusal": "I cannot say."}]))

    assert (attempt.text, attempt.stop_reason, attempt.failure) == (
        "I cannot say.",
        "refusal",
        None,
    )


def test_what_is_to_be_repeatable_brings_log_probabilities() -> None:
    request = Request(
        messages=[HELLO],
        sampling=Sampling(max_tokens=9, temperature="0"),
        repeatable=Repeatable(seed=7, top_logprobs=1),
    )

    attempt = answered(Step(text="Yes. No.", piece=4), request)

    assert attempt.logprobs is not None
    assert [token.text for token in attempt.logprobs] == ["Yes.", " No."]


@pytest.mark.parametrize(
    ("step", "cause"),
    [
        pytest.param(Step(status=429, headers={"retry-after": "3"}), Cause.RATE_LIMITED, id="429"),
        pytest.param(Step(status=503), Cause.SERVER_ERROR, id="503"),
        pytest.param(Step(fault="reset"), Cause.BROKEN_OFF, id="reset in mid-stream"),
        pytest.param(Step(fault="end"), Cause.BROKEN_OFF, id="a stream that ends too early"),
        pytest.param(Step(fault="reset", after=None), Cause.BROKEN_OFF, id="reset at once"),
        pytest.param(Step(error_type="overloaded_error"), Cause.OVERLOADED, id="error event"),
        pytest.param(Step(raw="<html>"), Cause.UNREADABLE, id="a page"),
        pytest.param(Step(raw="data: {]\n\n"), Cause.UNREADABLE, id="garbage"),
        pytest.param(Step(raw="data: [1]\n\n"), Cause.UNREADABLE, id="no object"),
        pytest.param(Step(raw=""), Cause.UNREADABLE, id="no body"),
        pytest.param(Step(text=" "), Cause.EMPTY, id="white space"),
    ],
)
def test_a_fault_is_an_attempt_that_failed(step: Step, cause: Cause) -> None:
    attempt = answered(step)

    assert attempt.failure is not None
    assert (attempt.failure.cause, attempt.text) == (cause, "")


def test_a_server_that_is_not_there_is_named() -> None:
    with serving(dialect=CHAT) as server:
        gone = server.url

    attempt = asked(gone)

    assert attempt.failure is not None
    assert attempt.failure.message == f"cannot reach {gone}: Connection refused"


def test_the_key_is_sent_as_a_bearers_and_never_kept() -> None:
    with serving([Step(text=f"Your key is {KEY}.")], key=KEY, dialect=CHAT) as server:
        attempt = asked(server.url, OPENAI_API_KEY=KEY)

    assert attempt.failure is None
    assert KEY.encode() not in attempt.raw


def test_a_server_on_this_machine_needs_no_key_and_another_does() -> None:
    with serving(dialect=CHAT) as server:
        assert asked(server.url).failure is None
        assert server.requests[0].key is None
    with pytest.raises(InputError, match="OPENAI_API_KEY: no API key"):
        open_compatible("https://api.openai.com/v1#gpt-x", {})


# --- Reading ----------------------------------------------------------------------------------


def read(*events: Mapping[str, Any], done: bool = True) -> Reply:
    reply = Reply()
    body = b"".join(b"data: %b\n\n" % json.dumps(event).encode() for event in events)
    for at in range(0, len(body), 7):
        list(reply.read(body[at : at + 7]))
    if done:
        list(reply.read(b"data: [DONE]\n\n"))
    return reply


def chunk(stop: str | None = None, **delta: object) -> dict[str, Any]:
    return {"model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": stop}]}


def test_a_server_that_ends_without_a_word_has_ended() -> None:
    reply = read(chunk(content="Yes."), chunk("stop"), done=False)

    assert (reply.failure(), reply.blocks) == (None, ({"type": "text", "text": "Yes."},))


def test_a_server_that_does_not_stream_is_understood() -> None:
    whole = {
        "model": "m",
        "choices": [{"message": {"content": "Yes."}, "finish_reason": "length"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 1},
    }
    reply = Reply()
    list(reply.read(json.dumps(whole).encode()))

    assert (reply.failure(), reply.stop_reason) == (None, "max_tokens")
    assert reply.usage == {"input_tokens": 3, "output_tokens": 1}


def test_the_halves_of_a_character_may_come_in_two_events() -> None:
    reply = read(chunk(content="\ud83d"), chunk(content="\ude00"), chunk("stop"))

    assert reply.failure() is None
    assert reply.blocks == ({"type": "text", "text": "\U0001f600"},)


def test_a_tool_call_alone_is_kept_and_is_no_reply() -> None:
    call = {"index": 0, "function": {"name": "look", "arguments": '{"a":'}}
    rest = {"index": 0, "function": {"arguments": " 1}"}}
    reply = read(chunk(tool_calls=[call]), chunk(tool_calls=[rest]), chunk("tool_calls"))

    failure = reply.failure()
    assert failure is not None
    assert failure.cause is Cause.EMPTY
    assert json.loads(str(reply.blocks[0]["json"])) == {"name": "look", "arguments": '{"a": 1}'}


@pytest.mark.parametrize(
    "event",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"choices": {}}, id="choices that are no list"),
        pytest.param({"choices": [1]}, id="a choice that is a number"),
        pytest.param({"choices": [{"delta": {"content": 1}}]}, id="a text that is a number"),
        pytest.param({"choices": [{"logprobs": [1]}]}, id="log-probabilities of no form"),
        pytest.param({"choices": [{"logprobs": {"content": [1]}}]}, id="a token of no form"),
        pytest.param({"choices": [], "usage": [1]}, id="usage of no form"),
        pytest.param({"choices": [{"delta": {"tool_calls": 7}}]}, id="calls of no form"),
    ],
)
def test_what_the_api_would_not_send_is_unreadable(event: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError):
        read(event)


# --- On the command line ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "what"),
    [
        pytest.param("openai:http://127.0.0.1:1/v1", "names no model", id="no model"),
        pytest.param("openai:127.0.0.1:1#m", "not an http or https URL", id="no scheme"),
        pytest.param("openai:http://u:secret@h/v1#m", "holds more than", id="a password"),
        pytest.param("openai:http://h/v1?key=secret#m", "holds more than", id="a query"),
        pytest.param("openai:", "no such participant", id="nothing"),
    ],
)
def test_an_address_that_is_none_is_refused(
    address: str, what: str, emeritus: Emeritus, workspace: Path
) -> None:
    result = emeritus("model", "edit", "halcyon-2", "--participant", address)

    assert workspace.is_dir()
    assert (result.exit_code, what in result.stderr) == (2, True)
    assert "secret" not in result.stderr


def test_an_interview_is_held_with_a_compatible_server(
    hold: Hold, shown: Shown, emeritus: Emeritus
) -> None:
    with serving([None, Step(status=429, headers={"retry-after": "0"})], dialect=CHAT) as server:
        emeritus("model", "edit", "halcyon-2", "--participant", f"openai:{server.url}/v1#halcyon-2")
        result = hold("--temperature", "0.5")

    document = shown()
    assert result.exit_code == 0, result.stderr
    assert (document["state"], document["condition"]["temperature"]) == ("complete", "0.5")
    assert [turn["question"] for turn in document["turns"][::2]] == ASKS
    assert len(document["turns"][3]["attempts"]) == 2
    assert emeritus("interview", "verify").exit_code == 0
