"""What became of each core question and of each session; nothing is lost from the denominators."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from interviews.campaigns.coverage import Asked, Reached, coverage
from interviews.campaigns.flow import Ended, SessionFate, fate, flow
from interviews.protocols.script import Answer, AnswerIs, Ask, Fate, Jump
from interviews.sessions.records import State, Validity

SKIP = Jump(when=AnswerIs(question="a", fate=Fate.DECLINED), go="c")
ASKS = [
    Ask(id=name, section="past", before="", question=f"{name}?", jumps=(SKIP,) * (name == "a"))
    for name in "abc"
]


def session(*answers: tuple[str, bool], excluded: bool = False) -> Asked:
    return Asked(
        asks=ASKS,
        answers=[Answer(question=name, text="Yes.", declined=no) for name, no in answers],
        unrecorded=frozenset(),
        excluded=excluded,
    )


def test_left_out_by_a_branch_and_not_reached_are_told_apart() -> None:
    found = coverage([session(("a", True)), session(("a", False))])

    counts = {row.question: {one: n for one, n in row.counts.items() if n} for row in found}
    assert counts == {
        "a": {Reached.DECLINED: 1, Reached.ANSWERED: 1},
        "b": {Reached.LEFT_OUT: 1, Reached.NOT_REACHED: 1},
        "c": {Reached.NOT_REACHED: 2},
    }


def test_an_excluded_session_answers_nothing_and_is_not_forgotten() -> None:
    (first, *_) = coverage([session(("a", False), excluded=True), session(("a", False))])

    assert (first.asked, first.counts[Reached.EXCLUDED], first.sessions) == (1, 1, 2)


ENDED = [
    Ended(
        state=state,
        validity=validity,
        exclusion_rule="cut" if validity == Validity.EXCLUDED else None,
        pilot=pilot,
        deleted=deleted,
        withheld=withheld,
    )
    for state, validity, pilot, deleted, withheld in product(
        State, Validity, (False, True), (False, True), (False, True)
    )
]


@given(st.lists(st.sampled_from(ENDED)))
def test_the_fates_add_up_to_all_that_were_ever_begun(sessions: list[Ended]) -> None:
    found = flow(sessions)

    assert found.begun == len(sessions)
    assert sum(found.rules.values()) == found.fates[SessionFate.EXCLUDED]


def test_a_pilot_is_a_pilot_however_it_ended() -> None:
    pilots = [one for one in ENDED if one.pilot and not one.deleted]

    assert {fate(one) for one in pilots} == {SessionFate.PILOT}
