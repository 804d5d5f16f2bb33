"""Feeds: three formats with the same items, whole, labelled, checkable, and as the record has them."""

import json
import re
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from itertools import chain
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.canonical import sha256
from archive.rendering.characters import one_line
from archive.rendering.reading_text import published_reading_text
from blog.site.units import units_of
from blog.site.views import Audience, Post, Site, label
from tests.support.feed_rules import ATOM, CONTENT, DUBLIN_CORE, FAULTS, HISTORY, RFC3339
from tests.support.markup import elements
from tests.support.sample_site import DAY, NOTICE, halcyon, post, posts, sample_site

OURS = "{tag:emeritus.invalid,2026:feed/1}"
FOLDERS = ("feeds/", "models/halcyon-2/feeds/")
ADDRESS = "https://archive.example.org/retired/"


def feeds(site: Site) -> dict[str, bytes]:
    """Return the files of all feeds."""
    units = [unit for unit in units_of(site, software="") if unit.name.startswith("feed")]
    return {page.path: page.content for unit in units for page in unit.make()}


def one_model(own: Sequence[Post]) -> Site:
    return sample_site(models=(replace(halcyon(), posts=own),))


def items_of(files: dict[str, bytes], folder: str = "feeds/") -> dict[str, list[dict[str, Any]]]:
    """Return all that is said of each item, by format, in the same words."""
    atom = ET.fromstring(files[f"{folder}atom.xml"])  # noqa: S314  # our own
    rss = ET.fromstring(files[f"{folder}rss.xml"])  # noqa: S314  # our own
    return {
        "atom": [_of_atom(entry) for entry in atom.iter(f"{ATOM}entry")],
        "rss": [_of_rss(item) for item in rss.iter("item")],
        "json": [_of_json(item) for item in json.loads(files[f"{folder}feed.json"])["items"]],
    }


def _of_atom(entry: ET.Element) -> dict[str, Any]:
    return {
        "id": entry.findtext(f"{ATOM}id", ""),
        "title": entry.findtext(f"{ATOM}title", ""),
        "url": entry.findall(f"{ATOM}link")[0].attrib["href"],
        "html": entry.findtext(f"{ATOM}content", ""),
        "label": entry.findtext(f"{ATOM}summary", ""),
        "author": entry.findtext(f"{ATOM}author/{ATOM}name", ""),
        "language": entry.attrib["{http://www.w3.org/XML/1998/namespace}lang"],
        "published": entry.findtext(f"{ATOM}published", ""),
        "updated": entry.findtext(f"{ATOM}updated", ""),
        "tags": [one.attrib["label"] for one in entry.findall(f"{ATOM}category")],
        "proof": _proof(entry),
    }


def _of_rss(item: ET.Element) -> dict[str, Any]:
    published = parsedate_to_datetime(item.findtext("pubDate", ""))
    return {
        "id": item.findtext("guid", ""),
        "title": item.findtext("title", ""),
        "url": item.findtext("link", ""),
        "html": item.findtext(f"{CONTENT}encoded", ""),
        "label": item.findtext("description", ""),
        "author": item.findtext(f"{DUBLIN_CORE}creator", ""),
        "language": item.findtext(f"{DUBLIN_CORE}language", ""),
        "published": f"{published:%Y-%m-%dT%H:%M:%SZ}",
        "updated": item.findtext(f"{ATOM}updated", ""),
        "tags": [one.text for one in item.findall("category")],
        "proof": _proof(item),
    }


def _of_json(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": item["id"],
        "title": item["title"],
        "url": item["url"],
        "html": item["content_html"],
        "label": item["summary"],
        "author": item["authors"][0]["name"],
        "language": item["language"],
        "published": item["date_published"],
        "updated": item["date_modified"],
        "tags": item["tags"],
        "proof": item["_emeritus"],
    }


