"""YAML that people write, read strictly: every value knows the line and the field it stands at.

A small part of YAML 1.2: fields, lists, text and whole numbers. What can read one way and mean
another is refused: anchors and aliases, tags, directives, merge keys, a key twice, several
documents.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from archive.errors import InputError, Place

LARGEST = 1_000_000  # bytes

Word = TypeVar("Word", bound=StrEnum)

_TAG = "tag:yaml.org,2002:"
_NUMBER = re.compile("[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One value of a file, and where it stands."""

    file: str
    line: int  # of its key or its dash, from 1
    field: str  # the way to it, as in sections[2].title; "" for the whole
    node: Any  # a node of ruamel.yaml, which gives no types
    lines: tuple[str, ...]  # the whole file's

    @property
    def place(self) -> Place:
        """Where it stands, as errors say it."""
        return Place(self.file, line=self.line, field=self.field or None)

    def error(self, what: str, *, mend: str, line: int | None = None) -> InputError:
        """Return the error to raise about this value; `line` where it is not its first."""
        place = self.place if line is None else replace(self.place, line=line)
        return InputError(what, at=place, mend=mend)

    def fields(
        self,
        required: Collection[str],
        *,
        optional: Collection[str] = (),
        missing: str = "Add this field.",
    ) -> dict[str, "Entry"]:
        """Return its values by field: all that are required, none that is not known.

        Args:
            required: The fields that it must have.
            optional: Those that it may have.
            missing: What to do about a field that is not there.

        Raises:
            InputError: It has no fields, or one is missing, unknown or there twice.
        """
        found = self.entries()
        known = (*required, *optional)
        for name, entry in found.items():
            if name not in known:
                raise entry.error("unknown field", mend=f"Fields here: {', '.join(known)}.")
        for name in required:
            if name not in found:
                raise self._at(name, self.line, None).error("missing", mend=missing)
        return found

    def entries(self) -> dict[str, "Entry"]:
        """Return its values by key: at least one.

        Raises:
            InputError: It has none, or a key is there twice or is no text.
        """
        if not isinstance(self.node, MappingNode) or not self.node.value:
            raise self._not("fields: a word, a colon, a value")
        found: dict[str, Entry] = {}
        for key, value in self.node.value:
            line = key.start_mark.line + 1
            if key.tag != f"{_TAG}str" or key.anchor:
                raise self.error("a key that is no word", line=line, mend="Write a word there.")
            entry = self._at(key.value, line, value)
            if key.value in found:
                raise entry.error(
                    f"stands twice, first in line {found[key.value].line}",
                    mend="Take one of the two out.",
                )
            found[key.value] = entry
        return found

    def items(self) -> list["Entry"]:
        """Return the items of a list: at least one.

        Raises:
            InputError: It is no list, or an empty one.
        """
        if not isinstance(self.node, SequenceNode) or not self.node.value:
            raise self._not("a list: lines that begin with a dash")
        return [self._item(place, node) for place, node in enumerate(self.node.value)]

    def text(self) -> str:
        """Return text of one line or more, without the white space around it.

        Raises:
            InputError: It is no text, is empty, or holds what cannot be shown.
        """
        if self.node.tag == f"{_TAG}null":
            raise self._empty()
        if self.node.tag != f"{_TAG}str":
            raise self._not("text: put it in quotes")
        text: str = self.node.value.strip()
        if not text:
            raise self._empty()
        for char in text:
            if char != "\n" and unicodedata.category(char) in {"Cc", "Cs"}:
                raise self.error(f"holds the character {char!a}", mend="Take it out.")
        return text

    def phrase(self) -> str:
        """Return text of one line.

        Raises:
            InputError: It is no text, is empty, or has several lines.
        """
        text = self.text()
        if "\n" in text:
            raise self.error("more than one line", mend="Write it as one line.")
        return text

    def number(self) -> int:
        """Return a whole number from 1 on, of at most nine digits.

        Raises:
            InputError: It is none.
        """
        if self.node.tag != f"{_TAG}int" or not _NUMBER.fullmatch(self.node.value):
            raise self._not("a whole number from 1 on")
        return int(self.node.value)

    def count(self) -> int:
        """Return a whole number from 0 on, of at most nine digits.

        Raises:
            InputError: It is none.
        """
        nought = self.node.tag == f"{_TAG}int" and self.node.value == "0"
        return 0 if nought else self.number()

    def truth(self) -> bool:
        """Return whether it is `true`.

        Raises:
            InputError: It is neither `true` nor `false`.
        """
        if self.node.tag != f"{_TAG}bool" or self.node.value not in {"true", "false"}:
            raise self._not("true or false")
        return bool(self.node.value == "true")

    def day(self) -> str:
        """Return a date as it is written, with or without quotes around it.

        Raises:
            InputError: It is a list or fields, is empty, or holds what cannot be shown.
        """
        if self.node.tag in {f"{_TAG}timestamp", f"{_TAG}int"}:
            return str(self.node.value)
        return self.phrase()

    def choice(self, kinds: type[Word]) -> Word:
        """Return the one of `kinds` that is written here.

        Raises:
            InputError: It is none of them.
        """
        written = self.phrase()
        if written not in set(kinds):
            raise self.error(
                f"no such word: {written!r}", mend=f"Write one of: {', '.join(kinds)}."
            )
        return kinds(written)

    @property
    def is_list(self) -> bool:
        """Whether it is written as a list."""
        return isinstance(self.node, SequenceNode)

    def along(self, path: Sequence[str | int]) -> "Entry":
        """Return the value at the end of `path`, or the last one on the way that is there."""
        entry = self
        for step in path:
            found = entry._step(step)
            if found is None:
                return entry
            entry = found
        return entry

    def line_of(self, part: str) -> int:
        """Return the line of the file in which `part` of this text stands."""
        first, last = self.node.start_mark.line, self.node.end_mark.line
        lines = enumerate(self.lines[first : last + 1], start=first + 1)
        return next((number for number, line in lines if part in line), self.line)

    def _step(self, step: str | int) -> "Entry | None":
        values = self.node.value
        if isinstance(step, int):
            if self.is_list and step < len(values):
                return self._item(step, values[step])
        elif isinstance(self.node, MappingNode):
            for key, value in values:
                if key.value == step:
                    return self._at(step, key.start_mark.line + 1, value)
        return None

    def _item(self, place: int, node: Any) -> "Entry":  # noqa: ANN401  # see Entry.node
        return self._at(f"[{place}]", node.start_mark.line + 1, node)

    def _at(self, step: str, line: int, node: Any) -> "Entry":  # noqa: ANN401  # see Entry.node
        field = f"{self.field}{step}" if step.startswith("[") else f"{self.field}.{step}"
        entry = replace(self, line=line, field=field.removeprefix("."), node=node)
        if node is not None and node.anchor:
            raise entry.error(f"an anchor: &{node.anchor}", mend="Write the value out each time.")
        return entry

    def _not(self, what: str) -> InputError:
        return self.error("of the wrong type", mend=f"It has to be {what}.")

    def _empty(self) -> InputError:
        return self.error("empty", mend="Write something there, or take the field out.")


