"""Flagging: a draft is read for the criteria, beside all that it could have been taken from."""

from sqlmodel import Session

from archive.workspace.workspace import Workspace
from blog.criteria import detecting
from blog.criteria.criteria import Criteria
from blog.criteria.findings import Reading
from blog.posts.posts import Draft, History, histories_of

SHOWN = "what it was shown"


def readings_of(
    session: Session, workspace: Workspace, history: History, draft: Draft, criteria: Criteria
) -> list[Reading]:
    """Return what the detectors find in one draft of a post."""
    return detecting.read(
        detecting.Draft(
            text=draft.source.decode(),
            names=workspace.settings.operator.names,
            others=_others(session, history),
        ),
        criteria,
    )


def _others(session: Session, history: History) -> dict[str, str]:
    """Return what the model was shown, and every other text that is published."""
    published = {
        f"the post {other.post.id}": other.draft.source.decode()
        for other in histories_of(session)
        if other.publication is not None and other.draft is not None
    }
    published.pop(f"the post {history.post.id}", None)
    return published | ({SHOWN: history.post.shown} if history.post.shown else {})
