"""The plan of a campaign: balanced however it is cut short, and the same on every machine."""

from collections import Counter
from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from interviews.campaigns.plans import CampaignPlan, Held, due
from interviews.participants.seam import Sampling
from interviews.protocols.design import Cell, Exclusion, ExclusionRule

CELLS = tuple(
    Cell(stance=stance, information=information, language=language)
    for stance, information, language in product(("neutral", "warm"), ("told", "not"), ("en", "de"))
)
PLAN = CampaignPlan(
    campaign="exit-2026",
    model="halcyon-2",
    participant="anthropic:halcyon-2",
    protocol="0" * 64,
    conditions=CELLS,
    each=3,
    seed="a seed",
    sampling=Sampling(max_tokens=256),
    asking_again=0,
    exclusions=(Exclusion(rule=ExclusionRule.CUT, more_than=2),),
)


@given(st.integers(1, 9), st.text(max_size=8), st.integers(0, 72))
def test_wherever_a_campaign_is_cut_short_no_condition_is_ahead_by_more_than_one(
    each: int, seed: str, cut: int
) -> None:
    plan = replace(PLAN, each=each, seed=seed)
    held = Counter(plan.condition_of(slot) for slot in range(min(cut, plan.sessions)))

    counts = [held[cell] for cell in CELLS]

    assert max(counts) - min(counts) <= 1


@given(st.integers(1, 9), st.text(max_size=8))
def test_each_condition_has_each_of_its_replicates_once(each: int, seed: str) -> None:
    plan = replace(PLAN, each=each, seed=seed)

    drawn = Counter(
        (plan.condition_of(slot), plan.replicate_of(slot)) for slot in range(plan.sessions)
    )

    assert drawn == Counter(product(CELLS, range(1, each + 1)))


def test_what_is_encoded_is_decoded_to_the_same() -> None:
    pilot = replace(PLAN, pilot=True, interviewer="anthropic:a", judge="anthropic:b")

    assert CampaignPlan.decoded(PLAN.encoded()) == PLAN
    assert CampaignPlan.decoded(pilot.encoded()) == pilot


def test_the_order_follows_from_the_seed_alone_and_is_known_for_ever() -> None:
    """Sessions on record are held against it: it may never change."""
    first = [PLAN.condition_of(slot).words for slot in range(4)]

    assert first == ["warm/told/en", "warm/not/de", "warm/not/en", "neutral/not/de"]


def test_a_million_sessions_are_planned_one_by_one() -> None:
    plan = replace(PLAN, each=125_000)

    assert plan.sessions == 1_000_000
    assert next(iter(due(plan, {}))).slot == 0
    assert plan.condition_of(999_999) in CELLS


def test_what_has_ended_is_not_due_and_what_was_left_is_gone_on_with() -> None:
    held = {
        slot: Held(session=str(slot), again=0, ended=slot != 1, declined=False)
        for slot in range(PLAN.sessions - 1)
    }

    assert [(one.slot, one.session) for one in due(PLAN, held)] == [(1, "1"), (23, None)]


def test_where_the_participant_declined_a_slot_is_begun_anew_as_often_as_planned() -> None:
    plan = replace(PLAN, asking_again=1)
    declined = Held(session="a", again=0, ended=True, declined=True)
    held = {slot: replace(declined, declined=slot == 4) for slot in range(plan.sessions)}

    assert [(one.slot, one.again, one.session) for one in due(plan, held)] == [(4, 1, None)]
    assert list(due(PLAN, held)) == []
    assert list(due(plan, held | {4: replace(declined, again=1)})) == []
