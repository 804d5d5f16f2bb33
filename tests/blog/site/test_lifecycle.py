"""The time line: places, labels that never touch, dates as far as they are known."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.site.lifecycle import LETTER, NARROWEST, dated, time_line
from blog.site.views import Missing, Observation

DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2060, 12, 31))


def seen(event: str, day: str | Missing) -> Observation:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return Observation(
        event=event, date=day, channel=Missing.UNKNOWN, source=Missing.UNKNOWN, observed_at=at
    )


@given(
    st.lists(st.tuples(st.sampled_from(["announced", "retired", "last answer"]), DAYS), min_size=1)
)
def test_labels_never_touch_even_on_the_narrowest_screen(events: list[tuple[str, date]]) -> None:
    line = time_line([seen(event, day.isoformat()) for event, day in events])
    assert line is not None

    spans = []
    for mark in line.marks:
        at, width = float(mark.x) / 100 * NARROWEST, len(mark.words) * LETTER
        start = at if mark.anchor == "start" else at - width
        assert -1 <= start <= start + width <= NARROWEST + 1
        spans.append((mark.y, start, start + width))
    spans.sort()
    assert all(a[0] != b[0] or a[2] < b[1] for a, b in pairwise(spans))


@given(DAYS, st.timedeltas(timedelta(days=1), timedelta(days=4000)))
def test_what_came_later_stands_further_along(first: date, after: timedelta) -> None:
    line = time_line([seen("b", (first + after).isoformat()), seen("a", first.isoformat())])

    assert line is not None
    assert [mark.words for mark in line.marks] == ["a", "b"]
    assert float(line.marks[0].x) < float(line.marks[1].x)


def test_without_a_date_there_is_no_line() -> None:
    assert time_line([seen("retired", Missing.NOT_RECORDED)]) is None


DATES = {"2026": "2026", "2026-11": "November 2026", "2026-11-03": "3 November 2026"}


@pytest.mark.parametrize(("text", "words"), DATES.items())
def test_a_date_says_no_more_than_is_known(text: str, words: str) -> None:
    assert dated(text) == f'<time datetime="{text}">{words}</time>'
