"""Checking decisions: each row says what the log has of it.

What is public, in whose name and for what reason hangs on them. A row that was changed, added
or taken out behind the program's back stops the build.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from archive.canonical import Canonical, sha256
from archive.errors import FaultError
from archive.log.entries import LogEntry, disagreement
from archive.policy.policies import Policy
from archive.release.releases import Release
from blog.posts import answers
from blog.posts.notes import OperatorNote
from blog.posts.posts import History, Post
from blog.posts.publishing import former_statement, statement
from blog.posts.withdrawals import Withdrawal
from blog.schedule.schedules import Gap, Schedule

KINDS = (
    "answer",
    "gap",
    "note",
    "policy",
    "publication",
    "release",
    "review",
    "schedule",
    "withdrawal",
)

Act: TypeAlias = Withdrawal | OperatorNote | Schedule | Gap
_ACTS: Mapping[type[Act], str] = {
    Withdrawal: "withdrawal",
    OperatorNote: "note",
    Schedule: "schedule",
    Gap: "gap",
}
"""How the log names each."""

Logged = Mapping[tuple[str, str], LogEntry]
"""The log's entry of each decision, by its kind and its subject."""


def check(
    logged: Logged,
    *,
    releases: Iterable[Release],
    policies: Iterable[Policy],
    acts: Iterable[Act],
    histories: Iterable[History],
) -> None:
    """Compare decisions with the log.

    Args:
        logged: The log's entries of `KINDS`, and perhaps of others.
        releases: Which are compared.
        policies: Likewise.
        histories: Those whose decisions are.
        acts: Likewise.

    Raises:
        FaultError: A decision is not what was logged; the first is named.
    """
    for kind, subject, forms, place in _decisions(releases, policies, acts, histories):
        faults = [disagreement(logged.get((kind, subject)), stated) for stated in forms]
        if all(fault is not None for fault in faults):
            fault = faults[0]
            raise refused(f"its {kind} is not the one that was decided: {fault}", place)


def _decisions(
    releases: Iterable[Release],
    policies: Iterable[Policy],
    acts: Iterable[Act],
    histories: Iterable[History],
) -> Iterable[tuple[str, str, Sequence[Canonical], str]]:
    """Return the kind and subject of each, how it may be stated, and what it is about."""
    for release in releases:
        stated = release.model_dump(exclude_none=True)
        yield "release", release.id, [stated], f"{release.kind} {release.subject}"
    for policy in policies:
        yield "policy", policy.id, [policy.model_dump()], f"model {policy.model}"
    for row in acts:
        of = f"model {row.model}" if isinstance(row, Schedule | Gap) else f"post {row.post}"
        yield _ACTS[type(row)], row.id, [row.statement], of
    for history in histories:
        place = f"post {history.post.id}"
        for review in history.reviews:
            yield "review", review.id, [review.statement], place
        for answer in history.answers:
            yield "answer", answer.id, [answers.statement(answer)], place
        if (publication := history.publication) is not None:
            forms = [write(publication, history.post) for write in (statement, former_statement)]
            yield "publication", history.post.id, forms, place
        if (fault := _shown_fault(history) or _letter_fault(history.post)) is not None:
            raise refused(fault, place)


def _shown_fault(history: History) -> str | None:
    """Return what is wrong with what the model was shown; it may be gone, by a right to that."""
    post = history.post
    gone = history.forgotten or post.letter_not_kept
    found = sha256(post.shown.encode()) if post.shown else None
    if found == post.context_digest or (found is None and gone):
        return None
    return "what the model was shown is not what was recorded"


def _letter_fault(post: Post) -> str | None:
    """Return what is wrong with the letter that is printed with a post."""
    digests = {item["sha256"] for item in post.items if item["kind"] == "letter"}
    if post.letter is None or sha256(post.letter) in digests:
        return None
    return "the reader's letter is not the one that was recorded"


def refused(what: str, place: str) -> FaultError:
    """Return the fault of a decision."""
    return FaultError(
        what,
        at=place,
        mend="Nothing was written. Bring the database back from a backup: the log is what stands.",
    )
