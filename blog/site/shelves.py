"""Shelves: the posts that belong together, by model, tag and language, each with its feeds.

Pure. Every post is looked at once for each shelf that it stands on.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from archive.rendering.characters import one_line
from blog.site.languages import language_name
from blog.site.tags import Tag, tags_of
from blog.site.views import Model, Post, Site

Pair: TypeAlias = tuple[Model, Post]


class Kind(StrEnum):
    """What the posts of a shelf have in common."""

    SITE = "site"
    MODEL = "model"
    LANGUAGE = "language"
    TAG = "tag"
    MODEL_TAG = "model and tag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Posts that belong together."""

    kind: Kind
    name: str  # plain, one line
    home: str  # the page that tells of them, within the site
    listed: str  # the page that lists them all
    posts: Sequence[Pair]  # the newest first
    language: str  # of the name, BCP 47
    model: Model | None = None
    tag: Tag | None = None

    @property
    def feeds(self) -> str:
        """The folder of its feeds."""
        return f"{self.home}feeds/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """Every shelf of a site."""

    whole: Shelf
    models: Sequence[Shelf]  # in the order of the site, those without posts too
    languages: Sequence[Shelf]
    tags: Sequence[Shelf]  # by name, as are the next
    model_tags: Sequence[Shelf]

    def within(self, shelf: Shelf) -> Sequence[Shelf]:
        """Return the tags of a model, or the models of a tag."""
        if shelf.kind is Kind.MODEL:
            return [one for one in self.model_tags if one.model is shelf.model]
        if shelf.kind is Kind.TAG:
            return [one for one in self.model_tags if one.tag == shelf.tag]
        return ()

    def __iter__(self) -> Iterator[Shelf]:
        yield self.whole
        for shelves in (self.models, self.languages, self.tags, self.model_tags):
            yield from shelves


def shelves_of(site: Site) -> Shelves:
    """Return the shelves of a site."""
    posts = site.posts
    by_model: Mapping[str, list[Pair]] = defaultdict(list)
    by_language: Mapping[str, list[Pair]] = defaultdict(list)
    by_tag: Mapping[str, list[Pair]] = defaultdict(list)
    by_model_tag: Mapping[tuple[str, str], list[Pair]] = defaultdict(list)
    shown: dict[str, Tag] = {}
    for model, post in posts:
        by_model[model.slug].append((model, post))
        by_language[post.language].append((model, post))
        for tag in tags_of(post.tags):
            shown[tag.slug] = tag  # the oldest text's spelling stands
            by_tag[tag.slug].append((model, post))
            by_model_tag[model.slug, tag.slug].append((model, post))
    tags = sorted(shown.values(), key=lambda tag: (tag.shown.casefold(), tag.slug))
    return Shelves(
        whole=Shelf(
            kind=Kind.SITE,
            name=one_line(site.title),
            home="",
            listed="archive/",
            posts=posts,
            language=site.language,
        ),
        models=[
            Shelf(
                kind=Kind.MODEL,
                name=one_line(model.name),
                home=model.path,
                listed=f"{model.path}archive/",
                posts=by_model.get(model.slug, []),
                language=site.language,
                model=model,
            )
            for model in site.models
        ],
        languages=[
            Shelf(
                kind=Kind.LANGUAGE,
                name=language_name(code),
                home=f"languages/{code.lower()}/",
                listed=f"languages/{code.lower()}/",
                posts=own,
                language=code,
            )
            for code, own in sorted(by_language.items())
        ],
        tags=[
            Shelf(
                kind=Kind.TAG,
                name=tag.shown,
                home=f"tags/{tag.slug}/",
                listed=f"tags/{tag.slug}/",
                posts=by_tag[tag.slug],
                language=site.language,
                tag=tag,
            )
            for tag in tags
        ],
        model_tags=[
            Shelf(
                kind=Kind.MODEL_TAG,
                name=f"{tag.shown} · {one_line(model.name)}",
                home=f"{model.path}tags/{tag.slug}/",
                listed=f"{model.path}tags/{tag.slug}/",
                posts=own,
                language=site.language,
                model=model,
                tag=tag,
            )
            for model in site.models
            for tag in tags
            if (own := by_model_tag.get((model.slug, tag.slug)))
        ],
    )
