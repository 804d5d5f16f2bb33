"""What providers charge: the workspace's `prices.toml`, and what tokens cost by it.

Amounts are exact decimals. A price that nobody wrote down is unknown, never 0; so is a cost that
needs it. A model that runs here has no price either, unless the operator writes one.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from archive.errors import InputError, Place
from archive.records.addresses import check_address
from archive.records.lifecycle import check_date

FILE_NAME = "prices.toml"
LARGEST = 1 << 20  # bytes of a file that somebody writes by hand

KINDS = ("input", "output", "cache_read", "cache_write")
"""What is charged for; `input` is what came from no prompt cache."""

_STATED = ("currency", "date", "source")
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """How many tokens of each kind."""

    input: int = 0  # read from no cache
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.input + self.output + self.cache_read + self.cache_write

    @property
    def read(self) -> int:
        """All that was sent, from a cache or not."""
        return self.input + self.cache_read + self.cache_write

    def times(self, number: int) -> "Tokens":
        """So many times as many."""
        return Tokens(**{kind: number * int(getattr(self, kind)) for kind in KINDS})

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(
            **{kind: int(getattr(self, kind)) + int(getattr(other, kind)) for kind in KINDS}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a provider charges for a million tokens of each kind; None: unknown."""

    currency: str  # ISO 4217
    date: str  # when it was looked up, or since when it holds
    source: str
    input: Decimal | None = None
    output: Decimal | None = None
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The kinds whose price is unknown."""
        return tuple(kind for kind in KINDS if getattr(self, kind) is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What tokens cost; without an amount it is unknown, and `missing` says for want of what."""

    amount: Decimal | None
    currency: str | None = None
    missing: tuple[str, ...] = ()  # kinds of tokens whose price is unknown


def cost_of(tokens: Tokens, price: Price | None) -> Cost:
    """Return what tokens cost, each kind at its own price; no price is needed for none."""
    used = [kind for kind in KINDS if getattr(tokens, kind)]
    if price is None:
        return Cost(amount=None, missing=tuple(used)) if used else Cost(amount=Decimal(0))
    if missing := tuple(kind for kind in used if kind in price.missing):
        return Cost(amount=None, currency=price.currency, missing=missing)
    micro = sum((getattr(tokens, kind) * getattr(price, kind) for kind in used), Decimal(0))
    return Cost(amount=micro.scaleb(-6), currency=price.currency)


def most_for(tokens: Tokens, price: Price | None) -> Cost:
    """Return what tokens can cost at most: all that is sent, at its dearest."""
    if not tokens.total:
        return Cost(amount=Decimal(0), currency=None if price is None else price.currency)
    if price is None or price.missing:
        missing = KINDS if price is None else price.missing
        return Cost(
            amount=None, currency=None if price is None else price.currency, missing=missing
        )
    dearest = max(KINDS, key=lambda kind: -1 if kind == "output" else getattr(price, kind))
    return cost_of(Tokens(output=tokens.output, **{dearest: tokens.read}), price)


def saved_by_cache(tokens: Tokens, price: Price | None) -> Cost:
    """Return what prompt caching saved: less than nothing, where it cost more than it gave."""
    uncached = cost_of(Tokens(input=tokens.read, output=tokens.output), price)
    cached = cost_of(tokens, price)
    if uncached.amount is None or cached.amount is None:
        missing = tuple(dict.fromkeys(uncached.missing + cached.missing))
        return Cost(amount=None, currency=uncached.currency, missing=missing)
    return Cost(amount=uncached.amount - cached.amount, currency=cached.currency)


def shown_money(amount: Decimal, currency: str | None) -> str:
    """Return an amount as people read it, to the millionth at most."""
    text = f"{round(amount, 6):,f}"
    whole, _, part = text.partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')} {currency or ''}".rstrip()


def read_prices(root: Path) -> dict[str, Price]:
    """Return what `prices.toml` in the folder `root` says, by address; nothing without the file.

    Raises:
        InputError: It cannot be used; the first thing wrong is named with its field.
    """
    return {
        check_address(address, at=str(Place(FILE_NAME, field=address))): _price(address, table)
        for address, table in read_toml(root / FILE_NAME).items()
    }


def read_toml(path: Path) -> dict[str, Any]:
    """Return a TOML file that an operator wrote; an empty one if it is not there.

    Raises:
        InputError: It is no TOML, or too large.
    """
    try:
        with path.open("rb") as file:
            source = file.read(LARGEST + 1)
    except FileNotFoundError:
        return {}
    if len(source) > LARGEST:
        raise InputError("larger than 1 MiB", at=path.name, mend="Take out what is of no use.")
    try:
        return tomllib.loads(source.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(
            f"not TOML: {error}", at=path.name, mend="Correct the line that the message names."
        ) from error


def _price(address: str, table: object) -> Price:
    if not isinstance(table, dict):
        raise _wrong(address, "not a table", f'Write ["{address}"] and its prices below it.')
    for name in table.keys() - {*KINDS, *_STATED}:
        known = ", ".join((*KINDS, *_STATED))
        raise _wrong(f"{address}.{name}", "no such field", f"Take it out. There are {known}.")
    for name in _STATED:
        if name not in table:
            raise _wrong(f"{address}.{name}", "missing", "Say what the prices rest on.")
    if not any(kind in table for kind in KINDS):
        raise _wrong(address, "no price", f"Write one or more of {', '.join(KINDS)}.")
    looked_up = table["date"]
    at = f"{address}.date"
    day = looked_up.isoformat() if type(looked_up) is date else _text(at, looked_up)
    return Price(
        currency=_matched(
            f"{address}.currency", table["currency"], _CURRENCY, 'Write its code: "USD".'
        ),
        date=check_date(day, at=str(Place(FILE_NAME, field=at))),
        source=_text(f"{address}.source", table["source"]),
        **{
            kind: Decimal(
                _matched(
                    f"{address}.{kind}",
                    table[kind],
                    _AMOUNT,
                    'Write what a million tokens cost, in quotes: "2.50".',
                )
            )
            for kind in KINDS
            if kind in table
        },
    )


def _text(field: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(field, "no text", "Write a few words in quotes.")
    return " ".join(value.split())


def _matched(field: str, value: object, form: re.Pattern[str], mend: str) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise _wrong(field, f"cannot be used: {value!r:.80}", mend)
    return value


def _wrong(field: str, what: str, mend: str) -> InputError:
    return InputError(what, at=Place(FILE_NAME, field=field), mend=mend)
