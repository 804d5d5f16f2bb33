"""What a build reads of the record: one query for each kind of thing, however many there are."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Protocol as Structure
from typing import TypeVar

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from archive.canonical import as_kept
from archive.log.entries import LogEntry
from archive.policy.policies import Policy
from archive.records.models import Channel, Model, Observation
from archive.records.promises import Promise
from archive.release.releases import Release
from archive.store.deletions import deleted
from archive.weights.holdings import Holding
from archive.weights.inventory import FixityCheck, WeightFile
from archive.workspace.workspace import Workspace
from blog.posts.posts import History, grouped, histories_of
from blog.schedule.schedules import Gap, Schedule
from blog.site import decisions
from blog.site.campaign_views import CampaignRecord
from blog.site.views import Audience
from blog.site.visibility import Visibility
from interviews.attempts import AttemptRecord
from interviews.campaigns.campaign import Campaign, campaigns_of
from interviews.campaigns.costs import asked_of
from interviews.campaigns.plans import CampaignPlan
from interviews.campaigns.prices import Price, read_prices
from interviews.campaigns.reading import results_in
from interviews.protocols.protocol import Protocol
from interviews.protocols.reading import read_protocol
from interviews.protocols.versions import ProtocolVersion
from interviews.sessions.reading import present_state, sessions_of
from interviews.sessions.records import InterviewSession, Probe, State, Turn
from interviews.sessions.spending import taken

Row = TypeVar("Row")
ByKey = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """All rows that a build needs; turns and attempts only of what it shows."""

    visibility: Visibility
    models: Sequence[Model]  # that are shown
    channels: ByKey[Channel]  # by model, as are the next seven
    observations: ByKey[Observation]
    files: ByKey[WeightFile]
    holdings: ByKey[Holding]  # as they were stated, those that no longer hold too
    promises: ByKey[Promise]
    policies: ByKey[Policy]
    sessions: ByKey[InterviewSession]
    histories: ByKey[History]
    schedules: ByKey[Schedule]  # by model, as are the next ones
    gaps: ByKey[Gap]
    as_of: datetime
    states: Mapping[str, State]  # by session
    checks: Mapping[str, FixityCheck]  # the last, by file
    turns: ByKey[Turn]  # by session
    not_sent: Mapping[str, int]  # probes that were rejected, by session
    protocols: Mapping[str, Protocol]  # by digest
    attempts: ByKey[AttemptRecord]  # by post
    ends: Mapping[str, LogEntry]  # the log's entry of a session's end
    publications: Mapping[str, int]  # the index of the log's entry, by post
    campaigns: ByKey[CampaignRecord]  # by model: those of which a session is shown


def read_records(workspace: Workspace, audience: Audience, *, as_of: datetime) -> Records:
    """Return what a build for `audience` needs, as one state of the database has it.

    Raises:
        FaultError: A decision is not what was logged.
    """
    with workspace.database.reading() as session:
        return _records(session, workspace, audience, as_of)


def _records(
    session: Session, workspace: Workspace, audience: Audience, as_of: datetime
) -> Records:
    visibility = _visibility(session, audience, as_of)
    # what was imported is not published: nobody here heard it
    sessions = [row for row in sessions_of(session) if row.origin is None]
    histories = histories_of(session)
    shown_sessions = [row.id for row in sessions if visibility.shows("session", row.id)]
    shown = set(shown_sessions)
    shown_posts = [row.post.id for row in histories if visibility.shows("post", row.post.id)]
    heard = {row.model for row in sessions if row.id in shown}
    heard |= {row.post.model for row in histories if row.post.id in shown_posts}
    models = session.exec(select(Model).order_by(Model.slug))
    checks = session.exec(select(FixityCheck).order_by(FixityCheck.checked_at, FixityCheck.id))
    turns = select(Turn).where(col(Turn.session).in_(shown_sessions))
    not_sent = select(Probe.session, Probe.faults).where(
        col(Probe.sent).is_(False), col(Probe.session).in_(shown_sessions)
    )
    attempts = select(AttemptRecord).where(col(AttemptRecord.subject).in_(shown_posts))
    logged = {
        (entry.kind, entry.subject): entry
        for entry in session.exec(
            select(LogEntry)
            .where(col(LogEntry.kind).in_(["session end", *decisions.KINDS]))
            .order_by(col(LogEntry.index))  # of a publication that was stated anew, the last holds
        )
    }
    policies = session.exec(select(Policy).order_by(col(Policy.version))).all()
    schedules = session.exec(select(Schedule).order_by(Schedule.at, Schedule.id)).all()
    gaps = session.exec(select(Gap).order_by(Gap.slot)).all()
    decisions.check(
        logged,
        releases=chain.from_iterable(visibility.releases.values()),
        policies=policies,
        acts=[
            *chain.from_iterable(row.withdrawals for row in histories),
            *chain.from_iterable(row.notes for row in histories),
            *schedules,
            *gaps,
        ],
        histories=[row for row in histories if row.post.id in shown_posts],
        answered={answer.id for row in histories for answer in row.answers},
    )
    return Records(
        visibility=visibility,
        models=[
            row
            for row in models
            if row.slug in heard or (row.held and visibility.shows("model", row.slug))
        ],
        channels=_by_model(session, select(Channel).order_by(Channel.name)),
        observations=_by_model(
            session, select(Observation).order_by(Observation.observed_at, Observation.id)
        ),
        files=_by_model(session, select(WeightFile).order_by(WeightFile.name, WeightFile.id)),
        holdings=_by_model(session, select(Holding).order_by(Holding.stated_at, Holding.id)),
        promises=_by_model(session, select(Promise).order_by(Promise.id)),
        policies=grouped(policies, lambda policy: policy.model),
        sessions=grouped(sessions, lambda row: row.model),
        schedules=grouped(schedules, lambda row: row.model),
        gaps=grouped(gaps, lambda row: row.model),
        as_of=as_of,
        states={row.id: present_state(workspace, row) for row in sessions},
        histories=grouped(histories, lambda history: history.post.model),
        checks={check.file: check for check in checks},
        turns=grouped(session.exec(turns.order_by(col(Turn.index))), lambda turn: turn.session),
        not_sent=Counter(of for of, faults in session.exec(not_sent) if faults),
        protocols={
            row.digest: read_protocol(row.source, name=f"protocol {row.slug}")
            for row in session.exec(select(ProtocolVersion))
        },
        attempts=grouped(session.exec(attempts), lambda attempt: attempt.subject),
        ends={subject: row for (kind, subject), row in logged.items() if kind == "session end"},
        publications={
            subject: row.index for (kind, subject), row in logged.items() if kind == "publication"
        },
        campaigns=grouped(
            _campaigns(session, workspace, [row for row in sessions if row.id in shown], as_of),
            lambda record: record.row.model,
        ),
    )


def _campaigns(
    session: Session,
    workspace: Workspace,
    shown: Sequence[InterviewSession],
    as_of: datetime,
) -> list[CampaignRecord]:
    """Return the campaigns that the sessions which are shown are of, the oldest first."""
    named = {row.campaign for row in shown}
    prices = read_prices(workspace.root) if named - {None} else {}
    return [
        _campaign(session, workspace, row, prices, as_of)
        for row in campaigns_of(session)
        if row.slug in named
    ]


def _campaign(
    session: Session,
    workspace: Workspace,
    row: Campaign,
    prices: Mapping[str, Price],
    as_of: datetime,
) -> CampaignRecord:
    plan = CampaignPlan.decoded(as_kept(row.plan))
    kept = session.get_one(ProtocolVersion, row.protocol)
    ids = select(InterviewSession.id).where(InterviewSession.campaign == row.slug)
    return CampaignRecord(
        row=row,
        plan=plan,
        version=kept,
        protocol=read_protocol(as_kept(kept.source), name=f"protocol {kept.slug}"),
        results=results_in(session, workspace, plan=plan, as_of=as_of),
        asked=asked_of(taken(session, ids), prices),
    )


def _visibility(session: Session, audience: Audience, as_of: datetime) -> Visibility:
    rows = session.exec(select(Release).order_by(Release.at, Release.id)).all()
    releases: dict[tuple[str, str], list[Release]] = defaultdict(list)
    for row in rows:
        releases[row.kind, row.subject].append(row)
    return Visibility(
        audience=audience, as_of=as_of, releases=dict(releases), deleted=deleted(session).keys()
    )


class _OfModel(Structure):
    model: str


Owned = TypeVar("Owned", bound=_OfModel)


def _by_model(session: Session, rows: SelectOfScalar[Owned]) -> ByKey[Owned]:
    return grouped(session.exec(rows), lambda row: row.model)
