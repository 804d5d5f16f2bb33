"""The blog's kind in the store: the post, with how it was made and what was decided."""

import json
from collections.abc import Sequence
from pathlib import Path

from archive.errors import InputError
from archive.identifiers import to_urn
from archive.store.kinds import Deposit, Kind
from archive.workspace.workspace import Workspace
from blog.posts.posts import State, histories_of, load_history
from blog.posts.presenting import attempts_at, post_document

SCHEMA = Path(__file__).parent / "schemas/post.schema.json"

PROVENANCE = (
    "context",
    "prompt",
    "sampling",
    "participant",
    "engine",
    "software",
    "selection_rule",
    "begun_at",
    "attempts",
    "drafts",
)
"""What `provenance.json` holds of a post's document."""


def _find(workspace: Workspace, post: str) -> str:
    with workspace.database.reading() as session:
        state = load_history(session, post).state
    if state is not State.PUBLISHED:
        raise InputError(
            f"is not published: {state}",
            at=f"post {post}",
            mend=f"Review it, then `emeritus post publish {post}`.",
        )
    return post


def _reviewed(workspace: Workspace) -> Sequence[str]:
    """Return the published posts, and those that a review keeps from being published."""
    with workspace.database.reading() as session:
        return [history.post.id for history in histories_of(session) if history.review is not None]


def _deposit(workspace: Workspace, post: str) -> Deposit:
    with workspace.database.reading() as session:
        history = load_history(session, post)
        attempts = attempts_at(session, post)
        document = post_document(history, attempts)
        raw = {f"raw/{row.number}.bin": row.response_body for row in attempts if row.raw}
    if history.draft is None:
        raise InputError("has no text to seal", at=f"post {post}", mend="Seal one that has.")
    provenance = {"$schema": f"{_schema_id()}#provenance"} | {
        name: document[name] for name in PROVENANCE
    }
    shown = {"shown.txt": history.post.shown.encode()} if history.post.shown else {}
    return Deposit(
        object_id=to_urn(post),
        title=f"A text by the language model {history.post.model}: {document['title'] or post}",
        record={name: document[name] for name in ("id", "model", "state", "title", "publication")}
        | {
            "written_at": history.draft.written_at,
            "source_digest": history.draft.source_digest,
            "reading_digest": history.draft.reading_digest,
        },
        files={
            "post.md": history.draft.source,
            "provenance.json": _json(provenance),
            **shown,
            **raw,
        },
    )


def _schema_id() -> str:
    return str(json.loads(SCHEMA.read_bytes())["$id"])


def _json(document: object) -> bytes:
    return f"{json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True)}\n".encode()


KINDS = (Kind(name="post", find=_find, sealable=_reviewed, deposit=_deposit, schema=SCHEMA),)
