"""Reviewing: somebody approves or vetoes a text, with a reason. Nobody can edit it.

What one person may decide and what needs a second, `blog.posts.reviews` says. Each review keeps
what the detectors found in the text, and by which version of the criteria.
"""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from archive.errors import FaultError, InputError
from archive.log import entries
from archive.times import now, to_text
from archive.workspace.people import Person
from archive.workspace.workspace import Workspace
from blog.criteria.criteria import Criteria
from blog.criteria.findings import flags
from blog.criteria.reading import read_criteria
from blog.posts.flagging import readings_of
from blog.posts.posts import Draft, History, State, load_history
from blog.posts.reviews import PERSON, PROGRAM, Review, Standing, Verdict, after, may_not
from blog.posts.selection import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A review, and where the text stands after it."""

    review: Review
    standing: Standing


def review(
    workspace: Workspace,
    post: str,
    verdict: Verdict,
    *,
    reason: str,
    by: Person,
    number: int | None = None,
    reason_class: str | None = None,
) -> Reviewed:
    """Add a verdict on the text of a post to those before it, and log it.

    Args:
        workspace: Where it is kept.
        post: Its id.
        verdict: On one draft, whole.
        reason: What decided it.
        by: Who.
        number: Of the draft; None: the one that is taken.
        reason_class: Of a veto, one of the criteria's classes; None: none is named.

    Raises:
        InputError: There is no such post, draft or class, no reason is given, or the criteria
            cannot be read.
        FaultError: The post has no text to review, or is published; or a program would be the
            second, or turn down a person's proposal.
    """
    if not reason.strip():
        raise InputError("empty", at="--reason", mend="Say in a sentence what decided it.")
    criteria = read_criteria(workspace)
    if reason_class is not None:
        criteria.check_class(reason_class)
    with workspace.deciding() as session:
        _check_version(session, criteria)
        history = load_history(session, post)
        draft = _reviewable(history, verdict, number)
        row = Review(
            draft=draft.id,
            verdict=verdict,
            reason=reason,
            by=by.id,
            at=to_text(now()),
            by_kind=PROGRAM if by.program else PERSON,
            reason_class=reason_class,
            criteria=criteria.version,
            criteria_digest=criteria.sha256,
            flags=flags(readings_of(session, workspace, history, draft, criteria)),
        )
        before = history.standing_of(draft)
        if (refusal := may_not(row, before)) is not None:
            raise FaultError(
                refusal, at=f"post {post}", mend="Nothing was recorded. A person has to review it."
            )
        entries.record(session, "review", row)
    return Reviewed(review=row, standing=after(before, row))


def _check_version(session: Session, criteria: Criteria) -> None:
    """Refuse criteria that were changed and kept their version: it is cited by every review.

    Raises:
        InputError: They were.
    """
    known = session.exec(
        select(Review.criteria_digest).where(
            col(Review.criteria) == criteria.version,
            col(Review.criteria_digest) != criteria.sha256,
        )
    ).first()
    if known is not None:
        raise InputError(
            f"changed, and still version {criteria.version}, by which texts were reviewed",
            at="criteria.toml",
            mend="Raise its version with every change.",
        )


def _reviewable(history: History, verdict: Verdict, number: int | None) -> Draft:
    """Return the draft that is reviewed."""
    place = f"post {history.post.id}"
    if history.state in {State.PUBLISHED, State.WITHDRAWN}:
        raise FaultError(
            "it is published, and a review would not take it back",
            at=place,
            mend=f"To take it back: emeritus post withdraw {history.post.id} --reason TEXT"
            " --class CLASS --by PERSON",
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
