"""The blog's lines of the retirement checklist."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from archive.release.releases import releases_of
from archive.status.checklist import Item
from archive.status.checklist import State as Standing
from archive.workspace.workspace import Workspace
from blog.posts.posts import History, State, histories_of


def checklist(workspace: Workspace, slug: str, _today: date) -> Sequence[Item]:
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
        waiting = [item for row in histories if (item := _waiting(session, row)) is not None]
    if waiting:
        return waiting
    published = sum(row.state is State.PUBLISHED for row in histories)
    detail = f"{len(histories)} asked for, {published} published, none waits for a decision"
    return [Item(subject="posts", state=Standing.DONE, detail=detail)]


def _waiting(session: Session, history: History) -> Item | None:
    """Return what a post waits for; None: nothing."""
    post = history.post.id
    name = (history.draft.title if history.draft else None) or post
    detail, command = None, ""
    if history.state is State.DRAFT:
        detail = "waits for a review"
        command = f"emeritus post review {post} --approve --reason TEXT --by PERSON"
    elif history.state is State.APPROVED:
        detail, command = "is approved and not published", f"emeritus post publish {post}"
    elif history.state is State.PUBLISHED and not releases_of(session, "post", post):
        detail = "is published, and nobody decided who may see it"
        command = f"emeritus release post {post} --public --by PERSON"
    if detail is None:
        return None
    return Item(subject=f"post {name}", state=Standing.OPEN, detail=detail, next=command)
