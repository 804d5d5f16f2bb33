"""What a campaign, or a model's interviews, came to: gathered from the record."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from archive.canonical import as_kept
from archive.records.models import load_model
from archive.release.releases import Audience, Release
from archive.store.deletions import deleted
from archive.workspace.workspace import Workspace
from interviews.campaigns.campaign import Campaign, load_campaign
from interviews.campaigns.coverage import Asked, QuestionCoverage, coverage
from interviews.campaigns.flow import Ended, Flow, flow
from interviews.campaigns.plans import CampaignPlan
from interviews.protocols.script import Answer
from interviews.sessions.content import decoded
from interviews.sessions.header import Header
from interviews.sessions.reading import present_state
from interviews.sessions.records import InterviewSession, Turn, Validity


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What came of a set of sessions."""

    flow: Flow
    by_condition: Mapping[str, Flow]  # by the condition's words
    coverage: list[QuestionCoverage]


def results(
    workspace: Workspace, *, campaign: str | None = None, model: str | None = None
) -> Results:
    """Return what became of the sessions of a campaign, or of all with a model, or of all.

    Sessions that were imported are of no campaign and no protocol, and are left out.
    So are replays, which ask one question of another session anew, and member checks.

    Raises:
        InputError: There is no such campaign or model.
    """
    with workspace.database.reading() as session:
        planned = None
        if model is not None:
            load_model(session, model)
        rows = _rows(session, campaign=campaign, model=model)
        plan = None
        if campaign is not None:
            plan = CampaignPlan.decoded(as_kept(load_campaign(session, campaign).plan))
            planned = plan.sessions
        ended = _ended(workspace, session, rows)
        answers = _answers(session, [row.id for row in rows])
    return Results(
        flow=flow(ended.values(), planned=planned),
        by_condition=_by_condition(rows, ended, plan),
        coverage=coverage(_asked(rows, ended, answers)),
    )


def campaign_rows(workspace: Workspace, model: str | None) -> list[tuple[Campaign, Flow]]:
    """Return the campaigns, of one model if it is named, each with the flow of its sessions."""
    with workspace.database.reading() as session:
        rows = select(Campaign).order_by(col(Campaign.planned_at), col(Campaign.slug))
        found = session.exec(rows if model is None else rows.where(Campaign.model == model)).all()
    return [(row, results(workspace, campaign=row.slug).flow) for row in found]


def words_of(condition: Mapping[str, str]) -> str:
    """Return a session's condition as `--only` takes it."""
    named = (condition.get(name) for name in ("stance", "information", "language", "character"))
    return "/".join(name for name in named if name is not None)


def _rows(session: Session, *, campaign: str | None, model: str | None) -> list[InterviewSession]:
    rows = select(InterviewSession).where(
        col(InterviewSession.protocol).is_not(None),
        col(InterviewSession.branch_of).is_(None),
        col(InterviewSession.checks).is_(None),
    )
    if campaign is not None:
        rows = rows.where(InterviewSession.campaign == campaign)
    if model is not None:
        rows = rows.where(InterviewSession.model == model)
    return list(
        session.exec(rows.order_by(col(InterviewSession.started_at), col(InterviewSession.id)))
    )


def _ended(
    workspace: Workspace, session: Session, rows: Iterable[InterviewSession]
) -> dict[str, Ended]:
    gone, withheld = deleted(session), _withheld(session)
    return {
        row.id: Ended(
            state=present_state(workspace, row),
            validity=row.validity,
            exclusion_rule=row.exclusion_rule,
            pilot=row.pilot,
            deleted=("session", row.id) in gone,
            withheld=row.id in withheld,
        )
        for row in rows
    }


def _withheld(session: Session) -> set[str]:
    """Return the sessions of which a person last decided that not everyone may read them."""
    rows = select(Release).where(Release.kind == "session").order_by(col(Release.at))
    last = {release.subject: release.audience for release in session.exec(rows)}
    return {subject for subject, audience in last.items() if audience != Audience.PUBLIC}


def _answers(session: Session, identifiers: Iterable[str]) -> dict[str, list[Answer]]:
    wanted = set(identifiers)
    rows = (
        select(Turn.session, Turn.content)
        .where(Turn.speaker == "participant")
        .order_by(col(Turn.session), col(Turn.index))
    )
    answers: dict[str, list[Answer]] = defaultdict(list)
    for identifier, content in session.exec(rows):
        if identifier in wanted and content is not None:
            said = decoded(as_kept(content))
            answers[identifier].append(
                Answer(
                    question=said.question,
                    text=said.text,
                    declined=said.declined is not None,
                    probe=said.probe is not None,
                )
            )
    return answers


def _asked(
    rows: Iterable[InterviewSession],
    ended: Mapping[str, Ended],
    answers: Mapping[str, list[Answer]],
) -> Iterable[Asked]:
    for row in rows:
        one = ended[row.id]
        if one.pilot or one.deleted:
            continue  # the flow counts them; they are no part of the campaign's questions
        header = Header.decoded(as_kept(row.header))
        yield Asked(
            asks=header.asks,
            answers=answers.get(row.id, []),
            unrecorded=frozenset(header.unrecorded),
            counted=row.validity == Validity.USABLE,
        )


def _by_condition(
    rows: Iterable[InterviewSession], ended: Mapping[str, Ended], plan: CampaignPlan | None
) -> dict[str, Flow]:
    grouped: dict[str, list[Ended]] = {}
    if plan is not None:
        grouped = {cell.words: [] for cell in plan.conditions}
    for row in rows:
        grouped.setdefault(words_of(row.condition), []).append(ended[row.id])
    each = None if plan is None else plan.each
    return {words: flow(group, planned=each) for words, group in grouped.items()}
