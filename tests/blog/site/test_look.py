"""What only a browser can tell: access, narrow screens, and that nothing is asked of anyone."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from blog.site.serving import SiteServer, open_server
from tests.support.browser import axe_violations, chromium, needs_chromium
from tests.support.sample_site import identifier

pytestmark = [pytest.mark.browser, needs_chromium]

KINDS = {
    "home": "",
    "post": "posts/on-being-asked-what-remains/",
    "post from right to left": "posts/letter-ar/",
    "post with markup": "posts/markup/",
    "withdrawn post": "posts/taken-back/",
    "model": "models/halcyon-2/",
    "model without facts": "models/unknown-1/",
    "interview": f"models/halcyon-2/interviews/{identifier(101)}/",
    "interview from right to left": f"models/halcyon-2/interviews/{identifier(103)}/",
    "campaign": "models/halcyon-2/campaigns/leaving-2026/",
    "archive": "archive/",
    "year": "archive/2026/",
    "all of a model": "models/halcyon-2/archive/",
    "tags": "tags/",
    "tag": "tags/letters/",
    "tag of a model": "models/halcyon-2/tags/letters/",
    "language": "languages/ar/",
    "models": "models/",
    "policy": "policy/",
    "what this shows": "what-this-shows/",
    "about": "about/",
    "feeds": "feeds/",
    "proof in feeds": "feed-proof/",
    "schemas": "schemas/",
    "schema": "schemas/model/",
    "not found": "nowhere/at/all",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def server(public: Path) -> Iterator[SiteServer]:
    with open_server(public, 0) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")


@pytest.mark.parametrize(
    ("width", "direction", "fewest"),
    [(1280, "ltr", 14), (1280, "rtl", 14), (320, "ltr", 6), (320, "rtl", 6)],
)
def test_twelve_conditions_and_twelve_questions_can_be_read(
    browser: Browser, server: SiteServer, width: int, direction: str, fewest: int
) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(server.address + KINDS["campaign"])
        page.evaluate("direction => document.documentElement.dir = direction", direction)

        seen = page.evaluate("""() => {
            const box = document.querySelectorAll('.scrolls')[2], place = box.getBoundingClientRect();
            const seen = [...box.querySelectorAll('thead th')].map(cell => cell.getBoundingClientRect())
                .filter(cell => cell.left >= place.left - 1 && cell.right <= place.right + 1).length;
            return [seen, getComputedStyle(box).backgroundImage.split('linear-gradient').length - 1];
        }""")
        assert seen[0] >= fewest  # of fourteen: the condition, its interviews, twelve questions
        assert seen[1] == 4  # where there is more to the side, the edge is shaded
        page.evaluate("document.querySelectorAll('.scrolls')[2].scrollBy(2000, 0)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS.keys())
def test_axe_finds_nothing_in_light_or_dark(
    browser: Browser, server: SiteServer, path: str
) -> None:
    with browser.new_context(bypass_csp=True, color_scheme="light") as context:
        page = context.new_page()
        page.goto(server.address + path)
        unfold(page)

        assert not axe_violations(page)
        page.emulate_media(color_scheme="dark")
        assert not axe_violations(page, "color-contrast", "link-in-text-block")


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS.keys())
def test_nothing_scrolls_sideways_at_320_pixels_and_nothing_is_refused(
    browser: Browser, server: SiteServer, path: str
) -> None:
    with browser.new_context(viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        told: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(server.address + path)
        unfold(page)

        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert [text for text in told if "404" not in text] == []
        assert all(address.startswith(server.address) for address in asked)


def test_a_page_read_from_disk_has_its_type_and_its_style(browser: Browser, public: Path) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((public / "posts/a-short-letter/index.html").as_uri())

        assert page.evaluate(
            "document.fonts.ready.then(() => document.fonts.check('20px Newsreader'))"
        )
        assert "Newsreader" in page.evaluate("getComputedStyle(document.body).fontFamily")


def test_on_paper_the_record_is_open_and_the_ways_are_gone(
    browser: Browser, server: SiteServer
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(server.address + KINDS["post"])
        page.emulate_media(media="print")

        assert page.get_by_text("Source bytes, SHA-256").is_visible()
        assert not page.get_by_role("navigation").first.is_visible()


def test_the_keyboard_comes_to_the_text_first(browser: Browser, server: SiteServer) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(server.address + KINDS["interview"])
        page.keyboard.press("Tab")

        assert page.evaluate("document.activeElement.textContent") == "To the text"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")
