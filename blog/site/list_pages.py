"""The pages that lead to lists: the archive with its years, and the index of tags.

Pure but for the templates, which are read once.
"""

from collections.abc import Iterator

from blog.site.layout import Page, fill
from blog.site.listings import years_of
from blog.site.shelves import Shelves
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
