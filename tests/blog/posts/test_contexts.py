"""What a model is shown, as far as it fits."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.posts.contexts import BYTES_PER_TOKEN, Context, Exchange, Source, Text, fitting, room

exchanges = st.builds(
    Exchange, session=st.sampled_from(["one", "two"]), question=st.text(), answer=st.text()
)


@given(st.lists(exchanges), st.integers(0, 200))
def test_the_newest_parts_that_fit_are_shown_whole(parts: Sequence[Exchange], room: int) -> None:
    context = fitting(Source.INTERVIEWS, parts, room)

    assert list(context.parts) == list(parts[context.left_out :])
    assert sum(part.size for part in context.parts) <= room
    if context.left_out:
        assert sum(part.size for part in parts[context.left_out - 1 :]) > room


@given(st.lists(exchanges))
def test_each_interview_is_named_once(parts: Sequence[Exchange]) -> None:
    items = Context(source=Source.INTERVIEWS, parts=parts).items

    assert {item["id"] for item in items} == {part.session for part in parts}
    assert len(items) == len({part.session for part in parts})


def test_what_was_left_out_is_said() -> None:
    parts = [Text(item={"kind": "post", "id": name}, text="x" * 10) for name in "abc"]

    context = fitting(Source.POSTS, parts, room=20)

    assert context.cut == "the oldest 1 of 3 posts did not fit and are left out"
    assert fitting(Source.POSTS, parts, room=30).cut is None


@pytest.mark.parametrize(
    ("window", "reply", "expected"),
    [
        pytest.param(8192, 1024, 6668 * BYTES_PER_TOKEN, id="what reply and asking leave"),
        pytest.param(None, 1024, 6668 * BYTES_PER_TOKEN, id="a window that is not recorded"),
        pytest.param(2048, 2048, 0, id="a reply as long as the window"),
    ],
)
def test_the_room_is_what_the_reply_leaves(window: int | None, reply: int, expected: int) -> None:
    assert room(window, reply) == expected
