"""Entries: what one source says of one model, before it is compared with the record.

Pure. Each source's module makes them from its own form; `archive.importing.merging` takes them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from archive.records.lifecycle import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an entry stands: a file or an address, and a JSON pointer or a line in it."""

    source: str
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An entry that was left out, and why."""

    place: Place
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """What a folder of a model's files holds."""

    source: str  # its name, with its revision if known
    files: Mapping[str, int]  # bytes, by path in it
    weights: tuple[str, ...]
    missing: tuple[str, ...]
    headers_refused: Mapping[str, str] = field(default_factory=dict)  # of weights: why, by path


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One model as one source has it."""

    place: Place
    id: str  # the provider's own
    maker: str | None = None
    aliases: tuple[str, ...] = ()
    facts: Mapping[str, str | int | list[str]] = field(default_factory=dict)  # fields of a Model
    source: str
    told_by: str | None = None  # as of a Statement
    observed_at: str  # RFC 3339
    statements: tuple[Statement, ...] = ()
    replacements: tuple[str, ...] = ()  # names, as the source writes them
    folder: Folder | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was understood of one source."""

    source: str
    form: str  # the name of its format
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def sorted_out(source: str, form: str, found: Iterable[Entry | Problem]) -> Reading:
    """Return a reading, with what could not be understood apart."""
    all_found = list(found)
    return Reading(
        source=source,
        form=form,
        entries=tuple(one for one in all_found if isinstance(one, Entry)),
        problems=tuple(one for one in all_found if isinstance(one, Problem)),
    )
