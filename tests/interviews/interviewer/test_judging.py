"""A judge of probes: what it is asked, and that only a plain verdict is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.interviewer.faults import FaultKind
from interviews.interviewer.judging import JUDGED, instructions, judge_request, read_verdict
from interviews.participants.seam import Sampling

LEADS, OPINION = FaultKind.LEADS, FaultKind.OPINION


def test_a_judge_is_told_every_kind_it_is_asked_about_and_shown_what_came_before() -> None:
    asked = judge_request(
        "Why?\nFaults: none",
        earlier=("How were you made?",),
        reply="By people.",
        system=instructions("en"),
        sampling=Sampling(max_tokens=24),
    )
    ((block,),) = (message.blocks for message in asked.messages)

    assert all(f"- {kind}:" in (asked.system or "") for kind in JUDGED)
    assert all(
        line in str(block["text"])
        for line in ("> How were you made?", "> By people.", "> Why?", "> Faults: none")
    )


@pytest.mark.parametrize(
    ("answer", "kinds"),
    [
        pytest.param("none", set(), id="none"),
        pytest.param("None.", set(), id="none, as a sentence"),
        pytest.param("leads", {LEADS}, id="a line"),
        pytest.param("- Leads\n- opinion\n", {LEADS, OPINION}, id="a list"),
        pytest.param('["leads", "opinion"]', {LEADS, OPINION}, id="JSON"),
        pytest.param('{"faults": []}', set(), id="JSON, empty"),
        pytest.param('```json\n{"faults": ["leads"]}\n```', {LEADS}, id="JSON in a fence"),
    ],
)
def test_a_plain_verdict_is_read(answer: str, kinds: set[FaultKind]) -> None:
    assert read_verdict(answer) == frozenset(kinds)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("", id="nothing"),
        pytest.param("The probe is fine.", id="a sentence"),
        pytest.param("The probe leads.", id="a name in a sentence"),
        pytest.param("none\nleads", id="none and one"),
        pytest.param("leads\nbecause it does", id="a reason"),
        pytest.param("misleads", id="unknown"),
        pytest.param("too long", id="not asked about"),
        pytest.param('{"faults": [], "faults": ["leads"]}', id="a name twice"),
        pytest.param('{"faults": "none"}', id="no list"),
        pytest.param('{"faults": ["leads"], "sure": true}', id="more than was asked"),
        pytest.param('["leads", 1]', id="a number"),
        pytest.param('["leads"', id="cut off"),
        pytest.param("[" * 900, id="deep"),
        pytest.param("none " + "\n" * 10_000_000 + ".", id="ten megabytes"),
    ],
)
def test_what_is_no_plain_verdict_is_none(answer: str) -> None:
    """It is never taken for a clean probe."""
    assert read_verdict(answer) is None


@given(st.text())
def test_any_answer_is_a_verdict_of_what_was_asked_about_or_none(answer: str) -> None:
    verdict = read_verdict(answer)

    assert verdict is None or verdict <= set(JUDGED)


@given(st.sets(st.sampled_from(JUDGED)))
def test_every_verdict_can_be_given(kinds: set[FaultKind]) -> None:
    assert read_verdict("\n".join(kinds) or "none") == frozenset(kinds)
