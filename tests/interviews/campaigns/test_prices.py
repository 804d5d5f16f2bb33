"""What providers charge: exact, dated, and unknown where nobody wrote it down."""

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import InputError
from interviews.campaigns.prices import (
    KINDS,
    Cost,
    Price,
    Tokens,
    cost_of,
    most_for,
    read_prices,
    saved_by_cache,
    shown_money,
)

STATED = """\
["anthropic:halcyon-2"]
input = "3"
output = "15.00"
cache_read = "0.30"
cache_write = "3.75"
currency = "USD"
date = 2026-11-01
source = "the maker's price list"
"""

AMOUNTS = st.decimals(0, 10**6, allow_nan=False, allow_infinity=False, places=6)
COUNTS = st.integers(0, 10**12)
PRICES = st.builds(
    Price,
    currency=st.just("USD"),
    date=st.just("2026"),
    source=st.just("a test"),
    **dict.fromkeys(KINDS, AMOUNTS),
)
TOKENS = st.builds(Tokens, **dict.fromkeys(KINDS, COUNTS))


def written(folder: Path, text: str) -> Path:
    (folder / "prices.toml").write_bytes(text.encode())
    return folder


def test_prices_are_what_the_operator_wrote(tmp_path: Path) -> None:
    assert read_prices(written(tmp_path, STATED)) == {
        "anthropic:halcyon-2": Price(
            currency="USD",
            date="2026-11-01",
            source="the maker's price list",
            input=Decimal(3),
            output=Decimal(15),
            cache_read=Decimal("0.3"),
            cache_write=Decimal("3.75"),
        )
    }


def test_without_the_file_every_price_is_unknown(tmp_path: Path) -> None:
    assert read_prices(tmp_path) == {}
    assert cost_of(Tokens(input=1), None) == Cost(amount=None, missing=("input",))


@given(TOKENS, PRICES)
def test_a_cost_is_exact_and_never_above_the_most(tokens: Tokens, price: Price) -> None:
    exact = sum(Fraction(getattr(tokens, kind)) * Fraction(getattr(price, kind)) for kind in KINDS)
    amount, most = cost_of(tokens, price).amount, most_for(tokens, price).amount

    assert amount is not None
    assert most is not None
    assert Fraction(amount) == exact / 10**6
    assert amount <= most


def test_a_price_that_is_not_needed_may_be_unknown() -> None:
    price = Price(currency="USD", date="2026", source="a test", input=Decimal(2))

    assert cost_of(Tokens(input=500_000), price).amount == 1
    assert cost_of(Tokens(input=1, output=1), price) == Cost(
        amount=None, currency="USD", missing=("output",)
    )
    assert most_for(Tokens(input=1), price).amount is None


def test_what_the_prompt_cache_saved_may_be_less_than_nothing(tmp_path: Path) -> None:
    price = read_prices(written(tmp_path, STATED))["anthropic:halcyon-2"]

    assert saved_by_cache(Tokens(cache_read=1_000_000), price).amount == Decimal("2.70")
    assert saved_by_cache(Tokens(cache_write=1_000_000), price).amount == Decimal("-0.75")


def test_money_is_shown_to_the_millionth_at_most() -> None:
    assert shown_money(Decimal("2.5"), "USD") == "2.50 USD"
    assert shown_money(Decimal("0.00012345"), "EUR") == "0.000123 EUR"
    assert shown_money(Decimal(370_000), "EUR") == "370,000.00 EUR"


# name: (what stands in STATED, what is put in its place, how the error begins after the file's name)
MALFORMED = {
    "no TOML": ("input =", "input :", ": not TOML"),
    "not UTF-8": ("3", "\ud800", ""),
    "a number": ('"15.00"', "15.00", ": anthropic:halcyon-2.output: cannot be used: 15.0"),
    "less than nothing": ('"3"', '"-3"', ": anthropic:halcyon-2.input: cannot be used"),
    "no number": ('"3"', '"NaN"', ": anthropic:halcyon-2.input: cannot be used"),
    "another sort of number": ('"3"', '"1e3"', ": anthropic:halcyon-2.input: cannot be used"),
    "endless": ('"3"', f'"{"9" * 5000}"', ": anthropic:halcyon-2.input: cannot be used"),
    "unknown field": ("cache_read", "cached", ": anthropic:halcyon-2.cached: no such field"),
    "no currency": ('currency = "USD"\n', "", ": anthropic:halcyon-2.currency: missing"),
    "a sign": ('"USD"', '"$"', ": anthropic:halcyon-2.currency: cannot be used"),
    "no date": ("date = 2026-11-01\n", "", ": anthropic:halcyon-2.date: missing"),
    "a day that is none": ("2026-11-01", '"2026-02-30"', ": anthropic:halcyon-2.date: not a date"),
    "an hour": ("2026-11-01", "2026-11-01T10:00:00Z", ": anthropic:halcyon-2.date: no text"),
    "no source": ('"the maker\'s price list"', '" "', ": anthropic:halcyon-2.source: no text"),
    "no participant": ('["anthropic:halcyon-2"]', "[halcyon]", ": halcyon: no such participant"),
    "no table": (STATED, "embedded = 3", ": embedded: not a table"),
    "no price": (STATED, '[embedded]\ncurrency = "USD"\ndate = "2026"\nsource = "me"', ": embedded: no price"),
}  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED)
def test_what_cannot_be_meant_is_refused_where_it_is_wrong(case: str, tmp_path: Path) -> None:
    old, new, message = MALFORMED[case]
    text = STATED.replace(old, new)
    assert text != STATED
    (tmp_path / "prices.toml").write_bytes(text.encode(errors="surrogatepass"))

    with pytest.raises(InputError) as caught:
        read_prices(tmp_path)

    said, _, mend = str(caught.value).partition("\n")
    assert said.startswith(f"prices.toml{message}")
    assert len(said) < 300
    assert mend.strip()


@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    start = data.draw(st.integers(0, len(STATED)))
    damaged = (
        STATED[:start].encode() + data.draw(st.binary(max_size=12)) + STATED[start + 3 :].encode()
    )
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "prices.toml").write_bytes(damaged)

    with suppress(InputError):
        read_prices(folder)