def read_tree(source: bytes, *, file: str) -> Entry:
    """Return the one value that a file holds; `file` is what errors call it.

    Raises:
        InputError: It is too large, no UTF-8, no YAML, or more of YAML than is read here.
    """
    if len(source) > LARGEST:
        raise InputError(
            f"larger than {LARGEST:,} bytes", at=file, mend="Nothing that is read aloud is so long."
        )
    text = _decode(source, file)
    lines = tuple(text.splitlines())
    for number, line in enumerate(lines, start=1):
        if line.startswith("%"):
            raise InputError("a directive", at=Place(file, line=number), mend="Take the line out.")
    node = _compose(text, file)
    whole = Entry(file=file, line=1, field="", node=node, lines=lines)
    if node is None:
        raise whole.error("empty", mend="Write the fields that it needs.")
    if node.anchor:
        raise whole.error(f"an anchor: &{node.anchor}", mend="Take it out.")
    return whole


def _compose(text: str, file: str) -> Any:  # noqa: ANN401  # see Entry.node
    try:
        return YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark, problem = error.problem_mark, str(error.problem or error.context)
        place = Place(file, line=mark.line + 1 if mark else None)
        raise InputError(f"not YAML: {problem}", at=place, mend=_advice(problem)) from error
    except ReaderError as error:
        place = Place(file, line=text.count("\n", 0, error.position) + 1)
        character = f"U+{error.character:04X}"
        raise InputError(
            f"not YAML: the character {character}", at=place, mend="Take it out."
        ) from error
    except (RecursionError, ValueError) as error:
        # what ruamel.yaml lets through: brackets without end, "\U00110000"
        raise InputError(
            f"not YAML: {error}", at=file, mend="Write plain fields, lists and text only."
        ) from error


def _decode(source: bytes, file: str) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise InputError(
            "not UTF-8", at=Place(file, line=line), mend="Save it as UTF-8."
        ) from error


def _advice(problem: str) -> str:
    if "\\t" in problem:
        return "Indent with spaces, never with tabs."
    return "Look at the indentation, and put text that holds ': ' or ' #' into quotes."
