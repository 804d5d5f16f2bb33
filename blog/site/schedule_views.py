"""A schedule as the site shows it: what is promised, and each week in which no post came.

Nothing is read here: rows are taken as values. A post counts from when the public may read it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from archive.times import from_text
from archive.workspace.people import Person, shown_name
from blog.schedule.schedules import Gap, Schedule, in_force, in_words, weeks
from blog.site import views


def schedule_view(
    schedules: Sequence[Schedule],
    gaps: Sequence[Gap],
    posts: Sequence[views.Post],
    *,
    people: Mapping[str, Person],
    as_of: datetime,
) -> views.Schedule | None:
    """Return the view of a model's schedule; None: nothing was ever promised."""
    if not schedules:
        return None
    published = sorted((post.published_at, post.id) for post in posts)
    found = weeks(schedules, gaps, published, until=as_of)
    kept = [week for week in found if week.posts]
    missed = [week for week in found if not week.posts and (week.gap or week.end <= as_of)]
    present = in_force(schedules, as_of)
    return views.Schedule(
        words=None if present is None else in_words(present),
        weeks=len(kept) + len(missed),
        kept=len(kept),
        missed=[
            views.MissedWeek(
                slot=week.slot.date(),
                note=None if week.gap is None else _note(week.gap, people),
            )
            for week in reversed(missed)
        ],
    )


def _note(gap: Gap, people: Mapping[str, Person]) -> views.Note:
    return views.Note(
        text=gap.note,
        by=shown_name(people, gap.by),
        on=from_text(gap.at, at=gap.id).date(),
    )
