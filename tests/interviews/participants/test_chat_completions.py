"""Chat completions: what is asked in them, and how their replies are read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.canonical import without_lone_surrogates
from interviews.participants.chat_completions import Reply, body_of
from interviews.participants.seam import Cause, Message, Repeatable, Request, Sampling

TEXTS = st.text(st.characters(codec=None, categories=None), max_size=40)
WISH = Repeatable(seed=7, top_logprobs=2)


def body(**choice: object) -> bytes:
    whole = {"finish_reason": "stop", "message": {"content": "Yes."}, **choice}
    return json.dumps({"choices": [whole], "model": "m-1", "usage": {"total_tokens": 4}}).encode()


def read(*pieces: bytes) -> Reply:
    reply = Reply()
    assert [text for piece in pieces for text in reply.read(piece)] == []
    return reply


def given_token(**fields: object) -> dict[str, Any]:
    return {"token": "Yes", "bytes": [89, 101, 115], "logprob": -0.25, **fields}


def test_what_is_asked_is_repeatable() -> None:
    said = Message(role="user", blocks=[{"type": "text", "text": "a\ud800"}])
    request = Request(
        messages=[said], sampling=Sampling(max_tokens=9, temperature="0"), system="Be brief."
    )

    assert body_of(request, WISH, "m-1") == {
        "model": "m-1",
        "max_tokens": 9,
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "a\ufffd"},
        ],
        "stream": False,
        "seed": 7,
        "cache_prompt": False,
        "logprobs": True,
        "top_logprobs": 2,
        "temperature": 0.0,
    }


@given(TEXTS.filter(str.strip))
def test_a_text_comes_through_whatever_it_holds(text: str) -> None:
    reply = read(body(message={"content": text}))

    assert reply.failure() is None
    assert reply.blocks == ({"type": "text", "text": without_lone_surrogates(text)},)


def test_a_reply_is_read_wherever_its_bytes_were_cut() -> None:
    whole = body(finish_reason="length")
    reply = read(*(whole[at : at + 1] for at in range(len(whole))))

    assert (reply.failure(), reply.stop_reason) == (None, "max_tokens")
    assert (reply.provider_model, reply.usage) == ("m-1", {"total_tokens": 4})
    assert reply.logprobs is None


@pytest.mark.parametrize(
    ("fields", "text", "logprob"),
    [
        pytest.param({}, "Yes", -250_000, id="plain"),
        pytest.param({"bytes": [0xE2, 0x82]}, "\\xe2\\x82", -250_000, id="half a character"),
        pytest.param({"bytes": list(rb"\xe2")}, "\\\\xe2", -250_000, id="that mark itself"),
        pytest.param({"bytes": None, "token": "\ud800"}, "\ufffd", -250_000, id="no bytes"),
        pytest.param({"logprob": -3.4e38}, "Yes", -(10**9), id="as good as never"),
        pytest.param({"logprob": 1e-9}, "Yes", 0, id="rounded above 0"),
    ],
)
def test_a_token_has_one_canonical_form(fields: Any, text: str, logprob: int) -> None:  # noqa: ANN401
    one = given_token(**fields)
    reply = read(body(logprobs={"content": [one | {"top_logprobs": [one, one]}]}))

    assert reply.failure() is None
    assert reply.logprobs is not None
    (token,) = reply.logprobs
    assert (token.text, token.logprob, token.top) == (text, logprob, {text: logprob})


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        pytest.param(b"", Cause.UNREADABLE, id="nothing"),
        pytest.param(b"<html>", Cause.UNREADABLE, id="no JSON"),
        pytest.param(body()[:-3], Cause.UNREADABLE, id="half of it"),
        pytest.param(b"[" * 100_000, Cause.UNREADABLE, id="nested without end"),
        pytest.param(b"[]", Cause.UNREADABLE, id="no object"),
        pytest.param(b'{"choices": []}', Cause.UNREADABLE, id="no choice"),
        pytest.param(body(message="Yes."), Cause.UNREADABLE, id="no message"),
        pytest.param(body(finish_reason=None), Cause.UNREADABLE, id="no end"),
        pytest.param(body(logprobs=[]), Cause.UNREADABLE, id="log-probabilities of no form"),
        pytest.param(body(logprobs={"content": [1]}), Cause.UNREADABLE, id="a token of no form"),
        pytest.param(
            body(logprobs={"content": [given_token(logprob=float("nan"))]}),
            Cause.UNREADABLE, id="no number",
        ),
        pytest.param(
            body(logprobs={"content": [given_token(logprob=10**400)]}),
            Cause.UNREADABLE, id="too large a number",
        ),
        pytest.param(
            body(logprobs={"content": [given_token(bytes=[256])]}),
            Cause.UNREADABLE, id="no byte",
        ),
        pytest.param(body(message={"content": None}), Cause.EMPTY, id="without a text"),
        pytest.param(body(message={"content": " \n"}), Cause.EMPTY, id="white space"),
    ],
)  # fmt: skip
def test_what_is_no_reply_is_a_failure(content: bytes, cause: Cause) -> None:
    failure = read(content).failure()

    assert failure is not None
    assert failure.cause is cause
