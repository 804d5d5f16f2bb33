"""Visibility: what a build may show, by the releases that hold at its time.

Nothing is read here: releases are taken as values.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.release import releases
from archive.times import from_text, long_date
from blog.site import views


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """Who a build is for, as of when, and every release by its kind and subject."""

    audience: views.Audience
    as_of: datetime
    releases: Mapping[tuple[str, str], Sequence[releases.Release]]  # oldest first
    deleted: Collection[tuple[str, str]] = ()  # kinds and subjects of which nothing is left

    def shows(self, kind: str, subject: str) -> bool:
        """Whether the build shows a subject."""
        if (kind, subject) in self.deleted:
            return False
        internal = self.audience is views.Audience.INTERNAL
        return internal or self.public_since(kind, subject) is not None

    def shows_turn(self, session: str, index: int) -> bool:
        """Whether the build shows a turn of a session that it shows: unless it is withheld."""
        subject = f"{session}:{index}"
        return ("turn", subject) not in self.releases or self.shows("turn", subject)

    def public_since(self, kind: str, subject: str) -> datetime | None:
        """Since when the public may see a subject; None: it may not."""
        if (kind, subject) in self.deleted:
            return None
        return releases.public_since(self.releases.get((kind, subject), ()), self.as_of)

    def turns_changed_at(self, session: str) -> datetime | None:
        """When a turn of a session was last withheld or shown again; None: never."""
        times = [
            rows[-1].at
            for (kind, subject), rows in self.releases.items()
            if kind == "turn" and subject.startswith(f"{session}:")
        ]
        return from_text(max(times), at=session) if times else None

    def release(self, kind: str, subject: str) -> views.Release:
        """How a subject is released, in words."""
        rows = self.releases.get((kind, subject), ())
        if self.public_since(kind, subject) is not None:
            return views.Release(state="public", public=True)
        last = rows[-1] if rows else None
        if last is None or last.until is None:
            return views.Release(state="internal", public=False)
        until = long_date(from_text(last.until, at=last.id))
        return views.Release(state=f"embargoed until {until}", public=False)
