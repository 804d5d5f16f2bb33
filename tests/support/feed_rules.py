"""What a strict validator says of a feed: the rules of RFC 4287, RSS 2.0, JSON Feed 1.1, RFC 5005.

Each function returns every fault that it finds, warnings too. Written from the specifications and
from what the W3C's validator warns of; nothing of the product is used. One warning of its is left out:
an RSS title or category with markup in it. RSS cannot say that they are plain text; they are the
record's words, and are not rewritten. Atom says it (`type="text"`), and that is asked of it here.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from tests.support.markup import elements

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"

RELATIONS = {"alternate", "current", "enclosure", "license", "next-archive", "prev-archive"}
RELATIONS |= {"related", "self", "via"}
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
DANGEROUS = {"embed", "form", "iframe", "img", "input", "link", "meta", "object", "script", "style"}

# RFC 4287, appendix B: how often each of Atom's elements may stand where
ONE, AT_MOST_ONE, ANY = (1, 1), (0, 1), (0, 10**9)
OF_A_FEED = {
    "author": ANY, "category": ANY, "contributor": ANY, "entry": ANY, "generator": AT_MOST_ONE,
    "icon": AT_MOST_ONE, "id": ONE, "link": ANY, "logo": AT_MOST_ONE, "rights": AT_MOST_ONE,
    "subtitle": AT_MOST_ONE, "title": ONE, "updated": ONE,
}  # fmt: skip
OF_AN_ENTRY = {
    "author": ANY, "category": ANY, "content": AT_MOST_ONE, "contributor": ANY, "id": ONE,
    "link": ANY, "published": AT_MOST_ONE, "rights": AT_MOST_ONE, "source": AT_MOST_ONE,
    "summary": AT_MOST_ONE, "title": ONE, "updated": ONE,
}  # fmt: skip
OF_A_PERSON = {"email": AT_MOST_ONE, "name": ONE, "uri": AT_MOST_ONE}
ATTRIBUTES = {
    "author": set(), "category": {"term", "scheme", "label"}, "content": {"type", "src"},
    "entry": set(), "feed": set(), "generator": {"uri", "version"}, "id": set(),
    "link": {"href", "rel", "type", "hreflang", "title", "length"}, "name": set(),
    "published": set(), "rights": {"type"}, "subtitle": {"type"}, "summary": {"type"},
    "title": {"type"}, "updated": set(), "uri": set(),
}  # fmt: skip
OF_A_CHANNEL = {
    "title": ONE, "link": ONE, "description": ONE, "language": AT_MOST_ONE,
    "copyright": AT_MOST_ONE, "lastBuildDate": AT_MOST_ONE, "pubDate": AT_MOST_ONE,
    "generator": AT_MOST_ONE, "category": ANY, "docs": AT_MOST_ONE, "ttl": AT_MOST_ONE, "item": ANY,
}  # fmt: skip
OF_AN_ITEM = {
    "title": AT_MOST_ONE, "link": AT_MOST_ONE, "description": AT_MOST_ONE, "guid": ONE,
    "pubDate": ONE, "category": ANY, "comments": AT_MOST_ONE, "enclosure": ANY,
    f"{CONTENT}encoded": AT_MOST_ONE, f"{DUBLIN_CORE}creator": AT_MOST_ONE,
    f"{DUBLIN_CORE}language": AT_MOST_ONE, f"{ATOM}updated": AT_MOST_ONE,
}  # fmt: skip


def atom_faults(content: bytes) -> list[str]:
    root = ET.fromstring(content)  # noqa: S314  # our own
    return [*_declared(content), *_of_atom(root)]


def rss_faults(content: bytes) -> list[str]:
    root = ET.fromstring(content)  # noqa: S314  # our own
    return [*_declared(content), *_of_rss(root)]


def json_faults(content: bytes) -> list[str]:
    document = json.loads(content.decode("utf-8"))
    assert isinstance(document, dict)
    return [*_of_json(document)]


FAULTS = {"atom.xml": atom_faults, "rss.xml": rss_faults, "feed.json": json_faults}


def _declared(content: bytes) -> Iterator[str]:
    if not content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n'):
        yield "no declaration"


def _of_atom(root: ET.Element) -> Iterator[str]:
    if root.tag != f"{ATOM}feed":
        yield f"root {root.tag}"
    yield from _occurrences(root, OF_A_FEED, ATOM)
    entries = root.findall(f"{ATOM}entry")
    for element in root.iter():
        yield from _attributes(element)
    for holder in (root, *entries):
        yield from _of_a_holder(holder)
    yield from _links(root.findall(f"{ATOM}link"))
    for entry in entries:
        yield from _occurrences(entry, OF_AN_ENTRY, ATOM)
        if entry.find(f"{ATOM}author") is None and root.find(f"{ATOM}author") is None:
            yield "no author"
        yield from _html(entry.findtext(f"{ATOM}content", ""))
    yield from _twice("id", (entry.findtext(f"{ATOM}id") for entry in entries))
    yield from _order([entry.findtext(f"{ATOM}published", "") for entry in entries])
    yield from _history(root, {link.get("rel", ""): link for link in root.iterfind(f"{ATOM}link")})


def _of_a_holder(holder: ET.Element) -> Iterator[str]:
    if not _absolute(holder.findtext(f"{ATOM}id", "")):
        yield f"id {holder.findtext(f'{ATOM}id')}"
    for name in ("updated", "published"):
        for date in holder.findall(f"{ATOM}{name}"):
            if not RFC3339.fullmatch(date.text or ""):
                yield f"{name} {date.text}"
    for text in ("title", "summary", "subtitle", "rights", "content"):
        for found in holder.findall(f"{ATOM}{text}"):
            if found.get("type") not in {"text", "html"} or len(found):
                yield f"{text} of type {found.get('type')}"
    for category in holder.findall(f"{ATOM}category"):
        if not category.get("term"):
            yield "category without a term"
    yield from _people(holder.findall(f"{ATOM}author"))
    yield from _alternates(holder.findall(f"{ATOM}link"))


def _people(found: Iterable[ET.Element]) -> Iterator[str]:
    for person in found:
        yield from _occurrences(person, OF_A_PERSON, ATOM)
        if not person.findtext(f"{ATOM}name"):
            yield "author without a name"
        if not _absolute(person.findtext(f"{ATOM}uri", "")):
            yield "author's address"


def _attributes(element: ET.Element) -> Iterator[str]:
    if element.tag.startswith(ATOM):
        allowed = ATTRIBUTES[element.tag.removeprefix(ATOM)]
        yield from (
            f"{element.tag} {name}"
            for name in element.attrib
            if name not in allowed | {f"{XML}lang", f"{XML}base"}
        )
    if not LANGUAGE.fullmatch(element.get(f"{XML}lang", "en")):
        yield f"language {element.get(f'{XML}lang')}"


def _alternates(links: Iterable[ET.Element]) -> Iterator[str]:
    found = [link for link in links if link.get("rel", "alternate") == "alternate"]
    yield from _twice("alternate", ((one.get("type"), one.get("hreflang")) for one in found))
    if not found:
        yield "no alternate"


def _links(links: Iterable[ET.Element]) -> Iterator[str]:
    links = [*links]
    for link in links:
        if not _absolute(link.get("href", "")) or link.text:
            yield f"link {link.attrib}"
        if link.get("rel") not in RELATIONS:
            yield f"relation {link.get('rel')}"
        if not re.fullmatch(r"[a-z]+/[a-z.+-]+", link.get("type", "")):
            yield f"type {link.get('type')}"
    if [link.get("rel") for link in links].count("self") != 1:
        yield "no link to itself"


def _of_rss(root: ET.Element) -> Iterator[str]:
    channels = root.findall("channel")
    if (root.tag, root.get("version"), len(channels), len(root)) != ("rss", "2.0", 1, 1):
        yield "no RSS 2.0"
    (channel,) = channels
    yield from _occurrences(channel, OF_A_CHANNEL, "")
    if not LANGUAGE.fullmatch(channel.findtext("language", "en")):
        yield "language"
    yield from _links(channel.findall(f"{ATOM}link"))
    items = channel.findall("item")
    for date in [channel.find("lastBuildDate"), *(item.find("pubDate") for item in items)]:
        yield from _rfc822("" if date is None or date.text is None else date.text)
    for item in items:
        yield from _occurrences(item, OF_AN_ITEM, "")
        guid = item.find("guid")
        if guid is None or (guid.get("isPermaLink"), _absolute(guid.text or "")) != ("false", True):
            yield "guid"
        if not _absolute(item.findtext("link", "")):
            yield f"link {item.findtext('link')}"
        if not item.findtext(f"{DUBLIN_CORE}creator"):
            yield "no creator"
        yield from _html(item.findtext(f"{CONTENT}encoded", ""))
    yield from _twice("guid", (item.findtext("guid") for item in items))
    links = {link.get("rel", ""): link for link in channel.iterfind(f"{ATOM}link")}
    yield from _history(channel, links)


def _rfc822(text: str) -> Iterator[str]:
    # the day of the week must be that of the date
    if not RFC822.fullmatch(text) or f"{parsedate_to_datetime(text):%a}" != text[:3]:
        yield f"date {text!r}"


def _of_json(feed: dict[str, Any]) -> Iterator[str]:
    known = {"version", "title", "home_page_url", "feed_url", "description", "user_comment"}
    known |= {"next_url", "icon", "favicon", "authors", "language", "expired", "hubs", "items"}
    yield from (f"field {name}" for name in feed if name not in known)
    if feed["version"] != "https://jsonfeed.org/version/1.1" or not feed["title"]:
        yield "version or title"
    for name in ("home_page_url", "feed_url", "next_url", "icon"):
        if name in feed and not _absolute(feed[name]):
            yield f"{name} {feed[name]}"
    if feed.get("next_url") == feed["feed_url"]:
        yield "its next page is the first"
    for item in feed["items"]:
        yield from _of_a_json_item(item)
    yield from _twice("id", (item["id"] for item in feed["items"]))
    yield from _order([item["date_published"] for item in feed["items"]])


def _of_a_json_item(item: dict[str, Any]) -> Iterator[str]:
    known = {"id", "url", "external_url", "title", "content_html", "content_text", "summary"}
    known |= {"image", "banner_image", "date_published", "date_modified", "authors", "tags"}
    known |= {"language", "attachments", "_emeritus"}
    yield from (f"field {name}" for name in item if name not in known)
    texts = ("id", "url", "title", "content_html", "summary", "language")
    yield from (f"{name} is no text" for name in texts if not isinstance(item[name], str))
    if not item["id"] or not item["content_html"] or not _absolute(item["url"]):
        yield "id, text or address"
    for name in ("date_published", "date_modified"):
        if not RFC3339.fullmatch(item[name]):
            yield f"{name} {item[name]}"
    for author in item["authors"]:
        if not author["name"] or not _absolute(author["url"]):
            yield "author"
    if not all(isinstance(tag, str) and tag for tag in item["tags"]):
        yield "tags"
    if not LANGUAGE.fullmatch(item["language"]):
        yield "language"
    yield from _html(item["content_html"])


def _history(holder: ET.Element, links: dict[str, ET.Element]) -> Iterator[str]:
    """Yield what RFC 5005 does not allow."""
    complete = holder.find(f"{HISTORY}complete") is not None
    archive = holder.find(f"{HISTORY}archive") is not None
    if complete and (archive or links.keys() & {"prev-archive", "next-archive", "current"}):
        yield "complete, and not all"
    if archive and "current" not in links:
        yield "an archive that leads to no feed"
    if "next-archive" in links and "current" not in links:
        yield "a feed that leads to a newer one"


def _html(text: str) -> Iterator[str]:
    for tag, attributes in elements(text):
        if tag in DANGEROUS:
            yield f"<{tag}>"
        for name, value in attributes.items():
            if name.startswith("on") or name == "style":
                yield f"{tag} {name}"
            if name in {"href", "src"} and not _absolute(value):
                yield f"relative: {value}"


def _occurrences(
    holder: ET.Element, allowed: dict[str, tuple[int, int]], space: str
) -> Iterator[str]:
    """Yield each of a space's elements that may not stand in `holder`, or not so often."""
    counted = Counter(child.tag for child in holder)
    for name, (least, most) in allowed.items():
        tag = name if name.startswith("{") else f"{space}{name}"
        if not least <= counted[tag] <= most:
            yield f"{counted[tag]} x {tag} in {holder.tag}"
    known = {name if name.startswith("{") else f"{space}{name}" for name in allowed}
    for tag in counted.keys() - known:
        if tag.startswith(ATOM if space else "{") != bool(space):
            continue
        yield f"{tag} in {holder.tag}"


def _twice(what: str, values: Iterable[object]) -> Iterator[str]:
    yield from (f"{what} twice: {value}" for value, n in Counter(values).items() if n > 1)


def _order(dates: list[str]) -> Iterator[str]:
    if dates != sorted(dates, reverse=True):
        yield "not the newest first"


def _absolute(address: str) -> bool:
    parts = urlsplit(address)
    web = parts.scheme in {"http", "https"} and bool(parts.netloc)
    return web or (parts.scheme in {"mailto", "tag", "urn"} and bool(parts.path))
