"""Laying units out: their files beside the site, on the same disk, ready to be put in place.

Nothing of the site itself is touched. Many units are shared out among processes; those that follow
each other stay together.
"""

import os
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jinja2 import TemplateSyntaxError

from archive.canonical import sha256
from archive.errors import EmeritusError, InputError, Place
from blog.site.manifest import Made, Printed, is_inside
from blog.site.processes import in_processes, worth_it
from blog.site.units import Unit

TOGETHER = 64
"""Units that one process is given at once."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A unit whose files are ready."""

    name: str
    made: Made
    parts: Sequence[tuple[str, str]]  # of those that changed: the part's name, and where it goes


def lay_out(units: Sequence[Unit], out: Path, parts: Path) -> Iterator[LaidOut]:
    """Yield each unit, laid out, in their order.

    Args:
        units: Which.
        out: The site's folder: what stands there already with the same bytes is left as it is.
        parts: A folder for the files that changed.

    Raises:
        FaultError: A text is not the one that was recorded; or two files have one path.
        InputError: A template cannot be used; or a path leads out of the site.
        OSError: The disk refused.
    """
    work = _Work(units, str(out), str(parts))
    if not worth_it(len(units)):
        for place in range(len(units)):
            yield work.unit(place)
        return
    for laid_out in in_processes(work.some, range(0, len(units), TOGETHER)):
        yield from laid_out


@dataclass(frozen=True, slots=True)
class _Work:
    units: Sequence[Unit]
    out: str
    parts: str

    def some(self, first: int) -> list[LaidOut]:
        last = min(first + TOGETHER, len(self.units))
        return [self.unit(place) for place in range(first, last)]

    def unit(self, place: int) -> LaidOut:
        unit = self.units[place]
        files: dict[str, Printed] = {}
        changed = []
        with _named(unit):
            for number, page in enumerate(unit.make()):
                part = f"{place}-{number}"
                files[page.path], new = self._file(page.path, page.content, part)
                if new:
                    changed.append((part, page.path))
        return LaidOut(unit.name, Made(unit.key, files), changed)

    def _file(self, path: str, content: bytes, part: str) -> tuple[Printed, bool]:
        """Return a file as it will stand, and whether it is not there yet with these bytes."""
        if not is_inside(path):
            raise InputError("leads out of the site", at=path, mend="Give it another address.")
        digest = sha256(content)
        standing = _stat(f"{self.out}/{path}")
        if standing is not None and standing.st_size == len(content):
            with open(f"{self.out}/{path}", "rb") as file:  # noqa: PTH123  # a Path costs as much
                if file.read() == content:
                    return Printed(len(content), standing.st_mtime_ns, digest), False
        with open(f"{self.parts}/{part}", "wb") as file:  # noqa: PTH123  # the same
            file.write(content)
        made = os.stat(f"{self.parts}/{part}")  # noqa: PTH116  # the same
        return Printed(len(content), made.st_mtime_ns, digest), True


def _stat(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)  # noqa: PTH116  # the same
    except (FileNotFoundError, NotADirectoryError):
        return None


@contextmanager
def _named(unit: Unit) -> Iterator[None]:
    """Say where in which template an error arose, and what was laid out with it."""
    try:
        yield
    except (EmeritusError, OSError):
        raise
    except Exception as error:
        place = _in_template(error)
        if place is None:
            raise
        raise InputError(
            f"the template cannot be used for {unit.name}: {error}",
            at=place,
            mend="Mend the template. Nothing was written.",
        ) from error


def _in_template(error: Exception) -> Place | None:
    if isinstance(error, TemplateSyntaxError):
        return Place(error.filename or error.name or "a template", error.lineno)
    frames = traceback.extract_tb(error.__traceback__)
    lines = [(frame.filename, frame.lineno) for frame in frames if frame.filename.endswith(".html")]
    return Place(*lines[-1]) if lines else None
