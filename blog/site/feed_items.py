"""What every format of a feed says of one text: the text whole, its label, and its proof.

Pure but for the template of its HTML, which is read once.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from archive.identifiers import to_urn
from archive.rendering.changes import Change
from archive.rendering.characters import one_line, without_controls
from blog.site import views
from blog.site.layout import fill_text
from blog.site.shelves import Pair
from blog.site.tags import Tag, tags_of
from blog.site.texts import rendered_source
from blog.site.views import Review, Site

PROOF = "feed-proof/"
"""The page that explains what an item says besides what its format knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a copy of a text can be checked by, wherever it was carried to."""

    about: str  # the address of the page that explains it
    source_sha256: str
    source: str | None  # the address of the model's own bytes; None: withdrawn
    reading_sha256: str
    model: str  # its slug
    written: datetime
    drafts: int
    taken: int  # the number of the draft that is the text
    rule: str  # by which it was taken, set beforehand
    review: Review
    provenance: str  # the address at which it is told how the text was made
    replaced: int  # characters of title and text that no feed can hold, each now U+FFFD


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One text as every feed gives it."""

    id: str  # urn:uuid:…, never changed
    address: str
    title: str
    author: str
    author_address: str
    html: str  # label, notice, text
    label: str
    language: str
    published: datetime
    updated: datetime
    tags: Sequence[Tag]
    tags_address: str  # of all the site's tags
    proof: Proof


def item_of(site: Site, pair: Pair) -> Item:
    """Return the item of a text.

    Raises:
        FaultError: The text is not the one that was recorded.
    """
    model, post = pair
    address = f"{site.address}{post.path}"
    rendered = rendered_source(post, address=address)
    label = "Withdrawn." if post.withdrawn is not None else views.label(model, post)
    html = fill_text(
        "feed_item.html",
        site,
        post.path,
        post=post,
        address=address,
        label=label,
        html=Markup(rendered.html),  # noqa: S704  # sanitised
        remarks=rendered.remarks,
        proof=PROOF,
    )
    in_title: Counter[Change] = Counter()
    without_controls(post.title, in_title)
    unheld = (Change.CONTROL, Change.SURROGATE)
    provenance = post.provenance
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
        tags=tags_of(post.tags),
        tags_address=f"{site.address}tags/",
        proof=Proof(
            about=f"{site.address}{PROOF}",
            source_sha256=post.source_sha256,
            source=None if post.source is None else f"{address}post.md",
            reading_sha256=post.reading_sha256,
            model=model.slug,
            written=post.written_at,
            drafts=len(provenance.drafts),
            taken=provenance.taken,
            rule=one_line(provenance.selection),
            review=provenance.review,
            provenance=f"{address}#made",
            replaced=sum(in_title[one] + rendered.changes.get(one, 0) for one in unheld),
        ),
    )
