"""Feeds: one model of an item, three writers (Atom 1.0, RSS 2.0, JSON Feed 1.1).

Pure. Each feed holds the newest posts whole, with the label first, so that a reader who never
sees the page knows who wrote the text and can check the copy.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import TypeAlias
from xml.etree import ElementTree as ET

from archive.rendering.characters import one_line
from archive.rendering.reading_text import FORM
from blog.site.views import Model, Post, Site

NEWEST = 50
FEED_KINDS = (
    ("Atom", "atom.xml", "application/atom+xml"),
    ("RSS", "rss.xml", "application/rss+xml"),
    ("JSON Feed", "feed.json", "application/feed+json"),
)
"""Name, file and media type of each format, in the order in which pages offer them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What one feed is about and where it stands."""

    title: str
    folder: str  # within the site
    home: str  # the page that it follows, within the site
    posts: Sequence[tuple[Model, Post]]  # the newest, the newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One post as every feed gives it."""

    id: str  # urn:uuid:…, never changed
    address: str
    title: str
    author: str
    author_address: str
    html: str  # label, notice, text
    label: str
    language: str
    published: datetime
    updated: datetime
    source_sha256: str
    reading_sha256: str


def feeds_of(site: Site) -> list[Feed]:
    """Return the feed of the whole site and one of each model."""
    posts = site.posts
    whole = Feed(title=one_line(site.title), folder="feeds/", home="", posts=posts[:NEWEST])
    return [
        whole,
        *(
            Feed(
                title=f"{one_line(model.name)} · {one_line(site.title)}",
                folder=f"{model.path}feeds/",
                home=model.path,
                posts=[pair for pair in posts if pair[0] is model][:NEWEST],
            )
            for model in site.models
        ),
    ]


def atom(site: Site, feed: Feed, items: Sequence[Item]) -> bytes:
    """Return the feed as Atom 1.0 (RFC 4287)."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": site.language})
    own = f"{site.address}{feed.folder}atom.xml"
    _add(root, "id", own)
    _add(root, "title", feed.title)
    _add(root, "subtitle", one_line(site.description))
    _add(root, "updated", _rfc3339(_updated(site, items)))
    _add(root, "link", rel="self", type="application/atom+xml", href=own)
    _add(root, "link", rel="alternate", type="text/html", href=f"{site.address}{feed.home}")
    _add(root, "generator", site.software)
    _add(root, "rights", one_line(site.operator.licence))
    for item in items:
        entry = ET.SubElement(root, "entry", {"xml:lang": item.language})
        _add(entry, "id", item.id)
        _add(entry, "title", item.title)
        _add(entry, "published", _rfc3339(item.published))
        _add(entry, "updated", _rfc3339(item.updated))
        _add(entry, "link", rel="alternate", type="text/html", href=item.address)
        author = ET.SubElement(entry, "author")
        _add(author, "name", item.author)
        _add(author, "uri", item.author_address)
        _add(entry, "summary", item.label)
        _add(entry, "content", item.html, type="html")
    return _xml(root)


def rss(site: Site, feed: Feed, items: Sequence[Item]) -> bytes:
    """Return the feed as RSS 2.0."""
    spaces = {"xmlns:atom": ATOM, "xmlns:content": CONTENT, "xmlns:dc": DUBLIN_CORE}
    root = ET.Element("rss", {"version": "2.0", **spaces})
    channel = ET.SubElement(root, "channel")
    own = f"{site.address}{feed.folder}rss.xml"
    _add(channel, "title", feed.title)
    _add(channel, "link", f"{site.address}{feed.home}")
    _add(channel, "description", one_line(site.description))
    _add(channel, "language", site.language)
    _add(channel, "copyright", one_line(site.operator.licence))
    _add(channel, "lastBuildDate", _rfc822(_updated(site, items)))
    _add(channel, "generator", site.software)
    _add(channel, "atom:link", rel="self", type="application/rss+xml", href=own)
    for item in items:
        entry = ET.SubElement(channel, "item")
        _add(entry, "title", item.title)
        _add(entry, "link", item.address)
        _add(entry, "guid", item.id, isPermaLink="false")
        _add(entry, "pubDate", _rfc822(item.published))
        _add(entry, "atom:updated", _rfc3339(item.updated))
        _add(entry, "dc:creator", item.author)
        _add(entry, "dc:language", item.language)
        _add(entry, "description", item.label)
        _add(entry, "content:encoded", item.html)
    return _xml(root)


def json_feed(site: Site, feed: Feed, items: Sequence[Item]) -> bytes:
    """Return the feed as JSON Feed 1.1; the digests stand in an extension of our own."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": f"{site.address}{feed.home}",
        "feed_url": f"{site.address}{feed.folder}feed.json",
        "description": one_line(site.description),
        "icon": f"{site.address}icon.svg",
        "language": site.language,
        "items": [
            {
                "id": item.id,
                "url": item.address,
                "title": item.title,
                "summary": item.label,
                "content_html": item.html,
                "date_published": _rfc3339(item.published),
                "date_modified": _rfc3339(item.updated),
                "authors": [{"name": item.author, "url": item.author_address}],
                "language": item.language,
                "_emeritus": {
                    "about": f"{site.address}what-this-shows/",
                    "source_sha256": item.source_sha256,
                    "reading_text_form": FORM,
                    "reading_text_sha256": item.reading_sha256,
                },
            }
            for item in items
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def sitemap(site: Site) -> bytes:
    """Return the addresses of all pages, with the day of the last change where there is one."""
    root = ET.Element("urlset", {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"})
    standing = ["", "archive/", "models/", "what-this-shows/", "about/", "policy/", "feeds/"]
    standing += ["schemas/", *(schema.path for schema in site.schemas)]
    standing += sorted({f"{page.slug}/" for page in site.pages} - set(standing))
    changed = [(post.path, post.updated_at) for _, post in site.posts]
    changed += [(item.path, item.updated_at) for _, item in site.transcripts]
    for model in site.models:
        standing += [model.path, *(campaign.path for campaign in model.campaigns)]
    for path in standing:
        _add(ET.SubElement(root, "url"), "loc", f"{site.address}{path}")
    for path, updated in changed:
        entry = ET.SubElement(root, "url")
        _add(entry, "loc", f"{site.address}{path}")
        _add(entry, "lastmod", f"{updated:%Y-%m-%d}")
    return _xml(root)


def robots(site: Site) -> bytes:
    """Return robots.txt: pages that are not to be indexed say so themselves and must be read."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {site.address}sitemap.xml\n".encode()


Write: TypeAlias = Callable[[Site, Feed, Sequence[Item]], bytes]
WRITERS: dict[str, Write] = {"atom.xml": atom, "rss.xml": rss, "feed.json": json_feed}

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


def _updated(site: Site, items: Sequence[Item]) -> datetime:
    return max((item.updated for item in items), default=site.as_of)


def _rfc3339(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


def _rfc822(time: datetime) -> str:
    return format_datetime(time, usegmt=True)


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = text


def _xml(root: ET.Element) -> bytes:
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, "unicode")}\n'.encode()
