"""The files of all feeds.

Pure but for the template of an item, which is read once.
"""

from collections.abc import Iterator

from blog.site.feed_formats import FORMATS
from blog.site.feed_items import item_of
from blog.site.feeds import Document, documents_of, feeds_of
from blog.site.layout import Page
from blog.site.opml import FILE, opml
from blog.site.shelves import Pair, Shelves
from blog.site.views import Site


def current_feeds(site: Site, shelves: Shelves) -> Iterator[Page]:
    """Return every document of every feed that new texts change, and the list of all feeds."""
    feeds = feeds_of(site, shelves)
    kept: dict[str, list[str]] = {}  # what stands in one feed stands in others
    for feed in feeds:
        for document in documents_of(feed):
            if not document.stays:
                yield from document_pages(site, document, kept)
    yield Page(FILE, opml(site, feeds))


def document_pages(
    site: Site, document: Document, kept: dict[str, list[str]] | None = None
) -> Iterator[Page]:
    """Return a document of a feed in every format.

    Args:
        site: The site, or its frame.
        document: The document.
        kept: The items that were written for others, by the text's id; those of this are added.
    """
    kept = {} if kept is None else kept
    for pair in document.posts:
        if pair[1].id not in kept:
            kept[pair[1].id] = _written(site, pair)
    for place, form in enumerate(FORMATS):
        items = [kept[post.id][place] for _, post in document.posts]
        yield Page(f"{document.folder}{form.file}", form.feed(site, document, items))


def _written(site: Site, pair: Pair) -> list[str]:
    item = item_of(site, pair)
    return [form.item(item) for form in FORMATS]
