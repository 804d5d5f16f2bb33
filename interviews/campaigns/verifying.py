"""Verifying campaigns: whether each plan is the one that was logged, and its sessions are of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from archive.canonical import as_kept, sha256
from archive.log import entries
from archive.log.entries import LogEntry
from archive.workspace.workspace import Workspace
from interviews.campaigns.campaign import Campaign, campaigns_of
from interviews.campaigns.planning import LOGGED, logged
from interviews.campaigns.plans import CampaignPlan
from interviews.sessions.header import Header
from interviews.sessions.records import InterviewSession


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedCampaign:
    """What came of verifying one campaign."""

    campaign: str
    sessions: int
    faults: list[str]  # empty: every session is one that was planned


def verify_campaigns(workspace: Workspace) -> list[VerifiedCampaign]:
    """Hold every campaign's sessions against the plan that was logged before them."""
    with workspace.database.reading() as session:
        return [_verified(session, row) for row in campaigns_of(session)]


def _verified(session: Session, row: Campaign) -> VerifiedCampaign:
    sessions = session.exec(
        select(InterviewSession)
        .where(InterviewSession.campaign == row.slug)
        .order_by(col(InterviewSession.started_at), col(InterviewSession.id))
    ).all()
    entry = session.exec(
        select(LogEntry).where(LogEntry.kind == LOGGED, LogEntry.subject == row.slug)
    ).first()
    faults = [*_plan_faults(row, entry, sessions)]
    if not faults:
        plan = CampaignPlan.decoded(as_kept(row.plan))
        faults += [fault for one in sessions for fault in _session_faults(plan, one)]
    return VerifiedCampaign(campaign=row.slug, sessions=len(sessions), faults=faults)


def _plan_faults(
    row: Campaign, entry: LogEntry | None, sessions: Iterable[InterviewSession]
) -> Iterator[str]:
    if sha256(as_kept(row.plan)) != row.plan_digest:
        yield "its plan is not what was recorded"
        return
    plan = CampaignPlan.decoded(as_kept(row.plan))
    if (what := entries.disagreement(entry, logged(plan))) is not None:
        yield f"its plan: {what}"
    if (plan.campaign, plan.model, plan.protocol, plan.pilot) != (
        row.slug,
        row.model,
        row.protocol,
        row.pilot,
    ):
        yield "the campaign's row does not say what its plan says"
    for one in sessions:
        if one.started_at < row.planned_at:
            yield f"session {one.id}: it was begun before the plan was made"


def _session_faults(plan: CampaignPlan, row: InterviewSession) -> Iterator[str]:
    header = Header.decoded(as_kept(row.header))
    if header.place is None or header.place.plan != plan.digest:
        yield f"session {row.id}: it names another plan"
    elif not 0 <= header.place.slot < plan.sessions or header.place.again > plan.asking_again:
        yield f"session {row.id}: the plan has no such session"
    else:
        cell = plan.condition_of(header.place.slot)
        drawn = (cell.stance, cell.information, cell.language, cell.character)
        names = ("stance", "information", "language", "character")
        if drawn != tuple(row.condition.get(name) for name in names):
            yield f"session {row.id}: its condition is not the one that was planned"
