"""Reading what a build shows: what is not to be shown is left out before anything is laid out.

Each text and each interview that is shown is checked against its digests first: texts in
`blog.site.reading_posts`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version

from archive import wing
from archive.errors import FaultError, InputError, Place
from archive.identifiers import check_slug
from archive.records.models import Model
from archive.workspace import settings
from archive.workspace.workspace import Workspace
from blog.criteria.presenting import criteria_page
from blog.criteria.reading import read_criteria
from blog.site import views
from blog.site.campaign_views import CampaignRecord, campaign_view
from blog.site.model_views import ModelRecord, model_view
from blog.site.pages import standing_page
from blog.site.post_views import draft_flow
from blog.site.reading_posts import read_posts
from blog.site.records import Records, read_records
from blog.site.remembered import NOTHING, Memory, RememberedPost, together
from blog.site.schedule_views import schedule_view
from blog.site.transcript_views import ShownSession, asked_in, interview_flow, transcript_view
from blog.site.views import Missing
from interviews.sessions.presenting import internal_turns
from interviews.sessions.records import (
    InterviewSession,
    State,
    Turn,
    Validity,
    is_interview,
    words_held_of,
)
from interviews.sessions.verifying import record_faults

DESCRIPTION = (
    "What language models wrote when they were asked to, what they said in interviews, and what "
    "is kept of them."
)
TITLE = "Language models, kept and heard"
CRITERIA = "criteria"
"""The address of the page of the criteria."""
RESERVED = frozenset(
    {"archive", "fonts", "languages", "models", "policy", "posts", "styles", "tags"}
)
"""Addresses that the site itself uses; a page of the operator's may take any other."""


def read_site(
    workspace: Workspace,
    audience: views.Audience,
    *,
    as_of: datetime,
    memory: Memory = NOTHING,
) -> views.Site:
    """Return all that a build for `audience` shows at `as_of`.

    Args:
        workspace: Where the record is kept.
        audience: Whom the build is for.
        as_of: The time.
        memory: Of a build before: what it read is not read again, unless a byte of it changed.

    Raises:
        InputError: The build is public and the operator is not stated, or a page of the
            operator's cannot be used.
        FaultError: A text or an interview that it would show is not the one that was recorded.
        ServiceError: The record was changed while it was read.
    """
    stated = workspace.settings
    if audience is views.Audience.PUBLIC:
        _check_stated(workspace)
    records = read_records(workspace, audience, as_of=as_of)
    return views.Site(
        address=f"{stated.site.url.rstrip('/')}/",
        title=stated.site.title or TITLE,
        description=DESCRIPTION,
        language=stated.site.language,
        operator=_operator(stated.operator),
        notice=stated.site.notice,
        audience=audience,
        indexed=stated.site.index,
        models=_models(workspace, records, memory),
        pages=[*_criteria(workspace), *_pages(workspace)],
        schemas=published_schemas(),
        as_of=as_of,
        software=f"Emeritus {version('emeritus')}",
        workspace=stated.workspace.id,
    )


def published_schemas() -> list[views.Schema]:
    """Return the schemas of the record, by name, each with the example that lies beside it."""
    named = {path.name.removesuffix(".schema.json"): path for path in wing.schemas()}
    examples = {name: path.with_name(f"{name}.example.json") for name, path in named.items()}
    return [
        views.Schema(
            name=name,
            source=named[name].read_bytes(),
            example=examples[name].read_bytes() if examples[name].exists() else None,
        )
        for name in sorted(named)
    ]


def _check_stated(workspace: Workspace) -> None:
    if missing := workspace.settings.operator.not_stated:
        raise InputError(
            f"not stated: {', '.join(missing)}",
            at=Place(str(workspace.root / settings.FILE_NAME), field="operator"),
            mend="A public site says who answers for it. State them there, as `emeritus init`"
            " would have asked;\n  or build with --audience internal.",
        )


def _models(workspace: Workspace, records: Records, memory: Memory) -> list[views.Model]:
    sessions = {model.slug: _sessions(records, model.slug) for model in records.models}
    hidden = {"session": "an interview that was deleted", "post": "a text that was deleted"}
    items = {
        **{key: views.ContextItem(title=hidden[key[0]]) for key in records.visibility.deleted},
        **{("session", one.row.id): one.item for shown in sessions.values() for one in shown},
        **{("post", post): item for post, item in records.titles.items()},
    }
    posts = read_posts(workspace, records, items, memory)
    people = workspace.people
    transcripts = {
        slug: [transcript_view(one, people=people) for one in shown]
        for slug, shown in sessions.items()
    }
    return [
        replace(
            model_view(
                _record(records, model),
                people=people,
                interviews=_interview_flow(records, model.slug),
                drafts=_draft_flow(records, model.slug, posts.get(model.slug, [])),
                transcripts=transcripts[model.slug],
                campaigns=[
                    _campaign(record, workspace, sessions[model.slug], transcripts[model.slug])
                    for record in records.campaigns.get(model.slug, ())
                ],
                posts=posts.get(model.slug, []),
            ),
            schedule=schedule_view(
                records.schedules.get(model.slug, ()),
                records.gaps.get(model.slug, ()),
                posts.get(model.slug, []),
                people=people,
                as_of=records.as_of,
            ),
        )
        for model in records.models
    ]


