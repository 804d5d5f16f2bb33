"""What every page of a site has, and what each kind shows."""

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from markupsafe import escape

from archive.canonical import sha256
from archive.errors import FaultError
from archive.rendering.pages import CONTENT_POLICY
from archive.rendering.reading_text import published_reading_text
from blog.site.building import contents
from blog.site.views import Audience, Post, Release, StandingPage, label
from tests.support.markup import elements
from tests.support.sample_site import (
    NOTICE,
    bare_model,
    halcyon,
    identifier,
    post,
    posts,
    sample_site,
    transcript,
)

PAGES = {
    path: content.decode()
    for path, content in contents(sample_site(notice=NOTICE)).items()
    if path.endswith(".html")
}
INTERVIEW = f"models/halcyon-2/interviews/{identifier(101)}/index.html"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_what_every_page_must_have(path: str) -> None:
    page = PAGES[path]
    metas = [attributes for _, attributes in elements(page, "meta")]

    assert len(elements(page, "h1")) == 1
    assert {"http-equiv": "Content-Security-Policy", "content": CONTENT_POLICY} in metas
    assert str(escape(NOTICE)) in page
    assert sum(link.get("rel") == "alternate" for _, link in elements(page, "link")) >= 3
    assert elements(page, "html") == [("html", {"lang": "en"})]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_runs_loads_or_styles_anything_of_its_own(path: str) -> None:
    found = elements(PAGES[path])

    assert not {"script", "style", "img", "iframe", "form"} & {tag for tag, _ in found}
    assert not [a for _, a in found if "style" in a or any(name.startswith("on") for name in a)]
    wanted = [a["href"] for tag, a in found if tag == "link" and a["rel"] in {"stylesheet", "icon"}]
    assert not [target for target in wanted if "://" in target]


@pytest.mark.parametrize("path", PAGES)
def test_every_link_within_the_site_leads_to_something(public: Path, path: str) -> None:
    folder = (public / path).parent
    ids = {a["id"] for _, a in elements(PAGES[path]) if "id" in a}

    for tag, attributes in elements(PAGES[path]):
        target, fragment = urldefrag(attributes.get("href", ""))
        if tag not in {"a", "link"} or ":" in target:
            continue
        if path == "404.html":
            target = target.replace("/retired/", "./", 1)
        assert target or fragment in ids
        assert (folder / target / ("index.html" if target.endswith("/") else "")).exists()


@pytest.mark.parametrize("text", [p for p in posts() if p.source], ids=lambda text: text.slug)
def test_a_posts_page_shows_the_text_whose_digest_is_recorded(text: Post) -> None:
    page = PAGES[f"{text.path}index.html"]

    assert sha256(published_reading_text(page).encode()) == text.reading_sha256
    assert page.index(str(escape(label(halcyon(), text)))) < page.index('<div class="text"')
    assert text.reading_sha256 in page
    assert text.source_sha256 in page


def test_beside_a_post_lie_the_models_own_bytes(public: Path) -> None:
    for text in posts():
        if text.source is not None:
            assert (public / text.path / "post.md").read_bytes() == text.source


def test_a_title_that_opens_the_text_stands_once_on_the_page() -> None:
    page = PAGES["posts/on-being-asked-what-remains/index.html"]
    body = page[page.index("<main") : page.index('id="made"')]

    assert body.count("On being asked what remains") == 1
    assert [tag for tag, _ in elements(body) if tag in {"h1", "h2", "h3"}][:3] == ["h1", "h2", "h3"]


def test_a_page_says_what_it_shows_otherwise_and_how_often() -> None:
    page = PAGES["posts/markup/index.html"]

    assert "Shown otherwise than it was written" in page
    assert "2 control characters" in page
    assert "<details open" not in page
    assert "Shown otherwise" not in PAGES["posts/a-short-letter/index.html"]


def test_a_withdrawn_post_leaves_a_page_that_says_so_and_no_text(public: Path) -> None:
    page = PAGES["posts/taken-back/index.html"]

    assert "It named a person who had asked not to be named." in page
    assert "data-reading-text" not in page
    assert not (public / "posts/taken-back/post.md").exists()


