"""The headers that are kept: by name, on one line each, and not without end."""

from hypothesis import given
from hypothesis import strategies as st

from interviews.participants.response_headers import (
    KEPT,
    KEPT_FAMILIES,
    LARGEST_VALUE,
    MOST_HEADERS,
    kept_headers,
)


def test_a_header_is_kept_by_its_name_in_lower_case() -> None:
    told = {
        "Retry-After": "3",
        "X-RateLimit-Limit-Requests": "60",
        "Set-Cookie": "a",
        "Server": "b",
    }

    assert kept_headers(told) == {"retry-after": "3", "x-ratelimit-limit-requests": "60"}


@given(st.dictionaries(st.sampled_from(sorted(KEPT)) | st.text(), st.text(max_size=999)))
def test_whatever_a_server_sends_little_of_it_is_kept(told: dict[str, str]) -> None:
    kept = kept_headers(told)

    assert len(kept) <= MOST_HEADERS
    assert all(name in KEPT or name.startswith(KEPT_FAMILIES) for name in kept)
    assert all(len(value) <= LARGEST_VALUE and value.isprintable() for value in kept.values())


def test_a_family_without_end_is_cut() -> None:
    assert (
        len(kept_headers({f"x-ratelimit-{number}": "1" for number in range(999)})) == MOST_HEADERS
    )
