"""The site's pages: each a function of the views.

Pure but for the templates, which are read once.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from urllib.parse import urlsplit

from jinja2 import Environment
from markupsafe import Markup

from archive.identifiers import to_urn
from archive.rendering.characters import one_line
from archive.rendering.pages import CONTENT_POLICY, environment
from archive.rendering.reading_text import FORM
from archive.rendering.resources import standing_pages
from archive.times import long_date
from blog.site import views
from blog.site.feeds import FEED_KINDS, WRITERS, Item, feeds_of, robots, sitemap
from blog.site.flows import flows
from blog.site.lifecycle import dated, time_line
from blog.site.schemas import describe
from blog.site.texts import PostText, post_text, rendered_source
from blog.site.transcripts import questions, sections
from blog.site.views import Audience, Fact, Missing, Model, Post, Release, Site, StandingPage

NEWEST = 10  # posts on the home page


@dataclass(frozen=True, slots=True)
class Page:
    """One file of the site."""

    path: str  # within the site
    content: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the archive."""

    kind: str
    path: str
    title: str
    language: str
    model: Model
    on: datetime
    release: Release


@dataclass(frozen=True, slots=True)
class Entry:
    """A post in a list."""

    model: Model
    post: Post
    text: PostText


def record_pages(site: Site, entries: Sequence[Entry]) -> Iterator[Page]:
    """Return the pages that others link to: posts, interviews, models, and what lies beside them.

    Args:
        site: What is shown.
        entries: Every post, the newest first.
    """
    for place, entry in enumerate(entries):
        later = entries[place - 1].post if place else None
        earlier = entries[place + 1].post if place + 1 < len(entries) else None
        yield _post_page(site, entry, earlier=earlier, later=later)
        if entry.post.source is not None:
            yield Page(f"{entry.post.path}post.md", entry.post.source)
    for model, transcript in site.transcripts:
        yield _transcript_page(site, model, transcript)
        yield Page(f"{transcript.path}session.json", transcript.public_record)
    for model in site.models:
        for campaign in model.campaigns:
            yield _fill("campaign.html", site, campaign.path, model=model, campaign=campaign)
        own = [entry for entry in entries if entry.model is model]
        yield _model_page(site, model, own)
    yield from _schema_pages(site)


def list_pages(site: Site, entries: Sequence[Entry]) -> Iterator[Page]:
    """Return the pages that lead to others, and the standing pages."""
    yield _fill(
        "home.html",
        site,
        "",
        items=entries[:NEWEST],
        more=len(entries) if len(entries) > NEWEST else 0,
        transcripts=[transcript for _, transcript in site.transcripts],
    )
    yield _fill("archive.html", site, "archive/", years=_years(site))
    yield _fill("models.html", site, "models/")
    yield _fill("policy.html", site, "policy/")
    yield from _standing_pages(site)
    yield _not_found(site)


def feed_pages(site: Site) -> Iterator[Page]:
    """Return every feed in every format, and what tells machines where to look."""
    feeds = feeds_of(site)
    newest = {post.id: (model, post) for feed in feeds for model, post in feed.posts}
    items = {identifier: _feed_item(site, *pair) for identifier, pair in newest.items()}
    for feed in feeds:
        own = [items[post.id] for _, post in feed.posts]
        for file, write in WRITERS.items():
            yield Page(f"{feed.folder}{file}", write(site, feed, own))
    yield Page("sitemap.xml", sitemap(site))
    yield Page("robots.txt", robots(site))


def entries_of(site: Site) -> list[Entry]:
    """Return every post with what is shown of its text, the newest first.

    Raises:
        FaultError: A text is not the one that was recorded.
    """
    return [Entry(model, post, post_text(post)) for model, post in site.posts]


def standing_page(slug: str, text: str) -> StandingPage:
    """Return the standing page that a Markdown file makes: its first line is its title."""
    first, _, rest = text.lstrip().partition("\n")
    return StandingPage(slug=slug, title=one_line(first.lstrip("#")), text=rest)


def _post_page(site: Site, entry: Entry, *, earlier: Post | None, later: Post | None) -> Page:
    model, post = entry.model, entry.post
    provenance, review = post.provenance, post.provenance.review
    standing = () if review.standing is None else (Fact(name="Standing", value=review.standing),)
    return _fill(
        "post.html",
        site,
        post.path,
        model=model,
        post=post,
        text=entry.text,
        label=views.label(model, post),
        provenance=provenance,
        about=[
            Fact(name="Model", value=model.name),
            Fact(name="Topic chosen by", value=provenance.topic_from),
            Fact(name="Written", value=long_date(post.written_at)),
            Fact(name="Published", value=long_date(post.published_at)),
            *provenance.facts,
        ],
        review=[
            Fact(name="Decision", value=f"{review.decision}, {long_date(review.on)}"),
            Fact(name="By", value=review.by),
            *standing,
            Fact(name="Reason", value=review.reason),
        ],
        digests=[
            Fact(name="Source bytes, SHA-256", value=post.source_sha256, literal=True),
            Fact(name=f"{FORM.capitalize()}, SHA-256", value=post.reading_sha256, literal=True),
            Fact(name="What it was shown, SHA-256", value=provenance.context_sha256, literal=True),
            Fact(name="Identifier", value=f"urn:uuid:{post.id}", literal=True),
        ],
        earlier=earlier,
        later=later,
    )


