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
read = {}
for path in sys.argv[1:]:
    feed = feedparser.parse(path)
    read[path] = {
        "bozo": bool(feed.bozo),
        "version": feed.version,
        "title": feed.feed.title,
        "links": sorted((link.rel, link.href) for link in feed.feed.links),
        "items": [
            {
                "id": entry.id,
                "title": entry.title,
                "link": entry.link,
                "author": entry.author,
                "published": entry.published_parsed[:6],
                "updated": entry.updated_parsed[:6],
                "summary": entry.summary,
                "tags": [tag.label or tag.term for tag in entry.get("tags", [])],
                "text": [one.value for one in entry.content if one.type == "text/html"][-1],
            }
            for entry in feed.entries
        ],
    }
print(json.dumps(read))
"""

GENERATE = """
import json, sys
from feedgen.feed import FeedGenerator
source, out = sys.argv[1:]
feed = json.load(open(source))
made = FeedGenerator()
made.load_extension("dc")
made.id(feed["feed_url"])
made.title(feed["title"])
made.description(feed["description"])
made.link(href=feed["home_page_url"], rel="alternate")
made.updated(max(item["date_modified"] for item in feed["items"]))
for item in feed["items"]:
    entry = made.add_entry(order="append")
    entry.id(item["id"])
    entry.guid(item["id"], permalink=False)
    entry.title(item["title"])
    entry.link(href=item["url"], rel="alternate")
    entry.author(name=item["authors"][0]["name"], uri=item["authors"][0]["url"])
    entry.dc.dc_creator(item["authors"][0]["name"])
    entry.published(item["date_published"])
    entry.updated(item["date_modified"])
    entry.summary(item["summary"])
    entry.content(item["content_html"], type="html" if out.endswith("atom.xml") else "CDATA")
    entry.category([{"term": tag, "label": tag} for tag in item["tags"]])
made.atom_file(out) if out.endswith("atom.xml") else made.rss_file(out)
"""


def run(script: str, *arguments: Path) -> str:
    done = subprocess.run(  # noqa: S603  # the oracle's own interpreter, our own script
        [PYTHON, "-W", "ignore", "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def parsed(*paths: Path) -> list[Any]:
    read = json.loads(run(PARSE, *paths))
    return [read[str(path)] for path in paths]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feeds")
    build(sample_site(notice=NOTICE), folder)
    return folder


def test_feedparser_finds_no_fault_and_every_item(site: Path) -> None:
    files = [path for path in site.rglob("*.xml") if path.name in {"atom.xml", "rss.xml"}]

    read = dict(zip(files, parsed(*files), strict=True))

    assert len(read) > 20
    assert not [path for path, feed in read.items() if feed["bozo"]]
    for path, feed in read.items():
        assert feed["version"] == {"atom.xml": "atom10", "rss.xml": "rss20"}[path.name]
    for file in ("atom.xml", "rss.xml"):
        feed = read[site / "feeds" / file]
        assert [item["id"] for item in feed["items"]] == [f"urn:uuid:{one.id}" for one in posts()]
        assert {item["author"] for item in feed["items"]} == {"Halcyon 2"}


@pytest.mark.parametrize("file", ["atom.xml", "rss.xml"])
def test_feedparser_reads_from_ours_what_it_reads_from_feedgens(
    site: Path, tmp_path: Path, file: str
) -> None:
    """feedgen is given each item of the JSON feed, and writes what it has a place for."""
    run(GENERATE, site / "feeds/feed.json", tmp_path / file)

    ours, theirs = parsed(site / "feeds" / file, tmp_path / file)

    if file == "rss.xml":  # it puts the text into the description, and leaves the change out
        for item in (*ours["items"], *theirs["items"]):
            del item["summary"], item["updated"]
    assert ours["items"] == theirs["items"]
    assert ours["title"] == theirs["title"]
