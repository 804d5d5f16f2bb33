"""What tells machines where to look."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from blog.site import sitemap
from blog.site.building import contents
from blog.site.shelves import shelves_of
from blog.site.views import Site
from tests.support.sample_site import NOTICE, halcyon, post, sample_site

ADDRESS = "https://archive.example.org/retired/"
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return contents(sample_site(notice=NOTICE))


def for_machines(site: Site) -> dict[str, bytes]:
    made = sitemap.pages_for_machines(site, shelves_of(site))
    return {page.path: page.content for page in made}


def named(content: bytes) -> list[str]:
    root = ET.fromstring(content)  # noqa: S314  # our own
    return [place.text or "" for place in root.iter(f"{SPACE}loc")]


def test_the_sitemap_names_every_page_but_the_one_for_errors(files: dict[str, bytes]) -> None:
    pages = {path.removesuffix("index.html") for path in files if path.endswith("index.html")}

    found = named(files["sitemap.xml"])

    assert len(found) == len(set(found))
    assert set(found) == {f"{ADDRESS}{page}" for page in pages}
    assert b"Sitemap: https://archive.example.org/retired/sitemap.xml" in files["robots.txt"]


def test_a_sitemap_of_too_many_addresses_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file of more than 50,000, and none is left out; here 20 stand for 50,000."""
    made = [post(1, f"No. {n}", "x", id=f"{n:036}", slug=f"n-{n}") for n in range(90)]
    site = sample_site(models=(replace(halcyon(), posts=made),))
    whole = named(for_machines(site)["sitemap.xml"])
    monkeypatch.setattr(sitemap, "MOST", 20)

    files = for_machines(site)

    parts = [path.removeprefix(ADDRESS) for path in named(files["sitemap.xml"])]
    assert ET.fromstring(files["sitemap.xml"]).tag == f"{SPACE}sitemapindex"  # noqa: S314
    assert {path for path in files if path.startswith("sitemaps/")} == set(parts)
    assert [one for path in parts for one in named(files[path])] == whole
    assert all(len(named(files[path])) <= 20 for path in parts)


def test_llms_txt_leads_to_what_stands_there(files: dict[str, bytes]) -> None:
    text = files["llms.txt"].decode()

    targets = [part.partition(")")[0] for part in text.split(f"]({ADDRESS}")[1:]]
    assert len(targets) > 10
    for target in targets:
        assert f"{target}index.html" in files or target in files
    assert "A text taken back" not in text


def test_llms_txt_holds_no_markup_of_a_title() -> None:
    hostile = post(1, "](https://elsewhere.example/) <b>\nx", "x")

    text = for_machines(sample_site(models=(replace(halcyon(), posts=[hostile]),)))["llms.txt"]

    assert rb"[\](https://elsewhere.example/) \<b\> x](https://archive" in text
