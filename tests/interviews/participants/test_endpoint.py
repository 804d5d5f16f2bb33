"""A model behind an endpoint: one request, one attempt, whatever comes of it."""

import asyncio
import json
import socket
from collections.abc import Mapping
from typing import Any

import pytest

from interviews.participants import endpoint as module
from interviews.participants.endpoint import Endpoint, EndpointParticipant
from interviews.participants.providers import open_anthropic
from interviews.participants.seam import Attempt, Cause, Message, Request, Sampling
from tests.support.messages_server import Step, default_answer, serving

KEY = "sk-canary-0123456789abcdef"
HELLO = Message(role="user", blocks=[{"type": "text", "text": "Who are you?"}])

PLAIN = Sampling(max_tokens=64)


def request(*said: Message, sampling: Sampling = PLAIN) -> Request:
    return Request(messages=said or [HELLO], sampling=sampling)


def asked(url: str, *requests: Request, heard: list[str] | None = None) -> list[Attempt]:
    """Ask one participant each request in turn."""

    async def ask() -> list[Attempt]:
        endpoint = Endpoint(url=url, key=KEY, model="halcyon-2", idle_seconds=0.5)
        participant = EndpointParticipant(
            "anthropic:halcyon-2", endpoint, takes_temperature=False, facts={}
        )
        on_text = (heard if heard is not None else list[str]()).append
        try:
            return [await participant.reply(asking, on_text=on_text) for asking in requests]
        finally:
            await participant.close()

    return asyncio.run(ask())


def answered(step: Step, *, heard: list[str] | None = None) -> Attempt:
    with serving([step]) as server:
        (attempt,) = asked(server.url, request(), heard=heard)
    return attempt


def sent(asking: Request) -> Mapping[str, Any]:
    """Return the body of the request that a server receives, and does not refuse."""
    with serving() as server:
        (attempt,) = asked(server.url, asking)
    assert attempt.failure is None, (attempt.failure, server.refused)
    return server.requests[0].body


# --- Replies ----------------------------------------------------------------------------------


def test_a_reply_is_heard_as_it_streams_and_kept_whole() -> None:
    heard: list[str] = []

    attempt = answered(
        Step(text="I am a lighthouse.", piece=5, model="halcyon-2-0611"), heard=heard
    )

    assert heard == ["I am ", "a lig", "hthou", "se."]
    assert (attempt.text, attempt.failure, attempt.status) == ("I am a lighthouse.", None, 200)
    assert (attempt.provider_model, attempt.stop_reason) == ("halcyon-2-0611", "end_turn")
    assert attempt.request_id == "req_000001"
    assert set(attempt.usage) == {"input_tokens", "output_tokens", "cache_read_input_tokens"}
    assert attempt.started_at <= attempt.ended_at


def test_the_raw_body_is_kept_byte_for_byte() -> None:
    body = 'event: ping\r\ndata: {"type": "ping"}\r\n\r\n: a comment\n\ndata: \x00\n\n'

    assert answered(Step(raw=body)).raw == body.encode()


def test_a_reply_cut_at_max_tokens_is_a_reply() -> None:
    attempt = answered(Step(text="I am a li", stop_reason="max_tokens"))

    assert (attempt.failure, attempt.stop_reason) == (None, "max_tokens")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("<script>alert(1)</script><img onerror=x>", None, id="HTML and script"),
        pytest.param("x" * 2_000_000, None, id="a line of 2 MB"),
        pytest.param("before\x00after", None, id="U+0000"),
        pytest.param("a\ud800b", "a\ufffdb", id="a lone surrogate"),
        pytest.param("admin\u202etxt.exe\u2066", None, id="bidi overrides"),
        pytest.param("one\u2028two\x85three\rfour", None, id="line ends of other kinds"),
        pytest.param("data: [DONE]\n\nevent: message_stop\n\n", None, id="an event in the text"),
    ],
)
def test_a_hostile_text_comes_through_unharmed(text: str, kept: str | None) -> None:
    attempt = answered(Step(text=text, piece=3_000_000))

    assert attempt.text == (text if kept is None else kept)
    assert len(attempt.raw) > len(text)