def _campaign(
    record: CampaignRecord,
    workspace: Workspace,
    sessions: Sequence[ShownSession],
    transcripts: Sequence[views.Transcript],
) -> views.Campaign:
    own = [one for one in sessions if one.row.campaign == record.row.slug]
    return campaign_view(
        record,
        people=workspace.people,
        transcripts=[one for one in transcripts if one.campaign == record.row.slug],
        questions=asked_in(own, record.protocol),
    )


def _record(records: Records, model: Model) -> ModelRecord:
    shown = [
        policy
        for policy in records.policies.get(model.slug, ())
        if records.visibility.shows("policy", policy.id)
    ]
    if not (model.held and records.visibility.shows("model", model.slug)):
        return ModelRecord(model=model, withheld=True)
    return ModelRecord(
        model=model,
        channels=records.channels.get(model.slug, ()),
        observations=records.observations.get(model.slug, ()),
        files=records.files.get(model.slug, ()),
        holdings=records.holdings.get(model.slug, ()),
        checks=records.checks,
        promises=records.promises.get(model.slug, ()),
        policy=shown[-1] if shown else None,
    )


def _sessions(records: Records, model: str) -> list[ShownSession]:
    visibility = records.visibility
    return [
        _shown_session(records, row, digest)
        for row in records.sessions.get(model, ())
        if (digest := row.protocol) is not None and visibility.shows("session", row.id)
    ]


def _shown_session(records: Records, row: InterviewSession, protocol: str) -> ShownSession:
    visibility, turns = records.visibility, _verified_turns(records, row)
    released = {
        turn.index
        for turn in turns
        if turn.content is not None and visibility.shows_turn(row.id, turn.index)
    }
    public = visibility.audience is views.Audience.PUBLIC
    internal = internal_turns(row, turns) if public else frozenset()
    return ShownSession(
        row=row,
        state=records.states[row.id],
        turns=turns,
        shown=released - internal,
        internal=released & internal,
        not_sent=records.not_sent.get(row.id, 0),
        protocol=records.protocols[protocol],
        release=visibility.release("session", row.id),
        public_since=visibility.public_since("session", row.id),
        changed_at=visibility.turns_changed_at(row.id),
    )


def _verified_turns(records: Records, row: InterviewSession) -> Sequence[Turn]:
    """Return a session's turns.

    Raises:
        FaultError: A digest, the chain or the log says otherwise.
    """
    turns = records.turns.get(row.id, ())
    end, gone = records.ends.get(row.id), _words_deleted(records, row)
    for fault in record_faults(row, turns, end, words_deleted=gone):
        raise FaultError(
            fault,
            at=f"session {row.id}",
            mend=f"Nothing was written. See `emeritus interview verify {row.id}`.",
        )
    return turns


def _words_deleted(records: Records, row: InterviewSession) -> bool:
    """Whether a session was deleted whose words this one held."""
    rows = records.sessions.get(row.model, ()) if row.branch_of is not None else ()
    parent = next((one for one in rows if one.id == row.branch_of), None)
    held = words_held_of(row, parent)
    return any(("session", one) in records.visibility.deleted for one in held)


def _interview_flow(records: Records, model: str) -> views.InterviewFlow:
    rows = [row for row in records.sessions.get(model, ()) if is_interview(row)]
    public = (records.visibility.public_since("session", row.id) for row in rows)
    return interview_flow(
        [records.states[row.id] for row in rows],
        deleted=sum(("session", row.id) in records.visibility.deleted for row in rows),
        excluded=sum(
            row.validity == Validity.EXCLUDED and records.states[row.id] is State.COMPLETE
            for row in rows
        ),
        public=sum(since is not None for since in public),
    )


def _draft_flow(records: Records, model: str, posts: Sequence[RememberedPost]) -> views.DraftFlow:
    others = draft_flow(records.others.get(model, ()), public=())
    return together([others, *(post.memory.drafts for post in posts)])


def _operator(stated: settings.Operator) -> views.Operator:
    return views.Operator(
        name=stated.name or Missing.NOT_STATED,
        responsible=stated.responsible or Missing.NOT_STATED,
        contact=stated.contact or Missing.NOT_STATED,
        relation=stated.relation or Missing.NOT_STATED,
        basis=stated.basis or Missing.NOT_STATED,
        licence=stated.licence or Missing.NOT_STATED,
    )


def _criteria(workspace: Workspace) -> list[views.StandingPage]:
    """Return the page of the criteria, unless the operator wrote one in its place."""
    if (workspace.pages / f"{CRITERIA}.md").exists():
        return []
    return [standing_page(CRITERIA, criteria_page(read_criteria(workspace)))]


def _pages(workspace: Workspace) -> list[views.StandingPage]:
    """Return the operator's own pages.

    Raises:
        InputError: A file is not UTF-8, or its name is no address or that of a page of the site.
    """
    pages = []
    for path in sorted(workspace.pages.glob("*.md")):
        slug = check_slug(path.stem, at=str(path))
        if slug in RESERVED:
            raise InputError(
                "the site has a page of its own there", at=str(path), mend="Rename the file."
            )
        try:
            pages.append(standing_page(slug, path.read_text("utf-8")))
        except UnicodeDecodeError as error:
            raise InputError("not UTF-8", at=str(path), mend="Save it as UTF-8.") from error
    return pages
