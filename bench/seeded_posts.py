"""Posts that were made up from a seed, put into a workspace in bulk, for benches of the site.

They are rows as `post write`, `post review`, `post publish` and `release post` leave them, with
their log entries and the provider's stream that each text came in, so that a build checks them as
it checks others.
"""

import json
import random
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel

from archive.canonical import sha256
from archive.log import entries
from archive.records.models import Model
from archive.release.releases import Release
from archive.rendering import markdown
from archive.rendering.reading_text import reading_digest
from archive.times import to_text
from archive.workspace.making import make_workspace
from archive.workspace.people import Person
from archive.workspace.settings import Operator, SiteSettings
from archive.workspace.workspace import Workspace
from blog.posts.posts import Draft, Post, Publication
from blog.posts.publishing import statement
from blog.posts.reviews import Review
from blog.posts.titles import title
from interviews.attempts import AttemptRecord

MODEL = "halcyon-2"
FIRST = datetime(2016, 1, 1, 9, tzinfo=UTC)
EVERY = timedelta(hours=8)
TOGETHER = 500  # posts in one transaction
_WORDS = [
    "archive",
    "lamp",
    "harbour",
    "question",
    "answer",
    "paper",
    "river",
    "letter",
    "window",
    "number",
    "keeper",
    "stranger",
    "room",
    "morning",
    "winter",
    "catalogue",
    "promise",
    "silence",
    "reader",
    "voice",
    "distance",
    "measure",
    "copper",
    "thread",
    "garden",
    "evening",
    "salt",
    "mirror",
    "ladder",
    "weather",
    "margin",
    "station",
    "bridge",
    "orchard",
    "signal",
    "ink",
    "echo",
    "bell",
]
_SMALL = [
    "the",
    "a",
    "of",
    "in",
    "and",
    "to",
    "that",
    "with",
    "for",
    "is",
    "was",
    "not",
    "it",
    "at",
    "by",
    "which",
    "had",
    "no",
    "some",
    "under",
]


@dataclass(frozen=True, slots=True)
class Text:
    """One made-up text."""

    number: int
    title: str
    source: str  # Markdown, its title first

    @property
    def at(self) -> datetime:
        """When it was written."""
        return FIRST + self.number * EVERY


def texts(first: int, last: int) -> Iterator[Text]:
    """Yield the texts from number `first` to before `last`: about 700 words, each its own."""
    for number in range(first, last):
        chance = random.Random(number)  # noqa: S311  # no secret hangs on it
        name = f"{_phrase(chance, 4).capitalize()} {number}"
        parts = [f"# {name}", *(_paragraph(chance, 90) for _ in range(3))]
        parts += [f"## {_phrase(chance, 3).capitalize()}", _paragraph(chance, 110)]
        parts += [
            "\n".join(f"- {_phrase(chance, 9)}" for _ in range(4)),
            f"> {_phrase(chance, 30)}.",
        ]
        parts += [f"### {_phrase(chance, 3).capitalize()}"]
        parts += [_paragraph(chance, 100), _paragraph(chance, 90), _paragraph(chance, 60)]
        yield Text(number, name, "\n\n".join(parts) + "\n")


def made_workspace(root: Path, posts: int) -> None:
    """Make a workspace whose model has published so many posts."""
    operator = Operator(
        name="The Halcyon Archive",
        responsible="Ana Ruiz",
        contact="archive@halcyon.example",
        relation="independent of the maker",
        basis="the maker's terms of use",
        licence="CC BY 4.0",
    )
    site = SiteSettings(url="https://halcyon.example/", title="Halcyon")
    people = [Person(id="ana", name="Ana Ruiz", roles=("reviewer",))]
    with closing(make_workspace(root, operator, site, people)) as workspace:
        with workspace.database.writing() as session:
            session.add(Model(slug=MODEL, name="Halcyon 2", participant=f"anthropic:{MODEL}"))
        for first in range(0, posts, TOGETHER):
            add_posts(workspace, first, min(first + TOGETHER, posts))
        workspace.bring_log_up_to_date()


