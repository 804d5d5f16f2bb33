"""The pages that list: the archive with its years, the index of tags, and the parts of lists.

Pure but for the templates, which are read once.
"""

from collections.abc import Iterator, Sequence

from blog.site.layout import Page, fill
from blog.site.listings import Listing, Part, years_of
from blog.site.shelves import Shelf, Shelves
from blog.site.twins import list_twin
from blog.site.views import Site

OF_A_YEAR = 20  # rows that the archive shows; the year's own page has all


def pages_of_indexes(site: Site, shelves: Shelves) -> Iterator[Page]:
    """Return the pages that lead to the lists: the archive and the index of tags."""
    years = years_of(site)
    yield fill(
        "archive.html",
        site,
        "archive/",
        years=[(year, rows[:OF_A_YEAR], len(rows)) for year, rows in years],
        shelves=shelves,
    )
    yield fill("tags.html", site, "tags/", shelves=shelves)


def pages_of_part(
    site: Site, listing: Listing, part: Part, within: Sequence[Shelf]
) -> Iterator[Page]:
    """Return one page of a list, and the same as data.

    Args:
        site: The site, or its frame.
        listing: The list; its rows are not looked at.
        part: Of it.
        within: The tags of a model, or the models of a tag, that its first page leads to.
    """
    yield fill("listing.html", site, part.path, listing=listing, part=part, within=within)
    yield list_twin(site, listing, part)
