"""The blog's kinds in the store: the post, and when the posts of a model were to appear."""

from collections.abc import Sequence
from pathlib import Path

from archive.errors import InputError
from archive.store.kinds import Kind
from archive.workspace.locks import has_runner
from archive.workspace.workspace import Workspace
from blog.posts.archiving import SCHEMA, deposit, restore
from blog.posts.erasing import ERASURE
from blog.posts.posts import State, histories_of, load_history
from blog.schedule import archiving as schedule

PAGE_SCHEMAS = Path(__file__).parent / "schemas"
TEXT_PAGE_SCHEMA = PAGE_SCHEMAS / "text-page.schema.json"
LIST_PAGE_SCHEMA = PAGE_SCHEMAS / "list-page.schema.json"
MODEL_PAGE_SCHEMA = PAGE_SCHEMAS / "model-page.schema.json"


def _find(workspace: Workspace, post: str) -> str:
    with workspace.database.reading() as session:
        state = load_history(session, post).state
    if state not in {State.PUBLISHED, State.WITHDRAWN}:
        raise InputError(
            f"is not published: {state}",
            at=f"post {post}",
            mend=f"Review it, then `emeritus post publish {post}`.",
        )
    return post


def _written(workspace: Workspace) -> Sequence[str]:
    """Return every post but those that are being written: what was declined is a record too."""
    with workspace.database.reading() as session:
        histories = histories_of(session)
    return [
        history.post.id
        for history in histories
        if history.state is not State.DELETED and not has_runner(workspace.lock(history.post.id))
    ]


KINDS = (
    Kind(
        name="post",
        find=_find,
        sealable=_written,
        deposit=deposit,
        schema=SCHEMA,
        restore=restore,
        erasure=ERASURE,
    ),
    Kind(
        name="schedule",
        find=None,  # the page of its model shows it
        sealable=schedule.scheduled,
        deposit=schedule.deposit,
        schema=schedule.SCHEMA,
        restore=schedule.restore,
    ),
)
