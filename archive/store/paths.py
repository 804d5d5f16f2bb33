"""Paths inside an object: what OCFL forbids, and what a copy on another system could not hold.

Pure.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator

from archive.errors import InputError

_NO_ELEMENTS = frozenset(("", ".", ".."))
_UNPORTABLE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\\\ud800-\udfff]|[. ](?:/|$)')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def has_outer_slash(path: str) -> bool:
    """Whether `path` begins or ends with a slash."""
    return path.startswith("/") or path.endswith("/")


def has_forbidden_element(path: str) -> bool:
    """Whether an element of `path` is empty, `.` or `..`; outer slashes apart."""
    return not _NO_ELEMENTS.isdisjoint(path.removeprefix("/").removesuffix("/").split("/"))


def conflicts(paths: Collection[str]) -> list[str]:
    """Return the paths that lie within another: a file cannot be a folder too."""
    files = frozenset(paths)
    return [path for path in files if any(folder in files for folder in _folders(path))]


def check_portable(paths: Collection[str]) -> None:
    """Check that every file system can hold these paths side by side.

    Raises:
        InputError: One has a problem; `problems` says which there are.
    """
    for path, problem in problems(paths):
        raise InputError(
            f"{problem}: the store would not hold it on every file system",
            at=repr(path),
            mend="Give the file another name.",
        )


def problems(paths: Collection[str]) -> Iterator[tuple[str, str]]:
    """Return each path that some file system could not hold beside the others, and why.

    It is absolute, leads outside, holds a character or a name that some file system refuses,
    lies within another, or differs from another only in case or in how an accent is written.
    """
    seen: dict[str, str] = {}
    for path in paths:
        problem = _problem(path)
        folded = unicodedata.normalize("NFC", path.casefold())
        if problem is None and folded in seen:
            problem = f"differs only in case or accents from {seen[folded]!r}"
        if problem is not None:
            yield path, problem
        seen.setdefault(folded, path)
    for folded in conflicts(seen):
        yield seen[folded], "lies within another file"


def _problem(path: str) -> str | None:
    if has_outer_slash(path) or has_forbidden_element(path):
        return "is not a path relative to the object"
    if _UNPORTABLE.search(path):
        return "holds a character that some file systems refuse"
    for element in path.split("/"):
        if _DEVICE.fullmatch(element):
            return f"holds the reserved name {element!r}"
        if len(element.encode()) > 255:
            return "holds a name of more than 255 bytes"
    return None


def _folders(path: str) -> Iterator[str]:
    end = path.find("/")
    while end != -1:
        yield path[:end]
        end = path.find("/", end + 1)
