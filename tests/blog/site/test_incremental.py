"""A build makes only what changed, and leaves the same bytes as one that makes everything."""

import multiprocessing
import random
import resource
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader

from archive.errors import InputError
from blog.site.building import build, contents
from blog.site.laying_out import lay_out
from blog.site.layout import Page
from blog.site.manifest import is_whole
from blog.site.units import Unit, units_of
from blog.site.views import Model, Post, Site, Withdrawal
from tests.blog.site.test_building import broken_ways, files_in
from tests.support.sample_site import DAY, bare_model, halcyon, post, posts, sample_site

Edit = Callable[[Site], Site]
FORKS = multiprocessing.get_context("forkserver")


def small(own: list[Post]) -> Site:
    return sample_site(models=(of(own), bare_model()), schemas=())


def of(own: list[Post]) -> Model:
    return replace(halcyon(), transcripts=(), campaigns=(), posts=own)


def with_posts(site: Site, change: Callable[[list[Post]], list[Post]]) -> Site:
    model, *others = site.models
    return replace(site, models=(replace(model, posts=change([*model.posts])), *others))


def numbered(number: int) -> Post:
    at = DAY + timedelta(hours=number)
    made = post(1, f"No. {number}", f"# No. {number}\n\nWords.", id=f"{number:036}")
    return replace(made, slug=f"n-{number}", published_at=at, updated_at=at, tags=("all",))


def added(number: int, site: Site) -> Site:
    others = {one.id for one in site.models[0].posts}
    new = numbered(number)
    return site if new.id in others else with_posts(site, lambda own: [*own, new])


def removed(place: int, site: Site) -> Site:
    return with_posts(site, lambda own: own[:place] + own[place + 1 :])


def renamed(place: int, site: Site) -> Site:
    """Give a text another title and address: its neighbours and the lists name both."""
    return with_posts(
        site,
        lambda own: [
            replace(one, title=f"{one.title}!", slug=f"{one.slug}-again") if n == place else one
            for n, one in enumerate(own)
        ],
    )


def withdrawn(place: int, site: Site) -> Site:
    gone = Withdrawal(at=DAY, by="Margit Aulin", reason="It named a person.")
    return with_posts(
        site,
        lambda own: [
            replace(one, source=None, withdrawn=gone, updated_at=DAY) if n == place else one
            for n, one in enumerate(own)
        ],
    )


EDITS: dict[str, st.SearchStrategy[Edit]] = {
    "a text more": st.integers(1, 90).map(lambda number: partial(added, number)),
    "a text less": st.integers(0, 4).map(lambda place: partial(removed, place)),
    "another title": st.integers(0, 4).map(lambda place: partial(renamed, place)),
    "a withdrawal": st.integers(0, 4).map(lambda place: partial(withdrawn, place)),
    "another day": st.just(lambda site: replace(site, as_of=site.as_of + timedelta(days=1))),
    "a notice": st.just(lambda site: replace(site, notice="Please note.")),
    "a model's name": st.just(
        lambda site: replace(
            site, models=tuple(replace(one, name=f"{one.name} b") for one in site.models)
        )
    ),
    "a model less": st.just(lambda site: replace(site, models=site.models[:1])),
}


@settings(max_examples=5, deadline=None)
@given(st.lists(st.one_of(*EDITS.values()), min_size=1, max_size=4), st.integers(0, 70))
def test_after_any_edits_the_folder_is_that_of_a_full_build(edits: list[Edit], many: int) -> None:
    site = small([*posts(), *map(numbered, range(100, 100 + many))])
    with TemporaryDirectory() as folder:
        for edit in edits:
            build(site, Path(folder))
            site = edit(site)
        build(site, Path(folder))

        assert files_in(Path(folder)) == contents(site)


def test_a_new_text_is_made_with_its_neighbour_and_nothing_else_of_the_texts() -> None:
    before, after = (
        {unit.name: unit.key for unit in units_of(site, software="")}
        for site in (small([*map(numbered, range(200))]), small([*map(numbered, range(201))]))
    )

    changed = {name for name, key in after.items() if before.get(name) != key}
    assert {name for name in changed if name.startswith("post")} == {
        f"post {numbered(number).id}" for number in (199, 200)
    }
    assert "feed feeds/archive/1/" in after.keys() - changed
    assert "list models/halcyon-2/archive/1/" not in changed


