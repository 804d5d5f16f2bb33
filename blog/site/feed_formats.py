"""The formats of feeds: Atom 1.0, RSS 2.0, JSON Feed 1.1, each from the same items.

Pure. An item is written once for each format and stands in every feed that holds it.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.utils import format_datetime

from archive.rendering.characters import one_line
from archive.rendering.reading_text import FORM
from blog.site.feed_items import Item, Proof
from blog.site.feeds import FEED_KINDS, Document
from blog.site.views import Site
from blog.site.xml_writing import document, element, parent, rfc3339

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"  # RFC 5005
OURS = "tag:emeritus.invalid,2026:feed/1"
JSON_FEED = "https://jsonfeed.org/version/1.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How a feed is written."""

    name: str
    file: str
    type: str  # media type
    item: Callable[[Item], str]
    feed: Callable[[Site, Document, Sequence[str]], bytes]  # of what `item` returned


def _atom_entry(item: Item) -> str:
    author = [element("name", item.author), element("uri", item.author_address)]
    children = [
        element("id", item.id),
        element("title", item.title, {"type": "text"}),
        element("published", rfc3339(item.published)),
        element("updated", rfc3339(item.updated)),
        element("link", None, {"rel": "alternate", "type": "text/html", "href": item.address}),
        parent("author", author),
        *(
            element(
                "category",
                None,
                {"term": tag.slug, "scheme": item.tags_address, "label": tag.shown},
            )
            for tag in item.tags
        ),
        element("summary", item.label, {"type": "text"}),
        element("content", item.html, {"type": "html"}),
        _proof(item.author, item.proof),
    ]
    return parent("entry", children, {"xml:lang": item.language})


def _atom(site: Site, part: Document, entries: Sequence[str]) -> bytes:
    """Return a document as RFC 4287 has it."""
    subscribed = f"{site.address}{part.feed.folder}atom.xml"
    head = [
        element("id", subscribed),  # of the whole feed: its documents are one
        element("title", part.feed.title, {"type": "text"}),
        element("subtitle", one_line(site.description), {"type": "text"}),
        element("updated", rfc3339(part.updated)),
        *_links("link", site, part, "atom.xml", "application/atom+xml"),
        element(
            "link",
            None,
            {"rel": "alternate", "type": "text/html", "href": f"{site.address}{part.feed.home}"},
        ),
        element("generator", site.software),
        element("rights", one_line(site.operator.licence), {"type": "text"}),
        *_extent(part),
    ]
    spaces = {"xmlns": ATOM, "xmlns:fh": HISTORY, "xmlns:emeritus": OURS}
    return document(parent("feed", [*head, *entries], {**spaces, "xml:lang": site.language}))


def _rss_item(item: Item) -> str:
    children = [
        element("title", item.title),
        element("link", item.address),
        element("guid", item.id, {"isPermaLink": "false"}),
        element("pubDate", format_datetime(item.published, usegmt=True)),
        element("atom:updated", rfc3339(item.updated)),
        element("dc:creator", item.author),
        element("dc:language", item.language),
        *(element("category", tag.shown, {"domain": item.tags_address}) for tag in item.tags),
        element("description", item.label),
        element("content:encoded", item.html),
        _proof(item.author, item.proof),
    ]
    return parent("item", children)


def _rss(site: Site, part: Document, items: Sequence[str]) -> bytes:
    """Return a document as RSS 2.0, with Atom's links."""
    head = [
        element("title", part.feed.title),
        element("link", f"{site.address}{part.feed.home}"),
        element("description", one_line(site.description)),
        element("language", site.language),
        element("copyright", one_line(site.operator.licence)),
        element("lastBuildDate", format_datetime(part.updated, usegmt=True)),
        element("generator", site.software),
        *_links("atom:link", site, part, "rss.xml", "application/rss+xml"),
        *_extent(part),
    ]
    spaces = {
        "xmlns:atom": ATOM,
        "xmlns:content": CONTENT,
        "xmlns:dc": DUBLIN_CORE,
        "xmlns:fh": HISTORY,
        "xmlns:emeritus": OURS,
    }
    channel = parent("channel", [*head, *items])
    return document(parent("rss", [channel], {"version": "2.0", **spaces}))


