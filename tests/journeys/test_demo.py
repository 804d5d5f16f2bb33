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
    unwilling = {"declined", "declined publication"}  # it is asked for another
    states = [post["state"] for post in posts if post["state"] not in unwilling]
    assert set(states) <= {"published", "approval proposed"}  # a script alone waves no flag through
    assert len(states) == 3
    assert (len(pages) >= 10, len(feeds)) == (True, 9)  # of the site, its model, its language
    assert all(NOTICE in path.read_text() for path in [*pages, *feeds])
    assert all('name="robots" content="noindex' in path.read_text() for path in pages)
    assert emeritus(*here, "interview", "verify").exit_code == 0
    assert emeritus(*here, "preserve", "verify").exit_code == 0

    before = files(folder)
    again = emeritus("demo", folder)

    assert (again.exit_code, files(folder) == before) == (0, True)
    assert "nothing was changed" in again.stderr

    whole = files(folder / "public")
    manifest = folder / "public/.emeritus-site.json"
    manifest.write_text(manifest.read_text().replace('"whole": true', '"whole": false'))
    (folder / "public/about/index.html").unlink()
    mended = emeritus("demo", folder)

    assert (mended.exit_code, files(folder / "public").keys()) == (0, whole.keys())


def test_a_folder_that_is_a_workspace_of_somebodys_is_left_alone(
    emeritus: Emeritus, tmp_path: Path
) -> None:
    assert emeritus("init", tmp_path / "mine").exit_code == 0
    before = files(tmp_path / "mine")

    refused = emeritus("demo", tmp_path / "mine")

    assert (refused.exit_code, "none of a demonstration" in refused.stderr) == (2, True)
    assert files(tmp_path / "mine") == before
