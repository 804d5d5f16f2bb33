"""What a model is told when it is asked to write: our templates, filled in."""

from jinja2 import Environment, StrictUndefined

from archive.rendering.resources import DATA
from archive.times import long_date
from blog.posts.answers import Asking
from blog.posts.contexts import FORMS, Context
from interviews.protocols.protocol import same_words

DECLINE = "DECLINE POST"
"""What a model answers, alone on a line, if it would rather not write; no likely title."""

SHORTLY = {
    Asking.CHOICE: "which of its drafts is to be published",
    Asking.PUBLICATION: "whether this may be published",
    Asking.NAMING: "for a summary and tags",
    Asking.STANDING: "whether it stands by this",
}
"""What a model is asked about what it wrote, in words for a page."""

WORDS_PER_TOKEN = 0.6  # of a reply: so asked, a reply is seldom cut off


def shown(context: Context) -> str:
    """Return what the model is given to read before the asking; empty if that is nothing.

    It is kept as it was shown, and no text in PostgreSQL holds U+0000: U+FFFD stands for it.
    """
    values = {
        "parts": context.parts,
        "cut": context.cut,
        "news": context.news,
        "date": None if context.day is None else long_date(context.day),
        "corrected": context.corrected,
        "published": None if context.corrected is None else long_date(context.corrected.published),
    }
    names = (f"context.{block}.{FORMS[block]}.txt" for block in context.blocks)
    text = "\n\n".join(_filled(name, **values) for name in names)
    return text.replace("\0", "\ufffd")


def asking(context: Context, *, max_tokens: int, topic: str | None = None) -> str:
    """Return the asking itself, which is published with the post."""
    return _filled(
        "post.asking.txt",
        read=bool(context.blocks),
        topic=topic,
        corrects=context.corrected is not None,
        words=int(max_tokens * WORDS_PER_TOKEN),
        decline=DECLINE,
    )


def about(asking: Asking, **values: object) -> str:
    """Return what a model is asked about what it wrote."""
    return _filled(f"post.{asking}.txt", **values)


def declines(reply: str) -> bool:
    """Whether a reply says that the model would rather not write, or says nothing."""
    return not reply.strip() or any(same_words(line, DECLINE) for line in reply.splitlines())


def _filled(template: str, **values: object) -> str:
    source = DATA / "templates" / "prompts" / template
    environment = Environment(
        undefined=StrictUndefined,
        trim_blocks=True,
        autoescape=False,  # noqa: S701  # the text goes to a model, not to a browser
    )
    return environment.from_string(source.read_text("utf-8")).render(values).strip()
