"""The site's pages: each a function of the views.

Pure but for the templates, which are read once.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.rendering.characters import one_line
from archive.rendering.reading_text import FORM
from archive.rendering.resources import standing_pages
from archive.times import long_date
from blog.site import views
from blog.site.citing import bibtex, in_words, pages_of_citation
from blog.site.flows import flows
from blog.site.layout import Page, fill, fill_text
from blog.site.lifecycle import time_line
from blog.site.neighbours import Neighbours
from blog.site.schemas import describe
from blog.site.shelves import Shelves
from blog.site.sitemap import pages_for_machines
from blog.site.tags import tags_of
from blog.site.texts import PostText, post_text
from blog.site.transcripts import questions, sections
from blog.site.twins import model_twin, text_twin
from blog.site.views import Fact, Missing, Model, Post, Site, StandingPage

NEWEST = 10  # texts, and interviews, on the home page and on a model's


@dataclass(frozen=True, slots=True)
class Entry:
    """A post in a list."""

    model: Model
    post: Post
    text: PostText


def post_pages(site: Site, model: Model, post: Post, beside: Neighbours) -> Iterator[Page]:
    """Return the page of a post, the same as data, how to cite it, and its text byte for byte.

    Raises:
        FaultError: The text is not the one that was recorded.
    """
    entry = Entry(model, post, post_text(post))
    yield _post_page(site, entry, beside)
    yield text_twin(site, model, post, entry.text.remarks, beside)
    yield from pages_of_citation(site, model, post)
    if post.source is not None:
        yield Page(f"{post.path}post.md", post.source)


def transcript_pages(site: Site, model: Model, transcript: views.Transcript) -> Iterator[Page]:
    """Return the page of an interview, and the interview as data."""
    yield _transcript_page(site, model, transcript)
    yield Page(f"{transcript.path}session.json", transcript.public_record)


def model_pages(site: Site, model: Model) -> Iterator[Page]:
    """Return the page of a model, the same as data, and the pages of its campaigns."""
    for campaign in model.campaigns:
        yield fill("campaign.html", site, campaign.path, model=model, campaign=campaign)
    yield _model_page(site, model)
    yield model_twin(site, model, f"{model.path}archive/")


def home_pages(site: Site, shelves: Shelves) -> Iterator[Page]:
    """Return what leads to everything: the home page, what machines look for, what is not found."""
    posts, transcripts = site.posts, site.transcripts
    yield fill(
        "home.html",
        site,
        "",
        items=_newest(posts),
        more=len(posts) if len(posts) > NEWEST else 0,
        transcripts=[transcript for _, transcript in transcripts[:NEWEST]],
        more_transcripts=len(transcripts) if len(transcripts) > NEWEST else 0,
    )
    yield from pages_for_machines(site, shelves)
    yield _not_found(site)


def standing_pages_of(site: Site, shelves: Shelves) -> Iterator[Page]:
    """Return the pages that every site has, and the operator's own."""
    yield fill("models.html", site, "models/")
    yield fill("policy.html", site, "policy/")
    yield from _standing_pages(site, shelves)


def standing_page(slug: str, text: str) -> StandingPage:
    """Return the standing page that a Markdown file makes: its first line is its title."""
    first, _, rest = text.lstrip().partition("\n")
    return StandingPage(slug=slug, title=one_line(first.lstrip("#")), text=rest)


def _post_page(site: Site, entry: Entry, beside: Neighbours) -> Page:
    model, post = entry.model, entry.post
    provenance, review = post.provenance, post.provenance.review
    standing = () if review.standing is None else (Fact(name="Standing", value=review.standing),)
    return fill(
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
        beside=beside,
        tags=tags_of(post.tags),
        reference=in_words(site, model, post),
        bibtex=bibtex(site, model, post),
    )


def _newest(posts: Sequence[tuple[Model, Post]]) -> list[Entry]:
    return [Entry(model, post, post_text(post)) for model, post in posts[:NEWEST]]


def _model_page(site: Site, model: Model) -> Page:
    own = sorted(model.posts, key=lambda post: (post.published_at, post.id), reverse=True)
    return fill(
        "model.html",
        site,
        model.path,
        model=model,
        items=_newest([(model, post) for post in own]),
        more=len(own) if len(own) > NEWEST else 0,
        transcripts=model.transcripts[:NEWEST],
        life=time_line(model.lifecycle),
        flows=flows(model.interviews, model.drafts),
    )


def _transcript_page(site: Site, model: Model, transcript: views.Transcript) -> Page:
    ended, shown = transcript.ended_at, sections(model, transcript)
    validity = _validity(transcript)
    return fill(
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


def _validity(transcript: views.Transcript) -> str | Missing:
    if transcript.excluded is not None:
        return f"excluded: {transcript.excluded}"
    # one that the model ended, or that failed, is held against no rule of exclusion
    return "usable" if transcript.state == "complete" else Missing.NOT_APPLICABLE


def schema_pages(site: Site) -> Iterator[Page]:
    """Return each schema with the page that explains it, and its example."""
    documents = {schema.name: json.loads(schema.source) for schema in site.schemas}
    pages = {document["$id"]: f"../{name}/" for name, document in documents.items()}
    for schema in site.schemas:
        yield Page(f"schemas/{schema.name}.schema.json", schema.source)
        if schema.example is not None:
            yield Page(f"schemas/{schema.name}.example.json", schema.example)
        yield fill(
            "schema.html",
            site,
            schema.path,
            described=describe(documents[schema.name], pages),
            schema=schema,
            example=None if schema.example is None else schema.example.decode(),
        )


def _standing_pages(site: Site, shelves: Shelves) -> Iterator[Page]:
    shipped = {slug: standing_page(slug, text) for slug, text in standing_pages().items()}
    templates = {"about": "about.html", "feeds": "feeds.html", "schemas": "schemas.html"}
    described = [(schema, json.loads(schema.source)) for schema in site.schemas]
    for slug, page in (shipped | {page.slug: page for page in site.pages}).items():
        template = templates.get(slug, "standing.html")
        yield fill(template, site, f"{slug}/", page=page, shelves=shelves, schemas=described)


def _not_found(site: Site) -> Page:
    """Return the page for every address at which nothing stands: its links start at the root."""
    root = urlsplit(site.address).path
    return Page("404.html", fill_text("not_found.html", site, None, root=root).encode())
