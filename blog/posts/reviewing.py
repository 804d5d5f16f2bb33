"""Reviewing: somebody approves or vetoes a text, with a reason. Nobody can edit it."""

from archive.errors import FaultError, InputError
from archive.log import entries
from archive.times import now, to_text
from archive.workspace.people import Person
from archive.workspace.workspace import Workspace
from blog.posts.posts import Draft, History, Review, State, Verdict, load_history


def review(workspace: Workspace, post: str, verdict: Verdict, *, reason: str, by: Person) -> Review:
    """Add a verdict on the text of a post to those before it, and log it; the last one holds.

    Raises:
        InputError: There is no such post, or no reason is given.
        FaultError: The post has no text to review, or is published.
    """
    if not reason.strip():
        raise InputError("empty", at="--reason", mend="Say in a sentence what decided it.")
    with workspace.deciding() as session:
        row = Review(
            draft=_reviewable(load_history(session, post)).id,
            verdict=verdict,
            reason=reason,
            by=by.id,
            at=to_text(now()),
        )
        session.add(row)
        entries.append(session, "review", row.id, row.model_dump())
        session.flush()
        session.expunge(row)
    return row


def _reviewable(history: History) -> Draft:
    place = f"post {history.post.id}"
    if history.state is State.PUBLISHED:
        raise FaultError(
            "it is published, and a review would not take it back",
            at=place,
            mend="`emeritus release post ID --internal` keeps it out of the next build;"
            " withdrawing a post comes in a later version.",
        )
    if history.draft is None or history.state in {
        State.DECLINED,
        State.UNWILLING,
        State.DELETED,
    }:
        raise FaultError(
            f"there is nothing to review: {history.state}",
            at=place,
            mend=f"Ask again with `emeritus post write {history.post.model}`.",
        )
    return history.draft