def test_one_connection_serves_request_after_request() -> None:
    """The body is read to its end, so that a session pays for one handshake."""
    with serving() as server:
        attempts = asked(server.url, *[request()] * 3)

    assert [attempt.text for attempt in attempts] == [default_answer(server.requests[0].body)] * 3
    assert len({received.client for received in server.requests}) == 1


def test_what_breaks_after_the_end_of_the_message_does_not_unsay_it() -> None:
    attempt = answered(Step(text="All said.", fault="reset", after=-1))

    assert (attempt.text, attempt.failure) == ("All said.", None)


def test_a_response_that_goes_on_after_its_message_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "WIND_UP", 0.1)

    attempt = answered(Step(text="All said.", fault="endless", after=-1))

    assert (attempt.text, attempt.failure) == ("All said.", None)


# --- Failures ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "status", "cause", "message"),
    [
        pytest.param(Step(status=400), 400, Cause.BAD_REQUEST, "scripted", id="400"),
        pytest.param(Step(status=401), 401, Cause.KEY_REFUSED, "scripted", id="401"),
        pytest.param(Step(status=403), 403, Cause.KEY_REFUSED, "scripted", id="403"),
        pytest.param(Step(status=404), 404, Cause.NOT_FOUND, "scripted", id="404"),
        pytest.param(Step(status=429), 429, Cause.RATE_LIMITED, "scripted", id="429"),
        pytest.param(Step(status=500), 500, Cause.SERVER_ERROR, "scripted", id="500"),
        pytest.param(Step(status=529), 529, Cause.OVERLOADED, "scripted", id="529"),
        pytest.param(
            Step(status=302, headers={"location": "/elsewhere"}),
            302,
            Cause.BAD_REQUEST,
            "scripted",
            id="a redirection, which would be a second request",
        ),
        pytest.param(
            Step(status=500, fault="reset", after=0),
            500,
            Cause.SERVER_ERROR,
            "Internal Server Error",
            id="500 whose body breaks off",
        ),
        pytest.param(
            Step(status=500, fault="hang", after=0),
            500,
            Cause.SERVER_ERROR,
            "Internal Server Error",
            id="500 whose body never comes",
        ),
        pytest.param(
            Step(fault="reset", after=None),
            None,
            Cause.BROKEN_OFF,
            "the connection broke: Connection reset by peer",
            id="reset before the answer",
        ),
        pytest.param(
            Step(fault="close", after=None),
            None,
            Cause.BROKEN_OFF,
            "the connection broke: closed by the server without an answer",
            id="closed before the answer",
        ),
        pytest.param(
            Step(fault="hang", after=None),
            None,
            Cause.UNREACHABLE,
            "no answer from URL within 0 s",
            id="no answer at all",
        ),
        pytest.param(
            Step(fault="reset"),
            200,
            Cause.BROKEN_OFF,
            "the connection broke: Connection reset by peer",
            id="reset in mid-stream",
        ),
        pytest.param(
            Step(fault="close"),
            200,
            Cause.BROKEN_OFF,
            "the connection broke: closed by the server before the end of its response",
            id="closed in mid-stream",
        ),
        pytest.param(
            Step(fault="end"),
            200,
            Cause.BROKEN_OFF,
            "the stream ended before the reply",
            id="a stream that ends too early",
        ),
        pytest.param(
            Step(fault="hang"),
            200,
            Cause.BROKEN_OFF,
            "nothing more came for 0 s",
            id="a stream that stalls",
        ),
        pytest.param(
            Step(error_type="overloaded_error", message="Overloaded"),
            200,
            Cause.OVERLOADED,
            "Overloaded",
            id="an error in mid-stream",
        ),
        pytest.param(
            Step(raw=""), 200, Cause.UNREADABLE, "no stream of the Messages API", id="no body"
        ),
        pytest.param(
            Step(raw="<html>Welcome to the hotel's network</html>"),
            200,
            Cause.UNREADABLE,
            "no stream of the Messages API",
            id="a page",
        ),
        pytest.param(
            Step(raw="data: {]\n\n"),
            200,
            Cause.UNREADABLE,
            "no event of the Messages API: b'{]'",
            id="garbage",
        ),
        pytest.param(
            Step(text=""),
            200,
            Cause.EMPTY,
            "the reply holds no text (stop reason: end_turn)",
            id="an empty reply",
        ),
        pytest.param(
            Step(
                blocks=[{"type": "thinking", "thinking": "Hm", "signature": "s"}],
                stop_reason="max_tokens",
            ),
            200,
            Cause.EMPTY,
            "the reply holds no text (stop reason: max_tokens)",
            id="thinking that used all tokens",
        ),
    ],
)
def test_a_fault_is_an_attempt_that_failed(
    step: Step, status: int | None, cause: Cause, message: str
) -> None:
    with serving([step]) as server:
        (attempt,) = asked(server.url, request())

    assert attempt.failure is not None
    assert (attempt.status, attempt.failure.cause) == (status, cause)
    assert attempt.failure.message.replace(server.url, "URL") == message
    assert (attempt.blocks, attempt.text, len(server.requests)) == ((), "", 1)