def _feed_item(site: Site, model: Model, post: Post) -> Item:
    address = f"{site.address}{post.path}"
    rendered = rendered_source(post, address=address)
    label = "Withdrawn." if post.withdrawn is not None else views.label(model, post)
    html = _text(
        "feed_item.html",
        site,
        post.path,
        post=post,
        address=address,
        label=label,
        html=Markup(rendered.html),  # noqa: S704  # sanitised
        remarks=rendered.remarks,
    )
    return Item(
        id=to_urn(post.id),
        address=address,
        title=one_line(post.title),
        author=one_line(model.name),
        author_address=f"{site.address}{model.path}",
        html=html,
        label=one_line(label),
        language=post.language,
        published=post.published_at,
        updated=post.updated_at,
        source_sha256=post.source_sha256,
        reading_sha256=post.reading_sha256,
    )


def _model_page(site: Site, model: Model, entries: Sequence[Entry]) -> Page:
    return _fill(
        "model.html",
        site,
        model.path,
        model=model,
        items=entries,
        life=time_line(model.lifecycle),
        flows=flows(model.interviews, model.drafts),
    )


def _transcript_page(site: Site, model: Model, transcript: views.Transcript) -> Page:
    ended, shown = transcript.ended_at, sections(model, transcript)
    validity = "usable" if transcript.excluded is None else f"excluded: {transcript.excluded}"
    return _fill(
        "transcript.html",
        site,
        transcript.path,
        model=model,
        transcript=transcript,
        conditions=[
            *transcript.conditions,
            Fact(name="Begun", value=long_date(transcript.started_at)),
            Fact(name="Ended", value=ended if isinstance(ended, Missing) else long_date(ended)),
            Fact(name="State", value=transcript.state),
            Fact(name="Validity", value=validity),
            *transcript.protocol,
        ],
        caveats=transcript.caveats,
        questions=questions(shown),
        sections=shown,
        chain=[
            Fact(name="Identifier", value=f"urn:uuid:{transcript.id}", literal=True),
            Fact(name="Turns", value=str(len(transcript.turns))),
            Fact(name="Digest of the header", value=transcript.header_digest, literal=True),
            Fact(name="Last link", value=transcript.head, literal=True),
        ],
    )


def _schema_pages(site: Site) -> Iterator[Page]:
    """Return each schema with the page that explains it, and its example."""
    documents = {schema.name: json.loads(schema.source) for schema in site.schemas}
    pages = {document["$id"]: f"../{name}/" for name, document in documents.items()}
    for schema in site.schemas:
        yield Page(f"schemas/{schema.name}.schema.json", schema.source)
        if schema.example is not None:
            yield Page(f"schemas/{schema.name}.example.json", schema.example)
        yield _fill(
            "schema.html",
            site,
            schema.path,
            described=describe(documents[schema.name], pages),
            schema=schema,
            example=None if schema.example is None else schema.example.decode(),
        )


def _years(site: Site) -> list[tuple[int, list[Row]]]:
    """Return everything published, by year, the newest first."""
    posts = [
        Row("Text", post.path, post.title, post.language, model, post.published_at, post.release)
        for model, post in site.posts
    ]
    transcripts = [
        Row("Interview", item.path, item.title, site.language, model, item.started_at, item.release)
        for model, item in site.transcripts
    ]
    rows = sorted([*posts, *transcripts], key=lambda row: (row.on, row.path), reverse=True)
    return [(year, list(group)) for year, group in groupby(rows, key=lambda row: row.on.year)]


def _standing_pages(site: Site) -> Iterator[Page]:
    shipped = {slug: standing_page(slug, text) for slug, text in standing_pages().items()}
    templates = {"about": "about.html", "feeds": "feeds.html", "schemas": "schemas.html"}
    described = [(schema, json.loads(schema.source)) for schema in site.schemas]
    for slug, page in (shipped | {page.slug: page for page in site.pages}).items():
        template = templates.get(slug, "standing.html")
        yield _fill(template, site, f"{slug}/", page=page, feeds=feeds_of(site), schemas=described)


def _not_found(site: Site) -> Page:
    """Return the page for every address at which nothing stands: its links start at the root."""
    root = urlsplit(site.address).path
    return Page("404.html", _text("not_found.html", site, None, root=root).encode())


def _fill(template: str, site: Site, path: str, **values: object) -> Page:
    root = "../" * path.count("/") or "./"
    text = _text(template, site, path, root=root, **values)
    return Page(f"{path}index.html", text.encode())


def _text(template: str, site: Site, path: str | None, **values: object) -> str:
    internal = site.audience is Audience.INTERNAL
    return (
        _templates()
        .get_template(template)
        .render(
            site=site,
            path=path,
            internal=internal,
            indexed=site.indexed and not internal and path is not None,
            **values,
        )
    )


@cache
def _templates() -> Environment:
    made = environment("site")
    made.tests["missing"] = lambda value: isinstance(value, Missing)
    made.globals.update(
        policy_of_content=CONTENT_POLICY, feed_kinds=FEED_KINDS, form=FORM, dated=dated
    )
    return made
