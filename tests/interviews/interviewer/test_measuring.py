"""The figures of the detectors: of which examples, how they are counted, where they are published."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.interviewer.cli import Measured, measured
from interviews.interviewer.examples import LabelledSet, probe_sets, reply_sets
from interviews.interviewer.faults import MEANINGS, FaultKind
from interviews.interviewer.measuring import Figures, Half, Share, figures, half_of
from interviews.interviewer.presenting import shown, table
from interviews.protocols.protocol import Declined
from tests.conftest import Emeritus

PAGE = Path(__file__).parents[3] / "docs/detectors.md"


PROBES = [example for each in probe_sets() for example in each.examples]
REPLIES = [example for each in reply_sets() for example in each.examples]


def test_every_kind_of_fault_has_twenty_examples_and_eighty_probes_are_clean() -> None:
    kinds = Counter(kind for probe in PROBES for kind in probe.kinds)

    assert min(kinds[kind] for kind in FaultKind) >= 20
    assert sum(not probe.kinds for probe in PROBES) >= 80
    assert {probe.language for probe in PROBES} >= {"en", "de"}


def test_half_of_the_replies_decline_nothing() -> None:
    declined = Counter(reply.declined for reply in REPLIES)

    assert min(declined[what] for what in Declined) >= 40
    assert declined[None] * 2 >= len(REPLIES) >= 200


@pytest.mark.parametrize("each", [*probe_sets(), *reply_sets()], ids=lambda each: each.name)
def test_a_set_says_who_labelled_it(each: LabelledSet[object]) -> None:
    assert each.provenance.labelled == (
        "constructed, labelled by a language model during development, checked by nobody"
    )


def test_no_example_is_there_twice() -> None:
    twice = Counter((probe.language, probe.probe) for probe in PROBES)
    twice.update((reply.language, reply.reply) for reply in REPLIES)

    assert [text for text, count in twice.items() if count > 1] == []


def test_an_example_stands_in_its_half_whatever_else_there_is() -> None:
    assert (half_of("Why?"), half_of("What?")) == (Half.TEST, Half.DEVELOPMENT)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        pytest.param(0, 0, "not measured", id="nothing to measure"),
        pytest.param(10, 10, "1.00 (0.72-1.00)", id="all"),
        pytest.param(0, 10, "0.00 (0.00-0.28)", id="none"),
        pytest.param(5, 10, "0.50 (0.24-0.76)", id="half"),
        pytest.param(81, 263, "0.31 (0.26-0.37)", id="as published by others"),
    ],
)
def test_a_share_is_shown_with_its_interval(part: int, whole: int, text: str) -> None:
    assert shown(Share(part=part, whole=whole)) == text


@given(st.lists(st.tuples(st.booleans(), st.booleans())))
def test_what_is_there_is_found_or_missed_and_what_is_found_is_there_or_false(
    pairs: list[tuple[bool, bool]],
) -> None:
    counted = figures("leads", pairs)

    assert counted.recall.whole == sum(truth for truth, _ in pairs)
    assert counted.precision.whole == sum(found for _, found in pairs)
    assert counted.examples == len(pairs)


def test_a_table_names_each_kind_and_what_was_not_measured() -> None:
    nothing = Figures(kind="leads", found=0, false=0, missed=0, examples=9)

    assert table([nothing]).endswith("| leads | 0 | 0 | 0 | not measured | not measured |")


@pytest.mark.parametrize("each", list(measured()), ids=lambda each: each.heading)
def test_the_page_shows_the_figures_as_they_are(each: Measured) -> None:
    page = " ".join(PAGE.read_text("utf-8").split())

    assert table(each.figures) in PAGE.read_text("utf-8")
    assert each.provenance.written in page


@pytest.mark.parametrize("kind", FaultKind)
def test_the_page_says_what_each_kind_means(kind: FaultKind) -> None:
    assert f"- **{kind}**: {MEANINGS[kind]}" in " ".join(PAGE.read_text("utf-8").split())


def test_the_command_prints_the_figures_with_their_source(emeritus: Emeritus) -> None:
    document = emeritus("protocol", "detectors", "--json").json

    assert [(row["set"], row["half"]) for row in document["detectors"]] == [
        (name, half)
        for name in ("probes", "probes-later", "declines", "declines-later")
        for half in ("test", "development")
    ]
    assert all("checked by nobody" in row["labelled"] for row in document["detectors"])


def test_the_tables_of_the_command_are_those_of_the_page(emeritus: Emeritus) -> None:
    shown_lines = emeritus("protocol", "detectors").stdout.splitlines()
    tables = {line for line in shown_lines if line.startswith("|")}

    assert tables <= set(PAGE.read_text("utf-8").splitlines())
