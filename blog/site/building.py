"""Building the site: every file whole, and only what changed is made and written.

The bytes are a function of the views, and each unit of the site has a key of all that it is made
of. A unit is made again if its key is another, or a file of it is not as it was left. What is made
lies beside the site first; then it is put in place: new files before changed ones, pages before
the lists and feeds that lead to them, and what is gone is removed last. Whoever starts from the
home page finds no broken link, even after a build that was killed. A manifest names what builds
have put into the folder; nothing else there is ever removed.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from archive.errors import InputError
from archive.workspace.locks import only_runner
from blog.site.feeds import FILES
from blog.site.laying_out import LaidOut, lay_out
from blog.site.manifest import MANIFEST, Made, Manifest, read_manifest
from blog.site.remembered import memory_of
from blog.site.software import software
from blog.site.units import Unit, state_of, units_of
from blog.site.views import Site

_LOCK = ".emeritus-site.lock"
_PART = ".emeritus-site.part"  # the manifest, as it is being written
_PARTS = ".emeritus-site.parts"  # what is made and not yet in place


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """What a build did."""

    pages: int  # HTML pages in the site
    written: int  # files whose bytes changed
    removed: int
    feeds: int
    seconds: float


def contents(site: Site) -> dict[str, bytes]:
    """Return every file of the site by its path, in the order in which they are to be written.

    Raises:
        FaultError: A text is not the one that was recorded.
    """
    units = units_of(site, software=software())
    return {page.path: page.content for unit in units for page in unit.make()}


def build(site: Site, out: Path) -> BuildResult:
    """Write the site into the folder `out`, which is made if it is not there.

    Raises:
        FaultError: A text is not the one that was recorded; nothing was written.
        InputError: `out` holds files that no build put there; or a template cannot be used.
        ServiceError: Another build is writing there.
        OSError: The disk refused; every link of what stands there leads somewhere.
    """
    begun = perf_counter()
    check(out, site.workspace)
    state = state_of(site, software=software())
    out.mkdir(parents=True, exist_ok=True)
    with only_runner(out / _LOCK, what=str(out)):
        before = (
            read_manifest(out) if (out / MANIFEST).exists() else Manifest(address="", whole=False)
        )
        unchanged = before.whole and (before.state, before.address) == (state, site.address)
        if unchanged and all(made.stands(out) for made in before.units.values()):
            return _result(before, begun)
        with _beside(out) as parts:
            return _build(site, out, parts, before, state, begun)


def _build(
    site: Site, out: Path, parts: Path, before: Manifest, state: str, begun: float
) -> BuildResult:
    units = list(units_of(site, software=software()))
    kept = {unit.name: before.units[unit.name] for unit in units if _stands(unit, before, out)}
    ready = list(lay_out([unit for unit in units if unit.name not in kept], out, parts))
    made = kept | {one.name: one.made for one in ready}
    after = Manifest(
        address=site.address,
        whole=True,
        workspace=site.workspace,
        state=state,
        units={unit.name: made[unit.name] for unit in units},
        memory=memory_of(site),
    )
    gone = before.files - after.files
    _record(out, _on_the_way(after, kept, gone))
    written = _put_in_place(ready, out, parts)
    removed = _remove(out, gone)
    _record(out, after)
    return _result(after, begun, written=written, removed=removed)


def _result(manifest: Manifest, begun: float, *, written: int = 0, removed: int = 0) -> BuildResult:
    files = manifest.files
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
    if not out.is_dir() or any(item.name not in {_LOCK, _PART, _PARTS} for item in out.iterdir()):
        raise InputError(
            "holds files that no build of this site put there",
            at=str(out),
            mend="Name an empty folder, or one that is not there yet.",
        )


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Make the folder for what is not yet in place; what a killed build left of it goes first."""
    parts = out / _PARTS
    shutil.rmtree(parts, ignore_errors=True)
    parts.mkdir()
    try:
        yield parts
    finally:
        shutil.rmtree(parts, ignore_errors=True)


def _stands(unit: Unit, before: Manifest, out: Path) -> bool:
    """Whether all files of a unit are as they were left, and would be made the same."""
    made = before.units.get(unit.name)
    return made is not None and made.key == unit.key and made.stands(out)


def _on_the_way(after: Manifest, kept: Mapping[str, Made], gone: Iterable[str]) -> Manifest:
    """Return the manifest of a build that was stopped half-way: which files may be there."""
    return Manifest(
        address=after.address,
        whole=False,
        workspace=after.workspace,
        units=kept,
        loose=after.files.union(gone),
    )


def _put_in_place(ready: Sequence[LaidOut], out: Path, parts: Path) -> int:
    """Put what was made in its place, new files first; return how many files.

    Not fsynced: a page can be made again.
    """
    moves = [move for unit in ready for move in unit.parts]
    there = [(out / path).exists() for _, path in moves]
    folders: set[str] = set()
    for is_there in (False, True):
        for (part, path), stood in zip(moves, there, strict=True):
            if stood is not is_there:
                continue
            folder = path.rpartition("/")[0]
            if folder not in folders:
                folders.add(folder)
                _open_folder(out, folder)
            (parts / part).replace(out / path)
    return len(moves)


def _open_folder(out: Path, folder: str) -> None:
    """Make a folder of the site, unless it is there.

    Raises:
        InputError: A link leads it out of the site.
    """
    (out / folder).mkdir(parents=True, exist_ok=True)
    if not (out / folder).resolve().is_relative_to(out.resolve()):
        raise InputError("leads out of the site", at=str(out / folder), mend="Remove the link.")


def _record(out: Path, manifest: Manifest) -> None:
    (out / _PART).write_bytes(manifest.written)
    (out / _PART).replace(out / MANIFEST)


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