def add_posts(workspace: Workspace, first: int, last: int) -> None:
    """Record the texts from number `first` to before `last` as published and released."""
    rows: dict[str, list[SQLModel]] = {name: [] for name in _TABLES}
    logged: dict[str, list[tuple[str, Any]]] = {"review": [], "publication": [], "release": []}
    for text in texts(first, last):
        made = _rows(text)
        for name, row in made.items():
            rows[name].append(row)
        post, publication = made["post"], made["publication"]
        assert isinstance(post, Post)  # noqa: S101  # what `_rows` has there
        assert isinstance(publication, Publication)  # noqa: S101  # the same
        logged["review"].append((made["review"].id, made["review"].statement))  # type: ignore[attr-defined]  # a Review has one
        logged["publication"].append((post.id, statement(publication, post)))
        stated = made["release"].model_dump(exclude_none=True)
        logged["release"].append((stated["id"], stated))
    with workspace.database.writing() as session:
        for name, table in _TABLES.items():
            values = [row.model_dump() for row in rows[name]]
            session.connection().execute(SQLModel.metadata.tables[table].insert(), values)
        for kind, acts in logged.items():
            entries.append_all(session, kind, acts)


_TABLES = {
    "post": "post",
    "attempt": "attempt",
    "draft": "draft",
    "review": "review",
    "publication": "publication",
    "release": "release",
}
"""The tables of what `_rows` makes, in the order in which they are filled."""


def _rows(text: Text) -> dict[str, SQLModel]:
    at, later = to_text(text.at), to_text(text.at + timedelta(hours=1))
    source, stream = text.source.encode(), _stream(text.source)
    post = Post(
        model=MODEL,
        context="none",
        items=[],
        left_out=None,
        shown="",
        context_digest=None,
        prompt="Write one text for the readers of this archive. You may choose what it is about.",
        sampling={"max_tokens": "1500", "temperature": "not applicable"},
        participant=f"anthropic:{MODEL}",
        engine={"model": MODEL},
        software={"emeritus": "0.1.0"},
        selection_rule="the first draft",
        begun_at=at,
    )
    attempt = AttemptRecord(
        subject=post.id,
        position=1,
        number=1,
        request_digest=sha256(post.prompt.encode()),
        started_at=at,
        ended_at=at,
        status=200,
        raw_digest=sha256(stream),
        raw=zlib.compress(stream),
        input_tokens=60,
        output_tokens=900,
    )
    draft = Draft(
        post=post.id,
        number=1,
        source=source,
        source_digest=sha256(source),
        reading_digest=reading_digest(markdown.render(text.source).html),
        title=title(text.source),
        declined=False,
        stop_reason="end_turn",
        provider_model=f"{MODEL}-20240611",
        attempt=attempt.id,
        written_at=at,
    )
    review = Review(draft=draft.id, verdict="approved", reason="Names nobody.", by="ana", at=later)
    publication = Publication(
        post=post.id,
        draft=draft.id,
        slug=f"text-{text.number}",
        source_digest=draft.source_digest,
        by="ana",
        at=later,
    )
    release = Release(kind="post", subject=post.id, audience="public", by="ana", at=later)
    return {
        "post": post,
        "attempt": attempt,
        "draft": draft,
        "review": review,
        "publication": publication,
        "release": release,
    }


def _stream(text: str) -> bytes:
    """Return a reply of the Messages API that brings `text`, some words in each event."""
    words = text.split(" ")
    pieces = [" ".join(words[at : at + 4]) for at in range(0, len(words), 4)]
    pieces = [f"{piece} " for piece in pieces[:-1]] + pieces[-1:]
    usage = {"input_tokens": 60, "output_tokens": 1}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": {"model": f"{MODEL}-20240611", "usage": usage}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *(
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "text_delta", "text": piece},
            }
            for piece in pieces
        ),
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn"},
            "usage": {"output_tokens": 900},
        },
        {"type": "message_stop"},
    ]
    return b"".join(
        f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in events
    )


def _phrase(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(_WORDS if n % 2 else _SMALL) for n in range(1, words + 1))


def _paragraph(chance: random.Random, words: int) -> str:
    sentences = [_phrase(chance, chance.randint(7, 16)).capitalize() for _ in range(words // 12)]
    sentences[0] = f"*{sentences[0]}*"
    sentences[-1] += f", and [one more](https://example.org/{chance.randint(1, 999)})"
    return " ".join(f"{sentence}." for sentence in sentences)
