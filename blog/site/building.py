"""Building the site: every file whole, and only if its bytes changed.

The bytes are a function of the views. New files are written before changed ones, pages before
the lists and feeds that lead to them, and what is gone is removed last: whoever starts from the
home page finds no broken link, even after a build that was killed. A manifest names what builds
have put into the folder; nothing else there is ever removed.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from archive.errors import InputError
from archive.rendering.resources import assets
from archive.workspace.locks import only_runner
from blog.site.feeds import FILES
from blog.site.pages import entries_of, feed_pages, list_pages, record_pages
from blog.site.views import Site

MANIFEST = ".emeritus-site.json"
_LOCK = ".emeritus-site.lock"
_PART = ".emeritus-site.part"  # what is being written; one at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """What a build did."""

    pages: int  # HTML pages in the site
    written: int  # files whose bytes changed
    removed: int
    feeds: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """What builds have put into a folder, and for which address."""

    address: str
    files: Sequence[str]
    whole: bool  # False: a build was stopped half-way
    workspace: str | None = None  # the id of the one whose site it is; None: an older build


def read_manifest(out: Path) -> Manifest:
    """Return the manifest of the site in `out`.

    Raises:
        InputError: There is none, or it cannot be read.
    """
    try:
        named = json.loads((out / MANIFEST).read_bytes())
        return Manifest(
            address=str(named["address"]),
            files=[str(path) for path in named["files"]],
            whole=bool(named["whole"]),
            workspace=None if named.get("workspace") is None else str(named["workspace"]),
        )
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


def contents(site: Site) -> dict[str, bytes]:
    """Return every file of the site by its path, in the order in which they are to be written.

    Raises:
        FaultError: A text is not the one that was recorded.
    """
    entries = entries_of(site)
    pages = [*record_pages(site, entries), *list_pages(site, entries), *feed_pages(site)]
    return assets() | {page.path: page.content for page in pages}


def build(site: Site, out: Path) -> BuildResult:
    """Write the site into the folder `out`, which is made if it is not there.

    Raises:
        FaultError: A text is not the one that was recorded; nothing was written.
        InputError: `out` holds files that no build put there.
        ServiceError: Another build is writing there.
    """
    begun = perf_counter()
    files = contents(site)
    check(out, site.workspace)
    out.mkdir(parents=True, exist_ok=True)
    with only_runner(out / _LOCK, what=str(out)):
        before = _built(out)
        _record(out, site, before | files.keys(), whole=False)
        new_first = sorted(files.items(), key=lambda file: (out / file[0]).exists())
        written = sum([_replace(out, path, content) for path, content in new_first])
        removed = _remove(out, before - files.keys())
        _record(out, site, files.keys(), whole=True)
    return BuildResult(
        pages=sum(path.endswith(".html") for path in files),
        written=written,
        removed=removed,
        feeds=sum(path.rpartition("/")[2] in FILES for path in files),
        seconds=round(perf_counter() - begun, 3),
    )


def check(out: Path, workspace: str | None) -> None:
    """Refuse a folder that holds what no build of this workspace put there.

    Raises:
        InputError: It does.
    """
    if not out.exists():
        return
    if (out / MANIFEST).exists():
        if read_manifest(out).workspace not in {None, workspace}:
            raise InputError(
                "holds the site of another workspace",
                at=str(out),
                mend="Name another folder; or remove this one first, if it is not needed.",
            )
        return
    if not out.is_dir() or any(item.name not in {_LOCK, _PART} for item in out.iterdir()):
        raise InputError(
            "holds files that no build of this site put there",
            at=str(out),
            mend="Name an empty folder, or one that is not there yet.",
        )


def _built(out: Path) -> set[str]:
    """Return the paths that builds have put into `out`."""
    if not (out / MANIFEST).exists():
        return set()
    named = read_manifest(out).files
    return {path for path in named if not path.startswith("/") and ".." not in path.split("/")}


def _record(out: Path, site: Site, paths: Iterable[str], *, whole: bool) -> None:
    named: dict[str, object] = {"address": site.address, "whole": whole, "files": sorted(paths)}
    named |= {} if site.workspace is None else {"workspace": site.workspace}
    listed = json.dumps(named, indent=0)
    _replace(out, MANIFEST, f"{listed}\n".encode())


def _replace(out: Path, path: str, content: bytes) -> bool:
    """Put `content` at `path` if other bytes or none stand there; return whether it was done.

    Not fsynced: a page can be made again.
    """
    target = out / path
    try:
        if target.read_bytes() == content:
            return False
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
    part = out / _PART
    part.write_bytes(content)
    part.replace(target)
    return True


def _remove(out: Path, paths: Iterable[str]) -> int:
    removed = 0
    for path in sorted(paths, reverse=True):
        (out / path).unlink(missing_ok=True)
        removed += 1
        for folder in (out / path).parents:
            if folder == out or (folder.exists() and any(folder.iterdir())):
                break
            if folder.exists():  # a build that was killed may have taken it away before
                folder.rmdir()
    return removed
