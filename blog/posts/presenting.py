"""A post with all that became of it, as a document and as text for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from archive.rendering.reading_text import FORM
from archive.rendering.terminal import for_terminal
from archive.times import from_text
from archive.workspace.people import Person, shown_name
from blog.posts.answers import Answer, Asking
from blog.posts.contexts import stated
from blog.posts.labels import Decision, label
from blog.posts.posts import Draft, History, Review
from blog.posts.prompts import SHORTLY
from interviews.attempts import AttemptRecord, attempt_document


def post_document(history: History, attempts: Sequence[AttemptRecord]) -> dict[str, Any]:
    """Return all that is on record of a post; it is internal, and names people by their ids."""
    post = history.post
    return {
        "id": post.id,
        "model": post.model,
        "state": history.state,
        "title": history.draft.title if history.draft else None,
        "context": {
            "source": post.context,
            "items": post.items,
            "left_out": post.left_out,
            "sha256": post.context_digest,
            **_known(form=post.form),
            # so that a post of which nothing was deleted is the same as ever
            **({"deleted": list(history.forgotten)} if history.forgotten else {}),
        },
        "deleted": None if history.deletion is None else history.deletion.words,
        "prompt": post.prompt,
        "sampling": post.sampling,
        "participant": post.participant,
        "engine": post.engine,
        "software": post.software,
        "selection_rule": post.selection_rule,
        **_known(
            selection=post.selection,
            drafts_wished=post.drafts_wished,
            corrects=post.corrects,
            topic_from=post.topic_from,
        ),
        "begun_at": post.begun_at,
        "attempts": [attempt_document(row) for row in attempts],
        "drafts": [_draft(draft, history) for draft in history.drafts],
        **(
            {"answers": [answer_document(row) for row in history.answers]}
            if history.answers
            else {}
        ),
        "publication": (
            history.publication.model_dump(exclude={"post"}) if history.publication else None
        ),
    }


def _known(**values: object) -> dict[str, object]:
    """Return those that are known: a post that an earlier version asked for stays as it was."""
    return {name: value for name, value in values.items() if value is not None}


def attempts_at(session: Session, post: str) -> list[AttemptRecord]:
    """Return every attempt that was made for a post, in order."""
    rows = select(AttemptRecord).where(AttemptRecord.subject == post)
    return list(session.exec(rows.order_by(col(AttemptRecord.number))))


def label_of(history: History, *, model: str, people: Mapping[str, Person]) -> str | None:
    """Return the label of a post's text; None: it has no text.

    Args:
        history: The post.
        model: The model's name.
        people: The roster by id.
    """
    draft, review, publication = history.draft, history.review, history.publication
    if draft is None:
        return None
    return label(
        model=model,
        written=from_text(draft.written_at, at=draft.id),
        decision=None if review is None else decision_of(review, people),
        published=None if publication is None else from_text(publication.at, at=draft.post),
        draft=(draft.number, len(history.drafts)),
    )


def decision_of(review: Review, people: Mapping[str, Person]) -> Decision:
    """Return what a review decided, with its reviewer's shown name."""
    person = people.get(review.by)
    return Decision(
        verdict=review.verdict,
        by=shown_name(people, review.by),
        standing=person.authentication if person else None,
        on=from_text(review.at, at=review.id),
    )


def as_text(document: Mapping[str, Any]) -> str:
    """Return a post's document for a terminal: what was asked, what came, what was decided."""
    context, publication = document["context"], document["publication"]
    facts = {
        "post": document["id"],
        "state": document["state"],
        "model": document["model"],
        "context": f"{context['source']}, sha256 {context['sha256'] or 'not applicable'}",
        "shown": ", ".join(filter(None, map(stated, context["items"]))) or None,
        "topic": f"chosen by the {document['topic_from']}" if "topic_from" in document else None,
        "corrects": document.get("corrects"),
        "left out": context["left_out"],
        "not kept": _not_kept(context),
        "deleted": document["deleted"],
        "sampling": ", ".join(f"{name} {value}" for name, value in document["sampling"].items()),
        "selection": document["selection_rule"],
        "attempts": str(len(document["attempts"])),
    }
    lines = [f"{name:<10}  {value}" for name, value in facts.items() if value is not None]
    if document["deleted"] is not None:
        return for_terminal("\n".join(lines))
    lines += ["", "Asked:", "", document["prompt"]]
    drafts = document["drafts"]
    lines += [] if document["label"] is None else ["", document["label"]]
    for draft in drafts:
        lines += ["", f"Draft {draft['number']}:"] if len(drafts) > 1 else []
        lines += ["", draft["text"], ""]
        if draft["stop_reason"] == "max_tokens":
            lines.append(f"It was cut off at {document['sampling']['max_tokens']} tokens.")
        lines.append(f"sha256 of the text: {draft['source_digest']}")
        lines.append(f"sha256 of its reading text: {draft['reading_digest']}")
        lines += [
            f"{row['verdict']} by {row['by']} at {row['at']}: {row['reason']}"
            for row in draft["reviews"]
        ]
    lines += [
        f"asked {SHORTLY[Asking(row['asking'])]} at {row['at']}: {row['said']!r} ({row['meaning']})"
        for row in document.get("answers", ())
    ]
    if publication is not None:
        lines.append(f"published as posts/{publication['slug']}/ at {publication['at']}")
    return for_terminal("\n".join(lines))


def _not_kept(context: Mapping[str, Any]) -> str | None:
    if "deleted" in context:
        return "what it was shown: something of it was deleted"
    letters = (item for item in context["items"] if item["kind"] == "letter")
    if any(item["kept"] == "no" for item in letters):
        return "what it was shown: the reader did not agree that the letter is kept"
    return None


def answer_document(answer: Answer) -> dict[str, Any]:
    """Return an answer of the model about a draft."""
    return answer.model_dump(exclude={"post"}) | {"said": answer.said.decode()}


def _draft(draft: Draft, history: History) -> dict[str, Any]:
    return draft.model_dump(exclude={"post", "source", "summary", "tags"}) | {
        **_known(summary=draft.summary, tags=draft.tags),
        "text": draft.source.decode(),
        "reading_form": FORM,
        "reviews": [
            row.model_dump(exclude={"draft"}) for row in history.reviews if row.draft == draft.id
        ],
    }
