"""Which words differ: nothing is lost of either text, and both share what is called shared."""

from hypothesis import given
from hypothesis import strategies as st

from interviews.comparisons.wording import MOST, differences

WORDS = st.lists(
    st.sampled_from(["the ", "model", " says\n", "no", "中文", ", ", "so "]), max_size=40
)


@given(WORDS, WORDS)
def test_the_pieces_make_up_both_texts_and_share_the_same_words(
    one: list[str], other: list[str]
) -> None:
    texts = "".join(one).strip(), "".join(other).strip()
    found = differences(*texts)

    if found is not None:
        assert tuple("".join(piece.text for piece in side) for side in found) == texts
        left, right = ("".join(p.text for p in side if p.shared).split() for side in found)
        assert "".join(left) == "".join(right)


def test_the_word_that_differs_is_marked() -> None:
    found = differences("I would like to be kept.", "I would like to be asked.")

    assert found is not None
    assert [[(p.text, p.shared) for p in side if not p.shared] for side in found] == [
        [("kept", False)],
        [("asked", False)],
    ]


def test_texts_with_next_to_nothing_in_common_are_not_marked() -> None:
    assert differences("Yes, gladly, and soon.", "A recipe for bread needs water") is None


def test_a_text_that_is_too_long_is_not_compared() -> None:
    assert differences("word " * (MOST + 1), "word") is None
