"""What was done in a session, as PREMIS events: begun, recorded, chained, found usable or not.

Nothing is read here: the row is taken as a value. What was asked and answered is no event but
the content of the record.
"""

from collections.abc import Iterator
from typing import Any

from archive.records import premis
from archive.records.premis import (
    Agent,
    Event,
    EventOutcome,
    EventRelatedAgentRole,
    EventType,
    Keeper,
)
from interviews.sessions.header import Header
from interviews.sessions.imported import ImportedHeader, words
from interviews.sessions.records import InterviewSession, State, Validity


def premis_of_session(
    row: InterviewSession, *, length: int, head: str, keeper: Keeper
) -> dict[str, Any]:
    """Return the events, agents and rights of a session.

    Args:
        row: The session.
        length: How many turns it has.
        head: The last link of its chain.
        keeper: Who keeps the record.
    """
    if row.origin is not None:
        return _premis_of_import(row, length=length, head=head, keeper=keeper)
    header = Header.decoded(row.header)
    software = premis.programs(header.software)
    program = premis.program(header.software)
    answering = premis.language_model(row.model, address=header.participant)
    events = [_begun(row, header, program, keeper)]
    if row.ended_at is not None:
        events += _ended(row, row.ended_at, (length, head), (program, answering))
    return premis.premis(
        events,
        [keeper.stated_basis],
        agents=[*software, answering, premis.service(header.engine), keeper.operator],
    )


def _premis_of_import(
    row: InterviewSession, *, length: int, head: str, keeper: Keeper
) -> dict[str, Any]:
    header = ImportedHeader.decoded(row.header)
    software = premis.programs(header.software)
    program = premis.program(header.software)
    by_program = ((EventRelatedAgentRole.EXECUTING_PROGRAM, program),)
    events = [
        Event(
            id=premis.derived_event(row.id, "imported"),
            type=EventType.ACCESSION,
            at=row.started_at,
            detail=words(header.origin),
            agents=by_program,
        ),
        Event(
            id=premis.derived_event(row.id, "chained"),
            type=EventType.MESSAGE_DIGEST_CALCULATION,
            at=row.started_at,
            detail=f"SHA-256 of each of {length} turns, chained; the last link: {head}",
            agents=by_program,
        ),
    ]
    return premis.premis(events, [keeper.stated_basis], agents=[*software, keeper.operator])


def _begun(row: InterviewSession, header: Header, program: Agent, keeper: Keeper) -> Event:
    approved_by = header.protocol.approved_by
    approver = (
        ()
        if approved_by is None
        else ((EventRelatedAgentRole.AUTHORIZER, keeper.decider(approved_by)),)
    )
    return Event(
        id=premis.derived_event(row.id, "begun"),
        type=EventType.CREATION,
        at=row.started_at,
        detail=f"begun by protocol {header.protocol.slug}, version {header.protocol.version}",
        agents=((EventRelatedAgentRole.EXECUTING_PROGRAM, program), *approver),
    )


def _ended(
    row: InterviewSession, at: str, chain: tuple[int, str], agents: tuple[Agent, Agent]
) -> Iterator[Event]:
    """Yield what was done when a session ended: its end is one transaction."""
    (length, head), (program, answering) = chain, agents
    by_program = ((EventRelatedAgentRole.EXECUTING_PROGRAM, program),)
    yield Event(
        id=premis.derived_event(row.id, "recorded"),
        type=EventType.CAPTURE,
        at=at,
        detail=f"{length} turns recorded; the session is {row.state}",
        agents=(*by_program, (EventRelatedAgentRole.IMPLEMENTER, answering)),
        outcome=EventOutcome.FAIL if row.state == State.FAILED else EventOutcome.SUCCESS,
        note=row.reason,
    )
    yield Event(
        id=premis.derived_event(row.id, "chained"),
        type=EventType.MESSAGE_DIGEST_CALCULATION,
        at=at,
        detail=f"SHA-256 of each turn, chained; the last link: {head}",
        agents=by_program,
    )
    usable = row.validity == Validity.USABLE
    if usable and row.state != State.COMPLETE:
        return  # the rules are for sessions that are complete
    yield Event(
        id=premis.derived_event(row.id, "validity"),
        type=EventType.VALIDATION,
        at=at,
        detail="held against the rules that exclude a session from analysis",
        agents=by_program,
        outcome=EventOutcome.SUCCESS if usable else EventOutcome.FAIL,
        note=None if usable else f"excluded: {row.exclusion_rule}",
    )
