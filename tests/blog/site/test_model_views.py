"""A model as the site shows it."""

import pytest

from archive.records.lifecycle import Event
from archive.records.models import Model, Observation
from archive.records.promises import Promise
from archive.weights.inventory import FixityCheck, WeightFile
from blog.site import views
from blog.site.model_views import ModelRecord, model_view, years
from blog.site.views import Missing

MODEL = Model(slug="halcyon-2", name="Halcyon 2", participant="embedded")
AT = "2026-11-23T15:00:00.000000Z"
INTERVIEWS = views.InterviewFlow()
DRAFTS = views.DraftFlow()


def seen(event: Event, date: str, source: str = "the maker's page") -> Observation:
    return Observation(model="halcyon-2", event=event, date=date, source=source, observed_at=AT)


def view(record: ModelRecord) -> views.Model:
    return model_view(
        record, people={}, interviews=INTERVIEWS, drafts=DRAFTS, transcripts=[], posts=[]
    )


@pytest.mark.parametrize(
    ("observations", "expected"),
    [
        pytest.param([], Missing.NOT_RECORDED, id="nothing"),
        pytest.param([seen(Event.RELEASED, "2024-06")], "from 2024", id="still there"),
        pytest.param([seen(Event.RETIRED, "2026")], "to 2026", id="its end alone"),
        pytest.param(
            [seen(Event.RELEASED, "2024-06"), seen(Event.RETIRED, "2026-01-05")],
            "2024 to 2026",
            id="both",
        ),
        pytest.param(
            [
                seen(Event.RELEASED, "2024"),
                seen(Event.RETIRED, "2025"),
                seen(Event.LAST_ANSWER, "2026"),
            ],
            "2024 to 2026",
            id="the last channel",
        ),
        pytest.param(
            [seen(Event.RELEASED, "2026"), seen(Event.RETIRED, "2026")], "2026", id="one year"
        ),
        pytest.param([seen(Event.ANNOUNCED, "2023")], Missing.NOT_RECORDED, id="announced alone"),
    ],
)
def test_the_years_are_those_of_its_service(
    observations: list[Observation], expected: str | Missing
) -> None:
    assert years(observations) == expected


def test_what_nobody_recorded_is_said_to_be_so() -> None:
    shown = view(ModelRecord(model=MODEL))

    missing = [shown.maker, shown.years, shown.about, shown.policy]
    assert {*missing, *(fact.value for fact in shown.facts)} == {Missing.NOT_RECORDED}


def test_the_path_of_a_weight_file_is_withheld() -> None:
    file = WeightFile(
        id="file",
        model="halcyon-2",
        path="/secret/halcyon.gguf",
        name="halcyon.gguf",
        bytes=1,
        sha256="0",
        sha512="0",
        format="gguf",
        facts={"path": "/secret"},
        needs={},
        registered_at=AT,
    )
    check = FixityCheck(file="file", expected="0", found="1", outcome="changed", checked_at=AT)

    (holding,) = view(ModelRecord(model=MODEL, files=[file], checks={"file": check})).holdings

    assert (holding.where, holding.sound) == (Missing.WITHHELD, False)
    assert "/secret" not in repr(holding)


def test_a_source_is_a_link_only_where_it_is_an_address() -> None:
    sources = ["https://halcyon.example/news", "javascript:alert(1)", "a letter"]
    rows = [seen(Event.ANNOUNCED, "2026", source) for source in sources]

    shown = view(ModelRecord(model=MODEL, observations=rows)).lifecycle

    assert {row.source: row.source_link for row in shown} == {
        sources[0]: sources[0],
        sources[1]: None,
        sources[2]: None,
    }


def test_a_promise_is_due_on_the_last_day_that_its_date_can_mean() -> None:
    promise = Promise(
        model="halcyon-2", text="Keep it.", made_on="2026-11", made_by="ana", due="2030-02"
    )

    (shown,) = view(ModelRecord(model=MODEL, promises=[promise])).promises

    assert (str(shown.made_on), str(shown.due)) == ("2026-11-30", "2030-02-28")


def test_a_state_that_was_seen_again_is_shown_as_it_was_last_seen() -> None:
    rows = [
        Observation(
            model="halcyon-2",
            event=Event.ACTIVE,
            date=None,
            source="the list",
            told_by="a feed",
            observed_at=at,
        )
        for at in ("2026-01-01T00:00:00.000000Z", "2026-02-01T00:00:00.000000Z")
    ]

    (seen_last,) = view(ModelRecord(model=MODEL, observations=rows)).lifecycle

    assert (seen_last.date, seen_last.observed_at.month) == (Missing.NOT_STATED, 2)
    assert seen_last.source == "the list (as a feed has it)"


def test_a_date_that_is_the_earliest_is_said_to_be_so_and_ends_no_service() -> None:
    row = seen(Event.RETIRED, "2027-01-01")
    row.not_before = True

    shown = view(ModelRecord(model=MODEL, observations=[row]))

    assert (shown.lifecycle[0].event, shown.years) == ("retired, not before", Missing.NOT_RECORDED)
