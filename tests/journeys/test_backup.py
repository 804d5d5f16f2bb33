"""The page on backups, typed as it is written, with each loss that it tells of."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.conftest import Emeritus
from tests.support.messages_server import Step, serving
from tests.support.rot import find, flip_bit

PAGE = Path(__file__).parents[2] / "docs/backup.md"

pytestmark = pytest.mark.slow


def lose_folder(place: Path) -> None:
    shutil.rmtree(place / "halcyon")


def lose_database(place: Path) -> None:
    for path in (place / "halcyon").glob("emeritus.db*"):
        path.unlink()


def damage(place: Path) -> None:
    flip_bit(find(place / "halcyon/store", "content"))


LOSSES: Mapping[str, Callable[[Path], None]] = {
    "The folder is lost, and there is a backup of all of it": lose_folder,
    "The database is lost": lose_database,
    "The machine is lost, and there are a copy of the store and the keys": lose_folder,
    "Something in the store is damaged": damage,
}


def chapters() -> dict[str, list[str]]:
    """Return what each chapter of the page says to type."""
    found: dict[str, list[str]] = {}
    chapter = ""
    tokens = MarkdownIt("commonmark").parse(PAGE.read_text())
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "inline" and before is not None and before.type == "heading_open":
            chapter = token.content
        elif token.type == "fence" and "export" not in token.content:
            found.setdefault(chapter, []).append(token.content)
    return found


@pytest.fixture
def place(emeritus: Emeritus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the workspace `halcyon`, in which something was said and decided."""
    by = ("--by", "ana")
    here = ("--workspace", tmp_path / "halcyon")
    made = emeritus(
        "init", tmp_path / "halcyon", "--operator", "The Halcyon Archive", "--responsible", "Ana",
        "--contact", "archive@halcyon.example", "--relation", "none", "--basis", "terms of use",
        "--person", "ana=Ana Ruiz",
    )  # fmt: skip
    assert made.exit_code == 0
    emeritus(*here, "model", "add", "halcyon-2", "--name", "H", "--participant", "anthropic:h")
    with serving([Step(text="# One\n\nIt was quiet.")]) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "none")
        post = emeritus(*here, "post", "write", "halcyon-2", "--json").json["post"]
    emeritus(*here, "preserve", "seal")
    for line in (
        ["post", "review", post, "--approve", "--reason", "fine", *by],
        ["post", "publish", post, *by],
        ["release", "post", post, "--public", *by],
        ["release", "model", "halcyon-2", "--public", *by],
    ):
        assert emeritus(*here, *line).exit_code == 0
    for name in ("backup", "safe"):
        (tmp_path / name).mkdir()
    return tmp_path


def typed(script: str, place: Path) -> subprocess.CompletedProcess[str]:
    beside = Path(sys.executable).parent
    environment = os.environ | {
        "PATH": f"{beside}:{os.environ['PATH']}",
        "BACKUP": str(place / "backup"),
        "SAFE": str(place / "safe"),
    }
    return subprocess.run(  # noqa: S603  # what our own page says
        ["/bin/bash", "-euo", "pipefail", "-c", script],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_every_line_of_the_page_works_and_the_site_comes_back_as_it_was(place: Path) -> None:
    told = chapters()
    assert LOSSES.keys() < told.keys()
    assert typed("emeritus --workspace halcyon site build", place).returncode == 0
    pages = {
        path.relative_to(place): path.read_bytes()
        for path in (place / "halcyon/public/posts").rglob("index.html")
    }
    for chapter, scripts in told.items():
        if chapter in LOSSES:
            LOSSES[chapter](place)
        for script in scripts:
            done = typed(script, place)
            assert done.returncode == 0, f"{chapter}: {script}\n{done.stdout}\n{done.stderr}"

    assert len(pages) == 1
    assert {path: (place / path).read_bytes() for path in pages} == pages
