"""Withdrawing a published post, and restoring it. Its text is kept, and no page shows it meanwhile."""

from dataclasses import dataclass

from archive.errors import FaultError, InputError
from archive.log import entries
from archive.times import now, to_text
from archive.workspace.people import Person
from archive.workspace.workspace import Workspace
from blog.criteria.reading import read_criteria
from blog.posts.posts import History, State, load_history
from blog.posts.reviews import PERSON, PROGRAM
from blog.posts.withdrawals import Act, Standing, Withdrawal, after


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """Where a post stood before an act, and where it stands after it."""

    before: Standing
    after: Standing

    @property
    def shows_otherwise(self) -> bool:
        """Whether the site has to be built again."""
        return (self.before.withdrawn is None) != (self.after.withdrawn is None)


def act(
    workspace: Workspace,
    post: str,
    what: Act,
    *,
    reason: str,
    by: Person,
    reason_class: str | None = None,
) -> Acted:
    """Withdraw a published post or restore it, or propose that; log it.

    Raises:
        InputError: There is no such post or class, or no reason is given.
        FaultError: It is not published, there is nothing to restore, the act would change nothing,
            or a program would be the second.
    """
    if not reason.strip():
        raise InputError("empty", at="--reason", mend="Say in a sentence why; it is published.")
    if reason_class is not None:
        read_criteria(workspace).check_class(reason_class)
    with workspace.deciding() as session:
        history = load_history(session, post)
        row = Withdrawal(
            post=history.post.id,
            act=what,
            reason=reason,
            reason_class=reason_class,
            by=by.id,
            by_kind=PROGRAM if by.program else PERSON,
            at=to_text(now()),
        )
        before = history.taken_back
        _check(history, row)
        entries.record(session, "withdrawal", row)
    return Acted(before=before, after=after(before, row))


def _check(history: History, row: Withdrawal) -> None:
    """Refuse an act that nothing can follow from.

    Raises:
        FaultError: It is one.
    """
    place, before = f"post {history.post.id}", history.taken_back
    if history.state not in {State.PUBLISHED, State.WITHDRAWN}:
        raise FaultError(
            f"is not published: {history.state}",
            at=place,
            mend="What is not published is vetoed: emeritus post review ID --veto.",
        )
    if row.act == Act.RESTORE and before.withdrawn is None and before.proposed is None:
        raise FaultError(
            "it is not withdrawn, and nobody proposed it", at=place, mend="Nothing is to be done."
        )
    waits = before.proposed or (None if before.confirmed else before.withdrawn)
    if waits is not None and row.by_kind == PROGRAM and row.act != Act.WITHDRAW_URGENTLY:
        raise FaultError(
            "a program is never the second, and turns nothing down",
            at=place,
            mend="Nothing was recorded. A person has to do it.",
        )
    if after(before, row) == before:
        raise FaultError(
            "it would change nothing: "
            + ("it needs a second person" if waits is not None else "it is withdrawn already"),
            at=place,
            mend="Somebody else on the roster has to type it."
            if waits is not None
            else "`emeritus post restore` proposes to bring it back.",
        )
