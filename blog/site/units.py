"""Units: which files of a site are made together, and the key of all that they are made of.

Pure but for the templates, which are read once. A unit whose key is the same has the same files,
byte for byte. What makes a post's or an interview's files is given the site's frame, which holds
no models and no posts, so that nothing can stand on a page that its key does not cover. A unit of
lists is made anew when anything on the site changed, unless all that it shows is part of its key.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from archive.canonical import sha256
from archive.rendering.resources import assets
from blog.site import pages
from blog.site.feed_pages import current_feeds, document_pages
from blog.site.feeds import Document, documents_of, feeds_of
from blog.site.layout import Page
from blog.site.list_pages import pages_of_indexes, pages_of_part
from blog.site.listings import listings_of, parts_of
from blog.site.neighbours import neighbours_of
from blog.site.shelves import Shelf, Shelves, shelves_of
from blog.site.views import DraftFlow, InterviewFlow, Missing, Model, Post, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Some files of the site."""

    name: str  # unlike that of any other
    key: str
    make: Callable[[], Iterable[Page]]


def units_of(site: Site, *, software: str) -> Iterator[Unit]:
    """Yield every unit in the order in which files are put in place: lists after what they list.

    Args:
        site: What is shown. Of the time that it is as of, only the day is.
        software: The digest of the program and its templates.
    """
    site = _of_the_day(site)
    frame = replace(site, models=(), schemas=())
    base = key_of(software, frame)
    bare = {model.slug: _bare(model) for model in site.models}
    yield Unit(name="assets", key=key_of(software), make=_assets)
    shelves = shelves_of(site)
    yield from _posts(shelves, frame, base, bare)
    for model, transcript in site.transcripts:
        yield Unit(
            name=f"interview {transcript.id}",
            key=key_of(base, bare[model.slug], transcript),
            make=partial(pages.transcript_pages, frame, bare[model.slug], transcript),
        )
    yield Unit(
        name="schemas",
        key=key_of(base, site.schemas),
        make=partial(pages.schema_pages, replace(frame, schemas=site.schemas)),
    )
    whole = state_of(site, software=software)
    for model in site.models:
        yield Unit(
            name=f"model {model.slug}", key=whole, make=partial(pages.model_pages, site, model)
        )
    yield from _lists(site, shelves, frame, base, bare, whole)


def state_of(site: Site, *, software: str) -> str:
    """Return the key of the whole site: if it is the same, so are the keys of all units."""
    whole = [(replace(model, posts=()), *map(_token, model.posts)) for model in site.models]
    return key_of(software, replace(_of_the_day(site), models=()), *whole)


def _of_the_day(site: Site) -> Site:
    return replace(site, as_of=site.as_of.replace(hour=0, minute=0, second=0, microsecond=0))


def key_of(*given: object) -> str:
    """Return the key of values: a digest of all that their forms as text say."""
    return sha256("\0".join(map(repr, given)).encode("utf-8", "surrogatepass"))[:32]


def _posts(shelves: Shelves, frame: Site, base: str, bare: Mapping[str, Model]) -> Iterator[Unit]:
    beside = neighbours_of(shelves)
    of_model = {slug: key_of(base, model) for slug, model in bare.items()}
    for model, post in shelves.whole.posts:
        yield Unit(
            name=f"post {post.id}",
            key=key_of(of_model[model.slug], _token(post), beside[post.id]),
            make=partial(pages.post_pages, frame, bare[model.slug], post, beside[post.id]),
        )


def _lists(
    site: Site, shelves: Shelves, frame: Site, base: str, bare: Mapping[str, Model], whole: str
) -> Iterator[Unit]:
    for listing in listings_of(site, shelves):
        alone = replace(listing, rows=(), shelf=listing.shelf and _alone(listing.shelf, bare))
        within = () if listing.shelf is None else shelves.within(listing.shelf)
        narrower = [_alone(shelf, bare) for shelf in within]
        of_listing = key_of(base, alone, narrower)
        for part in parts_of(listing):
            rows = [(row.id, row.path, row.name, row.about, row.model.slug) for row in part.rows]
            yield Unit(
                name=f"list {part.path}",
                key=key_of(of_listing, part.path, part.number, part.newer, part.older, rows),
                make=partial(pages_of_part, frame, alone, part, narrower),
            )
    yield Unit(name="indexes", key=whole, make=partial(pages_of_indexes, site, shelves))
    yield Unit(name="standing", key=whole, make=partial(pages.standing_pages_of, site, shelves))
    for feed in feeds_of(site, shelves):
        for document in documents_of(feed):
            if document.stays:
                yield _archive(frame, base, bare, document)
    yield Unit(name="feeds", key=whole, make=partial(current_feeds, site, shelves))
    yield Unit(name="home", key=whole, make=partial(pages.home_pages, site, shelves))


def _assets() -> Iterator[Page]:
    return (Page(path, content) for path, content in assets().items())


def _archive(frame: Site, base: str, bare: Mapping[str, Model], document: Document) -> Unit:
    """Return a document of a feed that is full: it holds the same posts for ever."""
    posts = [(bare[model.slug], post) for model, post in document.posts]
    alone = replace(document, posts=posts, feed=replace(document.feed, posts=()))
    tokens = [(model.slug, model.name, _token(post)) for model, post in posts]
    return Unit(
        name=f"feed {document.folder}",
        key=key_of(base, replace(alone, posts=()), tokens),
        make=partial(document_pages, frame, alone),
    )


def _alone(shelf: Shelf, bare: Mapping[str, Model]) -> Shelf:
    """Return a shelf without its posts."""
    model = shelf.model
    return replace(shelf, posts=(), model=None if model is None else bare[model.slug])


def _token(post: Post) -> object:
    """Return what stands for all of a post: the digest of its record, where it is known."""
    return getattr(post, "token", post)


def _bare(model: Model) -> Model:
    """Return a model with nothing but its names: all that its posts and interviews say of it."""
    return Model(
        slug=model.slug,
        name=model.name,
        maker=Missing.NOT_APPLICABLE,
        years=Missing.NOT_APPLICABLE,
        about=Missing.NOT_APPLICABLE,
        policy=Missing.NOT_APPLICABLE,
        interviews=InterviewFlow(),
        drafts=DraftFlow(),
        transcripts=(),
        posts=(),
    )
