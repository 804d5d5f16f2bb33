"""Releases: what the public may see. Nothing is public until somebody released it.

Each release is a row of its own; the last one holds. Rows are never changed.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from archive.errors import FaultError
from archive.identifiers import new_id
from archive.log import entries
from archive.records.models import Model
from archive.times import from_text, now, to_text


class Audience(StrEnum):
    """Who may see something."""

    INTERNAL = "internal"
    EMBARGOED = "embargoed"
    PUBLIC = "public"


class Release(SQLModel, table=True):
    """One decision about who may see a session, a turn, a post, a policy or a model's page."""

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(index=True)
    subject: str = Field(index=True)
    audience: str  # an Audience
    until: str | None = None  # RFC 3339; of an embargo
    by: str  # a person's id
    at: str
    reason: str | None = None


def is_public(releases: Iterable[Release], as_of: datetime) -> bool:
    """Whether the last of a subject's releases lets the public see it at `as_of`."""
    last = max(releases, key=lambda release: (release.at, release.id), default=None)
    if last is None or last.audience == Audience.INTERNAL:
        return False
    return last.until is None or from_text(last.until, at=last.id) <= as_of


def public_since(releases: Iterable[Release], as_of: datetime) -> datetime | None:
    """Return since when the public may see a subject without a break; None: it may not."""
    since: datetime | None = None
    for release in sorted(releases, key=lambda release: (release.at, release.id)):
        if release.audience == Audience.INTERNAL:
            since = None
            continue
        opens = from_text(release.until or release.at, at=release.id)
        since = opens if since is None else min(since, opens)
    return since if since is not None and since <= as_of else None


def releases_of(session: Session, kind: str, subject: str) -> list[Release]:
    """Return every release of one subject, oldest first."""
    rows = select(Release).where(Release.kind == kind, Release.subject == subject)
    return list(session.exec(rows.order_by(col(Release.at), col(Release.id))))


def public_subjects(session: Session, kind: str, as_of: datetime) -> set[str]:
    """Return the ids of all subjects of `kind` that the public may see at `as_of`."""
    by_subject: dict[str, list[Release]] = {}
    for release in session.exec(select(Release).where(Release.kind == kind)):
        by_subject.setdefault(release.subject, []).append(release)
    return {subject for subject, rows in by_subject.items() if is_public(rows, as_of)}


def decide(
    session: Session,
    kind: str,
    subject: str,
    audience: Audience,
    *,
    by: str,
    until: datetime | None = None,
    reason: str | None = None,
) -> Release:
    """Record who may see `subject` from now on, and log it, in the caller's transaction.

    Raises:
        FaultError: It is a model that is not held.
    """
    if kind == "model" and audience is not Audience.INTERNAL:
        _check_held(session, subject)
    release = Release(
        kind=kind,
        subject=subject,
        audience=audience,
        until=None if until is None else to_text(until),
        by=by,
        at=to_text(now()),
        reason=reason,
    )
    session.add(release)
    stated = release.model_dump(exclude_none=True)
    entries.append(session, "release", release.id, stated)
    return release


def _check_held(session: Session, slug: str) -> None:
    if not session.get_one(Model, slug).held:
        raise FaultError(
            "is not held: it is known from sources alone, and has no public page",
            at=f"model {slug}",
            mend=f"If you hold it: emeritus model edit {slug} --held --by PERSON. Then release it.",
        )
