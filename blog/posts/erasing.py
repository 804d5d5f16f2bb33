"""Erasing a post, and what other posts were shown of a session or a post that is deleted."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from archive.identifiers import to_urn
from archive.log import entries
from archive.log.entries import LogEntry
from archive.store.erasure import DELETED, Erasable, Erasure
from blog.posts import answers
from blog.posts.posts import History, Post, histories_of, load_history
from blog.posts.publishing import former_statement, statement
from interviews.attempts import erase_attempts


def find(session: Session, identifier: str) -> Erasable:
    """Return the post, whatever became of it.

    Raises:
        InputError: There is none with that id.
    """
    history = load_history(session, identifier)
    post = history.post
    # a publication's address is made of the title; a review's reason may quote the text
    logged = [("review", row.id) for row in history.reviews]
    logged += [(answers.KIND, row.id) for row in history.answers]
    logged += [("note", row.id) for row in history.notes]
    logged += [("withdrawal", row.id) for row in history.withdrawals]
    if history.publication is not None:
        logged.append(("publication", post.id))
    return Erasable(subject=post.id, model=post.model, object_id=to_urn(post.id), logged=logged)


def erase(session: Session, identifier: str) -> None:
    """Destroy a post's text, its title, its address, and the digests by which it could be guessed."""
    history = load_history(session, identifier)
    for draft in history.drafts:
        digests = dict.fromkeys(("source_digest", "reading_digest"), DELETED)
        gone = dict.fromkeys(("title", "summary", "tags"))
        session.add(draft.sqlmodel_update({"source": b"", **gone, **digests}))
    for answer in history.answers:
        session.add(answer.sqlmodel_update({"said": b""}))
    for review in history.reviews:
        session.add(review.sqlmodel_update({"reason": DELETED}))
    for note in history.notes:
        session.add(note.sqlmodel_update({"text": DELETED}))
    for withdrawal in history.withdrawals:
        session.add(withdrawal.sqlmodel_update({"reason": DELETED}))
    if history.publication is not None:
        session.delete(history.publication)
    shown = {"shown": "", "context_digest": None, "letter": None}
    session.add(history.post.sqlmodel_update(shown))
    erase_attempts(session, identifier)


def quoting(session: Session, kind: str, subject: str) -> Sequence[tuple[str, str]]:
    """Return the posts that were shown a session or a post before they were written."""
    rows = session.exec(select(Post.id, Post.items, Post.shown))
    item = {"kind": kind, "id": subject}
    return sorted(("post", post) for post, items, shown in rows if item in items and shown)


def erase_quotes(session: Session, kind: str, subject: str) -> None:
    """Destroy all that those posts were shown: whose words stand where in it is not on record."""
    quoted = {post for _, post in quoting(session, kind, subject)}
    for history in histories_of(session):
        if history.post.id in quoted:
            _restate(session, history)
            session.add(history.post.sqlmodel_update({"shown": ""}))


def _restate(session: Session, history: History) -> None:
    """Log anew a publication whose entry covers what the post was shown, as it once did."""
    if history.publication is None:
        return
    rows = select(LogEntry).where(
        LogEntry.kind == "publication", LogEntry.subject == history.post.id
    )
    entry = session.exec(rows.order_by(col(LogEntry.index).desc())).first()
    if entries.disagreement(entry, former_statement(history.publication, history.post)) is None:
        stated = statement(history.publication, history.post)
        entries.append(session, "publication", history.post.id, stated)


ERASURE = Erasure(find=find, erase=erase)
