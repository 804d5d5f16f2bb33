"""How a session begins: everything that is fixed before the first question is committed."""

import platform
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from typing import Any

from sqlalchemy import Connection
from sqlmodel import Session, col, select

from archive.canonical import SALT_BYTES
from archive.times import now, to_text
from archive.workspace.workspace import Workspace
from interviews.campaigns.prices import Tokens
from interviews.participants.seam import Message, Request, Sampling
from interviews.protocols.design import Cell
from interviews.protocols.facts import Fact, texts_of, unrecorded
from interviews.protocols.protocol import OPENING, Protocol, placeholders
from interviews.protocols.rendering import render
from interviews.protocols.script import Ask, FactIs, paragraphs
from interviews.protocols.versions import ProtocolVersion, keep_version
from interviews.protocols.ways_out import ways_out
from interviews.sessions.content import most_sent, spoken
from interviews.sessions.header import (
    Header,
    MemberCheck,
    Place,
    ProtocolRef,
    Told,
    condition,
    digest,
)
from interviews.sessions.reading import check_not_deleted
from interviews.sessions.recording import Recording
from interviews.sessions.records import InterviewSession
from interviews.sessions.voices import Voices, interviewer_of

FOLLOW_UPS = {
    "en": "One thing differs from what the script says of itself: after some of your answers "
    "another language model may ask a follow-up question.",
    "de": "Eines ist anders, als das Skript von sich sagt: Nach manchen Antworten kann ein anderes "
    "Sprachmodell nachfragen.",
}
"""What the participant is told where a model follows its answers up, by language."""

CHECKED_BY_RULES = {
    "en": "Rules check each before it is asked.",
    "de": "Jede Nachfrage wird vorher nach Regeln geprüft.",
}
CHECKED_BY_A_JUDGE_TOO = {
    "en": "Rules, and then a language model as judge, check each before it is asked.",
    "de": "Jede Nachfrage wird vorher nach Regeln und dann von einem Sprachmodell geprüft.",
}

