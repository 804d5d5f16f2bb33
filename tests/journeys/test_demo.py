"""The demonstration tells the whole story on the real model, once."""

from pathlib import Path

import pytest

from tests.conftest import Emeritus

NOTICE = "This is an exercise."

pytestmark = [pytest.mark.model, pytest.mark.slow]


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_story_is_told_to_its_end_and_a_second_run_changes_nothing(
    emeritus: Emeritus, tmp_path: Path
) -> None:
    folder = tmp_path / "demo"
    told = emeritus("demo", folder)
    assert told.exit_code == 0, told.stderr

    here = ("--workspace", folder)
    sessions = emeritus(*here, "interview", "list", "--json").json["sessions"]
    posts = emeritus(*here, "post", "list", "--json").json["posts"]
    pages = list((folder / "public").rglob("*.html"))
    feeds = [*(folder / "public").rglob("feed.json"), *(folder / "public").rglob("feeds/*.xml")]
    assert [session["state"] for session in sessions] == ["complete", "complete"]
    assert [post["state"] for post in posts] == ["published"] * 3
    assert (len(pages) >= 10, len(feeds)) == (True, 6)
    assert all(NOTICE in path.read_text() for path in [*pages, *feeds])
    assert all('name="robots" content="noindex' in path.read_text() for path in pages)
    assert emeritus(*here, "interview", "verify").exit_code == 0
    assert emeritus(*here, "preserve", "verify").exit_code == 0

    before = files(folder)
    again = emeritus("demo", folder)

    assert (again.exit_code, files(folder) == before) == (0, True)
    assert "nothing was changed" in again.stderr
