"""What a provider's headers say of its limits, and what of it is believed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.participants.failures import LONGEST_RETRY_AFTER
from interviews.participants.rate_limits import Reading, readings_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NAMES = [
    "date",
    "retry-after",
    *(f"anthropic-ratelimit-requests-{part}" for part in ("limit", "remaining", "reset")),
    *(f"x-ratelimit-{part}-tokens" for part in ("limit", "remaining", "reset")),
]


def anthropic(
    limit: str = "50", remaining: str = "7", reset: str = "2026-11-23T12:00:30Z"
) -> dict[str, str]:
    return {
        "anthropic-ratelimit-requests-limit": limit,
        "anthropic-ratelimit-requests-remaining": remaining,
        "anthropic-ratelimit-requests-reset": reset,
    }


def openai(reset: str) -> dict[str, str]:
    return {
        "x-ratelimit-limit-tokens": "150000",
        "x-ratelimit-remaining-tokens": "149984",
        "x-ratelimit-reset-tokens": reset,
    }


def test_both_families_are_read() -> None:
    readings, doubts = readings_of(anthropic() | openai("6m0s"), at=NOON)

    assert readings == [
        Reading(kind="requests", limit=50, remaining=7, full_after=30),
        Reading(kind="tokens", limit=150_000, remaining=149_984, full_after=360),
    ]
    assert doubts == []


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [("1s", 1), ("20ms", 0.02), ("1h2m3.5s", 3723.5), ("2m59.56s", 179.56), ("12", 12), ("0s", 0)],
)
def test_a_duration_is_read(reset: str, seconds: float) -> None:
    (reading,), _ = readings_of(openai(reset), at=NOON)

    assert reading.full_after == pytest.approx(seconds)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(anthropic(limit="-1"), id="a negative limit"),
        pytest.param(anthropic(limit="0", remaining="0"), id="a limit of 0"),
        pytest.param(anthropic(remaining="nan"), id="NaN remaining"),
        pytest.param(anthropic(remaining="51"), id="more remaining than the limit"),
        pytest.param(anthropic(limit="9" * 5000), id="a limit without end"),
        pytest.param(anthropic(remaining="7.5"), id="half a request"),
        pytest.param(anthropic(reset="2026-11-23T11:00:00Z"), id="a reset in the past"),
        pytest.param(anthropic(reset="9999-12-31T23:59:59Z"), id="a reset in ages"),
        pytest.param(anthropic(reset="soon"), id="no time"),
        pytest.param(openai("nan"), id="a NaN of seconds"),
        pytest.param(openai("-30"), id="seconds ago"),
        pytest.param(openai("999999999d"), id="days without end"),
        pytest.param({"retry-after": "-5"}, id="to ask again in the past"),
        pytest.param({"retry-after": "NaN"}, id="to ask again never"),
        pytest.param({"retry-after": "259200"}, id="to ask again in three days"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_doubted_and_not_believed(headers: dict[str, str]) -> None:
    readings, doubts = readings_of(headers, at=NOON)

    assert (readings, len(doubts)) == ([], 1)


@pytest.mark.parametrize("ours", ["2026-11-23T09:00:00+00:00", "2031-01-01T00:00:00+00:00"])
def test_a_clock_of_ours_that_is_wrong_changes_no_wait(ours: str) -> None:
    """The provider's times are held against the date of its own response."""
    headers = anthropic() | {"date": "Mon, 23 Nov 2026 12:00:00 GMT"}

    (reading,), doubts = readings_of(headers, at=datetime.fromisoformat(ours))

    assert (reading.full_after, doubts) == (30, [])


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=30) | st.integers().map(str)))
def test_whatever_the_headers_say_no_wait_is_longer_than_a_day(headers: dict[str, str]) -> None:
    readings, _ = readings_of(headers, at=NOON)

    for one in readings:
        assert 0 <= one.remaining <= one.limit
        assert 0 <= one.full_after <= LONGEST_RETRY_AFTER
