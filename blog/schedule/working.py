"""The worker: it publishes what is approved when its slot comes, and builds the sites again.

One transaction publishes a post and releases it in the name of whoever made the schedule. A worker
that was killed has done that or nothing; the next one builds the sites before it looks. One worker
runs in a workspace: it holds a lock that the kernel frees.
"""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, select

from archive.errors import FaultError
from archive.records.models import Model
from archive.release import releases
from archive.times import now
from archive.workspace.workspace import Workspace
from blog.posts.posts import History, State, histories_of
from blog.posts.publishing import publish_in
from blog.schedule.deciding import schedules_of, weeks_of
from blog.schedule.schedules import in_force
from blog.site.keeping_up import not_built_again

Say = Callable[[str], None]


def turn(workspace: Workspace, say: Say, *, build: bool) -> list[str]:
    """Publish what is due, then build the sites if something was or `build` says so; return faults."""
    with workspace.database.reading() as session:
        models = session.exec(select(Model.slug).order_by(Model.slug)).all()
    published = [slug for slug in models if _published(workspace, slug, say)]
    return not_built_again(workspace) if published or build else []


def _published(workspace: Workspace, model: str, say: Say) -> bool:
    """Publish what is due of a model; say what stands in the way, and go on with the next one."""
    try:
        return _publish_due(workspace, model, say, at=now())
    except FaultError as error:
        say(f"{model}: {error}")
        return False


def _publish_due(workspace: Workspace, model: str, say: Say, *, at: datetime) -> bool:
    """Publish the post that the present slot of a model waits for, if there is one."""
    with workspace.database.reading() as session:
        if _due(session, model, at) is None:  # a transaction that decides is not opened for nothing
            return False
    with workspace.deciding() as session:
        history = _due(session, model, at)
        if history is None:  # another one published it just now
            return False
        schedule = in_force(schedules_of(session, model), at)
        by = workspace.people.get(schedule.by) if schedule is not None else None
        if by is None:
            say(f"{model}: whoever made its schedule is no longer on the roster; not published")
            return False
        publication = publish_in(session, history, by)
        releases.decide(
            session,
            "post",
            history.post.id,
            releases.Audience.PUBLIC,
            by=by.id,
            reason="its slot in the schedule came",
        )
        say(f"{model}: post {history.post.id} is published as posts/{publication.slug}/")
    return True


def _due(session: Session, model: str, at: datetime) -> History | None:
    """Return the post that is to be published now: that which was approved first; None: none is."""
    if in_force(schedules_of(session, model), at) is None:
        return None
    found = weeks_of(session, model, until=at)
    if not found or found[-1].end <= at or found[-1].posts or found[-1].gap is not None:
        return None
    approved = [row for row in histories_of(session, model) if row.state is State.APPROVED]
    return min(approved, key=lambda row: row.standing.decided[-1].at, default=None)
