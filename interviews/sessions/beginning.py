"""How a session begins: everything that is fixed before the first question is committed."""

import platform
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import product

from sqlmodel import Session, select

from archive.canonical import SALT_BYTES
from archive.times import now, to_text
from archive.workspace.workspace import Workspace
from interviews.participants.seam import Participant, Sampling
from interviews.protocols.protocol import Protocol, placeholders
from interviews.protocols.rendering import render
from interviews.protocols.versions import ProtocolVersion, keep_version
from interviews.sessions.header import Header, ProtocolRef, condition, digest
from interviews.sessions.recording import Recording
from interviews.sessions.records import InterviewSession

LIBRARIES = ("anthropic", "httpx2", "xllamacpp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One session that a run is to hold."""

    model: str  # slug
    protocol: Protocol
    stance: str
    information: str
    sampling: Sampling
    facts: Mapping[str, str]  # what the archive has on record, for the protocol's texts


def plans_for(
    model: str,
    protocol: Protocol,
    *,
    stances: Sequence[str],
    informations: Sequence[str],
    replicates: int,
    sampling: Sampling,
    facts: Mapping[str, str],
) -> list[Plan]:
    """Return a plan for each session; each condition once before any comes again.

    Raises:
        InputError: The protocol has no such stance or information condition, or a fact that it
            uses has no value.
    """
    conditions = list(product(informations, stances))
    for information, stance in conditions:
        render(protocol, stance=stance, information=information, facts=facts)
    return replicates * [
        Plan(
            model=model,
            protocol=protocol,
            stance=stance,
            information=information,
            sampling=sampling,
            facts=facts,
        )
        for information, stance in conditions
    ]


def begin(workspace: Workspace, participant: Participant, plan: Plan, identifier: str) -> Recording:
    """Commit a new session's header; return the session, ready for its first question.

    Raises:
        ServiceError: The database or the disk refused.
    """
    drawn = condition(
        stance=plan.stance,
        information=plan.information,
        language=plan.protocol.language,
        sampling=plan.sampling,
        takes_temperature=participant.takes_temperature,
    )
    with workspace.database.writing() as session:
        kept = keep_version(session, plan.protocol)
        replicate = _next_replicate(session, plan, drawn)
        header = _header(identifier, plan, kept, drawn, replicate, participant)
        encoded = header.encoded()
        session.add(
            InterviewSession(
                id=identifier,
                model=plan.model,
                protocol=kept.digest,
                condition=drawn,
                replicate=replicate,
                header=encoded,
                header_digest=digest(encoded),
                started_at=header.started_at,
            )
        )
    return Recording(workspace, header, [], digest=digest(encoded), tries={})


@cache
def software() -> Mapping[str, str]:
    """Return the names and versions of what asks: this program, Python and its libraries."""
    libraries = {library: version(library) for library in LIBRARIES}
    return {"emeritus": version("emeritus"), "python": platform.python_version(), **libraries}


def _header(
    identifier: str,
    plan: Plan,
    kept: ProtocolVersion,
    drawn: Mapping[str, str],
    replicate: int,
    participant: Participant,
) -> Header:
    asked = plan.protocol.asks(stance=plan.stance, information=plan.information)
    used = frozenset().union(*(placeholders(ask.text) for ask in asked))
    return Header(
        session=identifier,
        salt=secrets.token_hex(SALT_BYTES),
        started_at=to_text(now()),
        model=plan.model,
        protocol=ProtocolRef(
            slug=kept.slug,
            version=plan.protocol.version,
            digest=kept.digest,
            approved_by=kept.approved_by,
            approved_at=kept.approved_at,
        ),
        condition=drawn,
        replicate=replicate,
        participant=participant.address,
        engine=participant.facts,
        sampling=plan.sampling,
        facts={name: value for name, value in plan.facts.items() if name in used},
        asks=render(
            plan.protocol, stance=plan.stance, information=plan.information, facts=plan.facts
        ),
        rules=plan.protocol.rules,
        software=software(),
    )


def _next_replicate(session: Session, plan: Plan, drawn: Mapping[str, str]) -> int:
    earlier = select(InterviewSession.condition, InterviewSession.replicate).where(
        InterviewSession.model == plan.model, InterviewSession.protocol == plan.protocol.digest
    )
    return 1 + max(
        (replicate for condition, replicate in session.exec(earlier) if condition == drawn),
        default=0,
    )
