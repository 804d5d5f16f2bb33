"""The blog's lines of the retirement checklist."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from archive.release.releases import releases_of
from archive.status.checklist import Item, days_left
from archive.status.checklist import State as Standing
from archive.workspace.workspace import Workspace
from blog.posts.posts import History, State, histories_of
from blog.posts.presenting import waits_for
from blog.posts.withdrawals import Act


def checklist(workspace: Workspace, slug: str, today: date) -> Sequence[Item]:
    """Return what the posts of `slug` still need."""
    with workspace.database.reading() as session:
        histories = histories_of(session, slug)
        if not histories:
            return [
                Item(
                    subject="posts",
                    state=Standing.NOT_RECORDED,
                    detail="it was not asked to write",
                    next=f"emeritus post write {slug}",
                )
            ]
        waiting = [item for row in histories if (item := _waiting(session, row, today)) is not None]
    if waiting:
        return waiting
    published = sum(row.state is State.PUBLISHED for row in histories)
    detail = f"{len(histories)} asked for, {published} published, none waits for a decision"
    return [Item(subject="posts", state=Standing.DONE, detail=detail)]


def _waiting(session: Session, history: History, today: date) -> Item | None:
    """Return what a post waits for; None: nothing."""
    post = history.post.id
    name = (history.draft.title if history.draft else None) or post
    detail, command = None, ""
    if history.state is State.DRAFT:
        detail = "waits for a review"
        command = f"emeritus post review {post} --approve --reason TEXT --by PERSON"
    elif history.state in {State.VETO_PROPOSED, State.APPROVAL_PROPOSED}:
        detail = waits_for(history)
        option = "--veto" if history.state is State.VETO_PROPOSED else "--approve"
        command = f"emeritus post review {post} {option} --reason TEXT --by PERSON"
    elif history.state is State.APPROVED:
        detail, command = "is approved and not published", f"emeritus post publish {post}"
    elif history.publication is not None and (waits := waits_for(history)) is not None:
        return _of_withdrawal(history, waits, today)
    elif history.state is State.PUBLISHED and not releases_of(session, "post", post):
        detail = "is published, and nobody decided who may see it"
        command = f"emeritus release post {post} --public --by PERSON"
    if detail is None:
        return None
    return Item(subject=f"post {name}", state=Standing.OPEN, detail=detail, next=command)


def _of_withdrawal(history: History, waits: str, today: date) -> Item:
    """Return what a withdrawal waits for: overdue where nobody reviewed what one person did."""
    post, taken_back = history.post.id, history.taken_back
    again = f"withdraw {post} --class CLASS"
    if taken_back.proposed is not None and taken_back.proposed.act == Act.RESTORE:
        again = f"restore {post}"
    overdue = taken_back.due is not None and taken_back.due < today
    return Item(
        subject=f"post {post}",
        state=Standing.OVERDUE if overdue else Standing.OPEN,
        detail=waits if taken_back.due is None else f"{waits}, {days_left(taken_back.due, today)}",
        due=taken_back.due,
        next=f"emeritus post {again} --reason TEXT --by PERSON",
    )
