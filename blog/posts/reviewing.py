"""Reviewing: somebody approves or vetoes a text, with a reason. Nobody can edit it."""

from archive.errors import FaultError, InputError
from archive.log import entries
from archive.times import now, to_text
from archive.workspace.people import Person
from archive.workspace.workspace import Workspace
from blog.posts.posts import Draft, History, Review, State, Verdict, load_history
from blog.posts.selection import Selection


def review(
    workspace: Workspace,
    post: str,
    verdict: Verdict,
    *,
    reason: str,
    by: Person,
    number: int | None = None,
) -> Review:
    """Add a verdict on the text of a post to those before it, and log it; the last one holds.

    Args:
        workspace: Where it is kept.
        post: Its id.
        verdict: On one draft, whole.
        reason: What decided it.
        by: Who.
        number: Of the draft; None: the one that is taken.

    Raises:
        InputError: There is no such post or draft, or no reason is given.
        FaultError: The post has no text to review, or is published.
    """
    if not reason.strip():
        raise InputError("empty", at="--reason", mend="Say in a sentence what decided it.")
    with workspace.deciding() as session:
        row = Review(
            draft=_reviewable(load_history(session, post), verdict, number).id,
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


def _reviewable(history: History, verdict: Verdict, number: int | None) -> Draft:
    """Return the draft that is reviewed."""
    place = f"post {history.post.id}"
    if history.state is State.PUBLISHED:
        raise FaultError(
            "it is published, and a review would not take it back",
            at=place,
            mend="`emeritus release post ID --internal` keeps it out of the next build;"
            " withdrawing a post comes in a later version.",
        )
    if not history.written or history.state is State.DELETED:
        raise FaultError(
            f"there is nothing to review: {history.state}",
            at=place,
            mend=f"Ask again with `emeritus post write {history.post.model}`.",
        )
    if history.is_open:
        raise FaultError(
            "the model has not chosen one of its drafts yet",
            at=place,
            mend=f"Ask it: emeritus post ask {history.post.id}",
        )
    draft = _named(history, verdict, number)
    if history.refuses(draft):
        raise FaultError(
            f"there is nothing to review: {State.UNWILLING}",
            at=place,
            mend=f"Ask again with `emeritus post write {history.post.model}`.",
        )
    return draft


def _named(history: History, verdict: Verdict, number: int | None) -> Draft:
    """Return the draft of a number; of none, the one that the rule takes."""
    taken = history.draft or history.written[0]
    chooses = history.post.selection == Selection.REVIEWER
    if number is None:
        if chooses and len(history.written) > 1 and verdict is Verdict.APPROVED:
            numbers = ", ".join(str(draft.number) for draft in history.written)
            raise InputError(
                "not given, and the reviewer chooses",
                at="--draft",
                mend=f"Name the draft that is approved: {numbers}.",
            )
        return taken
    candidates = history.written if chooses else [taken]
    for draft in candidates:
        if draft.number == number:
            return draft
    numbers = ", ".join(str(draft.number) for draft in candidates)
    raise InputError(
        f"{number} is none that may be taken", at="--draft", mend=f"By the rule: {numbers}."
    )
