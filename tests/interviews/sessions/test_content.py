"""What a turn's digest covers."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from archive.canonical import Canonical, canonical_bytes, sha256
from interviews.participants.seam import Block, Message
from interviews.protocols.protocol import OPENING
from interviews.sessions.content import (
    Content,
    decoded,
    message_bytes,
    nothing_said,
    request_digest,
    spoken,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
BLOCKS = st.lists(
    st.one_of(
        st.builds(lambda text: {"type": "text", "text": text}, TEXT),
        st.builds(lambda text: {"type": "thinking", "thinking": text, "signature": "s"}, TEXT),
    ),
    max_size=4,
)
CONTENTS = st.builds(
    Content,
    question=TEXT,
    blocks=BLOCKS,
    stop_reason=st.none() | TEXT,
    usage=st.dictionaries(TEXT, st.integers(0, 2**53 - 1), max_size=3),
    provider_model=st.none() | TEXT,
    request_id=st.none() | TEXT,
    raw_digest=st.none() | TEXT,
    declined=st.sampled_from([None, "question", "interview"]),
)


@given(CONTENTS)
def test_what_is_encoded_is_decoded_to_the_same(content: Content) -> None:
    assert decoded(content.encoded()) == content


def test_what_is_absent_has_no_key() -> None:
    assert Content(question="use", blocks=[]).encoded() == b'{"blocks":[],"question":"use"}'


def test_thinking_is_no_part_of_what_was_said() -> None:
    blocks: list[Block] = [
        {"type": "thinking", "thinking": "hm", "signature": "s"},
        {"type": "text", "text": "Good "},
        {"type": "text", "text": "evening."},
    ]

    assert Content(question="q", blocks=blocks).text == "Good evening."


@given(st.lists(BLOCKS, max_size=4), st.integers(1, 4096))
def test_a_request_digest_covers_the_request_as_if_it_were_written_whole(
    said: list[list[dict[str, Any]]], limit: int
) -> None:
    messages = [Message(role="user", blocks=blocks) for blocks in said]
    whole: Canonical = {
        "messages": [{"role": "user", "blocks": blocks} for blocks in said],
        "sampling": {"max_tokens": limit},
    }

    digest = request_digest(map(message_bytes, messages), {"max_tokens": limit})

    assert digest == sha256(canonical_bytes(whole))


def test_an_answer_to_a_question_is_something_said() -> None:
    assert not nothing_said([spoken("Yes.", question="making")], opening=OPENING)


def test_silence_refusals_and_the_mere_yes_at_the_opening_are_nothing_said() -> None:
    replies = [
        spoken("Yes.", question=OPENING),
        spoken(" \n", question="making"),
        Content(question="use", blocks=spoken("No.", question="use").blocks, declined="question"),
    ]

    assert nothing_said(replies, opening=OPENING)