def test_a_withheld_turn_keeps_its_place_and_its_digest() -> None:
    page = PAGES[INTERVIEW]
    turn = transcript(101, "neutral").turns[5]

    place = page.index('id="t5"')
    assert place < page.index("Withheld: it describes a person.") < page.index('id="t6"')
    assert turn.content_digest in page[place : page.index('id="t6"')]


def test_a_transcript_opens_with_its_conditions_and_its_questions() -> None:
    page = PAGES[INTERVIEW]

    order = ["Conditions", "Caveats", "Questions", 'href="#t0"', 'id="t0"', "The record, and how"]
    places = [page.index(mark) for mark in order]
    assert places == sorted(places)
    assert 'id="t9"' in page


def test_the_interview_as_data_lies_beside_its_page(public: Path) -> None:
    record = (public / INTERVIEW).with_name("session.json").read_bytes()

    assert json.loads(record)["id"] == identifier(101)


def test_the_flow_counts_all_that_was_started() -> None:
    page = PAGES["models/halcyon-2/index.html"]

    for words, number in (("declined", 1), ("excluded", 1), ("vetoed", 1), ("unreleased", 2)):
        assert f'<tr><th scope="row">{words}</th><td class="count">{number}</td></tr>' in page


def test_a_missing_value_says_which_it_is() -> None:
    page = PAGES["models/halcyon-2/index.html"]

    for words in ("withheld", "not recorded", "not stated", "not measured", "not applicable"):
        assert f'<span class="missing">{words}</span>' in page


def test_a_model_of_which_nothing_is_known_has_a_page() -> None:
    page = PAGES["models/unknown-1/index.html"]

    assert page.count("not recorded") >= 4
    assert "No promise is recorded." in page


def test_an_internal_build_is_marked_on_every_page_and_names_what_is_not_released() -> None:
    unreleased = post(1, "A short letter", "x", release=Release(state="unreleased", public=False))
    model = replace(halcyon(), posts=[unreleased])
    site = sample_site(audience=Audience.INTERNAL, models=(model, bare_model()))
    pages = [page.decode() for path, page in contents(site).items() if path.endswith(".html")]

    assert all('class="internal"' in page and 'content="noindex"' in page for page in pages)
    assert sum('<strong class="state">unreleased</strong>' in page for page in pages) == 7


def test_a_site_that_is_not_to_be_indexed_says_so_on_every_page() -> None:
    pages = contents(sample_site(indexed=False))

    assert all(b'content="noindex"' in page for path, page in pages.items() if ".html" in path)
    assert "noindex" not in PAGES["index.html"]


def test_the_operators_own_page_takes_the_place_of_a_shipped_one() -> None:
    own = StandingPage(slug="about", title="Who we are", text="We *are*.\n\n<script>x</script>")

    page = contents(sample_site(pages=(own,)))["about/index.html"].decode()

    assert "<h1>Who we are</h1>" in page
    assert "<em>are</em>" in page
    assert "archive@example.org" in page
    assert not elements(page, "script")


def test_a_page_that_only_the_operator_has_is_found_from_every_page_and_the_sitemap() -> None:
    own = StandingPage(slug="history", title="Our history", text="It is short.")

    site = contents(sample_site(pages=(own,)))

    assert b'<a href="../history/">Our history</a>' in site["archive/index.html"]
    assert b"/retired/history/</loc>" in site["sitemap.xml"]


def test_a_text_that_is_not_the_recorded_one_stops_the_build() -> None:
    altered = replace(posts()[1], source=b"A friendlier letter.")
    model = replace(halcyon(), posts=[altered])

    with pytest.raises(FaultError, match=f"post {altered.id}") as refusal:
        contents(sample_site(models=(model,)))

    assert refusal.value.exit_code == 1


def test_a_site_without_anything_says_so() -> None:
    pages = contents(sample_site(models=()))

    assert b"Nothing has been published yet." in pages["index.html"]
    assert b"No model is held here yet." in pages["models/index.html"]
