"""A reply as it streams in: from bytes to events.

Pure. Nothing that comes is trusted: what an API would not send is an `UnreadableError`. Where the
bytes were cut on their way makes no difference. What an event means, `messages` knows.

Source: the event stream format of the HTML standard (9.2).
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from archive.canonical import without_lone_surrogates

LARGEST_COUNT = 2**53 - 1
"""The largest number that canonical bytes hold."""

Expected = TypeVar("Expected")


class UnreadableError(Exception):
    """What came is not what the API sends."""


class EventReader:
    """Cuts a stream of bytes into the data of its events."""

    def __init__(self) -> None:
        self._unfinished: list[bytes] = []  # pieces of a line whose end has not come
        self._data: list[bytes] = []  # lines of an event whose end has not come

    def read(self, piece: bytes) -> Iterator[bytes]:
        """Yield the data of each event that ends in `piece`."""
        ends_in_return = bool(self._unfinished) and self._unfinished[-1].endswith(b"\r")
        if not ends_in_return and b"\n" not in piece and b"\r" not in piece:
            self._unfinished.append(piece)
            return
        lines = b"".join([*self._unfinished, piece]).splitlines(keepends=True)
        # a carriage return is held back: the next piece may begin with its line feed
        self._unfinished = [] if lines[-1].endswith(b"\n") else [lines.pop()]
        for line in lines:
            content = line.rstrip(b"\r\n")
            name, _, value = content.partition(b":")
            if name == b"data":
                self._data.append(value.removeprefix(b" "))
            elif not content and self._data:
                data, self._data = b"\n".join(self._data), []
                yield data


def folded(body: bytes) -> bytes:
    """Return a whole response body with the texts that follow each other as one event.

    It means the same, and is read three times as fast. Only what comes in the provider's own way
    of writing is folded; where something is not UTF-8 nothing is, since events are decoded alone.
    """
    before, *pieces = _TEXT.split(body)
    if not pieces or any(pieces[1:-1:2]):
        return body
    try:
        body.decode()
    except UnicodeDecodeError:
        return body
    return b"".join([before, _OPENING, *pieces[::2], b'"}}\n\n', pieces[-1]])


_SIGNS = rb'[^"\\\x00-\x1f]*'
_LITERAL = _SIGNS + rb'(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})' + _SIGNS + rb")*"  # of a JSON string
_OPENING = (
    b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,'
    b'"delta":{"type":"text_delta","text":"'
)
_TEXT = re.compile(
    _OPENING.replace(b"{", rb"\{").replace(b":", b": ?").replace(b",", b", ?")
    + rb"(" + _LITERAL + rb')" ?\} ?\}\n\n'
)  # fmt: skip


def expect(value: object, kind: type[Expected]) -> Expected:
    """Return `value` if it is of `kind`.

    Raises:
        TypeError: It is not.
    """
    if not isinstance(value, kind):
        raise TypeError(f"not {kind.__name__}: {value!r}")
    return value


def event_of(data: bytes) -> dict[str, Any]:
    """Return the JSON object that an event's data hold.

    Raises:
        ValueError, TypeError, RecursionError: They hold none.
    """
    event: dict[str, Any] = expect(json.loads(data.decode()), dict)
    return event


def counts_of(usage: object) -> dict[str, int]:
    """Return what of a usage report are counts that can be kept."""
    if not isinstance(usage, Mapping):
        return {}
    return {
        without_lone_surrogates(name): count
        for name, count in usage.items()
        if type(count) is int and 0 <= count <= LARGEST_COUNT
    }
