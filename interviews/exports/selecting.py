"""Which sessions an export takes, and reading them one at a time."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from archive.errors import InputError
from archive.records.models import load_model
from archive.release.releases import Release, is_public
from archive.store.deletions import deleted
from archive.times import now
from archive.workspace.workspace import Workspace
from interviews.attempts import AttemptRecord
from interviews.campaigns.campaign import load_campaign
from interviews.campaigns.coverage import QuestionCoverage
from interviews.campaigns.flow import Flow
from interviews.campaigns.reading import results
from interviews.exports.exported import ExportedSession, ExportedTurn, Spent
from interviews.sessions.content import decoded
from interviews.sessions.presenting import internal_turns, session_record
from interviews.sessions.reading import (
    attempts_of,
    load_session,
    probes_of,
    turns_of,
    words_deleted_with,
)
from interviews.sessions.records import INTERVIEWS_ONLY, InterviewSession, Turn, state_of


@dataclass(slots=True, kw_only=True)
class Chosen:
    """The sessions of an export."""

    workspace: Workspace
    ids: Sequence[str]
    deleted: int
    unfinished: int
    withheld: frozenset[str]  # turns, as SESSION:INDEX
    flow: Flow | None  # None: sessions were named one by one, or all were imported
    coverage: Sequence[QuestionCoverage] = ()  # of the same sessions as the flow
    told: Callable[[int], None] = field(default=lambda _: None)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.ids)

    def __iter__(self) -> Iterator[ExportedSession]:
        """Read them, the oldest first, each as one state of the database has it."""
        for identifier in self.ids:
            with self.workspace.database.reading() as session:
                found = _exported(session, identifier, self.withheld)
            yield found
            self.told(1)


def choose(
    workspace: Workspace, identifiers: Sequence[str], *, campaign: str | None, model: str | None
) -> Chosen:
    """Return the sessions of these ids; with none, all interviews that have ended.

    Raises:
        InputError: There is no session, campaign or model of that name, or nothing to export.
    """
    whole = None if identifiers else results(workspace, campaign=campaign, model=model)
    if whole is not None and not whole.flow.begun:
        whole = None
    with workspace.database.reading() as session:
        rows = select(InterviewSession)
        if campaign is not None:
            rows = rows.where(InterviewSession.campaign == load_campaign(session, campaign).slug)
        if model is not None:
            rows = rows.where(InterviewSession.model == load_model(session, model).slug)
        for identifier in identifiers:
            load_session(session, identifier)
        if identifiers:
            rows = rows.where(col(InterviewSession.id).in_(identifiers))
        else:  # what asks about an interview is none, and is exported if it is named
            rows = rows.where(*INTERVIEWS_ONLY)
        ordered = rows.order_by(col(InterviewSession.started_at), col(InterviewSession.id))
        found = session.exec(ordered).all()
        gone = deleted(session)
        left = [row for row in found if ("session", row.id) not in gone]
        taken = [row.id for row in left if identifiers or state_of(row).ended]
        if not taken:
            raise InputError(
                "there is no session to export",
                at="interview export",
                mend="See `emeritus interview list`; deleted ones are left out.",
            )
        return Chosen(
            workspace=workspace,
            ids=taken,
            deleted=len(found) - len(left),
            unfinished=len(left) - len(taken),
            withheld=_withheld(session),
            flow=None if whole is None else whole.flow,
            coverage=() if whole is None else whole.coverage,
        )


def _withheld(session: Session) -> frozenset[str]:
    """Return the turns that somebody withheld."""
    releases: dict[str, list[Release]] = defaultdict(list)
    for release in session.exec(select(Release).where(Release.kind == "turn")):
        releases[release.subject].append(release)
    as_of = now()
    return frozenset(turn for turn, rows in releases.items() if not is_public(rows, as_of))


def _exported(session: Session, identifier: str, withheld: frozenset[str]) -> ExportedSession:
    row, turns = load_session(session, identifier), turns_of(session, identifier)
    attempts, probes = attempts_of(session, identifier), probes_of(session, identifier)
    internal = frozenset[int]() if row.origin is not None else internal_turns(row, turns)
    return ExportedSession(
        record=session_record(row, turns, attempts, probes, words_deleted_with(session, row)),
        turns=[_turn(turn, withheld, internal) for turn in turns],
        spent=_spent(row.model, attempts),
    )


def _turn(turn: Turn, withheld: frozenset[str], internal: frozenset[int]) -> ExportedTurn:
    content, salt = turn.content, turn.salt
    if content is None or salt is None or f"{turn.session}:{turn.index}" in withheld:
        content = salt = None
    return ExportedTurn(
        index=turn.index,
        speaker=turn.speaker,
        at=turn.at,
        content=None if content is None else decoded(content),
        salt=None if salt is None else salt.hex(),
        internal=content is not None and turn.index in internal,
        content_digest=turn.content_digest,
        previous=turn.previous,
        link=turn.link,
    )


def _spent(model: str, attempts: Sequence[AttemptRecord]) -> dict[str, Spent]:
    found: dict[str, list[AttemptRecord]] = defaultdict(list)
    for attempt in attempts:
        found[f"{attempt.role} {attempt.address or model}"].append(attempt)
    return {
        who: Spent(
            input_tokens=sum(one.input_tokens or 0 for one in made),
            output_tokens=sum(one.output_tokens or 0 for one in made),
            cache_read_tokens=sum(one.cache_read_tokens or 0 for one in made),
            cache_write_tokens=sum(one.cache_write_tokens or 0 for one in made),
        )
        for who, made in found.items()
    }
