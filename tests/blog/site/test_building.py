"""Builds: the same bytes, only what changed, nothing foreign touched, no broken way."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest

from archive.errors import InputError, ServiceError
from archive.workspace.locks import only_runner
from blog.site.building import build
from blog.site.manifest import is_whole, read_manifest
from tests.support.markup import elements
from tests.support.sample_site import halcyon, posts, sample_site


def files_in(folder: Path) -> dict[str, bytes]:
    """Return the site's files: not what builds keep for themselves, which tells times."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "/." not in f"/{path.relative_to(folder)}"
    }


def test_two_builds_of_the_same_views_are_the_same_bytes(tmp_path: Path) -> None:
    build(sample_site(), tmp_path / "a")
    build(sample_site(), tmp_path / "b")

    assert files_in(tmp_path / "a") == files_in(tmp_path / "b")


def test_a_build_counts_its_pages_and_feeds(tmp_path: Path) -> None:
    result = build(sample_site(), tmp_path)

    assert result.pages == len(list(tmp_path.rglob("*.html")))
    feeds = ("atom.xml", "rss.xml", "feed.json")
    assert result.feeds == sum(path.name in feeds for path in tmp_path.rglob("*")) > 9
    assert result.seconds > 0


def test_only_files_whose_bytes_changed_are_written(tmp_path: Path) -> None:
    build(sample_site(), tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.html")}

    assert build(sample_site(), tmp_path).written == 0
    model = replace(halcyon(), posts=[*posts()[:-1], replace(posts()[-1], title="Another")])
    changed = build(sample_site(models=(model, sample_site().models[1])), tmp_path)

    same = [path for path, at in before.items() if path.stat().st_mtime_ns == at]
    assert 0 < changed.written < len(before)
    assert tmp_path / "about/index.html" in same
    assert tmp_path / "index.html" not in same


def test_what_is_gone_is_removed_and_what_is_foreign_stays(tmp_path: Path) -> None:
    build(sample_site(), tmp_path)
    (tmp_path / "CNAME").write_text("example.org\n")

    result = build(sample_site(models=()), tmp_path)

    assert result.removed > 10
    assert not (tmp_path / "posts").exists()
    assert (tmp_path / "CNAME").read_text() == "example.org\n"


def test_a_folder_with_foreign_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("ten years of work")

    with pytest.raises(InputError, match="no build of this site"):
        build(sample_site(), tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_what_a_killed_build_left_in_an_empty_folder_is_not_foreign(tmp_path: Path) -> None:
    (tmp_path / ".emeritus-site.part").write_text("half a ma")

    build(sample_site(), tmp_path)

    assert is_whole(tmp_path)


def test_a_manifest_cannot_lead_a_removal_out_of_the_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(sample_site(), out)
    (tmp_path / "mine.txt").write_text("mine")
    manifest = out / ".emeritus-site.json"
    manifest.write_text(
        '{"address": "/", "whole": true, "files": ["../mine.txt", "/etc/hostname"]}'
    )

    build(sample_site(), out)

    assert (tmp_path / "mine.txt").exists()


def test_a_manifest_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / ".emeritus-site.json").write_text("{")

    with pytest.raises(InputError, match=r"emeritus-site\.json"):
        build(sample_site(), tmp_path)


def test_a_second_build_at_the_same_time_is_refused(tmp_path: Path) -> None:
    build(sample_site(), tmp_path)

    with (
        only_runner(tmp_path / ".emeritus-site.lock", what="site"),
        pytest.raises(ServiceError, match="another process"),
    ):
        build(sample_site(), tmp_path)


def test_a_removal_that_was_killed_is_finished(tmp_path: Path) -> None:
    """The file and its folder are gone already, and the manifest still names the file."""
    build(sample_site(), tmp_path)
    shutil.rmtree(tmp_path / "posts/a-short-letter")

    build(sample_site(models=(replace(halcyon(), posts=posts()[2:]),)), tmp_path)

    assert "posts/a-short-letter/index.html" not in read_manifest(tmp_path).files


GROWN = """
import sys
from pathlib import Path
from dataclasses import replace
from blog.site.building import build
from tests.support.sample_site import campaign, halcyon, post, posts, sample_site

more = [post(1, f"No. {n}", f"Text {n}.", id=f"{n:036}", slug=f"new-{n}") for n in range(60)]
whole = halcyon()
first = whole.transcripts[:1]
less = {"transcripts": first, "campaigns": (campaign(first),)}
model = replace(whole, posts=[*more, *posts()[2:]], **less)
print("begun", flush=True)
build(sample_site(models=(model,)), Path(sys.argv[1]))
"""


@pytest.mark.parametrize("new_files", [1, 60, 119, 120])
def test_after_a_killed_build_no_way_from_the_home_page_is_broken(
    tmp_path: Path, new_files: int
) -> None:
    build(sample_site(), tmp_path)
    before = count_files(tmp_path)

    with subprocess.Popen(  # noqa: S603  # this interpreter, our own script
        [sys.executable, "-c", GROWN, str(tmp_path)], stdout=subprocess.PIPE
    ) as builder:
        until = time.monotonic() + 30
        while builder.poll() is None and time.monotonic() < until:
            if count_files(tmp_path) - before >= new_files:
                os.kill(builder.pid, signal.SIGKILL)
                break
    assert not broken_ways(tmp_path)

    subprocess.run(  # noqa: S603  # this interpreter, our own script
        [sys.executable, "-c", GROWN, str(tmp_path)], check=True, timeout=60
    )
    assert not broken_ways(tmp_path)
    assert not (tmp_path / "posts/a-short-letter").exists()


def count_files(folder: Path) -> int:
    return sum(len(names) for _, _, names in os.walk(folder))


def broken_ways(folder: Path) -> list[str]:
    """Follow every link from the home page; return those that lead to nothing."""
    open_ways, seen, broken = [""], {""}, []
    while open_ways:
        here = open_ways.pop()
        for _, attributes in elements((folder / here / "index.html").read_text(), "a"):
            target = urldefrag(urljoin(f"http://x/{here}", attributes["href"])).url
            path = target.removeprefix("http://x/")
            if not target.startswith("http://x/") or path in seen:
                continue
            seen.add(path)
            if not (
                folder / path / ("index.html" if path.endswith("/") or not path else "")
            ).exists():
                broken.append(f"{here} -> {path}")
            elif path.endswith("/"):
                open_ways.append(path)
    return broken
