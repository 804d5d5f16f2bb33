"""Preparing a member check: what is shown, of which sessions, held against the record.

The ledger's entries are to be shown too, once there is a ledger: they come in as one more fact of
the protocol, beside `SUMMARY` and `QUOTATIONS`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from archive.canonical import as_kept, sha256
from archive.errors import InputError
from archive.records.models import Model, load_model, participant_of
from archive.store.deletions import deleted
from archive.times import now
from archive.workspace.workspace import Workspace
from interviews.campaigns.campaign import load_campaign
from interviews.campaigns.planning import held_as_pilot
from interviews.member_checks.quotations import Quoted, Said, check_quotations, read_quotations
from interviews.participants.seam import Sampling
from interviews.protocols.facts import Fact, FactVisibility
from interviews.protocols.protocol import Protocol
from interviews.protocols.reading import find_protocol
from interviews.sessions.beginning import Plan
from interviews.sessions.conditions import Choice, cells_of, with_systems
from interviews.sessions.content import decoded
from interviews.sessions.facts import told_to
from interviews.sessions.header import Addresses, MemberCheck, Quotation
from interviews.sessions.reading import load_session, sessions_of, turns_of
from interviews.sessions.records import InterviewSession, is_interview, state_of
from interviews.sessions.shown_words import NONE_QUOTED, QUOTATIONS, SUMMARY

PROTOCOL = "member-check"

LARGEST = 200_000
"""Bytes of a file: what is shown has to fit a model's context, with room for its answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the operator wants to show."""

    summary: Path
    quotations: Path | None = None


def concerned(
    workspace: Workspace, slug: str | None, *, campaign: str | None, named: Sequence[str]
) -> tuple[str, list[str]]:
    """Return the model and the sessions with it that a member check is about.

    Args:
        workspace: Where they are on record.
        slug: The model; None: that of the campaign.
        campaign: All of this campaign; None: all with the model.
        named: These of them; none: all that have ended.

    Raises:
        InputError: There is no such model, campaign or session, or none has ended.
    """
    with workspace.database.reading() as session:
        if campaign is not None:
            slug = load_campaign(session, campaign).model
        model = load_model(session, slug or "")
        gone = deleted(session)
        there = [
            row.id
            for row in sessions_of(session, model.slug)
            if ("session", row.id) not in gone and _is_interview(row, campaign)
        ]
        for identifier in named:
            if load_session(session, identifier).id not in there:
                raise InputError(
                    f"is no interview with {model.slug} that has ended here",
                    at=f"session {identifier}",
                    mend="Name interviews that were held here, have ended and are on record.",
                )
    if not there:
        raise InputError(
            "no interview has ended",
            at=campaign or model.slug,
            mend="Hold one with `emeritus interview run`.",
        )
    return model.slug, list(dict.fromkeys(named)) or there


def _is_interview(row: InterviewSession, campaign: str | None) -> bool:
    held_here = row.origin is None and is_interview(row)
    return held_here and state_of(row).ended and campaign in {None, row.campaign}


def prepared(
    workspace: Workspace,
    slug: str,
    sessions: Sequence[str],
    shown: Shown,
    *,
    language: str | None,
    sampling: Sampling,
) -> tuple[Plan, Addresses]:
    """Return the session that is to be held, and who is asked.

    Raises:
        InputError: A file cannot be used, a quotation is not found in its turn, or the protocol
            lacks an approval, the language or a place for the summary.
    """
    protocol = find_protocol(PROTOCOL, folder=workspace.protocols)
    _check_shows(protocol)
    summary, source = _read(shown.summary)
    with workspace.database.reading() as session:
        model = load_model(session, slug)
        quotations = _quotations(session, sessions, shown.quotations)
        supplied = _facts(shown, summary, source, quotations)
        facts = told_to(
            workspace,
            session,
            model,
            protocol,
            reply_limit=sampling.max_tokens,
            today=now().date(),
            supplied=supplied,
        )
    (cell,) = cells_of(
        protocol, Choice(language=None if language is None else (language,)), whole=False
    )
    plan = Plan(
        model=slug,
        protocol=protocol,
        cell=cell,
        sampling=sampling,
        facts=facts,
        system=with_systems(workspace, protocol, slug, [cell], facts)[cell],
        pilot=held_as_pilot(workspace, protocol, pilot=False, planned=False),
        seed=protocol.digest,
        member_check=MemberCheck(
            summary=sha256(source), sessions=tuple(sessions), quotations=tuple(quotations)
        ),
    )
    plan.asks(0)
    return plan, _addresses(model)


def _addresses(model: Model) -> Addresses:
    return Addresses(participant=participant_of(model))


def _check_shows(protocol: Protocol) -> None:
    if missing := {SUMMARY, QUOTATIONS} - protocol.facts.keys():
        raise InputError(
            f"names no fact {', '.join(sorted(missing))}",
            at=f"protocol {protocol.slug}",
            mend="Begin with a copy of the one that is shipped: it shows what it asks about.",
        )


def _facts(
    shown: Shown, summary: str, source: bytes, quotations: Iterable[Quotation]
) -> dict[str, Fact]:
    today = now().date().isoformat()
    lines = [f"- “{one.text}” (interview {one.session}, turn {one.turn})" for one in quotations]
    return {
        SUMMARY: Fact(
            name=SUMMARY,
            text=summary,
            source=f"the operator's file {shown.summary.name}, sha256 {sha256(source)}",
            date=today,
            basis="written by the operator",
            visibility=FactVisibility.INTERNAL,
        ),
        QUOTATIONS: Fact(
            name=QUOTATIONS,
            text="\n".join(lines) or NONE_QUOTED,
            source="the turns that are named with them",
            date=today,
            basis="held against these turns, to the letter",
            visibility=FactVisibility.INTERNAL,
        ),
    }


def _quotations(session: Session, sessions: Iterable[str], path: Path | None) -> list[Quotation]:
    if path is None:
        return []
    text, _ = _read(path)
    quoted = read_quotations(text, file=str(path))
    said = _said(session, sessions)
    check_quotations(quoted, said, file=str(path))
    return [_quotation(one, said) for one in quoted]


def _quotation(quoted: Quoted, said: Mapping[tuple[str, int], Said]) -> Quotation:
    link = said[quoted.session, quoted.turn].link
    return Quotation(session=quoted.session, turn=quoted.turn, link=link, text=quoted.text)


def _said(session: Session, sessions: Iterable[str]) -> dict[tuple[str, int], Said]:
    return {
        (turn.session, turn.index): Said(
            speaker=turn.speaker,
            content=None if turn.content is None else decoded(as_kept(turn.content)),
            link=turn.link,
        )
        for identifier in sessions
        for turn in turns_of(session, identifier)
    }


def _read(path: Path) -> tuple[str, bytes]:
    """Return a file's text and its bytes."""
    try:
        with path.open("rb") as file:
            source = file.read(LARGEST + 1)
        if len(source) > LARGEST:
            raise InputError(
                f"larger than {LARGEST:,} bytes", at=str(path), mend="Show what can be read whole."
            )
        text = source.decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"cannot be read: {error}", at=str(path), mend="Name a file of UTF-8 text."
        ) from error
    if not text:
        raise InputError("empty", at=str(path), mend="Write in it what is to be shown.")
    return text, source
