"""What one run may spend."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.sessions.ceilings import CeilingError, Ceilings


@given(st.integers(1, 20))
def test_the_call_that_would_be_one_too_many_is_refused(limit: int) -> None:
    ceilings = Ceilings(max_calls=limit)
    for _ in range(limit):
        ceilings.call()

    with pytest.raises(CeilingError, match="emeritus interview resume"):
        ceilings.call()


def test_no_call_is_made_once_the_tokens_are_spent() -> None:
    ceilings = Ceilings(max_tokens=100)
    ceilings.call()
    ceilings.spend({"input_tokens": 60, "output_tokens": 40})

    with pytest.raises(CeilingError, match="100 tokens"):
        ceilings.call()


def test_cached_tokens_are_spent_and_other_counts_are_not() -> None:
    usage = {
        "input_tokens": 1,
        "cache_creation_input_tokens": 10,
        "cache_read_input_tokens": 100,
        "output_tokens": 1000,
        "server_requests": 10_000,
    }

    assert Ceilings().spend(usage) == 1111