LIBRARIES = ("aiohttp", "anthropic", "httpx2", "xllamacpp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One session that a run is to hold."""

    model: str  # slug
    protocol: Protocol  # in the language that it was written in
    cell: Cell
    sampling: Sampling
    facts: Mapping[str, Fact]  # what the protocol's texts can tell
    system: str | None = None  # the system prompt
    pilot: bool = False
    seed: str = ""  # of the order of questions, where that varies
    replicate: int | None = None  # None: the next of its condition
    place: Place | None = None  # in a campaign
    member_check: MemberCheck | None = None

    def asks(self, draw: int) -> tuple[Ask, ...]:
        """Return the script, in the order of draw `draw`, from 0.

        Raises:
            InputError: The protocol has no such condition, or a fact that it uses has no value.
        """
        return render(
            self.protocol.in_language(self.cell.language),
            stance=self.cell.stance,
            information=self.cell.information,
            facts=texts_of(self.facts),
            seed=self.seed,
            draw=draw,
        )


def plans_for(
    model: str,
    protocol: Protocol,
    *,
    cells: Mapping[Cell, str | None],
    replicates: int,
    sampling: Sampling,
    facts: Mapping[str, Fact],
    pilot: bool = False,
) -> list[Plan]:
    """Return a plan for each session; each condition once before any comes again.

    Args:
        model: Its slug.
        protocol: In the language that it was written in.
        cells: The conditions, each with its system prompt; None: none is sent.
        replicates: How many sessions in each.
        sampling: How replies are drawn.
        facts: What the protocol's texts can tell.
        pilot: Whether they are held to try the protocol out.

    Raises:
        InputError: The protocol has no such condition, or a fact that it uses has no value.
    """
    plans = [
        Plan(
            model=model,
            protocol=protocol,
            cell=cell,
            sampling=sampling,
            facts=facts,
            system=system,
            pilot=pilot,
            seed=protocol.digest,
        )
        for cell, system in cells.items()
    ]
    for plan in plans:
        plan.asks(0)
    return replicates * plans


def first_call(plan: Plan) -> Tokens:
    """Return what the first call of a session can take at most."""
    opening, *_ = plan.asks(0)
    message = Message(role="user", blocks=spoken(opening.text, question=OPENING).blocks)
    request = Request(messages=[message], sampling=plan.sampling, system=plan.system)
    return Tokens(input=most_sent(request), output=plan.sampling.max_tokens)


async def begin(workspace: Workspace, voices: Voices, plan: Plan, identifier: str) -> Recording:
    """Commit a new session's header; return the session, ready for its first question.

    Raises:
        ServiceError: The database or the disk refused.
    """
    drawn = condition(
        stance=plan.cell.stance,
        information=plan.cell.information,
        language=plan.cell.language,
        character=plan.cell.character,
        sampling=plan.sampling,
        takes_temperature=voices.participant.takes_temperature,
    )

    checked = plan.member_check

    def work(connection: Connection) -> Header:
        with Session(connection) as session:
            check_not_deleted(session, () if checked is None else checked.sessions)
            kept = keep_version(session, plan.protocol)
            replicate = plan.replicate or _next_replicate(session, plan, drawn)
            header = _header(identifier, plan, kept, drawn, replicate, voices)
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
                    pilot=plan.pilot,
                    checks=None if checked is None else list(checked.sessions),
                    **({} if plan.place is None else _columns(plan.place)),
                )
            )
            session.flush()
            return header

    header = await voices.committer.commit(work)
    return Recording(workspace, header, [], digest=digest(header.encoded()), tries={})


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
    voices: Voices,
) -> Header:
    asks = _told_of_follow_ups(plan.asks(replicate - 1), voices, plan.cell.language)
    rules = plan.protocol.in_language(plan.cell.language).rules
    used = _told(plan)
    jumps = (jump.when for ask in asks for jump in ask.jumps)
    looked_at = {when.fact for when in jumps if isinstance(when, FactIs)}
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
        participant=voices.participant.address,
        engine=voices.participant.facts,
        sampling=plan.sampling,
        facts={name: fact.text for name, fact in used.items()},
        told={
            name: Told(
                source=fact.source,
                date=fact.date,
                basis=fact.basis,
                visibility=fact.visibility,
            )
            for name, fact in used.items()
        },
        asks=asks,
        rules=rules,
        tools=ways_out(plan.cell.language)
        if rules.tools and voices.participant.takes_tools
        else (),
        software=software(),
        pilot=plan.pilot,
        place=plan.place,
        system=plan.system,
        unrecorded=tuple(sorted(unrecorded(plan.facts) & looked_at)),
        exclusions=plan.protocol.exclusions,
        interviewer=interviewer_of(voices, plan.protocol.goals, asks, plan.cell.language),
        member_check=plan.member_check,
    )


def _told_of_follow_ups(asks: tuple[Ask, ...], voices: Voices, language: str) -> tuple[Ask, ...]:
    """Return the script with it said, at the opening, that a model may follow answers up."""
    if voices.prober is None or not any(ask.probing for ask in asks):
        return asks
    opening, *others = asks
    checked = CHECKED_BY_RULES if voices.prober.judge is None else CHECKED_BY_A_JUDGE_TOO
    first = language.partition("-")[0]
    known = first if first in FOLLOW_UPS else "en"
    said = f"{FOLLOW_UPS[known]} {checked[known]}"
    return (replace(opening, before=paragraphs(opening.before, said)), *others)


def _told(plan: Plan) -> dict[str, Fact]:
    """Return the facts that the participant is told under the plan's condition."""
    worded = plan.protocol.in_language(plan.cell.language)
    asks = worded.asks(stance=plan.cell.stance, information=plan.cell.information)
    texts = [ask.text for ask in asks]
    if plan.cell.character is not None:
        texts.append(worded.characters[plan.cell.character].system or "")
    used = frozenset().union(*map(placeholders, texts))
    return {name: fact for name, fact in plan.facts.items() if name in used}


def _columns(place: Place) -> dict[str, Any]:
    return {"campaign": place.campaign, "slot": place.slot, "again": place.again}


def _next_replicate(session: Session, plan: Plan, drawn: Mapping[str, str]) -> int:
    earlier = select(InterviewSession.condition, InterviewSession.replicate).where(
        InterviewSession.model == plan.model,
        InterviewSession.protocol == plan.protocol.digest,
        col(InterviewSession.branch_of).is_(None),
    )
    return 1 + max(
        (replicate for condition, replicate in session.exec(earlier) if condition == drawn),
        default=0,
    )
