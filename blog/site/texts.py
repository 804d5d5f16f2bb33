"""A post's text as the site shows it: its title, its words as HTML, and what differs.

Pure.
"""

import re
from dataclasses import dataclass
from math import ceil

from markupsafe import Markup

from archive.canonical import sha256
from archive.errors import FaultError
from archive.rendering import markdown
from archive.rendering.changes import Rendered
from archive.rendering.characters import one_line
from archive.rendering.reading_text import reading_text
from blog.posts import titles
from blog.site.views import Post

WORDS_A_MINUTE = 230
OPENING = 40  # words


@dataclass(frozen=True, slots=True, kw_only=True)
class PostText:
    """What a page shows of a post's text; empty of a withdrawn one."""

    title: Markup | str
    title_is_the_texts_own: bool  # then `html` goes on after it
    html: Markup
    remarks: list[str]
    minutes: str | None  # to read it, in words
    opening: str  # its first words, plain


def post_text(post: Post) -> PostText:
    """Return a post's text for its own page.

    Where the text opens with its title, that opening is the page's heading and is not repeated.

    Raises:
        FaultError: The text is not the one that was recorded, or would not be shown as recorded.
    """
    if post.source is None:
        return PostText(
            title=one_line(post.title),
            title_is_the_texts_own=False,
            html=Markup(),
            remarks=[],
            minutes=None,
            opening="This text was withdrawn.",
        )
    rendered, words = _checked(post, post.source)
    lifted = _OPENING.match(rendered.html)
    first = "" if lifted is None else reading_text(lifted[0])
    own = lifted is not None and titles.title(first) == post.title
    heading, body = (lifted[2], rendered.html[lifted.end() :]) if own and lifted else (None, None)
    html = rendered.html if body is None else markdown.in_outline(body, top=2)
    return PostText(
        title=one_line(post.title) if heading is None else Markup(heading),  # noqa: S704  # sanitised
        title_is_the_texts_own=own,
        html=Markup(html),  # noqa: S704  # sanitised
        remarks=rendered.remarks,
        minutes=reading_time(words),
        opening=first_words(words.removeprefix(first) if own else words, OPENING),
    )


def rendered_source(post: Post, *, address: str = "") -> Rendered:
    """Return a post's whole text as HTML; links within it start with `address`.

    Raises:
        FaultError: The text is not the one that was recorded, or would not be shown as recorded.
    """
    if post.source is None:
        return Rendered("", {})
    return _checked(post, post.source, address=address)[0]


def _checked(post: Post, source: bytes, *, address: str = "") -> tuple[Rendered, str]:
    """Return a post's text as HTML, and its reading text: those whose digests were recorded."""
    rendered = markdown.render(source.decode("utf-8", "replace"), prefix="text-", address=address)
    words = reading_text(rendered.html)
    for what, found, recorded in (
        ("text", sha256(source), post.source_sha256),
        ("reading text", sha256(words.encode()), post.reading_sha256),
    ):
        if found != recorded:
            raise FaultError(
                f"its {what} has the digest {found}, and not {recorded}, which was recorded",
                at=f"post {post.id} ({post.slug})",
                mend="Restore it from the store, or withdraw it: an altered text is not published.",
            )
    return rendered, words


def reading_time(text: str) -> str:
    """Return how long `text` takes to read: a word is a word, or two signs of CJK."""
    signs = len(_CJK.findall(text))
    words = len(_CJK.sub(" ", text).split()) + signs / 2
    minutes = ceil(words / WORDS_A_MINUTE)
    return "1 minute to read" if minutes <= 1 else f"{minutes} minutes to read"


def first_words(text: str, limit: int) -> str:
    """Return the first words of `text` on one line, with an ellipsis if there are more."""
    words = one_line(text).split()
    cut = " ".join(words[:limit])
    if len(cut) > 10 * limit:  # a script without spaces, or no words at all
        return cut[: 10 * limit] + "…"
    return cut + "…" if len(words) > limit else cut


_OPENING = re.compile(r'<(h[1-6]|p) dir="auto">(.*?)</\1>\n?', re.DOTALL)
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
