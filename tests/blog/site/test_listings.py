"""Lists: everything that was published, found by year, model, tag and language."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.site.building import contents
from blog.site.listings import ROWS, cut
from blog.site.units import units_of
from blog.site.views import Post, Site
from tests.support.markup import elements
from tests.support.sample_site import DAY, halcyon, post, posts, sample_site


def lists(site: Site) -> dict[str, str]:
    """Return the pages of lists."""
    units = [unit for unit in units_of(site, software="") if unit.name.startswith(("list ", "ind"))]
    return {page.path: page.content.decode() for unit in units for page in unit.make()}


def many(count: int) -> Site:
    made: list[Post] = [
        post(1, f"No. {n}", "x", id=f"{n:036}", slug=f"n-{n}", published_at=at, tags=("all",))
        for n in range(count)
        for at in [DAY + timedelta(minutes=n)]
    ]
    return sample_site(models=(replace(halcyon(), posts=made, transcripts=(), campaigns=()),))


def texts_on(page: str) -> list[str]:
    """Return the addresses of the texts that a page leads to, in its order."""
    links = [attributes["href"] for _, attributes in elements(page[page.index("<main") :], "a")]
    return [link.rpartition("posts/")[2] for link in links if "posts/" in link]


@given(st.integers(0, 300), st.integers(1, 20))
def test_a_list_is_cut_without_loss_and_a_full_part_stays(count: int, size: int) -> None:
    things = [*range(count, 0, -1)]
    newest, full = cut(things, size)

    assert [*newest, *(one for part in reversed(full) for one in part)] == things
    assert all(len(part) == size for part in full)
    assert len(newest) < 2 * size
    assert cut([count + 1, *things], size)[1][: len(full)] == full


@pytest.mark.parametrize("path", ["archive/2026/", "models/halcyon-2/archive/", "tags/all/"])
def test_a_long_list_is_read_from_part_to_part(path: str) -> None:
    pages = lists(many(3 * ROWS + 7))

    found, here = [], path
    while here:
        page = pages[f"{here}index.html"]
        found += texts_on(page)
        older = [a["href"] for _, a in elements(page, "a") if a.get("rel") == "prev"]
        here = older[0].lstrip("./") if older else ""
    assert found == [f"n-{n}/" for n in reversed(range(3 * ROWS + 7))]
    assert f"{path}2/index.html" in pages
    assert f"{path}3/index.html" not in pages


def test_a_new_text_changes_the_first_page_of_its_lists_alone() -> None:
    before, after = lists(many(250)), lists(many(251))

    changed = {path for path in before if before[path] != after[path]}
    assert "tags/all/1/index.html" in before
    assert not [path for path in changed if "/1/" in path]


def test_the_archive_shows_the_newest_of_each_year_and_leads_to_the_rest() -> None:
    page = lists(many(60))["archive/index.html"]

    assert texts_on(page) == [f"n-{n}/" for n in range(59, 39, -1)]
    assert '<a href="../archive/2026/">All 60 of 2026</a>' in page


def test_no_page_that_lists_is_heavier_than_a_page_may_be() -> None:
    made = [
        post(1, f"No. {n}", "x", id=f"{n:036}", slug=f"n-{n}", tags=(f"tag {n % 199}", "all"))
        for n in range(2 * ROWS - 1)
    ]
    site = contents(sample_site(models=(replace(halcyon(), posts=made, transcripts=()),)))

    heaviest = {p: len(c) for p, c in site.items() if p.endswith(".html") and "schemas" not in p}
    assert max(heaviest.values()) < 60_000, max(heaviest, key=lambda path: heaviest[path])


def test_every_year_has_a_page_with_its_texts_and_interviews() -> None:
    pages = lists(sample_site())
    years = {one.published_at.year for one in posts()}

    for year in years:
        page = pages[f"archive/{year}/index.html"]
        own = [one for one in posts() if one.published_at.year == year]
        assert texts_on(page) == [one.path.removeprefix("posts/") for one in own]
    assert pages["archive/2026/index.html"].count(">Interview ·") == 3


def test_a_tag_leads_to_its_texts_in_whatever_case_and_language() -> None:
    pages = lists(sample_site())

    assert texts_on(pages["tags/letters/index.html"]) == ["a-short-letter/", "letter-ar/"]
    index = pages["tags/index.html"]
    assert index.count('<a href="../tags/letters/">') == 1
    assert "2 texts" in index


def test_every_list_can_be_reached_from_the_archive() -> None:
    pages = lists(sample_site())
    open_ways, seen = ["archive/"], {"archive/"}
    while open_ways:
        page = pages[f"{open_ways.pop()}index.html"]
        for _, attributes in elements(page, "a"):
            path = attributes["href"].lstrip("./")
            if f"{path}index.html" in pages and path not in seen:
                seen.add(path)
                open_ways.append(path)
    assert {f"{path}index.html" for path in seen} == {p for p in pages if p.endswith(".html")}


def test_a_list_offers_the_feeds_of_its_texts() -> None:
    page = lists(sample_site())["models/halcyon-2/tags/letters/index.html"]

    alternates = [a["href"] for _, a in elements(page, "link") if a["rel"] == "alternate"]
    assert "../../../../models/halcyon-2/tags/letters/feeds/atom.xml" in alternates
    assert "../../../../feeds/atom.xml" in alternates


def test_a_site_without_texts_has_its_lists() -> None:
    pages = lists(sample_site(models=()))

    assert set(pages) == {"archive/index.html", "tags/index.html"}  # and no list
    assert "No text that is published here has a tag." in pages["tags/index.html"]
