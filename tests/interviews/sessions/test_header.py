"""What a session was begun with, as its digest covers it."""

from dataclasses import fields, replace

import pytest

from interviews.participants.seam import Sampling
from interviews.protocols.protocol import Rules
from interviews.protocols.script import Ask
from interviews.sessions.header import Header, ProtocolRef, condition, digest

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
}


def test_what_is_encoded_is_decoded_to_the_same() -> None:
    assert Header.decoded(HEADER.encoded()) == HEADER


@pytest.mark.parametrize("name", [field.name for field in fields(Header)])
def test_the_digest_covers_every_field(name: str) -> None:
    changed = replace(HEADER, **{name: CHANGES[name]})  # type: ignore[arg-type]  # of each field's kind

    assert digest(changed.encoded()) != digest(HEADER.encoded())


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
