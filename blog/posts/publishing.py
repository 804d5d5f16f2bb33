"""Publishing: a text gets its address on the site, for ever.

Only a text that its reviews approve and whose model did not say no to it, that has the digest it was recorded with, and that
stands in the bytes of the model's own answer. What the public sees, releases decide.
"""

from sqlmodel import Session, select

from archive.canonical import Canonical, canonical_bytes, sha256
from archive.errors import FaultError
from archive.log import entries
from archive.rendering.characters import one_line
from archive.times import now, to_text
from archive.workspace.people import Person
from archive.workspace.workspace import Workspace
from blog.posts import fidelity
from blog.posts.answers import Asking
from blog.posts.posts import Draft, History, Post, Publication, State, load_history
from blog.posts.titles import slug
from interviews.attempts import AttemptRecord


def publish(workspace: Workspace, post: str, *, by: Person | None) -> Publication:
    """Publish a post and log it; one that is published already stays as it is.

    Raises:
        InputError: There is no such post.
        FaultError: It is not approved, or its text is not the model's own; nothing is changed.
    """
    with workspace.deciding() as session:
        history = load_history(session, post)
        publication = history.publication or publish_in(session, history, by)
        session.flush()
        session.expunge(publication)
    return publication


def publish_in(session: Session, history: History, by: Person | None) -> Publication:
    """Publish a post in the caller's transaction, and log it.

    Raises:
        FaultError: It is not approved, or its text is not the model's own.
    """
    draft = _approved(history)
    attempt = session.get_one(AttemptRecord, draft.attempt)
    named = history.answer(draft, Asking.NAMING)
    fidelity.check(draft, recorded=draft.source_digest, attempt=attempt, named=named)
    for answer in history.answers:
        brought = session.get_one(AttemptRecord, answer.attempt)
        fidelity.check_answer(answer, attempt=brought, written=history.written)
    publication = Publication(
        post=draft.post,
        draft=draft.id,
        slug=slug(
            draft.title,
            otherwise=f"post-{draft.written_at[:10]}",
            taken=set(session.exec(select(Publication.slug))),
        ),
        source_digest=draft.source_digest,
        by=None if by is None else by.id,
        at=to_text(now()),
    )
    session.add(publication)
    entries.append(session, "publication", publication.post, statement(publication, history.post))
    return publication


def statement(publication: Publication, post: Post) -> Canonical:
    """Return what the log holds of a publication.

    With the digest of all that the model was asked, and of how it was: it is published beside the
    text. What the model was shown stands in it by its own digest, and can be deleted.
    """
    return _statement(publication, post.model_dump(exclude_none=True, exclude={"shown", "letter"}))


def former_statement(publication: Publication, post: Post) -> Canonical:
    """Return what Emeritus 0.1 logged of a publication: with what the model was shown, whole."""
    return _statement(publication, post.model_dump(exclude_none=True, exclude={"letter"}))


def _statement(publication: Publication, asked: Canonical) -> Canonical:
    digest = sha256(canonical_bytes(asked))
    return publication.model_dump(exclude_none=True) | {"post_digest": digest}


def _approved(history: History) -> Draft:
    """Return the draft that may be published.

    Raises:
        FaultError: There is none; the message says why.
    """
    if history.draft is not None and history.state is State.APPROVED:
        _check_asked(history, history.draft)
        return history.draft
    again = f"emeritus post write {history.post.model}"
    review = f"emeritus post review {history.post.id} --approve --reason TEXT --by PERSON"
    decided = history.standing.decided
    veto = f": {decided[-1].reason}" if decided else ""
    what, mend = {
        State.INTERRUPTED: ("it has no text: no answer came", f"Ask again: {again}"),
        State.DECLINED: ("it has no text: the model declined to write", f"Ask again: {again}"),
        State.UNWILLING: (
            f"the model said no when it was asked if it may be published: {_said(history)}",
            f"What it does not want published is not published. Ask for another: {again}",
        ),
        State.DRAFT: ("nobody has reviewed it", f"Review it: {review}"),
        State.DELETED: ("it has no text: it was deleted", f"Ask again: {again}"),
        State.VETOED: (
            f"it is vetoed{veto}",
            "A text is never edited: ask the model for another post, or have it reviewed again.",
        ),
        State.VETO_PROPOSED: (
            "its veto is proposed, and not decided",
            f"A second person decides: the same with --veto, or {review}",
        ),
        State.APPROVAL_PROPOSED: (
            "its approval is proposed, and needs a second person",
            f"Somebody else reviews it: {review}",
        ),
    }[history.state]
    raise FaultError(what, at=f"post {history.post.id}", mend=mend)


def _check_asked(history: History, draft: Draft) -> None:
    """Refuse a text whose model was not asked; earlier versions of the program did not ask."""
    asked_by_this_version = history.post.form is not None
    if asked_by_this_version and history.answer(draft, Asking.PUBLICATION) is None:
        raise FaultError(
            "the model was not asked whether it may be published",
            at=f"post {history.post.id}",
            mend=f"Ask it: emeritus post ask {history.post.id}",
        )


def _said(history: History) -> str:
    return "" if history.refusal is None else one_line(history.refusal.said.decode())