def test_another_program_or_template_makes_everything_anew() -> None:
    keys = [{unit.key for unit in units_of(sample_site(), software=one)} for one in ("a", "b")]

    assert keys[0].isdisjoint(keys[1])


@pytest.mark.parametrize("harm", ["changed", "removed", "a folder removed"])
def test_a_file_that_is_not_as_it_was_left_is_made_again(harm: str, tmp_path: Path) -> None:
    site = small(posts())
    build(site, tmp_path)
    whole, page = files_in(tmp_path), tmp_path / "posts/a-short-letter/index.html"
    match harm:
        case "changed":
            page.write_text("something else")
        case "removed":
            page.unlink()
        case _:
            shutil.rmtree(page.parent)

    result = build(site, tmp_path)

    assert files_in(tmp_path) == whole
    assert result.written == (2 if harm == "a folder removed" else 1)


# --- What cannot be built --------------------------------------------------------------------


def test_a_template_that_cannot_be_used_is_named_with_its_line_and_the_text(
    tmp_path: Path,
) -> None:
    (tmp_path / "page.html").write_text("<p>\n{{ post.nothing.at_all }}")
    template = Environment(loader=FileSystemLoader(tmp_path), autoescape=True)

    def make() -> Iterator[Page]:
        words = template.get_template("page.html").render(post=numbered(1))
        yield Page("index.html", words.encode())

    with pytest.raises(InputError, match=r"page\.html:2: .*post 7.*\n.*Mend the template"):
        list(lay_out([Unit(name="post 7", key="", make=make)], tmp_path, tmp_path))


@pytest.mark.parametrize("path", ["../index.html", "/etc/motd", "posts/../../x", ""])
def test_a_path_that_leads_out_of_the_site_is_refused(path: str, tmp_path: Path) -> None:
    unit = Unit(name="x", key="", make=lambda: [Page(path, b"x")])

    with pytest.raises(InputError, match="out of the site"):
        list(lay_out([unit], tmp_path, tmp_path))


def test_a_link_that_leads_out_of_the_site_is_not_followed(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    build(small([]), out)
    elsewhere.mkdir()
    (out / "posts").symlink_to(elsewhere)

    with pytest.raises(InputError, match="out of the site"):
        build(small(posts()), out)

    assert not list(elsewhere.rglob("*.html"))


def test_a_disk_that_is_full_leaves_the_site_as_it_was(tmp_path: Path) -> None:
    site = small(posts())
    build(site, tmp_path)
    before = files_in(tmp_path)
    long = "A long line of words. " * 9000
    grown = with_posts(site, lambda own: [post(60, "Long", long, slug="long"), *own])

    with no_file_above(150_000), pytest.raises(OSError, match="File too large"):
        build(grown, tmp_path)

    assert files_in(tmp_path) == before
    assert is_whole(tmp_path)
    build(grown, tmp_path)
    assert files_in(tmp_path) == contents(grown)


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """Let the kernel refuse to write more to a file, as a full disk does."""
    limits, told = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, told)


# --- Killed ----------------------------------------------------------------------------------

BEFORE = sample_site(models=(replace(halcyon(), posts=[*posts(), *map(numbered, range(40))]),))
AFTER = sample_site(
    models=(replace(halcyon(), posts=[*posts()[1:], *map(numbered, range(20, 120))]), bare_model()),
    notice="Another day.",
)


def grow(folder: Path) -> None:
    build(AFTER, folder)


@pytest.mark.slow
def test_killed_at_a_hundred_moments_every_link_works_and_the_next_build_ends_alike(
    tmp_path: Path,
) -> None:
    chance = random.Random(6)  # noqa: S311  # no secret hangs on it
    old, new = contents(BEFORE), contents(AFTER)
    build(BEFORE, tmp_path / "before")
    began = time.monotonic()
    undisturbed = started(tmp_path, "undisturbed")
    undisturbed.join()
    took, killed = time.monotonic() - began, 0
    for number in range(100):
        process = started(tmp_path, str(number))
        process.join(chance.uniform(0, took))
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL
        folder = tmp_path / str(number)

        assert not broken_ways(folder)
        for path, content in files_in(folder).items():
            assert content in {old.get(path), new.get(path)}, path
        build(AFTER, folder)
        assert files_in(folder) == new
        shutil.rmtree(folder)
    assert killed > 50


def started(folder: Path, name: str) -> multiprocessing.process.BaseProcess:
    shutil.copytree(folder / "before", folder / name)
    process = FORKS.Process(target=grow, args=(folder / name,))
    process.start()
    return process
