"""What a build reads of the record: one query for each kind of thing, however many there are."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol as Structure
from typing import TypeVar, cast

from sqlalchemy import String, or_
from sqlalchemy import cast as sql_cast
from sqlalchemy import select as sql_select
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from archive.canonical import as_kept
from archive.log.entries import LogEntry
from archive.policy.policies import Policy
from archive.records.models import Channel, Model, Observation
from archive.records.promises import Promise
from archive.release.releases import Release
from archive.store.deletions import deleted
from archive.times import from_text
from archive.weights.holdings import Holding
from archive.weights.inventory import FixityCheck, WeightFile
from archive.workspace.workspace import Workspace
from blog.posts.answers import Answer
from blog.posts.notes import OperatorNote
from blog.posts.posts import Draft, History, Post, Publication, grouped, histories_in
from blog.posts.withdrawals import Withdrawal
from blog.posts.withdrawals import standing as after_withdrawals
from blog.schedule.schedules import Gap, Schedule
from blog.site import decisions
from blog.site.campaign_views import CampaignRecord
from blog.site.post_views import item_of
from blog.site.scanning import AT_ONCE, Scan, scan
from blog.site.views import Audience, ContextItem, Correction
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

_NONE_MISSING: Mapping[str, type[SQLModel]] = {
    "answer": Answer,
    "gap": Gap,
    "note": OperatorNote,
    "policy": Policy,
    "release": Release,
    "schedule": Schedule,
    "withdrawal": Withdrawal,
}
"""What the log has an entry of is on record, for these kinds."""

Row = TypeVar("Row")
ByKey = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """All rows that a build needs; turns and attempts only of what it shows."""

    visibility: Visibility
    models: Sequence[Model]  # that are shown
    channels: ByKey[Channel]  # by model, as are the next six
    observations: ByKey[Observation]
    files: ByKey[WeightFile]
    holdings: ByKey[Holding]  # as they were stated, those that no longer hold too
    promises: ByKey[Promise]
    policies: ByKey[Policy]
    sessions: ByKey[InterviewSession]
    schedules: ByKey[Schedule]  # by model, as are the next ones
    gaps: ByKey[Gap]
    as_of: datetime
    states: Mapping[str, State]  # by session
    checks: Mapping[str, FixityCheck]  # the last, by file
    turns: ByKey[Turn]  # by session
    not_sent: Mapping[str, int]  # probes that were rejected, by session
    protocols: Mapping[str, Protocol]  # by digest
    ends: Mapping[str, LogEntry]  # the log's entry of a session's end
    campaigns: ByKey[CampaignRecord]  # by model: those of which a session is shown
    scan: Scan  # of all posts
    posts: Mapping[str, str]  # those that are shown, oldest first: the model of each
    others: ByKey[History]  # by model: those that are not
    items: Mapping[
        str, Sequence[tuple[str, str]]
    ]  # by post: what it was shown and what it corrects
    corrections: Mapping[str, Sequence[Correction]]  # by post, oldest first
    drafts_up_to: Mapping[str, tuple[int, int]]  # by post: drafts until then, for how many posts
    titles: Mapping[str, ContextItem]  # by post: how others name it, if any need be named


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRecords:
    """All rows of some posts that are shown."""

    digests: Mapping[str, str]  # of each post's rows
    visibility: Visibility
    histories: Sequence[History]
    attempts: ByKey[AttemptRecord]  # by post
    publications: Mapping[str, int]  # the index of the log's entry, by post


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
    shown_sessions = [row.id for row in sessions if visibility.shows("session", row.id)]
    shown = set(shown_sessions)
    found = scan(session)
    posts = _shown_posts(session, visibility)
    others = _histories(session, [post for post in found.digests if post not in posts])
    heard = {row.model for row in sessions if row.id in shown} | set(posts.values())
    models = session.exec(select(Model).order_by(Model.slug))
    checks = session.exec(select(FixityCheck).order_by(FixityCheck.checked_at, FixityCheck.id))
    turns = select(Turn).where(col(Turn.session).in_(shown_sessions))
    not_sent = select(Probe.session, Probe.faults).where(
        col(Probe.sent).is_(False), col(Probe.session).in_(shown_sessions)
    )
    policies = session.exec(select(Policy).order_by(col(Policy.version))).all()
    schedules = session.exec(select(Schedule).order_by(Schedule.at, Schedule.id)).all()
    gaps = session.exec(select(Gap).order_by(Gap.slot)).all()
    withdrawals = session.exec(select(Withdrawal).order_by(Withdrawal.at, Withdrawal.id)).all()
    notes = session.exec(select(OperatorNote)).all()
    acts: list[decisions.Act] = [*withdrawals, *notes, *schedules, *gaps]
    _check_decisions(session, policies, acts, posts)
    withdrawn = {
        post
        for post, own in grouped(withdrawals, lambda row: row.post).items()
        if after_withdrawals(own).withdrawn is not None
    }
    items = _items(session, posts)
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
        checks={check.file: check for check in checks},
        turns=grouped(session.exec(turns.order_by(col(Turn.index))), lambda turn: turn.session),
        not_sent=Counter(of for of, faults in session.exec(not_sent) if faults),
        protocols={
            row.digest: read_protocol(row.source, name=f"protocol {row.slug}")
            for row in session.exec(select(ProtocolVersion))
        },
        ends={subject: row for (_, subject), row in _logged(session, ["session end"]).items()},
        campaigns=grouped(
            _campaigns(session, workspace, [row for row in sessions if row.id in shown], as_of),
            lambda record: record.row.model,
        ),
        scan=found,
        posts=posts,
        others=grouped(others, lambda history: history.post.model),
        items=items,
        corrections=_corrections(session, visibility, posts, withdrawn),
        drafts_up_to=_drafts_up_to(session),
        titles=_titles(session, posts, withdrawn) if items else {},
    )


def read_posts(
    session: Session,
    posts: Sequence[str],
    audience: Audience,
    *,
    as_of: datetime,
) -> PostRecords:
    """Return the rows of some posts that a build shows.

    Raises:
        FaultError: A decision about one of them is not what was logged.
    """
    found = scan(session, posts)
    histories = _histories(session, posts)
    releases = session.exec(
        select(Release).where(Release.kind == "post", col(Release.subject).in_(posts))
    ).all()
    logged = _logged(session, decisions.KINDS, found.of)
    decisions.check(logged, releases=releases, policies=(), acts=(), histories=histories)
    attempts = select(AttemptRecord).where(col(AttemptRecord.subject).in_(posts))
    return PostRecords(
        digests=found.digests,
        visibility=_visible(session, releases, audience, as_of),
        histories=histories,
        attempts=grouped(session.exec(attempts), lambda attempt: attempt.subject),
        publications={
            subject: row.index for (kind, subject), row in logged.items() if kind == "publication"
        },
    )


def _logged(
    session: Session, kinds: Collection[str], subjects: Iterable[str] | None = None
) -> dict[tuple[str, str], LogEntry]:
    """Return the log's entries of some kinds about subjects, or all; of several the last."""
    wanted = select(LogEntry).where(col(LogEntry.kind).in_(kinds)).order_by(col(LogEntry.index))
    if subjects is None:
        rows = list(session.exec(wanted))
    else:
        rows = [
            row
            for some in _some(list(subjects))
            for row in session.exec(wanted.where(col(LogEntry.subject).in_(some)))
        ]
    return {(row.kind, row.subject): row for row in rows}


