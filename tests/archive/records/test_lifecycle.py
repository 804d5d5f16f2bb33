"""What a model's life on a channel comes to, where sources agree and where they do not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records.lifecycle import (
    CONFLICT,
    NOT_DETERMINABLE,
    Event,
    Life,
    Statement,
    adds,
    in_force,
    lives,
)

TODAY = date(2026, 11, 23)
EARLY, LATE = "2025-11-13T00:00:00.000000Z", "2026-08-18T00:00:00.000000Z"

statements = st.builds(
    Statement,
    channel=st.sampled_from([None, "api", "cloud"]),
    event=st.sampled_from([event.value for event in Event]),
    date=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(date.isoformat),
    source=st.sampled_from(["maker", "cloud's page"]),
    observed_at=st.sampled_from([EARLY, LATE]),
    not_before=st.booleans(),
)


def said(
    event: str,
    day: str | None,
    source: str = "maker",
    *,
    read: str = LATE,
    channel: str | None = "api",
    not_before: bool = False,
) -> Statement:
    return Statement(
        channel=channel,
        event=event,
        date=day,
        source=source,
        observed_at=read,
        not_before=not_before,
    )


def life(*statements: Statement, on: date = TODAY) -> Life:
    (found,) = lives(statements, on)
    return found


@pytest.mark.parametrize(
    ("statements", "state", "basis"),
    [
        pytest.param([said("listed", None)], "listed", "seen", id="listed"),
        pytest.param([said("retired", "2026-02")], "retired", "dated", id="its end was past"),
        pytest.param(
            [said("retired", "2026-02-19", read=EARLY)], "retired", "scheduled", id="scheduled"
        ),
        pytest.param(
            [said("deprecated", "2026-01-01"), said("retired", "2027")],
            "deprecated",
            "dated",
            id="its end is to come",
        ),
        pytest.param(
            [said("deprecated", None), said("retired", "2026-07-30", read=EARLY)],
            "deprecated",
            "seen",
            id="its end is overdue",
        ),
        pytest.param(
            [said("listed", None), said("deprecated", "2026-01-01")],
            "deprecated",
            "dated",
            id="what is on its way out is still listed",
        ),
        pytest.param(
            [said("deprecated", "2026-01-01"), said("retired", "2026-02-01", not_before=True)],
            "deprecated",
            "dated",
            id="not before is no end",
        ),
        pytest.param(
            [said("deprecated", "2025-09-26"), said("retired", "2025-09-25")],
            "retired",
            "dated",
            id="its end was past before it was announced",
        ),
        pytest.param(
            [said("deprecated", "2026-10-01"), said("retired", "2026-02", read=LATE)],
            "retired",
            "dated",
            id="its end was past, and announced for later",
        ),
        pytest.param(
            [
                said("deprecated", "2026-01-09", read=EARLY),
                said("retired", "2026-01-08", read=EARLY),
            ],
            "retired",
            "scheduled",
            id="both are past by now",
        ),
        pytest.param(
            [said("deprecated", "2026-08-01"), said("retired", "2026-02-01", read=EARLY)],
            "deprecated",
            "dated",
            id="its end was planned, and announced anew since",
        ),
    ],
)
def test_the_state_is_what_the_source_last_had_come_to(
    statements: list[Statement], state: str, basis: str
) -> None:
    found = life(*statements)

    assert (found.state, [one.basis for one in found.says]) == (state, [basis])


def test_an_end_that_is_to_come_says_no_state() -> None:
    assert life(said("retired", "2027-01-01")).state == NOT_DETERMINABLE


def test_where_sources_conflict_both_are_shown_each_with_its_source() -> None:
    found = life(
        said("retired", "2026-04-28", "the relay", read=EARLY), said("deprecated", "2026-10-01")
    )

    assert found.state == CONFLICT
    assert {one.source: one.state for one in found.says} == {
        "the relay": "retired",
        "maker": "deprecated",
    }


def test_one_that_was_retired_and_is_still_listed_is_a_conflict() -> None:
    found = life(said("retired", "2026-01-01"), said("listed", None, "the list"))

    assert found.state == CONFLICT


def test_a_notice_period_is_by_source() -> None:
    found = life(said("deprecated", "2025-10-28"), said("retired", "2026-02-19")).notice

    assert (found.days, found.at_least, found.why) == (114, False, None)
    assert [(one.source, one.days) for one in found.by_source] == [("maker", 114)]


def test_a_notice_to_a_day_at_the_earliest_is_at_least_so_long() -> None:
    rows = (said("deprecated", "2026-01-01"), said("retired", "2027-01-01", not_before=True))

    assert (life(*rows).notice.days, life(*rows).notice.at_least) == (365, True)


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        pytest.param([said("retired", "2026-01-01")], "no source dates both", id="one date"),
        pytest.param(
            [said("deprecated", "2026-01"), said("retired", "2026-06-01")],
            "to the day",
            id="a month",
        ),
        pytest.param(
            [
                said("deprecated", "2025-10-28", "relay", read=EARLY),
                said("retired", "2026-04-28", "relay", read=EARLY),
                said("deprecated", "2026-01-30"),
                said("retired", "2026-07-30"),
            ],
            "a source lags by 278 days, on when it was deprecated and retired",
            id="one lags",
        ),
        pytest.param(
            [
                said("deprecated", "2025-10-28"),
                said("retired", "2026-04-28"),
                said("retired", "2026-04-30", "another"),
            ],
            "sources conflict, on when it was retired",
            id="they differ",
        ),
        pytest.param(
            [said("deprecated", "2025-09-26"), said("retired", "2025-09-25")],
            "retired 2025-09-25, before its end was announced 2025-09-26, says maker",
            id="the wrong way round",
        ),
    ],
)
def test_where_no_notice_period_can_be_said_it_is_said_why(
    statements: list[Statement], why: str
) -> None:
    notice = life(*statements).notice

    assert notice.days is None
    assert why in (notice.why or "")


def test_retired_before_announced_is_kept_and_flagged() -> None:
    found = life(said("deprecated", "2025-09-26"), said("retired", "2025-09-25"))

    assert [one.date for one in found.dates] == ["2025-09-25", "2025-09-26"]
    assert (found.state, len(found.flags)) == ("retired", 1)


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        pytest.param("2026", "2026-02-19", False, id="a year and a day in it"),
        pytest.param("2026-02-19", "2026-02-20", True, id="two days"),
        pytest.param("2026-01", "2026-02", True, id="two months"),
    ],
)
def test_a_date_that_is_less_precise_is_no_conflict(one: str, other: str, conflict: bool) -> None:  # noqa: FBT001  # a table
    found = life(said("retired", one), said("retired", other, "another"))

    assert bool(found.conflicts) is conflict


def test_what_is_said_of_all_channels_counts_on_each() -> None:
    found = lives(
        [said("listed", None, read=LATE), said("retired", "2026-01", "another", channel=None)],
        TODAY,
    )

    assert {one.channel: one.state for one in found} == {None: "retired", "api": CONFLICT}


def test_a_source_that_says_two_things_at_once_contradicts_itself() -> None:
    assert life(said("retired", "2026-01-01"), said("retired", "2026-02-01")).conflicts != []


def test_a_source_that_changed_a_date_is_taken_at_its_last_word() -> None:
    found = life(said("retired", "2026-01-01", read=EARLY), said("retired", "2026-02-01"))

    assert (found.conflicts, [one.date for one in found.dates]) == ([], ["2026-02-01"])


@given(st.lists(statements, max_size=12), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_no_word_of_a_source_is_lost_and_no_order_preferred(
    rows: list[Statement], day: date
) -> None:
    found = lives(rows, day)

    assert [one.state for one in lives(sorted(rows, key=repr), day)] == [
        one.state for one in lives(sorted(rows, key=repr, reverse=True), day)
    ]
    for one in found:
        shown = {(row.source, row.event, row.date) for row in one.dates}
        said = [row for row in in_force(rows) if row.date and row.channel in {one.channel, None}]
        assert {(row.source, row.event, row.date) for row in said} >= shown
        assert (one.state == CONFLICT) <= (len({row.state for row in one.says}) > 1)
        assert (one.notice.days is None) == (one.notice.why is not None)


@given(st.lists(statements, max_size=12))
def test_what_is_brought_in_a_second_time_adds_nothing(rows: list[Statement]) -> None:
    known: list[Statement] = []
    for row in rows:
        if adds(row, known):
            known.append(row)

    assert [row for row in rows if adds(row, known)] == []
