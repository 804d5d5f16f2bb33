"""No link inside the documents is dead: neither to a file nor to a heading."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PARSER = MarkdownIt("commonmark").enable("table")


def inline(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or []


def links(document: Path) -> list[str]:
    """Return the targets in the document's own repository."""
    tokens = inline(PARSER.parse(document.read_text()))
    targets = (token.attrGet("href") or token.attrGet("src") for token in tokens)
    return [target for target in map(str, filter(None, targets)) if not urlsplit(target).scheme]


def anchors(document: Path) -> set[str]:
    """Return the document's anchors as code hosts make them of its headings."""
    tokens = PARSER.parse(document.read_text())
    headings = (
        text.content
        for opening, text in itertools.pairwise(tokens)
        if opening.type == "heading_open"
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_alive(target: str, *, of: Path) -> bool:
    parts = urlsplit(target)
    path = of.parent / unquote(parts.path) if parts.path else of
    if not path.exists():
        return False
    return path.suffix != ".md" or not parts.fragment or parts.fragment in anchors(path)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    dead = [target for target in links(document) if not is_alive(target, of=document)]

    assert dead == []


@pytest.mark.parametrize(
    ("target", "alive"),
    [
        pytest.param("there.md", True, id="a file"),
        pytest.param("there.md#exit-codes-0-to-3", True, id="a heading"),
        pytest.param("#here", True, id="a heading of its own"),
        pytest.param("gone.md", False, id="no such file"),
        pytest.param("there.md#exit-codes", False, id="no such heading"),
    ],
)
def test_a_dead_link_is_seen(tmp_path: Path, target: str, *, alive: bool) -> None:
    here = tmp_path / "here.md"
    here.write_text(f"# Here\n\n[link]({target})\n")
    (tmp_path / "there.md").write_text("## Exit codes, 0 to 3\n")

    assert [is_alive(link, of=here) for link in links(here)] == [alive]
