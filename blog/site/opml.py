"""OPML: every feed of the site in one file, for a reading program to take in at once.

Pure.
"""

from collections.abc import Iterator, Sequence

from archive.rendering.characters import one_line
from blog.site.feeds import Feed
from blog.site.shelves import Kind
from blog.site.views import Site
from blog.site.xml_writing import document, element, parent

FILE = "feeds/feeds.opml"
_GROUPS = {
    Kind.MODEL: "By model",
    Kind.LANGUAGE: "By language",
    Kind.TAG: "By tag",
    Kind.MODEL_TAG: "By model and tag",
}


def opml(site: Site, feeds: Sequence[Feed]) -> bytes:
    """Return all feeds as OPML 2.0, by what they have in common."""
    title = [element("title", f"Feeds of {one_line(site.title)}")]
    body = [*_outlines(site, feeds, Kind.SITE)]
    for kind, name in _GROUPS.items():
        if own := [*_outlines(site, feeds, kind)]:
            body.append(parent("outline", own, {"text": name}))
    return document(
        parent("opml", [parent("head", title), parent("body", body)], {"version": "2.0"})
    )


def _outlines(site: Site, feeds: Sequence[Feed], kind: Kind) -> Iterator[str]:
    """Yield the feeds of a kind; OPML calls every feed of XML "rss"."""
    for feed in feeds:
        if feed.kind is kind:
            yield element(
                "outline",
                None,
                {
                    "type": "rss",
                    "text": feed.title,
                    "title": feed.title,  # some programs read the one, some the other
                    "xmlUrl": f"{site.address}{feed.folder}atom.xml",
                    "htmlUrl": f"{site.address}{feed.home}",
                },
            )
