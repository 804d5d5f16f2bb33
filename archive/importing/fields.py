"""Reading the fields of a JSON object: each of its kind, or said where it is not.

Pure. A field that is absent, null or empty is the same: not stated.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from archive.errors import InputError
from archive.importing.entries import Entry, Place, Problem
from archive.records.lifecycle import check_date
from archive.times import from_text, to_text

MOST = 1024  # characters of a name, a date or a URL

Read = TypeVar("Read")


class NotUnderstoodError(Exception):
    """A value is not what its source's form says; the entry that holds it is left out."""

    def __init__(self, pointer: str, what: str) -> None:
        super().__init__(pointer, what)
        self.pointer = pointer
        self.what = what


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object and the pointer (RFC 6901) at which it stands."""

    values: dict[str, Any]
    pointer: str

    def text(self, name: str) -> str | None:
        """Return one line of text.

        Raises:
            NotUnderstoodError: It is something else.
        """
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise NotUnderstoodError(self.at(name), f"not a text: {_shown(value)}")
        if len(value) > MOST or not value.isprintable() or not value.strip():
            raise NotUnderstoodError(self.at(name), f"not one printable line: {_shown(value)}")
        return value.strip()

    def required(self, name: str) -> str:
        """Return one line of text that must be there.

        Raises:
            NotUnderstoodError: It is missing or something else.
        """
        value = self.text(name)
        if value is None:
            raise NotUnderstoodError(self.at(name), "is missing")
        return value

    def day(self, name: str) -> str | None:
        """Return a date to the year, the month or the day.

        Raises:
            NotUnderstoodError: It is none.
        """
        value = self.text(name)
        return None if value is None else self._parsed(name, lambda: check_date(value, at=name))

    def time(self, name: str) -> str | None:
        """Return a time as RFC 3339 in UTC.

        Raises:
            NotUnderstoodError: It is none.
        """
        value = self.text(name)
        if value is None:
            return None
        return self._parsed(name, lambda: to_text(from_text(value, at=name)))

    def count(self, name: str) -> int | None:
        """Return a whole number that is not negative.

        Raises:
            NotUnderstoodError: It is something else.
        """
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
            raise NotUnderstoodError(self.at(name), f"not a count: {_shown(value)}")
        return value

    def objects(self, name: str) -> "Iterator[Fields]":
        """Return the objects of a list.

        Raises:
            NotUnderstoodError: It is none, or holds something else.
        """
        for pointer, value in self._items(name):
            yield fields(value, pointer)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the texts of a list.

        Raises:
            NotUnderstoodError: It is none, or holds something else.
        """
        return tuple(
            Fields({"": value}, pointer).required("") for pointer, value in self._items(name)
        )

    def at(self, name: str) -> str:
        """Return the pointer of a field."""
        if not name:  # the object stands for a value of a list
            return self.pointer
        return f"{self.pointer}/{name.replace('~', '~0').replace('/', '~1')}"

    def _items(self, name: str) -> Iterator[tuple[str, object]]:
        value = self.values.get(name)
        if value is None:
            return
        if not isinstance(value, list):
            raise NotUnderstoodError(self.at(name), f"not a list: {_shown(value)}")
        for index, item in enumerate(value):
            yield f"{self.at(name)}/{index}", item

    def _parsed(self, name: str, parse: Callable[[], Read]) -> Read:
        try:
            return parse()
        except InputError as error:
            raise NotUnderstoodError(self.at(name), error.what) from error
        except OverflowError as error:  # a time zone that leads out of the calendar
            raise NotUnderstoodError(self.at(name), "no such time") from error


def fields(value: object, pointer: str) -> Fields:
    """Return the fields of a JSON object.

    Raises:
        NotUnderstoodError: It is something else.
    """
    if not isinstance(value, dict):
        raise NotUnderstoodError(pointer, f"not an object: {_shown(value)}")
    return Fields(value, pointer)


def each(
    source: str, items: Iterator[tuple[str, object]], entry_of: Callable[[Place, Fields], Entry]
) -> Iterator[Entry | Problem]:
    """Return the entry of each item of a list, or what could not be understood of it.

    Args:
        source: The file or the address that it was read from.
        items: Each item with its position.
        entry_of: Makes an entry of an item's fields.
    """
    for position, value in items:
        place = Place(source=source, position=position)
        try:
            yield entry_of(place, fields(value, position))
        except NotUnderstoodError as error:
            yield Problem(place=Place(source=source, position=error.pointer), what=error.what)


def _shown(value: object) -> str:
    if isinstance(value, str):
        return ascii(value if len(value) <= 60 else f"{value[:60]}…")
    if value is None:
        return "null"
    return {dict: "an object", list: "a list", bool: "true or false"}.get(type(value), "a number")
