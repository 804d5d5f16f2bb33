"""PREMIS: terms are those of the vocabularies, and what was done to a model is told by its rows."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records.premis import (
    Agent,
    AgentType,
    Event,
    EventOutcome,
    EventRelatedAgentRole,
    EventType,
    Keeper,
    RightsBasis,
    derived_event,
    premis,
)
from tests.conftest import Emeritus

ARCHIVE = "0192f0c1-0000-7000-8000-000000000001"
AUTHORITY = "http://id.loc.gov/vocabulary/preservation"
PUBLISHED = {  # as the Library of Congress has them
    EventType: {
        "acc": "accession",
        "cap": "capture",
        "cre": "creation",
        "dea": "deaccession",
        "del": "deletion",
        "dis": "dissemination",
        "dsg": "digital signature generation",
        "fix": "fixity check",
        "mee": "metadata extraction",
        "mes": "message digest calculation",
        "poa": "policy assignment",
        "rep": "replication",
        "val": "validation",
    },
    EventOutcome: {"suc": "success", "fai": "fail"},
    EventRelatedAgentRole: {
        "aut": "authorizer",
        "exe": "executing program",
        "imp": "implementer",
    },
    AgentType: {"org": "organization", "per": "person", "sof": "software"},
    RightsBasis: {"ins": "institutional policy", "lic": "license", "oth": "other"},
}

agents = st.builds(Agent, id=st.sampled_from("abc"), type=st.just(AgentType.PERSON), name=st.none())
events = st.builds(
    Event,
    id=st.uuids().map(str),
    type=st.sampled_from(EventType),
    at=st.sampled_from(["2026-11-01T00:00:00.000000Z", "2026-11-02T00:00:00.000000Z"]),
    detail=st.just("done"),
    agents=st.lists(st.tuples(st.sampled_from(EventRelatedAgentRole), agents), max_size=2),
)


@given(st.lists(events, unique_by=lambda event: event.id), st.randoms())
def test_the_order_in_which_events_are_given_makes_no_difference(
    given_events: list[Event], chance: Any,  # noqa: ANN401  # hypothesis types it loosely
) -> None:  # fmt: skip
    shuffled = [*given_events]
    chance.shuffle(shuffled)

    made = premis(given_events)

    assert json.dumps(premis(shuffled)) == json.dumps(made)
    named = {part["id"] for event in made["events"] for part in event["agents"]}
    assert [agent["id"] for agent in made["agents"]] == sorted(named)


@pytest.mark.parametrize("vocabulary", PUBLISHED, ids=lambda one: one.__name__)
def test_every_term_is_the_published_one(vocabulary: type[EventType]) -> None:
    terms = {term.value: term.name.lower().replace("_", " ") for term in vocabulary}

    assert terms == PUBLISHED[vocabulary]


def test_a_term_stands_with_its_address() -> None:
    event = Event(
        id=derived_event(ARCHIVE, "x"),
        type=EventType.FIXITY_CHECK,
        at="2026-11-01T00:00:00.000000Z",
        detail="read",
        outcome=EventOutcome.FAIL,
        agents=((EventRelatedAgentRole.AUTHORIZER, Keeper(archive=ARCHIVE).decider("ana")),),
    )

    made = premis([event])

    (shown,), (agent,) = made["events"], made["agents"]
    assert shown["type"] == {"term": "fixity check", "uri": f"{AUTHORITY}/eventType/fix"}
    assert shown["outcome"]["uri"] == f"{AUTHORITY}/eventOutcome/fai"
    assert shown["agents"][0]["role"]["uri"] == f"{AUTHORITY}/eventRelatedAgentRole/aut"
    assert agent["type"]["uri"] == f"{AUTHORITY}/agentType/per"


def test_a_program_on_the_roster_is_no_person() -> None:
    keeper = Keeper(archive=ARCHIVE, programs={"script"})

    kinds = [keeper.decider(identifier).type for identifier in ("script", "ana")]

    assert kinds == [AgentType.SOFTWARE, AgentType.PERSON]


def sealed(workspace: Path, schema: str) -> Any:  # noqa: ANN401  # any JSON document
    """Return the last sealed record of a kind, of the only or first object of it."""
    paths = sorted(workspace.glob("store/**/record.json"))
    found = [json.loads(path.read_bytes()) for path in paths]
    return [one for one in found if f"/{schema}/" in one["$schema"]][-1]


@pytest.fixture
def told(emeritus: Emeritus, workspace: Path) -> dict[str, Any]:
    """The PREMIS of a model whose file was damaged after a copy was made of it."""
    (workspace / "w").mkdir()
    (workspace / "w/model.bin").write_bytes(b"weights")
    (workspace / "policy.md").write_text("For *research*.")
    for line in (
        ["model", "edit", "halcyon-2", "--licence", "Apache-2.0"],
        ["weights", "register", "halcyon-2", "w"],
        ["weights", "hold", "halcyon-2", "--custodian", "Library", "--where", "v", "--by", "ana"],
        ["policy", "set", "halcyon-2", "--summary", "For research.", "--wording", "policy.md",
         "--how-to-ask", "Write.", "--by", "ana"],
    ):  # fmt: skip
        assert emeritus(*line).exit_code == 0
    holding = emeritus("weights", "holdings", "halcyon-2", "--json").json["holdings"][0]["id"]
    emeritus("weights", "checked", holding, "--sound", "--evidence", "a letter", "--by", "ana")
    emeritus("weights", "verify", "halcyon-2")
    (workspace / "w/model.bin").write_bytes(b"weighty")
    emeritus("weights", "verify", "halcyon-2")
    assert emeritus("preserve", "seal").exit_code == 0
    made: dict[str, Any] = sealed(workspace, "model")["premis"]
    return made


def test_a_models_record_tells_what_was_done_to_its_files_and_by_whom(
    told: dict[str, Any],
) -> None:
    done = [
        (event["type"]["term"], event["outcome"] and event["outcome"]["term"])
        for event in told["events"]
    ]

    assert done == [
        ("accession", None),
        ("message digest calculation", None),
        ("replication", None),
        ("policy assignment", None),
        ("fixity check", "success"),  # as the library wrote
        ("fixity check", "success"),
        ("fixity check", "fail"),
    ]
    assert told["events"][-1]["note"].startswith("changed; found: ")
    assert [agent["id"] for agent in told["agents"]][:2] == ["custodian:Library", "roster:ana"]


def test_a_models_record_tells_with_what_right_it_is_kept(told: dict[str, Any]) -> None:
    rights = [(one["basis"]["term"], one["licence"], one["note"]) for one in told["rights"]]

    assert rights == [
        ("license", "Apache-2.0", "the licence of the weights"),
        ("institutional policy", None, "For research."),
    ]


def test_every_part_in_an_event_is_played_by_an_agent_of_the_record(told: dict[str, Any]) -> None:
    played = {part["id"] for event in told["events"] for part in event["agents"]}

    assert played <= {agent["id"] for agent in told["agents"]}


def test_a_release_changes_no_record(emeritus: Emeritus, told: dict[str, Any]) -> None:
    assert told["events"]

    emeritus("release", "model", "halcyon-2", "--public", "--by", "ana")

    assert emeritus("preserve", "seal", "model", "halcyon-2", "--json").json["sealed"] == []