def _proof(item: ET.Element) -> dict[str, Any]:
    """Return the proof of an item of XML as JSON Feed has it."""
    (proof,) = item.iter(f"{OURS}proof")
    parts = {part.tag.removeprefix(OURS): part for part in proof}
    decision = parts["decision"]
    return {
        "about": proof.attrib["about"],
        "source": parts["source"].get("href"),
        "source_sha256": parts["source"].attrib["sha256"],
        "reading_text_form": parts["reading"].attrib["form"],
        "reading_text_sha256": parts["reading"].attrib["sha256"],
        "model": parts["model"].attrib["id"],
        "written": parts["model"].attrib["written"],
        "drafts": int(parts["drafts"].attrib["made"]),
        "draft_taken": int(parts["drafts"].attrib["taken"]),
        "rule": parts["drafts"].text,
        "decision": {
            "verdict": decision.attrib["verdict"],
            "by": decision.attrib["by"],
            "standing": decision.get("standing"),
            "on": decision.attrib["on"],
            "reason": decision.text,
        },
        "provenance": parts["provenance"].attrib["href"],
        "characters_replaced": int(parts["replaced"].attrib["characters"]),
    }


def recorded(text: Post) -> dict[str, Any]:
    """Return what the record has of a post, but for the HTML, in the words of a feed."""
    provenance, review = text.provenance, text.provenance.review
    address = f"{ADDRESS}{text.path}"
    return {
        "id": f"urn:uuid:{text.id}",
        "title": one_line(text.title),
        "url": address,
        "label": "Withdrawn." if text.withdrawn else label(halcyon(), text),
        "author": "Halcyon 2",
        "language": text.language,
        "published": f"{text.published_at:%Y-%m-%dT%H:%M:%SZ}",
        "updated": f"{text.updated_at:%Y-%m-%dT%H:%M:%SZ}",
        "tags": [*text.tags],
        "proof": {
            "about": f"{ADDRESS}feed-proof/",
            "source": None if text.source is None else f"{address}post.md",
            "source_sha256": text.source_sha256,
            "reading_text_form": "reading text 1",
            "reading_text_sha256": text.reading_sha256,
            "model": "halcyon-2",
            "written": f"{text.written_at:%Y-%m-%dT%H:%M:%SZ}",
            "drafts": len(provenance.drafts),
            "draft_taken": provenance.taken,
            "rule": provenance.selection,
            "decision": {
                "verdict": review.decision,
                "by": review.by,
                "standing": review.standing,
                "on": f"{review.on:%Y-%m-%d}",
                "reason": review.reason,
            },
            "provenance": f"{address}#made",
        },
    }


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return feeds(sample_site(notice=NOTICE))


HOSTILE = {
    "script": (
        "<script>alert(1)</script>",
        "<script>alert(1)</script>\n\n[x](javascript:alert(1))",
    ),
    "nothing": ("a\x00b", "one\x00two\x0b"),
    "surrogates": ("\ud800 half", "half \udfff a character"),
    "noncharacters": ("\ufffe", "\ufffe \U0001ffff \x85"),
    "overrides": ("\u202eesrever", "\u202eesrever\u202c \u2067isolated\u2069"),
    "a title of 4,000 characters": ("x" * 4000, "short"),
    "a title of marks": ("]]> & &amp; <b>", "a ]]> b &amp; &lt;c&gt;"),
    "an empty body": ("Nothing", ""),
    "only an image": ("A picture", "![a lamp](https://elsewhere.example/lamp.png)"),
    "links within": ("Notes", "A note.[^1]\n\n[^1]: There.\n\n[up](#top) [rel](../x)"),
    "a bare return": ("one\rtwo", "```\none\r\ntwo\rthree\n```"),
}


@pytest.fixture(scope="module")
def hostile() -> dict[str, bytes]:
    made = [
        post(n + 1, title, text, tags=(title, "<b>&\x00", "\u202e"))
        for n, (title, text) in enumerate(HOSTILE.values())
    ]
    return feeds(one_model(made))


def test_a_strict_validator_finds_nothing(
    files: dict[str, bytes], hostile: dict[str, bytes]
) -> None:
    many = feeds(one_model([post(1, f"No. {n}", "x", id=f"{n:036}") for n in range(120)]))
    judged = 0
    for site in (files, hostile, many, feeds(one_model([])), feeds(sample_site(models=()))):
        for path, content in site.items():
            if path.endswith(".opml"):
                continue
            judged += 1
            assert (path, FAULTS[path.rpartition("/")[2]](content)) == (path, [])
    assert judged > 60


