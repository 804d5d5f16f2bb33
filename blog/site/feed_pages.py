"""The files of all feeds.

Pure but for the template of an item, which is read once.
"""

from collections.abc import Iterator

from blog.site.feed_formats import FORMATS
from blog.site.feed_items import item_of
from blog.site.feeds import documents_of, feeds_of
from blog.site.layout import Page
from blog.site.opml import FILE, opml
from blog.site.shelves import Pair, Shelves
from blog.site.views import Site


def pages_of_feeds(site: Site, shelves: Shelves) -> Iterator[Page]:
    """Return every document of every feed in every format, and the list of all feeds.

    What stands in archive documents alone is written and let go: memory does not grow with it.
    """
    feeds = feeds_of(site, shelves)
    kept: dict[str, list[str]] = {}  # of the texts in documents to which programs subscribe
    for feed in feeds:
        for part in documents_of(feed):
            items = []
            for pair in part.posts:
                written = kept.get(pair[1].id) or _written(site, pair)
                items.append(written)
                if part.current:
                    kept[pair[1].id] = written
            for place, form in enumerate(FORMATS):
                content = form.feed(site, part, [written[place] for written in items])
                yield Page(f"{part.folder}{form.file}", content)
    yield Page(FILE, opml(site, feeds))


def _written(site: Site, pair: Pair) -> list[str]:
    item = item_of(site, pair)
    return [form.item(item) for form in FORMATS]
