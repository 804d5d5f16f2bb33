"""The manifest: what builds have put into a folder, and of what it was made.

Its file lies in the folder, and names nothing that the folder does not show.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from archive.errors import InputError
from blog.site.remembered import NOTHING, Memory, Remembered

MANIFEST = ".emeritus-site.json"


@dataclass(frozen=True, slots=True)
class Printed:
    """A file as it was put in place."""

    size: int
    mtime_ns: int
    sha256: str

    def stands(self, path: str) -> bool:
        """Whether the file at `path` is still the one that was put there, as far as stat says."""
        try:
            found = os.stat(path)  # noqa: PTH116  # a Path costs as much again
        except (FileNotFoundError, NotADirectoryError):
            return False
        return (found.st_mtime_ns, found.st_size) == (self.mtime_ns, self.size)


@dataclass(frozen=True, slots=True)
class Made:
    """What a unit was made to."""

    key: str
    files: Mapping[str, Printed]

    def stands(self, out: Path) -> bool:
        """Whether all its files in the folder `out` are as they were left."""
        return all(file.stands(f"{out}/{path}") for path, file in self.files.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What builds have put into a folder, and for which address."""

    address: str
    whole: bool  # False: a build was stopped half-way
    workspace: str | None = None  # the id of the one whose site it is; None: an older build
    state: str = ""  # the key of the whole site
    units: Mapping[str, Made] = field(default_factory=dict)
    loose: frozenset[str] = frozenset()  # files that may be there besides
    memory: Memory = NOTHING  # what the next build need not read again

    @property
    def files(self) -> frozenset[str]:
        """Every path that a build has put something at, or may have."""
        return self.loose.union(*(made.files for made in self.units.values()))

    @property
    def written(self) -> bytes:
        """The manifest as it is kept."""
        units = {
            name: [made.key, {path: _row(file) for path, file in made.files.items()}]
            for name, made in self.units.items()
        }
        posts = {
            post: [one.digest, one.shown, one.head, one.flow]
            for post, one in self.memory.posts.items()
        }
        head = {"address": self.address, "whole": self.whole, "workspace": self.workspace}
        head |= {"state": self.state}
        head = {name: value for name, value in head.items() if value is not None}
        body = {"files": sorted(self.loose), "units": units}
        memory = {"environment": self.memory.environment, "posts": posts}
        return json.dumps(head | body | memory).encode() + b"\n"


def read_manifest(out: Path) -> Manifest:
    """Return the manifest of the site in `out`.

    Raises:
        InputError: There is none, or it cannot be read.
    """
    try:
        found = (out / MANIFEST).stat()
        return _read(out / MANIFEST, found.st_ino, found.st_mtime_ns, found.st_size)
    except FileNotFoundError as error:
        raise InputError(
            "holds no site", at=str(out), mend="Build it first: emeritus site build"
        ) from error
    except (AttributeError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            "is no list of a site's files",
            at=str(out / MANIFEST),
            mend="Remove the folder and build again, or build into another one.",
        ) from error


def is_whole(out: Path) -> bool:
    """Whether a build into `out` came to its end, and none was stopped half-way since.

    Raises:
        InputError: The manifest cannot be read.
    """
    return (out / MANIFEST).exists() and read_manifest(out).whole


def is_inside(path: str) -> bool:
    """Whether a path leads to a file within the folder that it starts from."""
    return bool(path) and not path.startswith("/") and ".." not in path.split("/")


@lru_cache(maxsize=1)
def _read(path: Path, *_file: int) -> Manifest:
    """Return what a file says that is always replaced whole: it is read once."""
    return _manifest(json.loads(path.read_bytes()))


def _manifest(named: dict[str, Any]) -> Manifest:
    return Manifest(
        address=str(named["address"]),
        whole=bool(named["whole"]),
        workspace=None if named.get("workspace") is None else str(named["workspace"]),
        state=str(named.get("state", "")),
        units={
            name: Made(key, {path: Printed(*row) for path, row in files.items()})
            for name, (key, files) in named.get("units", {}).items()
            if all(map(is_inside, files))
        },
        memory=Memory(
            environment=str(named.get("environment", "")),
            posts={
                post: Remembered(digest=digest, shown=shown, head=head, flow=flow)
                for post, (digest, shown, head, flow) in named.get("posts", {}).items()
            },
        ),
        loose=frozenset(path for path in map(str, named["files"]) if is_inside(path)),
    )


def _row(file: Printed) -> tuple[int, int, str]:
    return file.size, file.mtime_ns, file.sha256