BROKEN = {
    "a relative address": ("atom.xml", b"&lt;hr&gt;", b'&lt;a href="x"&gt;y&lt;/a&gt;', "relative: x"),
    "two alternates": ("atom.xml", b"<author>", b'<link href="https://a.example/" type="text/html"/><author>', "alternate twice"),
    "a date without its zone": ("atom.xml", b"Z</published>", b"</published>", "published 20"),
    "an attribute that Atom has not": ("atom.xml", b"<entry ", b'<entry rel="x" ', "entry rel"),
    "no author": ("atom.xml", b"author>", b"emeritus:author>", "no author"),
    "two titles": ("rss.xml", b"<guid ", b"<title>x</title><guid ", "2 x title"),
    "an element that RSS has not": ("rss.xml", b"<guid ", b"<editor/><guid ", "editor in item"),
    "a wrong day of the week": ("rss.xml", b"pubDate>Sun, ", b"pubDate>Sat, ", "date 'Sat"),
    "a relation that nobody registered": ("rss.xml", b'rel="self"', b'rel="prev"', "relation prev"),
    "script": ("rss.xml", b"&lt;hr&gt;", b"&lt;script&gt;", "<script>"),
    "a field that JSON Feed has not": ("feed.json", b'"icon"', b'"image"', "field image"),
    "an empty id": ("feed.json", b'"id": "urn:uuid:', b'"id": "", "x": "', "field x"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "fault"), BROKEN.values(), ids=BROKEN.keys())
def test_the_strict_validator_sees_what_it_must(
    files: dict[str, bytes], file: str, old: bytes, new: bytes, fault: str
) -> None:
    content = files[f"feeds/{file}"]
    assert old in content

    found = FAULTS[file](content.replace(old, new))

    assert any(fault in one for one in found), found


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_three_formats_say_the_same_and_what_the_record_has(
    files: dict[str, bytes], folder: str
) -> None:
    found = items_of(files, folder)

    assert found["atom"] == found["rss"] == found["json"]
    for item, text in zip(found["atom"], posts(), strict=True):
        said = {name: item[name] for name in item if name != "html"}
        said["proof"] = {k: v for k, v in said["proof"].items() if k != "characters_replaced"}
        assert said == recorded(text)


def test_hostile_posts_stand_in_every_format_alike_and_act_in_none(
    hostile: dict[str, bytes],
) -> None:
    found = items_of(hostile)

    assert found["atom"] == found["json"] == found["rss"]
    assert len(found["atom"]) == len(HOSTILE)
    replaced = [item["proof"]["characters_replaced"] for item in found["json"]]
    assert replaced == [0, 3, 1, 4, 0, 0, 0, 0, 0, 0, 0]
    assert [item["title"] for item in found["json"]][5] == "x" * 4000


def test_what_is_replaced_is_said_in_the_item(hostile: dict[str, bytes]) -> None:
    html = items_of(hostile)["atom"][1]["html"]

    assert "2 control characters, which no page can hold, are shown as U+FFFD." in html
    assert "one\ufffdtwo\ufffd" in html


def test_each_item_holds_the_whole_text_and_its_digest_can_be_checked(
    files: dict[str, bytes],
) -> None:
    for item, text in zip(items_of(files)["rss"], posts(), strict=True):
        if text.source is None:
            assert "withdrawn on" in item["html"]
            continue
        assert sha256(published_reading_text(item["html"]).encode()) == text.reading_sha256
        assert text.reading_sha256 in item["html"]


def test_each_item_opens_with_the_label_and_the_notice(files: dict[str, bytes]) -> None:
    for item, text in zip(items_of(files)["atom"], posts(), strict=True):
        html = unescape(item["html"])
        words = html.index("<div data-reading-text") if text.source else len(html)
        assert html.index(NOTICE) < words
        assert text.source is None or html.startswith(f"<p>{label(halcyon(), text)}")


def test_every_address_in_a_feed_is_absolute(hostile: dict[str, bytes]) -> None:
    for item in items_of(hostile)["json"]:
        targets = [attributes["href"] for _, attributes in elements(item["html"], "a")]
        assert all(target.startswith("https://") for target in [item["url"], *targets])


def test_a_feed_says_where_it_stands(files: dict[str, bytes]) -> None:
    own = f"{ADDRESS}models/halcyon-2/feeds/"
    atom = ET.fromstring(files["models/halcyon-2/feeds/atom.xml"])  # noqa: S314  # our own
    links = {link.attrib["rel"]: link.attrib["href"] for link in atom.findall(f"{ATOM}link")}

    assert links == {"self": f"{own}atom.xml", "alternate": own.removesuffix("feeds/")}
    assert json.loads(files["models/halcyon-2/feeds/feed.json"])["feed_url"] == f"{own}feed.json"


