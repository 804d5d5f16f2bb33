"""Feeds: which there are, and the documents that each consists of.

Pure. What programs subscribe to holds the newest texts whole. Of the site's own feed every text
can be reached, through archive documents as RFC 5005 has them: part number n holds the same texts
for ever, so a part that is full is written once and never again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.rendering.characters import one_line
from blog.site.shelves import Kind, Pair, Shelf, Shelves
from blog.site.views import Site

NEWEST = 50  # of the site, and of a model
NEWEST_OF_A_TAG = 20  # there are many tags, and each repeats whole texts
OF_AN_ARCHIVE = 50  # never more than NEWEST, or some texts could not be reached
CHANGED = 20  # older texts that were withdrawn or corrected since, which must be heard of
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when a feed that never held anything was updated

FEED_KINDS = (
    ("Atom", "atom.xml", "application/atom+xml"),
    ("RSS", "rss.xml", "application/rss+xml"),
    ("JSON Feed", "feed.json", "application/feed+json"),
)
"""Name, file and media type of each format, in the order in which pages offer them."""

FILES = frozenset(file for _, file, _ in FEED_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What one feed is about and where it stands."""

    title: str
    folder: str  # within the site
    home: str  # the page that it follows, within the site
    posts: Sequence[Pair]  # all of them, the newest first
    newest: int  # how many the document holds that programs subscribe to
    archived: bool  # whether the older ones are reached through it
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of a feed: that to which programs subscribe, or one with older texts."""

    feed: Feed
    folder: str
    posts: Sequence[Pair]  # the newest first
    updated: datetime
    complete: bool = False  # it holds all that the feed ever had
    stays: bool = False  # an archive document that is full
    older: str | None = None  # the folder of the archive document before it
    newer: str | None = None  # the folder of the one after it, if this is of the archive

    @property
    def current(self) -> bool:
        """Whether programs subscribe to it."""
        return self.folder == self.feed.folder


def feeds_of(site: Site, shelves: Shelves) -> list[Feed]:
    """Return the feed of each shelf, that of the whole site first."""
    return [_feed(site, shelf) for shelf in shelves]


def documents_of(feed: Feed) -> Iterator[Document]:
    """Yield the documents of a feed, first that to which programs subscribe."""
    posts, size = feed.posts, OF_AN_ARCHIVE
    complete = len(posts) <= feed.newest
    full = 0 if complete or not feed.archived else len(posts) // size
    shown = [*posts[: feed.newest], *_changed(posts[feed.newest :])]
    yield Document(
        feed=feed,
        folder=feed.folder,
        posts=shown,
        updated=_updated(shown),
        complete=complete,
        older=_archive(feed, full) if full else None,
    )
    # after the last that is full stands one that fills, so that a full one can name the next
    for number in range(1, full + 2 if full else 1):
        end = len(posts) - (number - 1) * size
        held = posts[max(0, end - size) : end]
        yield Document(
            feed=feed,
            folder=_archive(feed, number),
            posts=held,
            updated=_updated(held or posts[:1]),
            stays=number <= full,
            older=_archive(feed, number - 1) if number > 1 else None,
            newer=_archive(feed, number + 1) if number <= full else None,
        )


def _feed(site: Site, shelf: Shelf) -> Feed:
    wide = shelf.kind in {Kind.SITE, Kind.MODEL}
    whole = one_line(site.title)
    return Feed(
        title=whole if shelf.kind is Kind.SITE else f"{shelf.name} · {whole}",
        folder=shelf.feeds,
        home=shelf.home,
        posts=shelf.posts,
        newest=NEWEST if wide else NEWEST_OF_A_TAG,
        archived=shelf.kind is Kind.SITE,
        kind=shelf.kind,
    )


def _archive(feed: Feed, number: int) -> str:
    return f"{feed.folder}archive/{number}/"


def _changed(posts: Iterable[Pair]) -> list[Pair]:
    """Return those of the older texts that changed last, in the order in which they came.

    Programs take it that archive documents do not change, and may never ask for them again.
    """
    changed = [pair for pair in posts if pair[1].updated_at > pair[1].published_at]
    last = sorted(changed, key=lambda pair: (pair[1].updated_at, pair[1].id))[-CHANGED:]
    kept = {post.id for _, post in last}
    return [pair for pair in changed if pair[1].id in kept]


def _updated(posts: Iterable[Pair]) -> datetime:
    return max((post.updated_at for _, post in posts), default=NEVER)
