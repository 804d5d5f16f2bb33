"""What was done with a thing, by whom and with what right, in the terms of PREMIS 3.0.

Pure. Each record in the store carries it as `premis`; docs/premis.md maps our words. It follows
from the rows that the record is made of and adds nothing: no clock, and no act of the store
itself (sealing, audits, copies), so that equal rows give equal bytes and sealing makes no change
that would have to be sealed. People and the operator are named by id alone: what they are called
stands in the archive's own object.

Source: PREMIS Data Dictionary 3.0 (2015); the Library of Congress's preservation vocabularies.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from archive.identifiers import derived_id, to_urn

VOCABULARY = (
    "PREMIS 3.0; terms of the Library of Congress's preservation vocabularies: eventType, "
    "eventOutcome, eventRelatedAgentRole, agentType, rightsBasis"
)
AUTHORITY = "http://id.loc.gov/vocabulary/preservation"


class EventType(Enum):
    """What was done: the codes of `eventType` that are used here."""

    ACCESSION = "acc"
    CAPTURE = "cap"
    CREATION = "cre"
    DEACCESSION = "dea"
    DELETION = "del"
    DIGITAL_SIGNATURE_GENERATION = "dsg"
    DISSEMINATION = "dis"
    FIXITY_CHECK = "fix"
    MESSAGE_DIGEST_CALCULATION = "mes"
    METADATA_EXTRACTION = "mee"
    POLICY_ASSIGNMENT = "poa"
    REPLICATION = "rep"
    VALIDATION = "val"


class EventOutcome(Enum):
    """How it came out."""

    SUCCESS = "suc"
    FAIL = "fai"


class EventRelatedAgentRole(Enum):
    """What an agent did in it."""

    AUTHORIZER = "aut"
    EXECUTING_PROGRAM = "exe"
    IMPLEMENTER = "imp"


class AgentType(Enum):
    """What an agent is."""

    ORGANIZATION = "org"
    PERSON = "per"
    SOFTWARE = "sof"


class RightsBasis(Enum):
    """What a right rests on."""

    INSTITUTIONAL_POLICY = "ins"
    LICENSE = "lic"
    OTHER = "oth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Who or what had a part in something."""

    id: str  # within the archive: person:ana
    type: AgentType
    name: str | None  # None: it stands in the archive's own object, under the id
    version: str | None = None  # None: it has none, or it was not recorded
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that was done."""

    id: str  # a UUID
    type: EventType
    at: str  # RFC 3339
    detail: str
    agents: Sequence[tuple[EventRelatedAgentRole, Agent]] = ()
    outcome: EventOutcome | None = None  # None: nothing was to come out of it
    note: str | None = None  # on the outcome
    objects: Sequence[str] = ()  # URNs of what it was done with; none: the object as a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """With what right the thing is kept, and used."""

    basis: RightsBasis
    note: str
    licence: str | None = None  # SPDX
    document: str | None = None  # URN of the object in which it stands


def premis(
    events: Iterable[Event] = (), rights: Iterable[Rights] = (), *, agents: Iterable[Agent] = ()
) -> dict[str, Any]:
    """Return what a record holds: events by time, and every agent that has to do with one.

    Args:
        events: What was done, in any order.
        rights: In the order in which they are to stand.
        agents: Those that had a part in none of the events.
    """
    ordered = sorted(events, key=lambda event: (event.at, event.id))
    named = [agent for event in ordered for _, agent in event.agents]
    by_id = {agent.id: agent for agent in (*named, *agents)}
    return {
        "vocabulary": VOCABULARY,
        "events": [_event(event) for event in ordered],
        "agents": [_agent(by_id[one]) for one in sorted(by_id)],
        "rights": [_rights(right) for right in rights],
    }


def derived_event(subject: str, name: str) -> str:
    """Return the id of an event that no row of its own stands for, of the object `subject`."""
    return derived_id(subject, f"event {name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """Who keeps the records: what tells the agents apart that rows name by id alone."""

    archive: str  # the id of the archive, and of its own object
    programs: Collection[str] = ()  # the ids on the roster that are scripts, and no persons

    @property
    def operator(self) -> Agent:
        """Who runs the archive."""
        return Agent(
            id=to_urn(self.archive),
            type=AgentType.ORGANIZATION,
            name=None,
            note="operator of the archive",
        )

    def decider(self, identifier: str) -> Agent:
        """Return who decided, by their id on the roster."""
        if identifier in self.programs:
            return Agent(
                id=f"roster:{identifier}",
                type=AgentType.SOFTWARE,
                name=None,
                note="a program that decides by rule",
            )
        return Agent(id=f"roster:{identifier}", type=AgentType.PERSON, name=None)

    @property
    def stated_basis(self) -> Rights:
        """The right that the operator states for all outputs of models."""
        return Rights(
            basis=RightsBasis.OTHER,
            note="what the operator states for all outputs, as the basis and the licence",
            document=to_urn(self.archive),
        )


def custodian(name: str) -> Agent:
    """Return who has a copy."""
    return Agent(id=f"custodian:{name}", type=AgentType.ORGANIZATION, name=name, note="has a copy")


def language_model(slug: str, *, address: str) -> Agent:
    """Return a model that was asked something: a program by PREMIS, which has no nearer word."""
    return Agent(
        id=f"model:{slug}",
        type=AgentType.SOFTWARE,
        name=slug,
        note=f"language model, reached as {address}",
    )


def programs(software: Mapping[str, str]) -> list[Agent]:
    """Return programs by their names and versions."""
    return [
        Agent(
            id=f"software:{name} {software[name]}",
            type=AgentType.SOFTWARE,
            name=name,
            version=software[name],
        )
        for name in sorted(software)
    ]


def service(engine: Mapping[str, str]) -> Agent:
    """Return what answered for a model, from what the participant says of itself."""
    name = engine.get("endpoint") or engine.get("engine") or "not recorded"
    return Agent(
        id=f"service:{name}",
        type=AgentType.SOFTWARE,
        name=name,
        note="; ".join(f"{word}: {engine[word]}" for word in sorted(engine)) or None,
    )


PROGRAM = Agent(
    id="software:emeritus",
    type=AgentType.SOFTWARE,
    name="emeritus",
    note="in a version that was not recorded",
)


def program(software: Mapping[str, str]) -> Agent:
    """Return this program, in the version that was recorded if one was."""
    return next((one for one in programs(software) if one.name == PROGRAM.name), PROGRAM)


def _event(event: Event) -> dict[str, Any]:
    return {
        "id": to_urn(event.id),
        "type": _term(event.type),
        "at": event.at,
        "detail": event.detail,
        "outcome": None if event.outcome is None else _term(event.outcome),
        "note": event.note,
        "agents": [{"id": agent.id, "role": _term(role)} for role, agent in event.agents],
        "objects": [*event.objects],
    }


def _agent(agent: Agent) -> dict[str, Any]:
    return {
        "id": agent.id,
        "type": _term(agent.type),
        "name": agent.name,
        "version": agent.version,
        "note": agent.note,
    }


def _rights(rights: Rights) -> dict[str, Any]:
    return {
        "basis": _term(rights.basis),
        "licence": rights.licence,
        "note": rights.note,
        "document": rights.document,
    }


def _term(term: Enum) -> dict[str, str]:
    """Return a term in words, with its URI: the vocabulary has the name of the term's class."""
    scheme = type(term).__name__
    words = term.name.lower().replace("_", " ")
    return {"term": words, "uri": f"{AUTHORITY}/{scheme[0].lower()}{scheme[1:]}/{term.value}"}
