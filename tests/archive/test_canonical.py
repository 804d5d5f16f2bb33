"""Canonical bytes: RFC 8785, as another implementation of it writes them."""

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from archive.canonical import canonical_bytes, salted_digest, sha256, without_lone_surrogates

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ANY_TEXT = st.text(st.characters(exclude_categories=[]))
INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    TEXT | INTEGERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_another_implementation_writes_the_same_bytes(value: Any) -> None:  # noqa: ANN401  # JSON
    assert canonical_bytes(value) == rfc8785.dumps(value)


def test_keys_stand_in_the_order_of_their_utf_16_units() -> None:
    assert canonical_bytes({"\ufb33": 1, "\U0001f600": 2, "a": 3}) == (
        '{"a":3,"\U0001f600":2,"\ufb33":1}'.encode()
    )


@given(ANY_TEXT)
def test_a_lone_surrogate_becomes_a_mark_and_nothing_else_changes(text: str) -> None:
    whole = without_lone_surrogates(text)

    assert canonical_bytes(text) == rfc8785.dumps(whole)
    assert whole == text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@pytest.mark.parametrize(
    "value",
    [1.5, None, True, b"bytes", {1, 2}, 2**53, -(2**53), [[None]], {"key": False}],
    ids=repr,
)
def test_what_has_no_one_form_is_refused(value: Any) -> None:  # noqa: ANN401  # of any kind
    with pytest.raises(ValueError, match="no canonical form"):
        canonical_bytes(value)


def test_the_salt_goes_before_the_content() -> None:
    assert salted_digest(b"salt", b"content") == sha256(b"saltcontent")