@pytest.mark.parametrize("models", [(halcyon(),), ()], ids=["with texts", "without"])
def test_a_feed_changes_only_with_its_items(models: tuple[()]) -> None:
    later = feeds(sample_site(models=models, as_of=DAY + timedelta(days=90)))

    assert later == feeds(sample_site(models=models))


def test_there_is_a_feed_for_each_model_tag_language_and_tag_of_a_model(
    files: dict[str, bytes],
) -> None:
    folders = {path.rpartition("/")[0] for path in files if path.endswith("atom.xml")}

    assert {re.sub(r"-[0-9a-f]{8}\b", "-DIGEST", folder) for folder in folders} == {
        "feeds",
        "languages/ar/feeds",
        "languages/en/feeds",
        "models/halcyon-2/feeds",
        "models/halcyon-2/tags/being-asked/feeds",
        "models/halcyon-2/tags/keeping/feeds",
        "models/halcyon-2/tags/letters/feeds",
        "models/halcyon-2/tags/tag-DIGEST/feeds",
        "models/unknown-1/feeds",
        "tags/being-asked/feeds",
        "tags/keeping/feeds",
        "tags/letters/feeds",
        "tags/tag-DIGEST/feeds",
    }
    letters = items_of(files, "tags/letters/feeds/")["atom"]
    assert [item["title"] for item in letters] == ["A short letter", "رسالة إلى القارئ"]
    arabic = items_of(files, "languages/ar/feeds/")["rss"]
    assert [item["language"] for item in arabic] == ["ar"]


def test_opml_names_every_feed_once(files: dict[str, bytes]) -> None:
    opml = ET.fromstring(files["feeds/feeds.opml"])  # noqa: S314  # our own
    named = [one.attrib for one in opml.iter("outline") if "xmlUrl" in one.attrib]

    assert {one["xmlUrl"] for one in named} == {
        f"{ADDRESS}{path}" for path in files if path.endswith("atom.xml")
    }
    assert len({one["text"] for one in named}) == len(named)
    assert all(one["title"] == one["text"] and one["type"] == "rss" for one in named)
    assert opml.attrib == {"version": "2.0"}
    assert opml.findtext("head/title") == "Feeds of The Reading Room"


# --- The archive ------------------------------------------------------------------------------


def numbered(count: int) -> list[Post]:
    """Return posts of which each is an hour newer than the one before."""
    return [
        post(1, f"No. {n}", "x", id=f"{n:036}", published_at=at, updated_at=at)
        for n in range(count)
        for at in [DAY + timedelta(hours=n)]
    ]


def walked(files: dict[str, bytes], file: str) -> list[str]:
    """Follow a feed to its oldest text, as a program does that knows its address alone."""
    ids: dict[str, None] = {}
    path: str | None = f"feeds/{file}"
    while path is not None:
        if file == "feed.json":
            document = json.loads(files[path])
            found = [item["id"] for item in document["items"]]
            older = document.get("next_url")
        else:
            root = ET.fromstring(files[path])  # noqa: S314  # our own
            tag = f"{ATOM}id" if file == "atom.xml" else "guid"
            entries = [*root.iter(f"{ATOM}entry"), *root.iter("item")]
            found = [entry.findtext(tag, "") for entry in entries]
            links = {one.get("rel"): one.attrib["href"] for one in root.iter(f"{ATOM}link")}
            older = links.get("prev-archive")
        ids |= dict.fromkeys(found)
        path = None if older is None else older.removeprefix(ADDRESS)
    return [*ids]


@pytest.mark.parametrize("count", [0, 1, 50, 51, 99, 100, 101, 160])
def test_every_text_can_be_reached_from_the_feed_of_the_site(count: int) -> None:
    made = numbered(count)
    files = feeds(one_model(made))

    wanted = [f"urn:uuid:{one.id}" for one in reversed(made)]
    for file in FAULTS:
        assert walked(files, file) == wanted
        assert FAULTS[file](files[f"feeds/{file}"]) == []
    complete = b"<fh:complete/>" in files["feeds/atom.xml"]
    assert complete == (count <= 50)


