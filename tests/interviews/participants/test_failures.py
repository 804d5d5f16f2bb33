"""What a provider's refusal means."""

import json
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.participants.failures import (
    LONGEST_RETRY_AFTER,
    failure_of_error,
    failure_of_status,
    one_line,
    seconds_of,
)
from interviews.participants.seam import Cause

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "cause", "may_pass"),
    [
        (301, Cause.BAD_REQUEST, False),
        (400, Cause.BAD_REQUEST, False),
        (401, Cause.KEY_REFUSED, False),
        (402, Cause.KEY_REFUSED, False),
        (403, Cause.KEY_REFUSED, False),
        (404, Cause.NOT_FOUND, False),
        (408, Cause.SERVER_ERROR, True),
        (413, Cause.BAD_REQUEST, False),
        (429, Cause.RATE_LIMITED, True),
        (500, Cause.SERVER_ERROR, True),
        (503, Cause.SERVER_ERROR, True),
        (529, Cause.OVERLOADED, True),
        (999, Cause.SERVER_ERROR, True),
    ],
)
def test_a_status_says_whether_asking_again_can_help(
    status: int,
    cause: Cause,
    may_pass: bool,  # noqa: FBT001  # a column of the table
) -> None:
    failure = failure_of_status(status, b"", retry_after=None)

    assert (failure.cause, failure.may_pass) == (cause, may_pass)
    assert failure.message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(
            b'{"type":"error","error":{"type":"overloaded_error","message":"Over\\nloaded"}}',
            "Over loaded",
            id="the API's own",
        ),
        pytest.param(b'{"error":{"type":"x_error"}}', "x_error", id="a type alone"),
        pytest.param(b'{"message":"no"}', "no", id="a gateway's"),
        pytest.param(b'{"error":"no \\u001b[31mroute"}', "no �[31mroute", id="escapes"),
        pytest.param(b"upstream timed out\n", "upstream timed out", id="plain text"),
        pytest.param(b"<html><h1>Oh</h1></html>", "Internal Server Error", id="a page"),
        pytest.param(b"", "Internal Server Error", id="nothing"),
        pytest.param(b"\xff\xfe", "��", id="not text"),
        pytest.param(b"[" * 100_000, "[" * 299 + "…", id="nested without end"),
    ],
)
def test_the_providers_words_are_shown_as_one_line(body: bytes, message: str) -> None:
    assert failure_of_status(500, body, retry_after=None).message == message


@given(st.text())
def test_a_foreign_text_is_one_printable_line(text: str) -> None:
    line = one_line(text)

    assert len(line) <= 300
    assert line.isprintable()


@given(
    st.recursive(
        st.none() | st.text(), lambda inner: st.dictionaries(st.text(), inner), max_leaves=4
    )
)
def test_an_error_of_any_shape_is_a_failure(error: object) -> None:
    assert failure_of_error(error).cause is Cause.SERVER_ERROR


def test_an_error_in_mid_stream_goes_by_its_type() -> None:
    error = json.loads('{"type": "rate_limit_error", "message": "Slow down"}')

    failure = failure_of_error(error)

    assert (failure.cause, failure.message) == (Cause.RATE_LIMITED, "Slow down")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("30", 30.0),
        ("0.5", 0.5),
        ("Mon, 23 Nov 2026 12:01:00 GMT", 60.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("-5", None),
        ("nan", None),
        ("soon", None),
        ("", None),
        ("86400", LONGEST_RETRY_AFTER),
        ("86401", None),
        ("inf", None),
        ("1e300", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
    ],
)
def test_retry_after_is_taken_as_far_as_it_makes_sense(
    header: str | None, seconds: float | None
) -> None:
    assert seconds_of(header, at=NOON) == seconds


@given(st.text())
def test_no_retry_after_brings_a_wait_without_end(header: str) -> None:
    seconds = seconds_of(header, at=NOON)

    assert seconds is None or (math.isfinite(seconds) and 0 <= seconds <= LONGEST_RETRY_AFTER)