def _json_item(item: Item) -> str:
    proof = item.proof
    return json.dumps(
        {
            "id": item.id,
            "url": item.address,
            "title": item.title,
            "summary": item.label,
            "content_html": item.html,
            "date_published": rfc3339(item.published),
            "date_modified": rfc3339(item.updated),
            "authors": [{"name": item.author, "url": item.author_address}],
            "language": item.language,
            "tags": [tag.shown for tag in item.tags],
            "_emeritus": {
                "about": proof.about,
                "source": proof.source,
                "source_sha256": proof.source_sha256,
                "reading_text_form": FORM,
                "reading_text_sha256": proof.reading_sha256,
                "model": proof.model,
                "written": rfc3339(proof.written),
                "drafts": proof.drafts,
                "draft_taken": proof.taken,
                "rule": proof.rule,
                "decision": {
                    "verdict": proof.review.decision,
                    "by": one_line(proof.review.by),
                    "standing": proof.review.standing,
                    "on": f"{proof.review.on:%Y-%m-%d}",
                    "reason": one_line(proof.review.reason),
                },
                "provenance": proof.provenance,
                "characters_replaced": proof.replaced,
            },
        },
        ensure_ascii=False,
    )


def _json(site: Site, part: Document, items: Sequence[str]) -> bytes:
    """Return a document as JSON Feed 1.1; older ones are its next pages."""
    head = {
        "version": JSON_FEED,
        "title": part.feed.title,
        "home_page_url": f"{site.address}{part.feed.home}",
        "feed_url": f"{site.address}{part.feed.folder}feed.json",
        "description": one_line(site.description),
        "icon": f"{site.address}icon.svg",
        "language": site.language,
        **(
            {} if part.older is None else {"next_url": f"{site.address}{part.older}feed.json"}
        ),
    }  # fmt: skip
    opening = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    held = ",\n".join(items)
    return f'{opening},\n "items": [\n{held}\n]\n}}\n'.encode()


FORMATS = tuple(
    Format(name=name, file=file, type=media, item=item, feed=feed)
    for (name, file, media), item, feed in zip(
        FEED_KINDS,
        (_atom_entry, _rss_item, _json_item),
        (_atom, _rss, _json),
        strict=True,
    )
)


def _links(name: str, site: Site, part: Document, file: str, media: str) -> Iterator[str]:
    """Yield the links of a document to itself and to the others of its feed."""
    others = {
        "self": part.folder,
        "current": None if part.current else part.feed.folder,
        "prev-archive": part.older,
        "next-archive": part.newer,
    }
    for relation, folder in others.items():
        if folder is not None:
            target = f"{site.address}{folder}{file}"
            yield element(name, None, {"rel": relation, "type": media, "href": target})


def _extent(part: Document) -> Iterator[str]:
    if part.complete:
        yield element("fh:complete")
    if part.stays:
        yield element("fh:archive")


def _proof(model: str, proof: Proof) -> str:
    review = proof.review
    standing = {} if review.standing is None else {"standing": one_line(review.standing)}
    source = {} if proof.source is None else {"href": proof.source}
    return parent(
        "emeritus:proof",
        [
            element("emeritus:source", None, {"sha256": proof.source_sha256, **source}),
            element("emeritus:reading", None, {"sha256": proof.reading_sha256, "form": FORM}),
            element(
                "emeritus:model", model, {"id": proof.model, "written": rfc3339(proof.written)}
            ),
            element(
                "emeritus:drafts",
                proof.rule,
                {"made": str(proof.drafts), "taken": str(proof.taken)},
            ),
            element(
                "emeritus:decision",
                one_line(review.reason),
                {
                    "verdict": review.decision,
                    "by": one_line(review.by),
                    "on": f"{review.on:%Y-%m-%d}",
                    **standing,
                },
            ),
            element("emeritus:provenance", None, {"href": proof.provenance}),
            element("emeritus:replaced", None, {"characters": str(proof.replaced)}),
        ],
        {"about": proof.about},
    )