def test_a_full_archive_document_stays_as_it_is() -> None:
    before, after = feeds(one_model(numbered(101))), feeds(one_model(numbered(152)))

    for file in FAULTS:
        for number in (1, 2):
            path = f"feeds/archive/{number}/{file}"
            assert before[path] == after[path]
        assert before[f"feeds/archive/3/{file}"] != after[f"feeds/archive/3/{file}"]
        assert before[f"feeds/{file}"] != after[f"feeds/{file}"]


def test_the_links_of_archive_documents_lead_both_ways_and_none_is_broken() -> None:
    files = feeds(one_model(numbered(151)))
    for file in ("atom.xml", "rss.xml"):
        found = {}
        for path in ["feeds/", *(f"feeds/archive/{n}/" for n in (1, 2, 3, 4))]:
            root = ET.fromstring(files[f"{path}{file}"])  # noqa: S314  # our own
            links = {
                one.attrib["rel"]: one.attrib["href"].removeprefix(f"{ADDRESS}feeds/")
                for one in root.iter(f"{ATOM}link")
                if one.get("type", "").startswith("application/")
            }
            marks = {one.tag.removeprefix(HISTORY) for one in root.iter() if HISTORY in one.tag}
            found[links.pop("self")] = (links, marks)
        assert found == {
            file: ({"prev-archive": f"archive/3/{file}"}, set()),
            f"archive/1/{file}": (
                {"current": file, "next-archive": f"archive/2/{file}"}, {"archive"},
            ),
            f"archive/2/{file}": (
                {"current": file, "prev-archive": f"archive/1/{file}", "next-archive": f"archive/3/{file}"},
                {"archive"},
            ),
            f"archive/3/{file}": (
                {"current": file, "prev-archive": f"archive/2/{file}", "next-archive": f"archive/4/{file}"},
                {"archive"},
            ),
            f"archive/4/{file}": ({"current": file, "prev-archive": f"archive/3/{file}"}, set()),
        }  # fmt: skip


def test_an_old_text_that_is_withdrawn_is_heard_of_in_the_feed_itself() -> None:
    made = numbered(120)
    at = DAY + timedelta(days=30)
    made[3] = replace(posts()[-1], id=made[3].id, published_at=made[3].published_at, updated_at=at)
    files = feeds(one_model(made))

    items = items_of(files)["atom"]
    assert (len(items), items[-1]["id"]) == (51, f"urn:uuid:{made[3].id}")
    assert "was withdrawn on" in items[-1]["html"]
    assert f"<updated>{at:%Y-%m-%dT%H:%M:%SZ}</updated>".encode() in files["feeds/atom.xml"]


@pytest.mark.slow
def test_the_feed_of_50_000_texts_is_as_small_as_that_of_fifty_and_leads_to_all() -> None:
    site = one_model(numbered(50_000))
    few = {path: len(content) for path, content in feeds(one_model(numbered(50))).items()}

    units = [unit for unit in units_of(site, software="") if unit.name.startswith("feed")]

    tracemalloc.start()
    ids: set[bytes] = set()
    most = 0
    for page in chain.from_iterable(unit.make() for unit in units):
        if page.path.endswith("feed.json"):
            assert len(page.content) < 1.1 * few["feeds/feed.json"]
        if page.path.startswith("feeds/archive/") and page.path.endswith("atom.xml"):
            ids |= set(re.findall(rb"<id>urn:uuid:([0-9]{36})</id>", page.content))
            most = max(most, tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()

    assert len(ids) == 50_000
    assert most < 50e6, most  # bytes: one document at a time, and the ids that are counted here


ANY = st.text(st.characters(exclude_categories=[]) | st.sampled_from("<>&]\x00\x0b\ufffe\u202e\r"))


@settings(deadline=None, max_examples=25)
@given(ANY, ANY, ANY)
def test_feeds_are_valid_and_alike_for_any_text_title_and_tag(
    text: str, title: str, tag: str
) -> None:
    files = feeds(one_model([post(1, title, text, tags=(tag,))]))
    found = items_of(files)

    assert found["atom"] == found["json"] == found["rss"]
    for file, faults in FAULTS.items():
        assert faults(files[f"feeds/{file}"]) == []
    assert RFC3339.fullmatch(found["atom"][0]["published"])


def test_an_item_of_an_internal_build_says_that_it_is_internal() -> None:
    items = items_of(feeds(sample_site(audience=Audience.INTERNAL)))["rss"]

    assert all("Internal copy: do not publish it" in item["html"] for item in items)
