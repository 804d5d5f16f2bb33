"""Finding weight files: what stands at a path, and which of it can be registered.

Nothing is opened and no link is followed. What cannot be registered is named.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import InputError
from archive.store.paths import problems
from archive.weights.opening import is_a_link, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A plain file that can be read and registered."""

    path: Path  # absolute; no link is in it
    name: str  # its own, or its path in the folder, with slashes
    folder: Path | None  # the folder that was named, if one was
    size: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What stands at the paths that were named."""

    files: list[Candidate] = field(default_factory=list)
    refused: list[InputError] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)  # names with a dot: no part of a model

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.files)


def find(path: Path) -> Found:
    """Return the file at `path`, or the files in the folder there and in those below it.

    Raises:
        InputError: Nothing stands there, or a link, a device, a pipe, or an empty folder.
    """
    if path.is_symlink():
        raise is_a_link(path)
    where = path.resolve()
    status = _status(where)
    if (refusal := _of_text(where)) is not None:
        raise refusal
    if stat.S_ISDIR(status.st_mode):
        found = find_in(where)
        if not (found.files or found.refused):
            raise InputError("holds no file", at=str(path), mend="Name a folder that holds some.")
        return found
    if not stat.S_ISREG(status.st_mode):
        raise _no_file(where)
    for _, problem in problems([where.name]):
        raise _unportable(where, problem)
    return Found(files=[Candidate(path=where, name=where.name, folder=None, size=status.st_size)])


def find_in(folder: Path) -> Found:
    """Return the files in `folder`, an absolute path, and in the folders below it."""
    found, by_name = Found(), dict[str, Candidate]()
    for entry in _entries(folder, found):
        path = Path(entry.path)
        if entry.name.startswith("."):
            found.hidden.append(shown(path))
        elif entry.is_symlink():
            found.refused.append(is_a_link(path))
        elif entry.is_file(follow_symlinks=False):
            name = path.relative_to(folder).as_posix()
            size = entry.stat(follow_symlinks=False).st_size
            by_name[name] = Candidate(path=path, name=name, folder=folder, size=size)
        elif not entry.is_dir(follow_symlinks=False):
            found.refused.append(_no_file(path))
    for name, problem in problems(sorted(by_name)):
        if (candidate := by_name.pop(name, None)) is not None:
            found.refused.append(_unportable(candidate.path, problem))
    found.files.extend(by_name[name] for name in sorted(by_name))
    return found


def _entries(folder: Path, found: Found) -> "Iterator[os.DirEntry[str]]":
    """Yield all that is in a folder and below it; hidden folders and links are not entered."""
    folders = [folder]
    while folders:
        here = folders.pop()
        try:
            with os.scandir(here) as entries:
                inside = list(entries)
        except OSError as error:
            found.refused.append(_unreadable(here, error))
            continue
        yield from inside
        folders += [
            Path(entry.path)
            for entry in inside
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
        ]


def _status(path: Path) -> os.stat_result:
    try:
        return path.lstat()
    except OSError as error:
        raise _unreadable(path, error) from error


def _of_text(path: Path) -> InputError | None:
    try:
        os.fsencode(path).decode()
    except UnicodeDecodeError:
        return _unportable(path, "has a name that is not UTF-8")
    return None


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(
        f"cannot be read: {error.strerror}",
        at=shown(path),
        mend="Name what is there, or give yourself the right to read it.",
    )


def _no_file(path: Path) -> InputError:
    return InputError("is a device or a pipe, not a file", at=shown(path), mend="Name a file.")


def _unportable(path: Path, problem: str) -> InputError:
    return InputError(
        f"{problem}: not every system can hold it",
        at=shown(path),
        mend="Give the file another name.",
    )
