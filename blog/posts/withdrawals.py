"""Withdrawals of published posts as they are kept, and what they make together.

Nothing is read here: rows are taken as values. To withdraw takes two people: one proposes, a second
does it. What is urgent one does alone and at once; it is due for a second person's review in
`REVIEW_DAYS`, who confirms it or restores the text. To restore what two withdrew takes two again.
A program may propose, and withdraw what is urgent; it is never the second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlmodel import Field

from archive.log.entries import WholeAct
from archive.times import from_text
from blog.posts.reviews import seconds

REVIEW_DAYS = 7


class Act(StrEnum):
    """What somebody did about a published post."""

    WITHDRAW = "withdraw"
    WITHDRAW_URGENTLY = "withdraw urgently"
    RESTORE = "restore"


class Withdrawal(WholeAct, table=True):
    """One act of one person; rows are added, and never changed."""

    post: str = Field(foreign_key="post.id", index=True)
    act: str  # an Act
    reason: str
    reason_class: str | None = None  # of a withdrawal: one of the criteria's classes
    by: str  # a person's id
    by_kind: str  # person, program
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether a published post is withdrawn, and what waits for a second person."""

    withdrawn: Withdrawal | None = None  # the act that took it back; None: it is not withdrawn
    first: Withdrawal | None = None  # the proposal before it
    confirmed: bool = False  # by a second person
    proposed: Withdrawal | None = None  # to withdraw, or to restore

    @property
    def due(self) -> date | None:
        """By when a second person has to review what one withdrew; None: nothing is to be reviewed."""
        if self.withdrawn is None or self.confirmed:
            return None
        at = from_text(self.withdrawn.at, at=self.withdrawn.id)
        return (at + timedelta(days=REVIEW_DAYS)).date()


def standing(rows: Sequence[Withdrawal]) -> Standing:
    """Return where a post stands after all that was done, oldest first."""
    found = Standing()
    for row in rows:
        found = after(found, row)
    return found


def after(before: Standing, row: Withdrawal) -> Standing:
    """Return where a post stands after one more act."""
    if before.withdrawn is None:
        return _before_a_withdrawal(before, row)
    if row.act != Act.RESTORE:
        confirmed = before.confirmed or seconds(row, before.withdrawn)
        return Standing(withdrawn=before.withdrawn, first=before.first, confirmed=confirmed)
    waits_for = before.proposed or (None if before.confirmed else before.withdrawn)
    if waits_for is not None and seconds(row, waits_for):
        return Standing()
    return Standing(
        withdrawn=before.withdrawn,
        first=before.first,
        confirmed=before.confirmed,
        proposed=before.proposed or row,
    )


def _before_a_withdrawal(before: Standing, row: Withdrawal) -> Standing:
    proposed = before.proposed
    if row.act == Act.RESTORE:
        return Standing()  # the proposal is turned down
    second = proposed is not None and seconds(row, proposed)
    if second or row.act == Act.WITHDRAW_URGENTLY:
        return Standing(withdrawn=row, first=proposed if second else None, confirmed=second)
    return Standing(proposed=proposed or row)


def changes(rows: Sequence[Withdrawal]) -> list[Withdrawal]:
    """Return the acts after which the page shows otherwise: a proposal changes nothing on it."""
    found, before = [], Standing()
    for row in rows:
        then = after(before, row)
        if (then.withdrawn, then.due) != (before.withdrawn, before.due):
            found.append(row)
        before = then
    return found
