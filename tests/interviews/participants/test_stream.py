"""A stream of bytes, cut into the data of its events."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from interviews.participants.stream import EventReader

LINE = st.binary(max_size=20).map(lambda line: line.replace(b"\r", b"").replace(b"\n", b""))


def read(*pieces: bytes) -> list[bytes]:
    reader = EventReader()
    return [data for piece in pieces for data in reader.read(piece)]


def cut(body: bytes, places: Sequence[int]) -> list[bytes]:
    edges = sorted({0, len(body), *(place % (len(body) + 1) for place in places)})
    return [body[first:last] for first, last in pairwise(edges)]


@given(
    st.lists(st.lists(LINE, min_size=1, max_size=3), max_size=4),
    st.lists(st.integers(0, 1000), max_size=40),
    st.sampled_from([b"\n", b"\r\n", b"\r"]),
)
def test_where_a_stream_was_cut_makes_no_difference(
    events: list[list[bytes]], places: list[int], end: bytes
) -> None:
    lines = [b"".join(b"data: " + line + end for line in event) + end for event in events]
    body = b"".join(lines) + b": the end" + end

    assert read(*cut(body, places)) == [b"\n".join(event) for event in events]


@given(st.binary(), st.lists(st.integers(0, 1000)))
def test_any_bytes_are_cut_alike_wherever_they_were_cut_before(
    body: bytes, places: list[int]
) -> None:
    body += b"\n"

    assert read(*cut(body, places)) == read(body)


def test_what_is_no_data_is_passed_over() -> None:
    body = b": hello\nevent: ping\nid: 7\nretry: 9\ndata:a\ndata: b\n\n\n\nevent: x\n\n"

    assert read(body) == [b"a\nb"]


def test_a_line_ends_only_where_the_standard_says() -> None:
    """Python has more line ends: NEL, the line separator, form feed."""
    text = "one\u0085two\u2028three\x0cfour".encode()

    assert read(b"data: " + text + b"\n\n") == [text]


def test_an_event_without_its_end_is_none() -> None:
    assert read(b"data: whole\n\ndata: cut\n") == [b"whole"]


def test_a_long_line_is_read_in_time_that_grows_with_its_length() -> None:
    """Joined anew with each piece, 4 MB in pieces of 1 KB would be 8 GB of copies."""
    (data,) = read(b"data: ", *[b"x" * 1024] * 4096, b"\n\n")

    assert len(data) == 4 * 2**20
