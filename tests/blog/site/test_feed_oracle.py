"""feedparser, which many readers use, takes our feeds as they are."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from blog.site.building import build
from tests.support.sample_site import NOTICE, posts, sample_site

PYTHON = Path(__file__).parents[3] / ".venv-oracles" / "bin" / "python"

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(not PYTHON.exists(), reason="feedparser is not in .venv-oracles"),
]

PARSE = """
import feedparser, json, sys
feed = feedparser.parse(sys.argv[1])
print(json.dumps({
    "bozo": bool(feed.bozo),
    "version": feed.version,
    "ids": [entry.id for entry in feed.entries],
    "authors": [entry.author for entry in feed.entries],
    "lengths": [len(entry.content[0].value) for entry in feed.entries],
}))
"""


def parsed(path: Path) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603  # the oracle's own interpreter, our own script
        [PYTHON, "-c", PARSE, path], capture_output=True, check=True, timeout=60
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("file", "version"), [("atom.xml", "atom10"), ("rss.xml", "rss20")])
def test_feedparser_finds_no_fault_and_every_item(tmp_path: Path, file: str, version: str) -> None:
    build(sample_site(notice=NOTICE), tmp_path)

    feed = parsed(tmp_path / "feeds" / file)

    assert (feed["bozo"], feed["version"]) == (False, version)
    assert feed["ids"] == [f"urn:uuid:{post.id}" for post in posts()]
    assert set(feed["authors"]) == {"Halcyon 2"}
    assert min(feed["lengths"]) > 100
