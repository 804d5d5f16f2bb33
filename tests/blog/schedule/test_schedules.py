"""`post schedule`, `post gap` and `worker`: weeks that were promised, and what became of each."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.workspace.locks import only_runner
from archive.workspace.workspace import open_workspace
from blog.archival import KINDS
from blog.schedule.schedules import WEEKDAYS, Gap, Schedule, weeks
from tests.blog.conftest import Release, Review, Shown, Write
from tests.conftest import Emeritus
from tests.support.schemas import validate

NOW = datetime.now(UTC)


def row(weekday: str | None, since: str, at: str = "2026-01-01") -> Schedule:
    return Schedule(model="m", weekday=weekday, time="09:00", since=since, by="ana", at=at)


def test_a_week_goes_from_slot_to_slot_and_a_later_schedule_takes_over() -> None:
    rows = [row("monday", "2026-11-03"), row("friday", "2026-11-18"), row(None, "2026-12-01")]

    found = weeks(rows, [], [], until=datetime(2027, 1, 1, tzinfo=UTC))

    assert [f"{week.slot:%m-%d}" for week in found] == ["11-09", "11-16", "11-20", "11-27"]
    assert [f"{week.end:%m-%d}" for week in found] == ["11-16", "11-20", "11-27", "12-04"]


def test_a_post_fills_the_week_in_which_it_came() -> None:
    slot = datetime(2026, 11, 2, 9, tzinfo=UTC)
    published = [(slot - timedelta(seconds=1), "early"), (slot, "on time")]
    gap = Gap(model="m", slot="2026-11-09", note="leave", by="ana", at="2026")

    found = weeks([row("monday", "2026-11-01")], [gap], published, until=slot + timedelta(days=8))

    assert [(list(week.posts), week.gap is None) for week in found] == [
        (["on time"], True),
        ([], False),
    ]


@given(
    st.lists(
        st.builds(
            row,
            st.sampled_from([*WEEKDAYS, None]),
            st.dates(
                min_value=datetime(2026, 1, 1).date(),  # noqa: DTZ001  # a day
                max_value=datetime(2026, 12, 31).date(),  # noqa: DTZ001  # a day
            ).map(str),
        ),
        max_size=4,
    )
)
def test_weeks_follow_each_other_and_none_overlaps(rows: list[Schedule]) -> None:
    found = weeks(rows, [], [], until=datetime(2027, 3, 1, tzinfo=UTC))

    assert all(week.slot < week.end <= week.slot + timedelta(days=7) for week in found)
    for one, later in pairwise(found):
        assert one.end <= later.slot


def day(days_ago: int) -> str:
    return f"{NOW - timedelta(days=days_ago):%Y-%m-%d}"


@pytest.fixture
def promised(emeritus: Emeritus, workspace: Path) -> str:
    """A weekly schedule that began 15 days ago, on the weekday that it was yesterday."""
    del workspace
    weekday = WEEKDAYS[(NOW - timedelta(days=1)).weekday()]
    done = emeritus(
        "post", "schedule", "halcyon-2", "--weekly", weekday, "--at", "00:00",
        "--from", day(15), "--by", "ana",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    return weekday


def approve(emeritus: Emeritus, post: str) -> None:
    done = emeritus("post", "review", post, "--approve", "--reason", "fine", "--by", "ana")
    assert done.exit_code == 0, done.stderr


def test_the_worker_publishes_what_was_approved_first_and_once_in_a_slot(
    emeritus: Emeritus,
    workspace: Path,
    write: Write,
    shown: Shown,
    release: Release,
    promised: str,
) -> None:
    del promised
    release("model", "halcyon-2")
    assert emeritus("site", "build").exit_code == 0
    later, first, waiting = write("# Later"), write("# First"), write("# Waiting")
    approve(emeritus, first)
    approve(emeritus, later)

    runs = [emeritus("worker", "--once") for _ in range(2)]

    assert [run.exit_code for run in runs] == [0, 0]
    assert [shown(post)["state"] for post in (first, later, waiting)] == [
        "published",
        "approved",
        "draft",
    ]
    assert (workspace / "public/posts/first/index.html").exists()
    assert "is published as posts/first/" in runs[0].stderr


def test_weeks_without_a_post_are_shown_with_their_note_or_as_having_none(
    emeritus: Emeritus, workspace: Path, release: Release, promised: str
) -> None:
    release("model", "halcyon-2")
    noted = emeritus(
        "post", "gap", "halcyon-2", "--week", day(8), "--note", "We were **away**.", "--by", "ana"
    )
    assert noted.exit_code == 0, noted.stderr

    assert emeritus("site", "build").exit_code == 0

    page = (workspace / "public/models/halcyon-2/index.html").read_text()
    assert f"weekly, on {promised.capitalize()}s at 00:00 UTC" in page
    assert "In 0 of 2 weeks a text came." in page
    assert page.count("no text, no reason given") == 1
    assert "We were <strong>away</strong>." in page
    assert "<bdi>Ana Ruiz</bdi> for" in page
    listed = emeritus("post", "schedule", "halcyon-2", "--show", "--json").json["weeks"]
    assert [(week["note"], week["over"]) for week in listed] == [
        (None, True),
        ("We were **away**.", True),
        (None, False),
    ]


def test_nothing_is_published_in_a_week_that_is_said_to_have_none(
    emeritus: Emeritus, write: Write, shown: Shown, promised: str
) -> None:
    del promised
    post = write()
    approve(emeritus, post)
    gap = ("post", "gap", "halcyon-2", "--week", day(1), "--note", "leave", "--by", "ana")

    assert emeritus(*gap).exit_code == 0
    again = emeritus(*gap)

    assert emeritus("worker", "--once").exit_code == 0
    assert (shown(post)["state"], again.exit_code) == ("approved", 1)
    assert "it has a note already" in again.stderr


def test_the_worker_approves_nothing(
    emeritus: Emeritus, write: Write, review: Review, shown: Shown, promised: str
) -> None:
    del promised
    post = write("# A Day\n\nWrite to keeper@halcyon.example.")
    review(post, "--approve", "ana")

    assert emeritus("worker", "--once").exit_code == 0

    assert shown(post)["state"] == "approval proposed"


def test_one_worker_runs_in_a_workspace(emeritus: Emeritus, workspace: Path) -> None:
    with only_runner(workspace / "locks/worker", what="another"):
        refused = emeritus("worker", "--once")

    assert (refused.exit_code, "another process is running it" in refused.stderr) == (3, True)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        pytest.param(["schedule", "halcyon-2"], 2, "what is promised?", id="nothing"),
        pytest.param(
            ["schedule", "halcyon-2", "--weekly", "monday", "--from", "soon", "--by", "ana"],
            2,
            "--from: not a day",
            id="no day",
        ),
        pytest.param(
            ["schedule", "halcyon-2", "--off", "--from", "2026-01-01", "--at", "9", "--by", "ana"],
            2,
            "--at: not a time",
            id="no time",
        ),
        pytest.param(
            ["schedule", "nobody", "--off", "--from", "2026-01-01", "--by", "ana"],
            2,
            "no such model",
            id="no model",
        ),
        pytest.param(
            ["gap", "halcyon-2", "--week", "2026-01-01", "--note", "x", "--by", "ana"],
            1,
            "no post is promised in the week of 2026-01-01",
            id="no week",
        ),
    ],
)
def test_what_cannot_be_promised_is_refused(
    emeritus: Emeritus, workspace: Path, arguments: list[str], code: int, message: str
) -> None:
    del workspace

    refused = emeritus("post", *arguments)

    assert (refused.exit_code, message in refused.stderr) == (code, True), refused.stderr


def test_a_schedule_is_sealed_as_its_schema_says_and_its_rows_come_back(
    emeritus: Emeritus, workspace: Path, promised: str
) -> None:
    gap = ("post", "gap", "halcyon-2", "--week", day(8), "--note", "away", "--by", "ana")
    assert emeritus(*gap).exit_code == 0
    (kind,) = (one for one in KINDS if one.name == "schedule")
    opened = open_workspace(workspace)
    assert kind.sealable is not None
    assert kind.deposit is not None
    (subject,) = kind.sealable(opened)
    made = kind.deposit(opened, subject)
    opened.close()

    assert made.record["schedules"][0]["weekday"] == promised
    assert kind.schema is not None
    validate({"$schema": "tag:emeritus.invalid,2026:schema/schedule/1", **made.record})