def _some(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield ids in parts that fit into one query."""
    return (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))


def _shown_posts(session: Session, visibility: Visibility) -> dict[str, str]:
    """Return the model of each post that is published and shown, oldest first."""
    rows = session.exec(
        select(Post.id, Post.model).join(Publication).order_by(col(Post.begun_at), col(Post.id))
    )
    return {post: model for post, model in rows if visibility.shows("post", post)}


def _histories(session: Session, posts: Sequence[str]) -> list[History]:
    """Return posts with all that became of them, in the order in which they are named."""
    found = {one.post.id: one for some in _some(posts) for one in histories_in(session, some)}
    return [found[post] for post in posts]


def _items(session: Session, posts: Collection[str]) -> dict[str, Sequence[tuple[str, str]]]:
    """Return the kind and id of what each of `posts` was shown, and of what it corrects."""
    rows = session.exec(
        select(Post.id, col(Post.items), Post.corrects).where(
            or_(sql_cast(col(Post.items), String) != "[]", col(Post.corrects).is_not(None))
        )
    )
    return {
        post: [
            *((item["kind"], item.get("id", "")) for item in items),
            *([("post", corrects)] if corrects is not None else []),
        ]
        for post, items, corrects in rows
        if post in posts
    }


def _corrections(
    session: Session,
    visibility: Visibility,
    posts: Collection[str],
    withdrawn: Collection[str],
) -> dict[str, list[Correction]]:
    """Return the corrections that are shown of each of `posts`, oldest first."""
    rows = session.exec(
        select(Post.corrects, Publication, Draft.title, Draft.written_at)
        .select_from(Publication)
        .join(Post, col(Post.id) == col(Publication.post))
        .join(Draft, col(Draft.id) == col(Publication.draft))
        .where(col(Post.corrects).is_not(None))
    )
    found: dict[str, list[Correction]] = defaultdict(list)
    for corrects, publication, title, written in rows:
        post = publication.post
        if corrects is not None and post in posts and corrects in posts:
            item = item_of(
                title,
                from_text(written, at=post),
                publication.slug,
                withdrawn=post in withdrawn,
            )
            published = from_text(publication.at, at=post)
            since = max(published, visibility.public_since("post", post) or published)
            found[corrects].append(Correction(title=item.title, path=item.path or "", at=since))
    return {post: sorted(own, key=lambda one: one.at) for post, own in found.items()}


def _drafts_up_to(session: Session) -> dict[str, tuple[int, int]]:
    """Return of each post how many drafts its model had made until then, and for how many posts."""
    drafts = Counter(session.exec(select(Draft.post)))
    made, asked = Counter[str](), Counter[str]()
    found = {}
    posts = select(Post.id, Post.model).order_by(col(Post.begun_at), col(Post.id))
    for post, model in session.exec(posts):
        made[model] += drafts[post]
        asked[model] += 1
        found[post] = made[model], asked[model]
    return found


def _titles(
    session: Session, posts: Collection[str], withdrawn: Collection[str]
) -> dict[str, ContextItem]:
    rows = session.exec(
        select(Publication.post, Publication.slug, Draft.title, Draft.written_at).join(
            Draft, col(Draft.id) == col(Publication.draft)
        )
    )
    return {
        post: item_of(title, from_text(written, at=post), slug, withdrawn=post in withdrawn)
        for post, slug, title, written in rows
        if post in posts
    }


def _check_decisions(
    session: Session,
    policies: Sequence[Policy],
    acts: Sequence[decisions.Act],
    posts: Collection[str],
) -> None:
    """Check every decision but those about posts that are shown: `read_posts` does."""
    named = session.exec(select(Release.id, Release.kind, Release.subject))
    ids = [row for row, kind, subject in named if kind != "post" or subject not in posts]
    releases = [
        row
        for some in _some(ids)
        for row in session.exec(select(Release).where(col(Release.id).in_(some)))
    ]
    subjects = [*ids, *(row.id for row in policies), *(row.id for row in acts)]
    logged = _logged(session, decisions.KINDS, subjects)
    decisions.check(logged, releases=releases, policies=policies, acts=acts, histories=())
    for kind, table in _NONE_MISSING.items():
        lost = select(LogEntry.subject).where(
            LogEntry.kind == kind,
            col(LogEntry.subject).not_in(
                sql_select(SQLModel.metadata.tables[str(table.__tablename__)].c.id)
            ),
        )
        for subject in session.exec(lost):
            raise decisions.refused("it was logged, and is on record no more", f"{kind} {subject}")


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
    rows = session.connection().execute(
        sql_select(SQLModel.metadata.tables["release"]).order_by("at", "id")
    )
    # there are as many as posts: rows are read ten times as fast as objects, and say the same
    return _visible(session, cast("Sequence[Release]", rows.all()), audience, as_of)


def _visible(
    session: Session, rows: Iterable[Release], audience: Audience, as_of: datetime
) -> Visibility:
    releases: dict[tuple[str, str], list[Release]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.at, row.id)):
        releases[row.kind, row.subject].append(row)
    return Visibility(
        audience=audience, as_of=as_of, releases=dict(releases), deleted=deleted(session).keys()
    )


class _OfModel(Structure):
    model: str


Owned = TypeVar("Owned", bound=_OfModel)


def _by_model(session: Session, rows: SelectOfScalar[Owned]) -> ByKey[Owned]:
    return grouped(session.exec(rows), lambda row: row.model)
