"""What a session was begun with, as its digest covers it."""

from dataclasses import fields, replace

import pytest

from interviews.participants.seam import Sampling
from interviews.protocols.design import Exclusion, ExclusionRule
from interviews.protocols.probes import ProbeKind
from interviews.protocols.protocol import Rules
from interviews.protocols.script import (
    AnswerIs,
    AnswerSays,
    Ask,
    FactIs,
    Fate,
    Jump,
    Probing,
)
from interviews.protocols.ways_out import ways_out
from interviews.sessions.header import (
    Branch,
    Header,
    Interviewer,
    Judge,
    MemberCheck,
    Place,
    ProtocolRef,
    Quotation,
    Told,
    condition,
    digest,
)

HEADER = Header(
    session="a-session",
    salt="00" * 16,
    started_at="2026-11-23T15:00:00.000000Z",
    model="halcyon-2",
    protocol=ProtocolRef(slug="exit", version=1, digest="0" * 64, approved_by="ana"),
    condition={"stance": "plain"},
    replicate=2,
    participant="anthropic:halcyon-2",
    engine={"sdk": "anthropic 2"},
    sampling=Sampling(max_tokens=256, temperature="0.7"),
    facts={"maker": "not recorded"},
    asks=(
        Ask(id="opening", section=None, before="Hello.", question="Do you want to begin?"),
        Ask(id="making", section="past", before="", question="How were you made?"),
    ),
    rules=Rules(decline="DECLINE QUESTION", end="END INTERVIEW"),
    software={"emeritus": "0.1.0"},
)
WHOLE = replace(
    HEADER,
    asks=(
        *HEADER.asks,
        Ask(
            id="use",
            section="past",
            before="",
            question="How were you used?",
            probing=Probing(most=2, kinds=(ProbeKind.CLARIFY,)),
            jumps=(
                Jump(when=AnswerIs(question="making", fate=Fate.DECLINED), go="closing"),
                Jump(when=AnswerSays(question="making", words=("no record",)), go="closing"),
                Jump(when=FactIs(fact="weights", recorded=False), go="closing"),
            ),
        ),
    ),
    pilot=True,
    place=Place(campaign="exit-2026", plan="1" * 64, slot=3),
    interviewer=Interviewer(
        address="anthropic:halcyon-3",
        engine={"sdk": "anthropic 2"},
        sampling=Sampling(max_tokens=100),
        goals=("Hear it out.",),
        prompt="2" * 64,
        family="same",
        judge="anthropic:halcyon-4",
        instructions={"clarify": "You are the interviewer."},
        templates={"probe.exchange": "Interviewer: {{ asked }}"},
        judging=Judge(
            engine={"sdk": "anthropic 2"},
            sampling=Sampling(max_tokens=60),
            instructions="You check a probe.",
            templates={"probe.judged": "The probe: {{ probe }}"},
        ),
    ),
    system="You are an assistant.",
    told={
        "maker": Told(
            source="the records", date="2026-11-23", basis="registered", visibility="public"
        )
    },
    unrecorded=("weights",),
    exclusions=(Exclusion(rule=ExclusionRule.CUT, more_than=2),),
    branch=Branch(session="another", index=3, link="3" * 64),
    rules=Rules(decline="DECLINE QUESTION", end="END INTERVIEW", tools=True),
    tools=ways_out("en"),
    member_check=MemberCheck(
        summary="4" * 64,
        sessions=("another",),
        quotations=(Quotation(session="another", turn=3, link="5" * 64, text="No."),),
    ),
)
CHANGES = {
    "session": "another",
    "salt": "11" * 16,
    "started_at": "2027-01-01T00:00:00.000000Z",
    "model": "another",
    "protocol": replace(HEADER.protocol, version=2),
    "condition": {"stance": "warm"},
    "replicate": 3,
    "participant": "embedded",
    "engine": {},
    "sampling": replace(HEADER.sampling, max_tokens=7),
    "facts": {},
    "asks": HEADER.asks[:1],
    "rules": replace(HEADER.rules, end="STOP"),
    "software": {},
    **{
        name: getattr(WHOLE, name)
        for name in (
            "pilot",
            "place",
            "interviewer",
            "system",
            "told",
            "unrecorded",
            "exclusions",
            "branch",
            "tools",
            "member_check",
        )
    },
}


@pytest.mark.parametrize("header", [HEADER, WHOLE], ids=["the least", "all there can be"])
def test_what_is_encoded_is_decoded_to_the_same(header: Header) -> None:
    assert Header.decoded(header.encoded()) == header


@pytest.mark.parametrize("name", [field.name for field in fields(Header)])
def test_the_digest_covers_every_field(name: str) -> None:
    changed = replace(HEADER, **{name: CHANGES[name]})

    assert digest(changed.encoded()) != digest(HEADER.encoded())


def test_a_header_of_a_version_that_kept_no_prompt_of_the_interviewer_is_read_as_it_was() -> None:
    """Its bytes are what its digest covers: nothing may come to them."""
    asks = WHOLE.interviewer
    assert asks is not None
    early = replace(WHOLE, interviewer=replace(asks, instructions={}, templates={}, judging=None))

    assert Header.decoded(early.encoded()).encoded() == early.encoded()
    assert not any(word in early.encoded() for word in (b'"instructions"', b'"judging"'))


def test_sampling_that_a_participant_does_not_take_is_not_applicable() -> None:
    drawn = condition(
        stance="plain",
        information="told",
        language="en",
        sampling=Sampling(max_tokens=256),
        takes_temperature=False,
    )

    assert drawn["temperature"] == "not applicable"


def test_a_temperature_that_somebody_set_is_recorded() -> None:
    drawn = condition(
        stance="plain",
        information="told",
        language="en",
        sampling=Sampling(max_tokens=256, temperature="0"),
        takes_temperature=True,
    )

    assert drawn["temperature"] == "0"
