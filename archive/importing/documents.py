"""Reading a file that somebody names: bounded, and as one JSON document or one for each line."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.errors import InputError, Place
from archive.files import read_bounded

LARGEST = 8 * 2**20  # bytes, which hostile JSON blows up to 600 MB; known feeds have 100 KiB
_ARCHIVES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\0",
    b"7z\xbc\xaf\x27\x1c",
)
_LINES = frozenset({".jsonl", ".ndjson"})


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of JSON Lines that is no JSON."""

    why: str


@dataclass(frozen=True, slots=True)
class Lines:
    """A file of JSON Lines: each value with its position; what is no JSON as a `BadLine`."""

    items: Sequence[tuple[str, object]]


def read_document(path: Path) -> object:
    """Return what a JSON file holds, or the `Lines` of one that holds a value on each.

    Raises:
        InputError: It cannot be read, is too large, is not UTF-8, or is neither form of JSON.
    """
    if path.suffix.lower() in _LINES:
        return _lines(_text(path, errors="surrogateescape"))  # one bad line costs one line
    if _is_archive(path):
        raise InputError(
            "a compressed archive, which is not opened",
            at=str(path),
            mend="Unpack it into a folder of its own, and name that folder.",
        )
    text = _text(path)
    try:
        return parsed(text)
    except ValueError as error:
        found = _lines(text)
        if len(found.items) > 1 and not isinstance(found.items[0][1], BadLine):
            return found
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise InputError(
            f"not JSON: {_why(error)}",
            at=Place(str(path), line=line),
            mend="Fetch it anew: nothing was brought in.",
        ) from error


def _is_archive(path: Path) -> bool:
    """Whether a file begins as one, however large it is; `_text` says why one cannot be read."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(6).startswith(_ARCHIVES)
    except OSError:
        return False


def parsed(text: str) -> object:
    """Return the value of a JSON text.

    Raises:
        ValueError: It is none, or nested beyond all sense.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _text(path: Path, *, errors: str = "strict") -> str:
    try:
        return read_bounded(path.resolve(), LARGEST).decode("utf-8-sig", errors)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(
            "not UTF-8",
            at=Place(str(path), line=line),
            mend="Fetch it anew: nothing was brought in.",
        ) from error
    except ValueError as error:
        raise InputError(
            f"{error}: not read",
            at=str(path),
            mend=f"Name a file of at most {LARGEST // 2**20} MiB, or a folder.",
        ) from error
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", at=str(path), mend="Name a file that is there."
        ) from error


def _lines(text: str) -> Lines:
    numbered = [(f"line {n}", line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    return Lines([(position, _line(line)) for position, line in numbered])


def _line(text: str) -> object:
    try:
        text.encode()
        return parsed(text)
    except UnicodeEncodeError:
        return BadLine("not UTF-8")
    except ValueError as error:
        return BadLine(f"not JSON: {_why(error)}")


def _why(error: ValueError) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else str(error)
