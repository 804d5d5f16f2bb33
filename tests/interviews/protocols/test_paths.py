"""What no path of a protocol reaches, held against every walk that there is."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviews.protocols.paths import paths
from interviews.protocols.protocol import CLOSING, OPENING, Protocol
from interviews.protocols.reading import read_protocol
from interviews.protocols.script import Answer, next_ask
from tests.support.protocols import FILE, SMALL

IDS = ("making", "use", "self")


def with_jumps(jumps: dict[str, list[str]], *, vary: str = "nothing") -> Protocol:
    """The small protocol with these jumps, each `CONDITION -> TARGET`."""
    text = SMALL + f"order: {{vary: {vary}, because: a test}}\n"
    for question, listed in jumps.items():
        head, line, tail = text.partition(f"      - id: {question}\n")
        asked, _, after = tail.partition("\n")
        then = "".join(
            f"\n          - {{if: {{{when}}}, go: {go}}}"
            for when, _, go in (one.partition(" -> ") for one in listed)
        )
        text = f"{head}{line}{asked}\n        then:{then}\n{after}"
    return read_protocol(text.encode(), name=FILE)


# name: (jumps by question, what is unreachable, which jumps are never taken)
CASES = {
    "no jump": ({}, (), ()),
    "a jump that may be taken": ({"making": ["question: making, is: declined -> self"]}, (), ()),
    "answered or declined, always": (
        {"making": ["question: making, is: declined -> self", "question: making, is: answered -> self"]},
        ("use",),
        (),
    ),
    "all the way out": (
        {"making": ["question: making, is: declined -> closing", "question: making, is: answered -> closing"]},
        ("use", "self"),
        (),
    ),
    "recorded or not": (
        {"making": ["fact: weights, is: recorded -> self", "fact: weights, is: not recorded -> closing"]},
        ("use",),
        (),
    ),
    "two facts": (
        {"making": ["fact: weights, is: recorded -> self", "fact: access, is: not recorded -> closing"]},
        (),
        (),
    ),
    "a fact that is always recorded": ({"making": ["fact: model, is: recorded -> self"]}, ("use",), ()),
    "a fact that is never missing": (
        {"making": ["fact: model, is: not recorded -> self"]}, (), (("making", 0),),
    ),
    "a question that is always asked": (
        {"use": ["question: making, is: not asked -> closing"]}, (), (("use", 0),),
    ),
    "a question that a jump leaves out": (
        {
            "making": ["question: making, is: declined -> self"],
            "self": ["question: use, is: not asked -> closing"],
        },
        (),
        (),
    ),
    "words may be said or not": (
        {"making": ["question: making, says: [no] -> self", "question: making, says: [yes] -> self"]},
        (),
        (),
    ),
    "words after a decline": (
        {"making": ["question: making, is: answered -> self", "question: making, says: [no] -> closing"]},
        (),
        (("making", 1),),
    ),
    "a jump after one that always holds": (
        {"making": ["fact: model, is: recorded -> self", "question: making, is: declined -> closing"]},
        ("use",),
        (("making", 1),),
    ),
    "to the next question": ({"making": ["question: making, is: declined -> use"]}, (), ()),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_left_out_is_found(case: str) -> None:
    jumps, unreachable, never = CASES[case]

    found = paths(with_jumps(jumps))

    assert (found.unreachable, found.never_taken) == (unreachable, never)


def test_where_questions_vary_any_may_come_first() -> None:
    out = ["question: making, is: declined -> wishes", "question: making, is: answered -> wishes"]

    assert paths(with_jumps({"making": out}, vary="questions")).unreachable == ()
    assert paths(with_jumps({"making": out}, vary="nothing")).unreachable == ("use",)


def test_where_sections_vary_any_may_come_first() -> None:
    out = ["question: making, is: declined -> closing", "question: making, is: answered -> closing"]

    assert paths(with_jumps({"making": out}, vary="sections")).unreachable == ("use",)


CONDITIONS = st.one_of(
    st.builds(
        "question: {}, is: {}".format,
        st.sampled_from(IDS[:2]),
        st.sampled_from(["answered", "declined", "not asked"]),
    ),
    st.builds(
        "fact: {}, is: {}".format,
        st.sampled_from(["weights", "access", "model"]),
        st.sampled_from(["recorded", "not recorded"]),
    ),
    st.builds("question: {}, says: [{}]".format, st.sampled_from(IDS[:2]), st.just("no")),
)
JUMPS = st.fixed_dictionaries(
    {
        "making": st.lists(
            st.builds(
                "{} -> {}".format,
                CONDITIONS.filter(lambda when: "question: use" not in when),
                st.sampled_from(["use", "self", "closing"]),
            ),
            max_size=4,
        ),
        "use": st.lists(
            st.builds("{} -> {}".format, CONDITIONS, st.sampled_from(["self", "closing"])),
            max_size=4,
        ),
    }
)


def asked_on_all_walks(protocol: Protocol) -> set[str]:
    """Every question that is asked on some walk, by trying all of them."""
    asks = protocol.asks(stance="plain", information="told")
    facts: list[set[str]] = [set(), {"weights"}, {"access"}, {"weights", "access"}]
    replies: list[tuple[str | None, ...]] = list(product(("yes", "no", None), repeat=len(IDS)))
    asked: set[str] = set()
    for unrecorded, said in product(facts, replies):
        of = dict(zip(IDS, said, strict=True))
        answers: list[Answer] = []
        while (ask := next_ask(asks, answers, unrecorded=frozenset(unrecorded))) is not None:
            text = of.get(ask.id, "yes")
            answers.append(Answer(question=ask.id, text=text or "", declined=text is None))
        asked |= {answer.question for answer in answers}
    return asked - {OPENING, CLOSING}


@settings(max_examples=80, deadline=None)
@given(JUMPS)
def test_what_is_said_to_be_unreachable_is_asked_on_no_walk(jumps: dict[str, list[str]]) -> None:
    protocol = with_jumps({name: listed for name, listed in jumps.items() if listed})

    assert not asked_on_all_walks(protocol) & set(paths(protocol).unreachable)
