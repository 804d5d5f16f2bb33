"""The pages that list: the archive, its years, tags, languages, and all of a model.

Pure but for the templates, which are read once.
"""

from collections.abc import Iterator

from blog.site.layout import Page, fill
from blog.site.listings import listings_of, parts_of, years_of
from blog.site.shelves import Shelves
from blog.site.views import Site

OF_A_YEAR = 20  # rows that the archive shows; the year's own page has all


def pages_of_lists(site: Site, shelves: Shelves) -> Iterator[Page]:
    """Return the archive, the index of tags and every list."""
    years = years_of(site)
    yield fill(
        "archive.html",
        site,
        "archive/",
        years=[(year, rows[:OF_A_YEAR], len(rows)) for year, rows in years],
        shelves=shelves,
    )
    yield fill("tags.html", site, "tags/", shelves=shelves)
    for listing in listings_of(site, shelves):
        for part in parts_of(listing):
            yield fill("listing.html", site, part.path, listing=listing, part=part)
