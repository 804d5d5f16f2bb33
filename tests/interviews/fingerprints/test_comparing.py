"""Comparing replies: what is the same, what is different, and where they part."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.fingerprints.comparing import Difference, Reply, Verdict, compare
from interviews.participants.seam import Token

TOLERANCE = 0.05
LIMIT = 50_000  # the same in millionths


def token(text: str, logprob: int = -1000, **top: int) -> Token:
    return Token(text=text, logprob=logprob, top={text: logprob, **top})


REPLY = Reply(
    prompt="fact",
    text="ab",
    stop_reason="end_turn",
    logprobs=[token("a", -100_000, b=-200_000), token("b", -300_000, c=-400_000)],
)


def with_tokens(*tokens: Token) -> Reply:
    return replace(REPLY, logprobs=tokens)


FIRST, SECOND = REPLY.logprobs or ()

texts = st.text(max_size=6)
logprobs = st.integers(-(10**6), 0)
tokens = st.builds(
    Token, text=texts, logprob=logprobs, top=st.dictionaries(texts, logprobs, max_size=3)
)
replies = st.builds(
    Reply,
    prompt=st.just("fact"),
    text=texts,
    stop_reason=st.none() | st.just("end_turn"),
    logprobs=st.none() | st.lists(tokens, max_size=4),
)


@given(st.lists(replies), st.floats(0, 1))
def test_what_is_compared_with_itself_is_identical(found: list[Reply], tolerance: float) -> None:
    comparison = compare(found, found, tolerance=tolerance)

    assert (comparison.verdict, comparison.differences) == (Verdict.IDENTICAL, [])


@given(replies, replies)
def test_which_one_came_first_makes_no_difference_to_the_verdict(one: Reply, other: Reply) -> None:
    there, back = (compare([a], [b], tolerance=TOLERANCE) for a, b in ((one, other), (other, one)))

    assert (there.verdict, there.largest) == (back.verdict, back.largest)
    assert [d.place for d in there.differences] == [d.place for d in back.differences]


@given(replies, replies)
def test_other_texts_are_different_and_part_where_it_is_told(one: Reply, other: Reply) -> None:
    comparison = compare([one], [other], tolerance=1e6)

    if one.text == other.text:
        assert comparison.same_texts == 1
        return
    assert comparison.verdict is Verdict.DIFFERENT
    (found,) = comparison.differences
    at = (found.place or 0) - 1
    assert one.text[:at] == other.text[:at]
    assert one.text[at : at + 1] != other.text[at : at + 1]


@pytest.mark.parametrize(
    ("other", "verdict", "largest"),
    [
        pytest.param(with_tokens(FIRST, SECOND), "identical", 0, id="the same"),
        pytest.param(
            with_tokens(FIRST, token("b", -300_000 - LIMIT, c=-400_000)),
            "same within tolerance", LIMIT, id="at the tolerance",
        ),
        pytest.param(
            with_tokens(FIRST, token("b", -300_000 - LIMIT - 1, c=-400_000)),
            "different", LIMIT + 1, id="beyond it",
        ),
        pytest.param(
            with_tokens(token("a", -100_000, b=-250_001), SECOND),
            "different", LIMIT + 1, id="of a token that was not drawn",
        ),
        pytest.param(
            with_tokens(token("a", -100_000, d=-210_000), SECOND),
            "same within tolerance", 10_000, id="another one is the last of the likeliest",
        ),
        pytest.param(
            with_tokens(token("a", -100_000, d=-900_000), SECOND),
            "different", 700_000, id="the second has become unlikely",
        ),
    ],
)  # fmt: skip
def test_log_probabilities_are_held_against_the_tolerance(
    other: Reply, verdict: str, largest: int
) -> None:
    comparison = compare([REPLY], [other], tolerance=TOLERANCE)

    assert (comparison.verdict, comparison.largest) == (verdict, largest)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param(replace(REPLY, text="aB"), ("text", 2, "b", "B"), id="one character"),
        pytest.param(replace(REPLY, text="abc"), ("text", 3, "", "c"), id="goes on"),
        pytest.param(replace(REPLY, text=""), ("text", 1, "ab", ""), id="nothing was said"),
        pytest.param(
            replace(REPLY, stop_reason=None), ("stop reason", None, "end_turn", "none given"),
            id="another end",
        ),
        pytest.param(with_tokens(token("ab")), ("tokens", 1, "a", "ab"), id="other tokens"),
        pytest.param(
            replace(REPLY, logprobs=None), ("tokens", 1, "a", "none"), id="measured in one only"
        ),
    ],
)  # fmt: skip
def test_a_difference_says_where_and_what_stands_there(
    other: Reply, expected: Sequence[object]
) -> None:
    comparison = compare([REPLY], [other], tolerance=TOLERANCE)

    what, place, one, another = expected
    assert comparison.verdict is Verdict.DIFFERENT
    assert comparison.differences == [
        Difference(prompt="fact", what=str(what), place=place, one=str(one), other=str(another))  # type: ignore[arg-type]  # of the table
    ]


def test_without_log_probabilities_the_largest_difference_is_not_measured() -> None:
    silent = replace(REPLY, logprobs=None)

    assert compare([silent], [silent], tolerance=TOLERANCE).largest is None
