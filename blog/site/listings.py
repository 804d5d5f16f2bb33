"""Lists: everything that was published, in parts that a reader can take in.

Pure. A list is cut from its oldest end, so that a part that is full stays as it is: a new text
changes the list's first page alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TypeVar

from markupsafe import Markup

from archive.rendering.characters import one_line
from archive.rendering.pages import day
from blog.site.shelves import Kind, Shelf, Shelves
from blog.site.views import Audience, Model, Post, Site, Transcript

ROWS = 100  # of a part; a list's first page holds this many more at most

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a list: a text or an interview."""

    kind: str  # "Text", "Interview"
    id: str
    path: str
    title: str  # one line
    language: str
    model: Model
    on: datetime
    name: Markup  # as a list shows it: written once, for all the lists that it stands in
    about: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list of things that belong together, the newest first."""

    kind: str  # "year", or a shelf's
    name: str
    path: str
    rows: Sequence[Row]
    language: str  # of the name
    shelf: Shelf | None = None  # whose texts they are; a year has no feeds


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One page of a list."""

    path: str
    number: int | None  # None: the list's first page, with the newest
    rows: Sequence[Row]
    newer: str | None  # the path of the page with the newer ones
    older: str | None


def listings_of(site: Site, shelves: Shelves) -> list[Listing]:
    """Return the list of each year, model, language, tag, and tag of a model."""
    years = years_of(site)
    known = {row.id: row for _, rows in years for row in rows}
    by_year = [
        Listing(
            kind="year", name=str(year), path=f"archive/{year}/", rows=rows, language=site.language
        )
        for year, rows in years
    ]
    return by_year + [
        Listing(
            kind=shelf.kind,
            name=shelf.name,
            path=shelf.listed,
            rows=_rows_of(shelf, known),
            language=shelf.language,
            shelf=shelf,
        )
        for shelf in shelves
        if shelf.kind is not Kind.SITE
    ]


def years_of(site: Site) -> list[tuple[int, list[Row]]]:
    """Return everything published, by year, the newest first."""
    rows = [_row(site, model, one, one.published_at) for model, one in site.posts]
    rows += [_row(site, model, one, one.started_at) for model, one in site.transcripts]
    rows.sort(key=_newest, reverse=True)
    return [(year, list(group)) for year, group in groupby(rows, key=lambda row: row.on.year)]


def parts_of(listing: Listing) -> Iterator[Part]:
    """Yield the pages of a list, the newest first."""
    newest, full = cut(listing.rows, ROWS)
    paths = [listing.path, *(f"{listing.path}{number}/" for number in range(len(full), 0, -1))]
    for place, (path, rows) in enumerate(zip(paths, [newest, *reversed(full)], strict=True)):
        yield Part(
            path=path,
            number=len(full) + 1 - place if place else None,
            rows=rows,
            newer=paths[place - 1] if place else None,
            older=paths[place + 1] if place + 1 < len(paths) else None,
        )


def cut(newest_first: Sequence[Thing], size: int) -> tuple[Sequence[Thing], list[Sequence[Thing]]]:
    """Return the newest things, up to twice `size`, and the older ones in full parts.

    Each part is the newest first, the parts themselves the oldest first: part number n holds the
    same things for ever, if things only ever come at the newest end.
    """
    count = max(0, len(newest_first) // size - 1)
    end = len(newest_first)
    parts = [newest_first[end - (n + 1) * size : end - n * size] for n in range(count)]
    return newest_first[: end - count * size], parts


def _rows_of(shelf: Shelf, known: Mapping[str, Row]) -> list[Row]:
    rows = [known[post.id] for _, post in shelf.posts]
    if shelf.kind is Kind.MODEL and shelf.model is not None:
        rows += [known[one.id] for one in shelf.model.transcripts]
        rows.sort(key=_newest, reverse=True)
    return rows


def _newest(row: Row) -> tuple[datetime, str]:
    return row.on, row.path


def _row(site: Site, model: Model, thing: Post | Transcript, on: datetime) -> Row:
    text = isinstance(thing, Post)
    kind, language = ("Text", thing.language) if text else ("Interview", site.language)
    title = one_line(thing.title)
    about = _ABOUT.format(kind, one_line(model.name), day(on))
    if site.audience is Audience.INTERNAL and not thing.release.public:
        about += _STATE.format(thing.release.state)
    return Row(
        kind=kind,
        id=thing.id,
        path=Markup(thing.path),  # noqa: S704  # slugs and ids: nothing in it needs escaping
        title=title,
        language=language,
        model=model,
        on=on,
        name=_NAME.format(language, title),
        about=about,
    )


_NAME = Markup('<bdi lang="{}">{}</bdi>')
_ABOUT = Markup("{} · <bdi>{}</bdi> · {}")
_STATE = Markup(' · <strong class="state">{}</strong>')
