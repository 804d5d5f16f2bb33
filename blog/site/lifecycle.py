"""A model's life as a time line: where each mark and each label stands.

Pure. Places along the line are percentages, so that labels keep their size on every screen;
labels that would touch on the narrowest one stand on lines of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from archive.times import long_date
from blog.site.views import Missing, Observation

NARROWEST = 270  # pixels, the line's length on a screen 320 pixels wide
LETTER = 7.0  # pixels, at most, on average
LINE = 20  # pixels from one line of labels to the next
MOST_YEARS = 6  # that are named under the line


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One label and its place: `x` in percent, `y` in pixels."""

    x: str
    y: int
    words: str
    anchor: str  # "start" or "end": the side of `x` on which the words stand


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLine:
    """What the drawing holds, from left to right."""

    height: int
    axis: int  # y of the line
    years: Sequence[Mark]
    marks: Sequence[Mark]
    description: str


def time_line(observations: Sequence[Observation]) -> TimeLine | None:
    """Return the time line of the dated observations, or None if none is dated."""
    dated = sorted(
        ((_first_day(seen.date), seen.event) for seen in observations if _is_dated(seen)),
    )
    if not dated:
        return None
    first, last = dated[0][0].year, dated[-1][0].year + 1
    placed = _without_touching([(_place(day, first, last), event) for day, event in dated])
    lines = 1 + max(line for _, _, line in placed)
    axis = lines * LINE + 4
    marks = [_mark(place, event, axis - 12 - line * LINE) for place, event, line in placed]
    step = -(-(last - first) // MOST_YEARS)
    years = [
        _mark(_place(date(year, 1, 1), first, last), str(year), axis + LINE)
        for year in range(first, last + 1, step)
    ]
    words = ", ".join(f"{event} {day.year}" for day, event in dated)
    return TimeLine(
        height=axis + LINE + 8,
        axis=axis,
        years=years,
        marks=marks,
        description=f"{words[0].upper()}{words[1:]}.",
    )


def dated(text: str | Missing) -> Markup:
    """Return a date as far as it is known, marked up: November 2026."""
    if isinstance(text, Missing):
        return Markup('<span class="missing">{}</span>').format(text)
    day = _first_day(text)
    words = {4: f"{day.year}", 7: f"{day:%B} {day.year}"}.get(len(text), long_date(day))
    return Markup('<time datetime="{}">{}</time>').format(text, words)


def _is_dated(seen: Observation) -> bool:
    return not isinstance(seen.date, Missing)


def _first_day(text: str) -> date:
    """Return the first day that a date to the year, the month or the day can mean."""
    return date.fromisoformat({4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text))


def _place(day: date, first: int, last: int) -> float:
    start = date(first, 1, 1)
    return 100 * (day - start).days / (date(last, 1, 1) - start).days


def _mark(place: float, words: str, y: int) -> Mark:
    return Mark(x=f"{place:.2f}", y=y, words=words, anchor=_anchor(place))


def _anchor(place: float) -> str:
    return "start" if place < 60 else "end"


def _without_touching(marks: Sequence[tuple[float, str]]) -> list[tuple[float, str, int]]:
    """Return each mark with the lowest line on which its label touches no other label."""
    placed: list[tuple[float, str, int]] = []
    taken: list[list[tuple[float, float]]] = []  # of each line, the spans in use
    for place, words in marks:
        at, width = place / 100 * NARROWEST, len(words) * LETTER + 8
        start, end = (at, at + width) if _anchor(place) == "start" else (at - width, at)
        line = next(
            (n for n, spans in enumerate(taken) if all(end < a or b < start for a, b in spans)),
            len(taken),
        )
        if line == len(taken):
            taken.append([])
        taken[line].append((start, end))
        placed.append((place, words, line))
    return placed
