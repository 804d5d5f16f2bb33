"""A post in the store: the text, how it was made and what was decided; its rows can be put back."""

import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel

from archive import wing
from archive.identifiers import to_urn
from archive.store.kinds import Deposit, Kept
from archive.workspace.archiving import keeper
from archive.workspace.workspace import Workspace
from blog.posts.acts import premis_of_post
from blog.posts.answers import Answer
from blog.posts.notes import OperatorNote
from blog.posts.posts import Draft, Post, Publication, load_history
from blog.posts.presenting import attempts_at, post_document
from blog.posts.reviews import Review
from blog.posts.withdrawals import Withdrawal
from interviews.attempts import AttemptRecord

SCHEMA = Path(__file__).parents[1] / "schemas/post.schema.json"

TEXT = "post.md"
SHOWN = "shown.txt"
LETTER = "letter.txt"
PROVENANCE = "provenance.json"

_PROVENANCE = (
    "context",
    "prompt",
    "sampling",
    "participant",
    "engine",
    "software",
    "selection_rule",
    "selection",
    "drafts_wished",
    "corrects",
    "topic_from",
    "begun_at",
    "attempts",
    "drafts",
    "answers",
    "withdrawals",
    "notes",
)
"""What `provenance.json` holds of a post's document."""


def deposit(workspace: Workspace, post: str) -> Deposit:
    """Return what the object of a post is to hold; one that was never answered has no text."""
    with workspace.database.reading() as session:
        history = load_history(session, post)
        attempts = attempts_at(session, post)
        document = post_document(history, attempts)
    raw = {_body(row.number): row.response_body for row in attempts if row.raw is not None}
    provenance = {"$schema": f"{wing.schema_id(SCHEMA)}#provenance"} | {
        name: document[name] for name in _PROVENANCE if name in document
    }
    draft = history.draft
    shown = {SHOWN: history.post.shown.encode()} if history.post.shown else {}
    letter = {} if history.post.letter is None else {LETTER: history.post.letter}
    return Deposit(
        object_id=to_urn(post),
        title=f"A text by the language model {history.post.model}: {document['title'] or post}",
        record={name: document[name] for name in ("id", "model", "state", "title", "publication")}
        | {
            name: None if draft is None else getattr(draft, name)
            for name in ("written_at", "source_digest", "reading_digest")
        }
        | {"premis": premis_of_post(history, keeper(workspace))},
        files={
            **({} if draft is None else {TEXT: draft.source}),
            PROVENANCE: _json(provenance),
            **shown,
            **letter,
            **raw,
        },
    )


def restore(kept: Kept) -> Iterator[SQLModel]:
    """Return the rows of a post.

    Raises:
        KeyError, TypeError, ValueError: It is not what `deposit` gave.
    """
    post, provenance = kept.record["id"], json.loads(kept.read(PROVENANCE))
    context = provenance["context"]
    same = {name: provenance[name] for name in Post.model_fields if name in provenance}
    of_context = {
        "context": context["source"],
        "items": context["items"],
        "left_out": context["left_out"],
        "context_digest": context["sha256"],
        "shown": kept.read(SHOWN).decode() if SHOWN in kept.paths else "",
        "form": context.get("form"),
        "letter": kept.read(LETTER) if LETTER in kept.paths else None,
    }
    yield Post(**(same | of_context | {"id": post, "model": kept.record["model"]}))
    for attempt in provenance["attempts"]:
        body = _body(attempt["number"])
        raw = zlib.compress(kept.read(body)) if body in kept.paths else None
        yield AttemptRecord(subject=post, raw=raw, **attempt)
    for draft in provenance["drafts"]:
        yield from _draft(post, draft)
    for answer in provenance.get("answers", ()):
        yield Answer(post=post, **answer | {"said": answer["said"].encode()})
    for row in provenance.get("withdrawals", ()):
        yield Withdrawal(post=post, **row)
    for row in provenance.get("notes", ()):
        yield OperatorNote(post=post, **row)
    if (publication := kept.record["publication"]) is not None:
        yield Publication(post=post, **publication)


def _draft(post: str, draft: dict[str, Any]) -> Iterator[SQLModel]:
    fields = {name: draft[name] for name in Draft.model_fields if name in draft}
    yield Draft(post=post, source=draft["text"].encode(), **fields)
    for review in draft["reviews"]:
        yield Review(draft=draft["id"], **review)


def _body(number: int) -> str:
    return f"raw/{number}.bin"


def _json(document: object) -> bytes:
    return f"{json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True)}\n".encode()
