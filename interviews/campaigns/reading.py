"""What a campaign, or a model's interviews, came to: gathered from the record."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from archive.canonical import as_kept
from archive.records.models import load_model
from archive.release.releases import Release, public_subjects
from archive.store.deletions import deleted
from archive.times import now
from archive.workspace.workspace import Workspace
from interviews.campaigns.campaign import Campaign, campaigns_of, load_campaign
from interviews.campaigns.coverage import Asked, QuestionCoverage, coverage
from interviews.campaigns.flow import Ended, Flow, SessionFate, fate, flow
from interviews.campaigns.plans import CampaignPlan
from interviews.protocols.script import Answer
from interviews.sessions.content import Speaker, decoded
from interviews.sessions.header import Header
from interviews.sessions.reading import present_state
from interviews.sessions.records import INTERVIEWS_ONLY, InterviewSession, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What came of a set of sessions."""

    flow: Flow
    by_condition: Mapping[str, Flow]  # by the condition's words
    coverage: list[QuestionCoverage]
    coverage_by_condition: Mapping[str, list[QuestionCoverage]]


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
        if model is not None:
            load_model(session, model)
        plan = None
        if campaign is not None:
            plan = CampaignPlan.decoded(as_kept(load_campaign(session, campaign).plan))
        return results_in(session, workspace, plan=plan, model=model, as_of=now())


def results_in(
    session: Session,
    workspace: Workspace,
    *,
    plan: CampaignPlan | None,
    model: str | None = None,
    as_of: datetime,
) -> Results:
    """Return what became of the sessions of a plan, as one state of the record has it.

    Args:
        session: Where they are on record.
        workspace: Of which some may be running.
        plan: Of the campaign that they are of; None: of any, and of none.
        model: Its slug; None: with any.
        as_of: When an embargo counts as ended.
    """
    meant: list[ColumnElement[bool]] = [
        col(InterviewSession.protocol).is_not(None),
        *INTERVIEWS_ONLY,
    ]
    if plan is not None:
        meant.append(col(InterviewSession.campaign) == plan.campaign)
    if model is not None:
        meant.append(col(InterviewSession.model) == model)
    rows = session.exec(
        select(InterviewSession)
        .where(*meant)
        .order_by(col(InterviewSession.started_at), col(InterviewSession.id))
    ).all()
    ended = _ended(workspace, session, rows, as_of)
    asked = _asked(rows, ended, _answers(session, meant))
    return Results(
        flow=flow(ended.values(), planned=None if plan is None else plan.sessions),
        by_condition=_by_condition(rows, ended, plan),
        coverage=coverage(one for _, one in asked),
        coverage_by_condition={
            words: coverage(one for of, one in asked if of == words)
            for words in dict.fromkeys(of for of, _ in asked)
        },
    )


def campaign_rows(workspace: Workspace, model: str | None) -> list[tuple[Campaign, Flow]]:
    """Return the campaigns, of one model if it is named, each with the flow of its sessions."""
    with workspace.database.reading() as session:
        found = campaigns_of(session, model)
    return [(row, results(workspace, campaign=row.slug).flow) for row in found]


def words_of(condition: Mapping[str, str]) -> str:
    """Return a session's condition as `--only` takes it."""
    named = (condition.get(name) for name in ("stance", "information", "language", "character"))
    return "/".join(name for name in named if name is not None)


def _ended(
    workspace: Workspace, session: Session, rows: Iterable[InterviewSession], as_of: datetime
) -> dict[str, Ended]:
    gone, withheld = deleted(session), _withheld(session, as_of)
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


def _withheld(session: Session, as_of: datetime) -> set[str]:
    """Return the sessions of which a person decided that not everyone may read them by then."""
    decided = session.exec(select(Release.subject).where(Release.kind == "session"))
    return set(decided) - public_subjects(session, "session", as_of)


def _answers(
    session: Session, meant: Iterable[ColumnElement[bool]]
) -> Mapping[str, Sequence[Answer]]:
    """Return what was answered, by session, in order."""
    rows = (
        select(Turn.session, Turn.content)
        .join(InterviewSession)
        .where(*meant, Turn.speaker == Speaker.PARTICIPANT)
        .order_by(col(Turn.session), col(Turn.index))
    )
    answers: dict[str, list[Answer]] = defaultdict(list)
    for identifier, content in session.exec(rows):
        if content is not None:
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
    answers: Mapping[str, Sequence[Answer]],
) -> list[tuple[str, Asked]]:
    """Return each session that is asked for its answers, with its condition's words."""
    found = []
    for row in rows:
        one = ended[row.id]
        if one.pilot or one.deleted:
            continue  # the flow counts them; they are no part of the campaign's questions
        header = Header.decoded(as_kept(row.header))
        asked = Asked(
            asks=header.asks,
            answers=answers.get(row.id, ()),
            unrecorded=frozenset(header.unrecorded),
            excluded=fate(one) is SessionFate.EXCLUDED,
        )
        found.append((words_of(row.condition), asked))
    return found


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
