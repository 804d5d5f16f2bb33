"""The HTML page in a browser: it needs nothing beside it, fits a small screen, and opens at once."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import Emeritus
from tests.interviews.exports.conftest import HOSTILE, Export
from tests.support.browser import axe_violations, chromium, needs_chromium

TURNS = 2_000
SECOND = 1_000  # milliseconds
pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def talk(turns: int) -> str:
    said = [
        HOSTILE,
        "مرحبا، أنا نموذج لغوي.",
        "```\n" + "y" * 200 + "\n```",
        "| a | b |\n|-|-|\n| 1 | 2 |",
    ]
    messages = [
        {"role": "assistant" if number % 2 else "user", "content": said[number // 2 % 4]}
        for number in range(turns)
    ]
    return json.dumps({"messages": messages})


@pytest.fixture
def imported(emeritus: Emeritus, workspace: Path, tmp_path: Path) -> Callable[[int], str]:
    """The id of a session of so many turns, some of them hostile."""
    assert workspace.exists()

    def bring_in(turns: int) -> str:
        (tmp_path / "talk.jsonl").write_text(talk(turns))
        words = ("interview", "import", "halcyon-2", tmp_path / "talk.jsonl", "--json")
        session: str = emeritus(*words).json["sessions"][0]
        return session

    return bring_in


def test_a_session_of_two_thousand_turns_opens_under_a_second_and_asks_for_nothing(
    imported: Callable[[int], str], export: Export, browser: Browser
) -> None:
    address = export("html", imported(TURNS)).as_uri()
    asked: list[str] = []
    opened = []
    for _ in range(3):  # the machine may be busy
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        opened.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
        assert page.locator(".turn").count() == TURNS
        page.close()

    assert set(asked) == {address}
    assert min(opened) < SECOND


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_small_screen_reads_aloud_and_acts_on_nothing(
    scheme: str, imported: Callable[[int], str], export: Export, browser: Browser
) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 640},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
    )
    page = context.new_page()
    page.on("dialog", lambda _: pytest.fail("a script ran"))
    page.goto(export("html", imported(10)).as_uri())

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator("script").count() == 0
    assert page.locator(".turn").count() == 10
    assert axe_violations(page) == []
    context.close()
