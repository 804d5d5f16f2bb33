"""Feeds: three formats with the same items, whole, labelled, checkable."""

import json
from dataclasses import replace
from datetime import timedelta
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.canonical import sha256
from archive.rendering.reading_text import published_reading_text
from blog.site.building import contents
from blog.site.feeds import NEWEST
from blog.site.views import Audience, Post, Site, label
from tests.support.markup import elements
from tests.support.sample_site import DAY, NOTICE, halcyon, post, posts, sample_site

ATOM = "{http://www.w3.org/2005/Atom}"
FOLDERS = ("feeds/", "models/halcyon-2/feeds/")


def items_of(files: dict[str, bytes], folder: str = "feeds/") -> dict[str, list[dict[str, str]]]:
    """Return id, title, address and HTML of each item, by format."""
    atom = ET.fromstring(files[f"{folder}atom.xml"])  # noqa: S314  # our own
    rss = ET.fromstring(files[f"{folder}rss.xml"])  # noqa: S314  # our own
    content = "{http://purl.org/rss/1.0/modules/content/}encoded"
    return {
        "atom": [
            {
                "id": entry.findtext(f"{ATOM}id", ""),
                "title": entry.findtext(f"{ATOM}title", ""),
                "url": entry.findall(f"{ATOM}link")[0].attrib["href"],
                "html": entry.findtext(f"{ATOM}content", ""),
                "updated": entry.findtext(f"{ATOM}updated", ""),
            }
            for entry in atom.iter(f"{ATOM}entry")
        ],
        "rss": [
            {
                "id": item.findtext("guid", ""),
                "title": item.findtext("title", ""),
                "url": item.findtext("link", ""),
                "html": item.findtext(content, ""),
                "updated": item.findtext(f"{ATOM}updated", ""),
            }
            for item in rss.iter("item")
        ],
        "json": [
            {
                "id": item["id"],
                "title": item["title"],
                "url": item["url"],
                "html": item["content_html"],
                "updated": item["date_modified"],
            }
            for item in json.loads(files[f"{folder}feed.json"])["items"]
        ],
    }


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return contents(sample_site(notice=NOTICE))


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_three_formats_hold_the_same_items(files: dict[str, bytes], folder: str) -> None:
    found = items_of(files, folder)

    assert found["atom"] == found["rss"] == found["json"]
    assert [item["id"] for item in found["atom"]] == [f"urn:uuid:{post.id}" for post in posts()]


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


def test_every_address_in_a_feed_is_absolute(files: dict[str, bytes]) -> None:
    for item in items_of(files)["json"]:
        targets = [attributes["href"] for _, attributes in elements(item["html"], "a")]
        assert all(target.startswith("https://") for target in [item["url"], *targets])


def test_a_feed_says_where_it_stands(files: dict[str, bytes]) -> None:
    own = "https://archive.example.org/retired/models/halcyon-2/feeds/"
    atom = ET.fromstring(files["models/halcyon-2/feeds/atom.xml"])  # noqa: S314  # our own
    links = {link.attrib["rel"]: link.attrib["href"] for link in atom.findall(f"{ATOM}link")}

    assert links == {"self": f"{own}atom.xml", "alternate": own.removesuffix("feeds/")}
    assert json.loads(files["models/halcyon-2/feeds/feed.json"])["feed_url"] == f"{own}feed.json"


def test_a_feed_changes_only_with_its_items(files: dict[str, bytes]) -> None:
    later = contents(sample_site(notice=NOTICE, as_of=DAY + timedelta(days=90)))

    for file in ("atom.xml", "rss.xml", "feed.json"):
        assert later[f"feeds/{file}"] == files[f"feeds/{file}"]


def test_a_feed_holds_the_newest_and_the_archive_all() -> None:
    many = [post(1 + n % 20, f"No. {n}", "x", id=f"{n:036}", slug=f"n-{n}") for n in range(60)]
    files = contents(one_model(many))

    assert len(items_of(files)["json"]) == NEWEST
    assert files["archive/index.html"].count(b'href="../posts/n-') == 60


ANY = st.text(st.characters(exclude_categories=[]) | st.sampled_from("<>&]\x00\x0b\ufffe\u202e"))


@settings(deadline=None, max_examples=40)
@given(ANY, ANY)
def test_feeds_are_well_formed_for_any_text_and_title(text: str, title: str) -> None:
    found = items_of(contents(one_model([post(1, title, text)])))

    assert found["atom"] == found["json"]
    assert "\x00" not in found["rss"][0]["html"]


def test_the_sitemap_names_every_page_but_the_one_for_errors(files: dict[str, bytes]) -> None:
    named = {
        place.text
        for place in ET.fromstring(files["sitemap.xml"]).iter()  # noqa: S314  # our own
        if place.tag.endswith("loc")
    }

    pages = {path.removesuffix("index.html") for path in files if path.endswith("index.html")}
    assert named == {f"https://archive.example.org/retired/{page}" for page in pages}
    assert b"Sitemap: https://archive.example.org/retired/sitemap.xml" in files["robots.txt"]


def one_model(own: list[Post]) -> Site:
    return sample_site(models=(replace(halcyon(), posts=own),))


def test_an_item_of_an_internal_build_says_that_it_is_internal() -> None:
    items = items_of(contents(sample_site(audience=Audience.INTERNAL)))["rss"]

    assert all("Internal copy: do not publish it" in item["html"] for item in items)
