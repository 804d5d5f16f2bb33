"""What travels with the package."""

import re

from archive.rendering.resources import assets, standing_pages


def test_each_font_is_small_and_its_licence_goes_with_it() -> None:
    fonts = {path: content for path, content in assets().items() if path.endswith(".woff2")}

    assert fonts
    assert all(len(content) < 150_000 for content in fonts.values())
    assert b"SIL Open Font License" in assets()["fonts/OFL.txt"]


def test_the_style_sheet_asks_for_nothing_that_does_not_ship() -> None:
    carried = assets()
    style = carried["styles/site.css"].decode()

    wanted = re.findall(r"url\(([^)]*)\)", style)
    assert {target.replace("../", "") for target in wanted} <= carried.keys()
    assert "@import" not in style


def test_every_standing_page_opens_with_its_title() -> None:
    assert {"about", "feeds", "what-this-shows"} <= standing_pages().keys()
    assert all(text.startswith("# ") for text in standing_pages().values())
