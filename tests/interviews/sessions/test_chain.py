"""The chain over turns: every change is found at the turn where it was made."""

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from archive.canonical import salted_digest
from interviews.sessions.chain import Fault, first_fault, head, link

SESSION, HEADER = "a-session", "0" * 64


@dataclass(kw_only=True)
class Turn:
    session: str
    index: int
    speaker: str
    at: str
    content: bytes | None
    salt: bytes | None
    content_digest: str
    previous: str
    link: str


def chained(contents: list[bytes]) -> list[Turn]:
    turns: list[Turn] = []
    for index, content in enumerate(contents):
        fields = {
            "session": SESSION,
            "speaker": "participant" if index % 2 else "interviewer",
            "at": f"2026-11-23T15:00:{index:02}.000000Z",
            "content_digest": salted_digest(b"salt", content),
            "previous": head(HEADER, turns),
        }
        tied = link(index=index, **fields)
        turns.append(Turn(index=index, content=content, salt=b"salt", link=tied, **fields))
    return turns


CHAINS = st.lists(st.binary(max_size=20), min_size=1, max_size=12).map(chained)
DIGEST = "f" * 64


@given(CHAINS)
def test_an_untouched_chain_has_no_fault(turns: list[Turn]) -> None:
    assert first_fault(SESSION, HEADER, turns) is None


@given(
    CHAINS,
    st.data(),
    st.sampled_from(
        [
            {"content": b"something else, said by nobody"},
            {"salt": b"another salt"},
            {"content_digest": DIGEST},
            {"speaker": "somebody else"},
            {"at": "1999-01-01T00:00:00.000000Z"},
            {"previous": DIGEST},
            {"link": DIGEST},
            {"session": "another-session"},
            {"content": None},
        ]
    ),
)
def test_a_changed_field_is_found_at_its_turn(
    turns: list[Turn], data: st.DataObject, change: dict[str, Any]
) -> None:
    place = data.draw(st.integers(0, len(turns) - 1))
    turns[place] = replace(turns[place], **change)

    fault = first_fault(SESSION, HEADER, turns)

    assert fault is not None
    assert fault.index == place


@given(CHAINS, st.data())
def test_a_turn_without_content_and_salt_still_holds_its_place(
    turns: list[Turn], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(turns) - 1))
    turns[place] = replace(turns[place], content=None, salt=None)

    assert first_fault(SESSION, HEADER, turns) is None


@given(CHAINS, st.data())
def test_a_turn_that_is_taken_out_is_missed(turns: list[Turn], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(turns) - 1))
    length = len(turns)
    del turns[place]

    fault = first_fault(SESSION, HEADER, turns)

    # the last turn leaves no gap: that it is missing, only the log's entry tells
    assert (fault is None) == (place == length - 1)
    assert fault is None or fault.index == place


def test_a_chain_under_another_header_fails_at_its_first_turn() -> None:
    fault = first_fault(SESSION, DIGEST, chained([b"one", b"two"]))

    assert fault == Fault(index=0, what="it does not follow on what stands before it")


def test_the_head_of_nothing_is_the_header() -> None:
    assert head(HEADER, []) == HEADER
