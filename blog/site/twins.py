"""Pages as data: what a page says, for programs, in JSON with a published schema.

Pure. Nothing is in a twin that is not on its page.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TypeAlias

from archive.identifiers import to_urn
from archive.rendering.characters import one_line, plain
from archive.rendering.reading_text import FORM
from blog.site import citing, views
from blog.site.feeds import FEED_KINDS
from blog.site.layout import Page
from blog.site.listings import Listing, Part, Row
from blog.site.neighbours import Link, Neighbours
from blog.site.tags import tags_of
from blog.site.views import Missing, Model, Post, Site
from blog.site.xml_writing import rfc3339

FILE = "index.json"
_SCHEMA = "tag:emeritus.invalid,2026:schema/{}/1"

Json: TypeAlias = Mapping[str, object]


def text_twin(
    site: Site, model: Model, post: Post, remarks: Sequence[str], beside: Neighbours
) -> Page:
    """Return a text as data.

    Args:
        site: What is shown.
        model: That wrote it.
        post: The text.
        remarks: What its page shows otherwise than it was written.
        beside: The texts that its page leads to.
    """
    address = f"{site.address}{post.path}"
    provenance, review = post.provenance, post.provenance.review
    source = None if post.source is None else post.source.decode("utf-8", "replace")
    withdrawn = post.withdrawn
    related = [_reference(site, one) for one in beside.related]
    return _page(
        post.path,
        "text-page",
        {
            "audience": site.audience,
            "notice": site.notice,
            "address": address,
            "id": to_urn(post.id),
            "title": one_line(post.title),
            "label": None if withdrawn is not None else views.label(model, post),
            "summary": None if post.summary is None else one_line(post.summary),
            "language": post.language,
            "model": _model(site, model),
            "tags": [
                {"name": tag.shown, "address": f"{site.address}tags/{tag.slug}/"}
                for tag in tags_of(post.tags)
            ],
            "written": rfc3339(post.written_at),
            "published": rfc3339(post.published_at),
            "updated": rfc3339(post.updated_at),
            "withdrawn": None
            if withdrawn is None
            else {
                "at": rfc3339(withdrawn.at),
                "by": one_line(withdrawn.by),
                "reason": plain(withdrawn.reason),
            },
            "text": source,
            "source": None if source is None else f"{address}post.md",
            "source_sha256": post.source_sha256,
            "reading_text_form": FORM,
            "reading_text_sha256": post.reading_sha256,
            "shown_otherwise": [*remarks],
            "drafts": len(provenance.drafts),
            "draft_taken": provenance.taken,
            "rule": provenance.selection,
            "decision": {
                "verdict": review.decision,
                "by": one_line(review.by),
                "standing": review.standing,
                "on": f"{review.on:%Y-%m-%d}",
                "reason": plain(review.reason),
            },
            "provenance": f"{address}#made",
            "reference": citing.in_words(site, model, post),
            "earlier": None if beside.earlier is None else _reference(site, beside.earlier),
            "later": None if beside.later is None else _reference(site, beside.later),
            "related": related,
        },
    )


def model_twin(site: Site, model: Model, listed: str) -> Page:
    """Return what is kept of a model as data; `listed` is the list of its texts and interviews."""
    named = {"maker": model.maker, "years": model.years}
    return _page(
        model.path,
        "model-page",
        {
            "audience": site.audience,
            "notice": site.notice,
            "address": f"{site.address}{model.path}",
            "slug": model.slug,
            "name": one_line(model.name),
            **{
                name: None if isinstance(value, Missing) else one_line(value)
                for name, value in named.items()
            },
            "missing": {name: value for name, value in named.items() if isinstance(value, Missing)},
            "released": not model.withheld,
            "interviews": {"started": model.interviews.started, **asdict(model.interviews)},
            "drafts": {"started": model.drafts.started, **model.drafts.counts},
            "vetoes": dict(model.drafts.vetoes),
            "withdrawals": dict(model.drafts.withdrawals),
            "list": f"{site.address}{listed}{FILE}",
            "feeds": _feeds(site, f"{model.path}feeds/"),
        },
    )


def list_twin(site: Site, listing: Listing, part: Part) -> Page:
    """Return one part of a list as data."""
    return _page(
        part.path,
        "list-page",
        {
            "audience": site.audience,
            "notice": site.notice,
            "address": f"{site.address}{part.path}",
            "kind": listing.kind,
            "name": listing.name,
            "part": part.number,
            "newer": None if part.newer is None else f"{site.address}{part.newer}{FILE}",
            "older": None if part.older is None else f"{site.address}{part.older}{FILE}",
            "things": [_thing(site, row) for row in part.rows],
            "feeds": [] if listing.shelf is None else _feeds(site, listing.shelf.feeds),
        },
    )


def _thing(site: Site, row: Row) -> Json:
    address = f"{site.address}{row.path}"
    return {
        "kind": row.kind.lower(),
        "id": to_urn(row.id),
        "title": row.title,
        "language": row.language,
        "model": row.model.slug,
        "on": _day(row.on),
        "address": address,
        "data": f"{address}{FILE if row.kind == 'Text' else 'session.json'}",
    }


def _reference(site: Site, link: Link) -> Json:
    return {"id": to_urn(link.id), "title": link.title, "address": f"{site.address}{link.path}"}


def _model(site: Site, model: Model) -> Json:
    address = f"{site.address}{model.path}"
    return {"slug": model.slug, "name": one_line(model.name), "address": address}


def _feeds(site: Site, folder: str) -> list[Json]:
    return [
        {"name": name, "type": media, "address": f"{site.address}{folder}{file}"}
        for name, file, media in FEED_KINDS
    ]


def _day(time: datetime) -> str:
    return f"{time:%Y-%m-%d}"


def _page(path: str, schema: str, said: Json) -> Page:
    document = {"$schema": _SCHEMA.format(schema), **said}
    return Page(f"{path}{FILE}", (json.dumps(document, ensure_ascii=False) + "\n").encode())
