"""Reading a large JSON object member by member, in flat memory.

`json.loads` of a hostile 100 MB builds gigabytes of objects. Here a window of the text moves
on, and each value that is taken out of it has a bound of its own.

    text = BoundedJson(file, length, at="model.safetensors")
    for name in text.members(longest_name=1024):
        value = text.value(longest=4096, what=f"tensor {name!r}")
    text.end()
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

from archive.errors import InputError

_CHUNK = 1 << 16  # bytes
_SPACE = re.compile(r"[ \t\n\r]+")
_ESCAPED = 6  # the characters that one can take in JSON: \u0041


class BoundedJson:
    """The text of the next `length` bytes of `file`; `at` says which file it is."""

    def __init__(self, file: BinaryIO, length: int, *, at: str) -> None:
        self._file = file
        self._left = length  # bytes that are not in the window yet
        self._at = at
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._json = json.JSONDecoder(
            object_pairs_hook=_without_repeats, parse_constant=_no_constant
        )
        self._window = ""
        self._position = 0  # in the window

    def members(self, *, longest_name: int) -> Iterator[str]:
        """Yield the name of each member of an object; take its value before going on.

        Raises:
            InputError: It is no object, or no JSON.
        """
        self._expect("{")
        if self._takes("}"):
            return
        while True:
            name = self.string(longest=longest_name * _ESCAPED, what="a name")
            self._expect(":")
            yield name
            if self._takes("}"):
                return
            self._expect(",")

    def string(self, *, longest: int, what: str) -> str:
        """Return the next value, a text that takes at most `longest` characters in JSON.

        Raises:
            InputError: It is longer, or no text; `what` says which it was.
        """
        self._skip_space()
        if not self._window.startswith('"', self._position):
            self.refuse(f"has no text where JSON has {what}")
        return str(self.value(longest=longest + 2, what=what))

    def value(self, *, longest: int, what: str) -> Any:  # noqa: ANN401  # any JSON value
        """Return the next value, which takes at most `longest` characters.

        Raises:
            InputError: It is longer, or no JSON; `what` says which it was.
        """
        self._skip_space()
        self._fill(longest + 1)  # a number ends where something else begins
        text, start = self._window, self._position
        if len(text) - start > longest + _CHUNK:  # as a longer value before left it
            text, start = text[start : start + longest + 1], 0
        try:
            value, end = self._json.raw_decode(text, start)
        except (ValueError, RecursionError) as error:
            if len(text) - start > longest:
                self.refuse(f"has more than {longest} characters in {what}, or no JSON there")
            self.refuse(f"has no JSON in {what}: {str(error).partition(':')[0]}")
        if end - start > longest:
            self.refuse(f"has more than {longest} characters in {what}")
        self._position += end - start
        return value

    def end(self) -> None:
        """See that nothing but space follows.

        Raises:
            InputError: Something does.
        """
        self._skip_space()
        if self._position < len(self._window):
            self.refuse("has more after the end of its JSON object")

    def refuse(self, what: str) -> NoReturn:
        """Raise what is wrong with the file."""
        raise InputError(what, at=self._at, mend="It was cut or damaged: get it again.")

    def _expect(self, symbol: str) -> None:
        if not self._takes(symbol):
            found = self._window[self._position : self._position + 1]
            self.refuse(f"is no JSON object: {found!r} stands where {symbol!r} should")

    def _takes(self, symbol: str) -> bool:
        self._skip_space()
        taken = self._window.startswith(symbol, self._position)
        self._position += taken
        return taken

    def _skip_space(self) -> None:
        self._fill(1)
        while (space := _SPACE.match(self._window, self._position)) is not None:
            self._position = space.end()
            self._fill(1)

    def _fill(self, count: int) -> None:
        """Have the next `count` characters in the window, as far as there are that many."""
        if len(self._window) - self._position >= count or not self._left:
            return
        parts = [self._window[self._position :]]
        have = len(parts[0])
        while have < count and self._left:
            chunk = self._file.read(min(_CHUNK, self._left))
            if not chunk:
                self.refuse("became shorter while it was read")
            self._left -= len(chunk)
            try:
                parts.append(self._decoder.decode(chunk, final=not self._left))
            except UnicodeDecodeError:
                self.refuse("has a JSON that is not UTF-8")
            have += len(parts[-1])
        self._window, self._position = "".join(parts), 0


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name stands twice")
    return members


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
