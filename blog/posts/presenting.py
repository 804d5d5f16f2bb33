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
from blog.posts.posts import Draft, History, State
from blog.posts.prompts import SHORTLY
from blog.posts.reviews import PROGRAM, Review
from blog.posts.withdrawals import Act
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
        # so that a post that nobody withdrew is the same as ever
        **(
            {"withdrawals": [_without_post(row.statement) for row in history.withdrawals]}
            if history.withdrawals
            else {}
        ),
        **(
            {"notes": [_without_post(row.statement) for row in history.notes]}
            if history.notes
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
    draft, decided, publication = history.draft, history.standing.decided, history.publication
    if draft is None:
        return None
    return label(
        model=model,
        written=from_text(draft.written_at, at=draft.id),
        decision=decision_of(decided, people) if decided else None,
        published=None if publication is None else from_text(publication.at, at=draft.post),
        draft=(draft.number, len(history.drafts)),
    )


def decision_of(decided: Sequence[Review], people: Mapping[str, Person]) -> Decision:
    """Return what one review or two decided, with their reviewers' shown names."""
    review = decided[-1]  # of two, the one that did it
    person = people.get(review.by)
    programs = [row for row in decided[:-1] if row.by_kind == PROGRAM]
    names = [
        shown_name(people, row.by) + (" (a program)" if row in programs else "") for row in decided
    ]
    return Decision(
        verdict=review.verdict,
        by=" and ".join(names),
        standing=person.authentication if person else None,
        on=from_text(review.at, at=review.id),
    )


def waits_for(history: History) -> str | None:
    """Return the second person that a decision about a post waits for; None: it waits for none."""
    if history.deletion is None and history.publication is not None:
        return _review_of_withdrawal(history)
    proposed = history.standing.proposed
    if proposed is None or history.state not in {State.VETO_PROPOSED, State.APPROVAL_PROPOSED}:
        return None
    return f"{history.state} by {proposed.by}, needs a second"


def _review_of_withdrawal(history: History) -> str | None:
    taken_back = history.taken_back
    if taken_back.proposed is not None:
        what = "restoring" if taken_back.proposed.act == Act.RESTORE else "withdrawal"
        return f"{what} proposed by {taken_back.proposed.by}, needs a second"
    if taken_back.withdrawn is not None and taken_back.due is not None:
        return f"withdrawn by {taken_back.withdrawn.by} alone, to be reviewed by {taken_back.due}"
    return None


def as_text(document: Mapping[str, Any]) -> str:
    """Return a post's document for a terminal: what was asked, what came, what was decided."""
    context, publication = document["context"], document["publication"]
    facts = {
        "post": document["id"],
        "state": document.get("waits_for") or document["state"],
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
            f"{row['verdict']} by {row['by']} at {row['at']}{_class_of(row)}: {row['reason']}"
            for row in draft["reviews"]
        ]
    lines += [
        f"asked {SHORTLY[Asking(row['asking'])]} at {row['at']}: {row['said']!r} ({row['meaning']})"
        for row in document.get("answers", ())
    ]
    if publication is not None:
        lines.append(f"published as posts/{publication['slug']}/ at {publication['at']}")
    lines += [
        f"note {row['id']} {row['side']} the text, by {row['by']} at {row['at']}: {row['text']}"
        for row in document.get("notes", ())
    ]
    lines += [
        f"{row['act']} by {row['by']} at {row['at']}{_class_of(row)}: {row['reason']}"
        for row in document.get("withdrawals", ())
    ]
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
            {name: value for name, value in row.statement.items() if name != "draft"}
            for row in history.reviews
            if row.draft == draft.id
        ],
    }


def _without_post(statement: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in statement.items() if name != "post"}


def _class_of(review: Mapping[str, Any]) -> str:
    named = review.get("reason_class")
    return "" if named is None else f" ({named})"
