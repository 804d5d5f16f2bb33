"""Reviews of a text as they are kept, what they have decided, and what is only proposed.

Nothing is read here: rows are taken as values. A veto needs two people, and so does the approval
of a text that is flagged or vetoed: the first proposes, a second does it. A review of the other
verdict turns a proposal down, and is itself a proposal where its verdict needs two. A program may
propose; it is never the second, and turns down no person's proposal.

A review from before there were criteria decides alone, as it did then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import JSON, Column
from sqlmodel import Field

from archive.log.entries import WholeAct

PERSON, PROGRAM = "person", "program"


class Verdict(StrEnum):
    """What a review decided."""

    APPROVED = "approved"
    VETOED = "vetoed"


class Review(WholeAct, table=True):
    """One verdict on one draft, with what it was read for. Those of Emeritus 0.1 had no criteria."""

    draft: str = Field(foreign_key="draft.id", index=True)
    verdict: str  # a Verdict
    reason: str
    by: str  # a person's id
    at: str
    by_kind: str | None = None  # person, program
    reason_class: str | None = None  # of the criteria's classes; None: none was named
    criteria: int | None = None  # their version
    criteria_digest: str | None = None  # sha256 of their file
    flags: list[dict[str, Any]] | None = Field(  # what the detectors found, and where
        default=None, sa_column=Column(JSON(none_as_null=True))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a text stands after all its reviews."""

    decided: Sequence[Review] = ()  # the reviews that decided, the proposal first; none yet: empty
    proposed: Review | None = None  # waits for a second

    @property
    def verdict(self) -> str | None:
        """What is decided, as a Verdict; None: nothing is."""
        return self.decided[-1].verdict if self.decided else None

    @property
    def reason_class(self) -> str | None:
        """The class of the verdict: of the last of its reviews that names one."""
        named = [row.reason_class for row in self.decided if row.reason_class is not None]
        return named[-1] if named else None


def standing(reviews: Sequence[Review]) -> Standing:
    """Return what the reviews of one text decided, oldest first."""
    found = Standing()
    for review in reviews:
        found = after(found, review)
    return found


def after(before: Standing, review: Review) -> Standing:
    """Return where a text stands after one more review."""
    proposed = before.proposed
    if review.criteria is None:
        return Standing(decided=[review])
    if proposed is not None and review.verdict == proposed.verdict:
        if seconds(review, proposed):
            return Standing(decided=[proposed, review])
        return before
    if review.verdict == before.verdict:
        return Standing(decided=before.decided)
    if needs_two(review, before):
        return Standing(decided=before.decided, proposed=review)
    return Standing(decided=[review])


class Given(Protocol):
    """What one on the roster decided or proposed."""

    @property
    def by(self) -> str: ...

    @property
    def by_kind(self) -> str | None: ...


def seconds(one: Given, first: Given) -> bool:
    """Whether what agrees with a first decision is that of a second person."""
    return one.by != first.by and one.by_kind == PERSON


def needs_two(review: Review, before: Standing) -> bool:
    """Whether a verdict is only proposed by one review."""
    if review.verdict == Verdict.VETOED:
        return True
    return bool(review.flags) or before.verdict == Verdict.VETOED


def may_not(review: Review, before: Standing) -> str | None:
    """Return why a program may not give a review; None: it may."""
    proposed = before.proposed
    if review.by_kind != PROGRAM or proposed is None:
        return None
    if review.verdict == proposed.verdict and review.by != proposed.by:
        return "a program is never the second"
    if review.verdict != proposed.verdict and proposed.by_kind == PERSON:
        return "a program turns down no person's proposal"
    return None
