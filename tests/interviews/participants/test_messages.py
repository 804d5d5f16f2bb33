"""The Messages API: what is asked in it, and how its replies are read."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.canonical import without_lone_surrogates
from interviews.participants.messages import Reply
from interviews.participants.seam import Cause
from interviews.participants.stream import UnreadableError, folded

TEXTS = st.text(st.characters(codec=None, categories=None), max_size=40)


def stream(*events: object) -> bytes:
    return b"".join(b"data: %b\n\n" % json.dumps(event).encode() for event in events)


def start(**message: object) -> dict[str, Any]:
    return {"type": "message_start", "message": {"model": "m-1", "usage": {}, **message}}


def block(start: dict[str, Any], *deltas: dict[str, Any], index: int = 0) -> list[dict[str, Any]]:
    return [
        {"type": "content_block_start", "index": index, "content_block": start},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


def said(*pieces: str) -> list[dict[str, Any]]:
    deltas = [{"type": "text_delta", "text": piece} for piece in pieces]
    return block({"type": "text", "text": ""}, *deltas)


END = (
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 7}},
    {"type": "message_stop"},
)


def read(*pieces: bytes) -> tuple[Reply, str]:
    reply = Reply()
    heard = [text for piece in pieces for text in reply.read(piece)]
    return reply, "".join(heard)


@given(st.lists(TEXTS))
def test_a_text_comes_through_whatever_it_holds(pieces: list[str]) -> None:
    reply, _ = read(stream(start(), *said(*pieces), *END))

    expected = without_lone_surrogates("".join(pieces))
    assert reply.blocks == ({"type": "text", "text": expected},)


def test_a_character_cut_in_two_escapes_is_put_together() -> None:
    reply, _ = read(stream(start(), *said("\ud83d", "\ude00 and \ud83d alone"), *END))

    assert reply.blocks[0]["text"] == "😀 and � alone"


def test_thinking_is_kept_to_the_letter_and_not_heard() -> None:
    deltas = [
        {"type": "thinking_delta", "thinking": "Am I"},
        {"type": "thinking_delta", "thinking": " asked?\0"},
        {"type": "signature_delta", "signature": "EqQB+/=="},
    ]
    thinking = block({"type": "thinking", "thinking": "", "signature": ""}, *deltas, index=0)
    hidden = block({"type": "redacted_thinking", "data": "Ej8K"}, index=1)
    speech = block({"type": "text", "text": "Yes."}, index=2)

    reply, heard = read(stream(start(), *thinking, *hidden, *speech, *END))

    assert heard == "Yes."
    assert reply.blocks == (
        {"type": "thinking", "thinking": "Am I asked?\0", "signature": "EqQB+/=="},
        {"type": "redacted_thinking", "data": "Ej8K"},
        {"type": "text", "text": "Yes."},
    )


def test_a_block_of_another_kind_is_kept_as_json() -> None:
    call = {"type": "tool_use", "id": "t1", "name": "look", "input": {}}
    pieces = ['{"at": ', "[1, 2]}"]
    deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]

    reply, _ = read(stream(start(), *block(call, *deltas), *END))

    assert reply.blocks[0]["type"] == "tool_use"
    assert json.loads(str(reply.blocks[0]["json"])) == {**call, "input": {"at": [1, 2]}}


def test_only_counts_are_taken_from_usage_and_later_ones_stand() -> None:
    usage = {"input_tokens": 5, "output_tokens": 1, "service_tier": "standard", "negative": -1}
    odd = {"nested": {"tokens": 3}, "half": 1.5, "none": None, "flag": True, "huge": 2**53}

    reply, _ = read(stream(start(usage=usage | odd), *said("Hi"), *END))

    assert reply.usage == {"input_tokens": 5, "output_tokens": 7}


def test_what_follows_the_end_of_a_message_is_not_looked_at() -> None:
    reply, heard = read(stream(start(), *said("Hi"), *END, *said(" again")) + b"data: [DONE]\n\n")

    assert (heard, reply.failure()) == ("Hi", None)


@pytest.mark.parametrize(
    ("events", "cause"),
    [
        pytest.param([], Cause.UNREADABLE, id="nothing at all"),
        pytest.param([{"type": "ping"}], Cause.UNREADABLE, id="no message"),
        pytest.param([*END], Cause.UNREADABLE, id="an end without a beginning"),
        pytest.param([start(), *said("Hi")], Cause.BROKEN_OFF, id="no end"),
        pytest.param([start(), *END], Cause.EMPTY, id="no blocks"),
        pytest.param([start(), *said(" \n"), *END], Cause.EMPTY, id="nothing visible"),
        pytest.param(
            [start(), *said("Hi"), {"type": "error", "error": {"type": "overloaded_error"}}],
            Cause.OVERLOADED,
            id="an error in mid-stream",
        ),
    ],
)
def test_what_is_no_whole_reply_fails_and_holds_no_blocks(
    events: list[object], cause: Cause
) -> None:
    reply, _ = read(stream(*events))

    failure = reply.failure()
    assert failure is not None
    assert failure.cause is cause


def test_a_refusal_without_a_word_is_a_reply() -> None:
    refusal = {"type": "message_delta", "delta": {"stop_reason": "refusal"}}

    reply, _ = read(stream(start(), refusal, {"type": "message_stop"}))

    assert (reply.failure(), reply.blocks, reply.stop_reason) == (None, (), "refusal")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"data: {\n\n", id="broken JSON"),
        pytest.param(b"data: \xff\xfe\n\n", id="not UTF-8"),
        pytest.param(b"data: []\n\n", id="a list"),
        pytest.param(b"data: " + b"[" * 200_000 + b"\n\n", id="nested without end"),
        pytest.param(stream({"type": "message_start"}), id="no message in it"),
        pytest.param(stream(start(model=7)), id="a model that is a number"),
        pytest.param(stream(start(), said("x")[1]), id="a piece of a block that never began"),
        pytest.param(stream(start(), *block({"text": ""})), id="a block without a type"),
        pytest.param(
            stream(start(), *block({"type": "text", "text": 1})), id="a text that is none"
        ),
        pytest.param(stream(start(), *said("x"), {"type": "message_delta"}), id="an empty delta"),
    ],
)
def test_what_the_api_would_not_send_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        read(body)


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_unreadable(body: bytes) -> None:
    try:
        reply, _ = read(b"data: ", body, b"\n\n")
    except UnreadableError:
        return
    assert reply.failure() is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
KINDS = ("message_start", "content_block_start", "content_block_delta", "message_delta", "error")
FIELDS = st.sampled_from(
    ["message", "model", "index", "content_block", "delta", "usage", "type", "text", "error"]
)


@given(st.sampled_from(KINDS), st.dictionaries(FIELDS, JSON | st.dictionaries(FIELDS, JSON)))
def test_no_json_does_more_than_be_unreadable(kind: str, fields: dict[str, object]) -> None:
    event = {**fields, "type": kind}
    try:
        reply, _ = read(stream(start(), *said("Hi"), event, *END))
    except UnreadableError:
        return
    kept = (reply.stop_reason, reply.provider_model, *(b.get("text") for b in reply.blocks))
    assert re.search("[\ud800-\udfff]", " ".join(map(str, kept))) is None


RAW = [
    b'"',
    b"\\",
    b"u00",
    b"\\u00e9",
    b"\\ud83d",
    b"\\ude00",
    b"\xc3",
    b"\xa9",
    b"\n",
    b"\r",
    b"}}\n\n",
]


@given(st.lists(st.lists(st.sampled_from(RAW) | st.binary(max_size=3), max_size=4).map(b"".join)))
def test_a_stream_whose_texts_were_folded_is_the_same_reply(pieces: list[bytes]) -> None:
    """Whatever the pieces hold, a fault that any one of them makes is a fault of the whole."""
    opened, closed = said()
    texts = [
        b'event: content_block_delta\ndata: {"type": "content_block_delta", "index": 0, '
        b'"delta": {"type": "text_delta", "text": "' + piece + b'"}}\n\n'
        for piece in pieces
    ]
    body = stream(start(), opened) + b"".join(texts) + stream(closed, *END)

    assert outcome(folded(body)) == outcome(body)


def outcome(body: bytes) -> object:
    try:
        reply, _ = read(body)
    except UnreadableError:
        return None
    return reply.blocks, reply.whole, reply.stop_reason, reply.usage