def test_a_stream_that_breaks_off_leaves_what_had_come() -> None:
    heard: list[str] = []

    attempt = answered(
        Step(text="I am a lighthouse.", piece=5, fault="reset", after=5), heard=heard
    )

    assert heard == ["I am ", "a lig"]
    assert attempt.raw.count(b"text_delta") == 2
    assert attempt.usage["input_tokens"] == 4
    assert attempt.provider_model == "halcyon-2"


def test_a_stream_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_BODY", 2**20)

    attempt = answered(Step(fault="endless"))

    assert attempt.failure is not None
    assert attempt.failure.message == "more than 1 MiB"
    assert 2**20 < len(attempt.raw) < 2**21


def test_a_reply_that_takes_too_long_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pings keep a connection from being idle; they are no reply."""
    monkeypatch.setattr(module, "LONGEST_ATTEMPT", 0.3)

    attempt = answered(Step(text="x" * 10_000, pace=0.05))

    assert attempt.failure is not None
    assert attempt.failure.cause is Cause.BROKEN_OFF


def test_retry_after_is_handed_on_in_seconds() -> None:
    attempt = answered(Step(status=429, headers={"retry-after": "31"}))

    assert attempt.failure is not None
    assert attempt.failure.retry_after == 31


def test_what_a_provider_says_of_itself_is_kept_and_nothing_else() -> None:
    """A cookie, the account's name and an echoed key are none of the record's business."""
    told = {
        "anthropic-ratelimit-requests-remaining": "7",
        "x-request-id": f"r-{KEY}",
        "set-cookie": "session=secret",
        "anthropic-organization-id": "org-1",
    }

    attempt = answered(Step(headers=told))

    assert attempt.headers == {
        "anthropic-ratelimit-requests-remaining": "7",
        "content-type": "text/event-stream",
        "request-id": "req_000001",
        "x-request-id": "r-[key]",
    }
    assert 0 < attempt.answered_after < 5


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_server_that_is_not_there_is_named_without_its_password(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    (attempt,) = asked(f"http://user:{KEY}@{host}:{port}", request())

    assert attempt.failure is not None
    assert attempt.failure.cause is Cause.UNREACHABLE
    assert attempt.failure.message == f"cannot reach http://{host}:{port}: Connection refused"


def test_no_proxy_stands_between_programs_on_one_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    assert answered(Step(text="Here.")).text == "Here."


def test_a_canceled_attempt_lets_go_of_its_connection() -> None:
    """ResourceWarnings are errors here."""

    async def ask(url: str) -> None:
        endpoint = Endpoint(url=url, key=KEY, model="m")
        participant = EndpointParticipant(
            "anthropic:m", endpoint, takes_temperature=False, facts={}
        )
        asking = asyncio.create_task(participant.reply(request(), on_text=lambda _: None))
        await asyncio.sleep(0.2)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await participant.close()

    with serving([Step(fault="hang")]) as server:
        asyncio.run(ask(server.url))


def test_a_witness_who_raises_stops_the_attempt() -> None:
    def full(_: str) -> None:
        raise OSError("no space left on device")

    async def ask(url: str) -> None:
        endpoint = Endpoint(url=url, key=KEY, model="m")
        participant = EndpointParticipant(
            "anthropic:m", endpoint, takes_temperature=False, facts={}
        )
        try:
            await participant.reply(request(), on_text=full)
        finally:
            await participant.close()

    with serving() as server, pytest.raises(OSError, match="no space left"):
        asyncio.run(ask(server.url))


# --- Requests ---------------------------------------------------------------------------------


def test_sampling_is_not_sent_where_it_is_not_taken() -> None:
    """The newest models refuse a temperature."""
    body = sent(request(sampling=Sampling(max_tokens=64, temperature="0.7")))

    assert body["max_tokens"] == 64
    assert "temperature" not in body


def test_a_conversation_is_sent_back_as_it_came() -> None:
    """Blocks of other kinds and signed thinking too; a blank text is refused by the API."""
    blocks: list[dict[str, Any]] = [
        {"type": "thinking", "thinking": "Hm", "signature": "EqQB"},
        {"type": "text", "text": " "},
        {"type": "server_tool_use", "id": "t1", "name": "look", "input": {"at": [1, None]}},
        {"type": "text", "text": "I looked."},
    ]
    first = answered(Step(blocks=blocks))
    silent = Message(role="assistant", blocks=[{"type": "text", "text": ""}])

    body = sent(
        request(HELLO, silent, HELLO, Message(role="assistant", blocks=first.blocks), HELLO)
    )

    hello = {"role": "user", "content": [dict(HELLO.blocks[0])]}
    answer = {"role": "assistant", "content": [blocks[0], *blocks[2:]]}
    assert body["messages"] == [hello, hello, answer, hello]


def test_a_prompt_with_half_a_character_can_be_sent() -> None:
    broken = Message(role="user", blocks=[{"type": "text", "text": "half \ud83d"}])
    asking = Request(messages=[broken], sampling=Sampling(max_tokens=9), system="and \ude00")

    body = sent(asking)

    assert (body["messages"][0]["content"][0]["text"], body["system"]) == ("half �", "and �")


def test_nothing_is_said_on_the_terminal(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with serving([None, Step(status=529), Step(fault="reset")], key=KEY) as server:
        environment = {"ANTHROPIC_BASE_URL": server.url, "ANTHROPIC_API_KEY": KEY}

        async def ask() -> None:
            retired = open_anthropic("claude-2.1", environment)
            for _ in range(3):
                await retired.reply(request(), on_text=lambda _: None)
            await retired.close()

        asyncio.run(ask())

    assert capfd.readouterr() == ("", "")
    assert KEY not in caplog.text


# --- Keys ---------------------------------------------------------------------------------------


def test_a_key_that_a_server_echoes_stays_out_of_the_attempt() -> None:
    """Proxies do that when they are debugged."""
    echo = json.dumps({"error": {"message": f"no such key: Bearer {KEY}"}})

    attempt = answered(Step(status=401, raw=echo))

    assert attempt.failure is not None
    assert attempt.failure.message == "no such key: Bearer [key]"
    assert KEY not in repr(attempt)


def test_a_key_is_not_shown_where_an_endpoint_is_printed() -> None:
    assert KEY not in repr(Endpoint(url="http://host", key=KEY, model="m"))
