"""A post as the site shows it: its text, its label's facts, and how it was made.

Nothing is read here: rows are taken as values. Of a draft that is not published, only its number
and its digest are taken.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from archive.times import from_text, long_date
from archive.workspace.people import Person, shown_name
from blog.posts.answers import Answer, Asking
from blog.posts.contexts import Source, TopicFrom, stated, words_of
from blog.posts.notes import OperatorNote, Side, shown_notes
from blog.posts.posts import Draft, History, Post, Publication, State
from blog.posts.presenting import decision_of
from blog.posts.prompts import SHORTLY
from blog.posts.reviews import Review
from blog.posts.reviews import Standing as Reviewed
from blog.posts.selection import Selection
from blog.posts.withdrawals import Withdrawal, changes
from blog.site import facts, views
from blog.site.views import ContextItem, Fact, Missing
from interviews.attempts import AttemptRecord

CHOSEN_BY_THE_MODEL = "the model: it was asked to write about anything that it liked"
CHOSEN_BY = {
    TopicFrom.OPERATOR: "the operator",
    TopicFrom.READER: "a reader",
    TopicFrom.SCHEDULE: "a schedule of the operator",
}
NOT_KEPT = "not kept: the reader who wrote the letter did not agree to that; its digest stands"
NOT_ASKED = "the model was not asked: an earlier version of the program wrote this down"
FORGOTTEN = "not kept: something of it was deleted under authority; its digest stands"
WITHDRAWN = "A text that was withdrawn"
NO_CLASS = "no class named"
CHOSEN_AFTER_READING = "the model, free to take up what it was shown or not"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPost:
    """A post that a build shows, with what was read of it."""

    history: History
    draft: Draft
    decided: Sequence[Review]  # one review, or two: the proposal and the one that did it
    publication: Publication
    attempts: Sequence[AttemptRecord]
    release: views.Release
    public_since: datetime | None  # None: an internal build shows it
    log_index: int | None  # of the entry of its publication
    drafts_up_to: tuple[int, int]  # how many drafts were made until then, for how many posts

    @property
    def published_at(self) -> datetime:
        """When the public could first read it; for an internal build, when it was published."""
        published = from_text(self.publication.at, at=self.publication.post)
        return max(published, self.public_since or published)

    @property
    def withdrawn(self) -> Withdrawal | None:
        """The act that took it back; None: it is not withdrawn."""
        return self.history.taken_back.withdrawn

    @property
    def updated_at(self) -> datetime:
        """When what is shown of it last changed."""
        acts = (from_text(row.at, at=row.id) for row in changes(self.history.withdrawals))
        notes = (from_text(row.at, at=row.id) for row in self.history.notes)
        return max([self.published_at, *acts, *notes])

    @property
    def title(self) -> str:
        """The title that the model gave, or in its place the day; of a withdrawn one: that it is."""
        written = from_text(self.draft.written_at, at=self.draft.id)
        return title_of(self.draft.title, written, withdrawn=self.withdrawn is not None)


def title_of(given: str | None, written: datetime, *, withdrawn: bool) -> str:
    """Return the title that the model gave, or in its place the day; or that it is withdrawn."""
    if withdrawn:
        return WITHDRAWN
    return given or f"Untitled, {long_date(written)}"


def item_of(title: str | None, written: datetime, slug: str, *, withdrawn: bool) -> ContextItem:
    """Return how another post names a post as something that the model was shown."""
    return ContextItem(title=title_of(title, written, withdrawn=withdrawn), path=f"posts/{slug}/")


def post_view(
    shown: PublishedPost,
    *,
    language: str,
    people: Mapping[str, Person],
    items: Mapping[tuple[str, str], ContextItem],
    corrections: Sequence[views.Correction] = (),
) -> views.Post:
    """Return the view of a post.

    Args:
        shown: The post.
        language: BCP 47; nobody recorded in which one the model wrote.
        people: The roster by id.
        items: What the build shows of interviews and posts, by kind and id.
        corrections: Of it, as far as the build shows them.
    """
    draft = shown.draft
    corrected = shown.history.post.corrects
    answers = [_answer(row) for row in shown.history.answers if row.draft == draft.id]
    view = views.Post(
        id=draft.post,
        slug=shown.publication.slug,
        model=shown.history.post.model,
        title=shown.title,
        source=draft.source,
        source_sha256=draft.source_digest,
        reading_sha256=draft.reading_digest,
        written_at=from_text(draft.written_at, at=draft.id),
        published_at=shown.published_at,
        updated_at=max(
            [shown.updated_at, *(said.at for said in answers), *(one.at for one in corrections)]
        ),
        language=language,
        direction="auto",
        provenance=_provenance(shown, people=people, items=items),
        release=shown.release,
        corrects=None if corrected is None else _item({"kind": "post", "id": corrected}, items),
        corrected_by=corrections,
        notes=[_note(row, people) for row in shown_notes(shown.history.notes)],
    )
    if shown.withdrawn is not None:  # nothing of what it says, nor of what it says of itself
        return replace(
            view, source=None, withdrawn=_withdrawal(shown.history, shown.withdrawn, people)
        )
    return replace(
        view,
        summary=draft.summary,
        tags=[tag["shown"] for tag in draft.tags or ()],
        answers=answers,
    )


def _note(row: OperatorNote, people: Mapping[str, Person]) -> views.Note:
    return views.Note(
        text=row.text,
        by=shown_name(people, row.by),
        on=from_text(row.at, at=row.id).date(),
        above=row.side == Side.ABOVE,
    )


def _withdrawal(
    history: History, withdrawn: Withdrawal, people: Mapping[str, Person]
) -> views.Withdrawal:
    """Return why a post was taken back, and by whom."""
    first = history.taken_back.first
    acts = [withdrawn] if first is None else [first, withdrawn]
    return views.Withdrawal(
        at=from_text(withdrawn.at, at=withdrawn.id),
        by=" and ".join(shown_name(people, row.by) for row in acts),
        reason="\n".join(dict.fromkeys(row.reason for row in acts)),
        reason_class=in_words(withdrawn.reason_class),
        due=history.taken_back.due,
    )


def draft_flow(histories: Sequence[History], *, public: Sequence[str]) -> views.DraftFlow:
    """Count what became of every draft that was ever asked for.

    Args:
        histories: Every post of a model.
        public: The ids of those that the public may read.
    """
    became = Counter(
        state
        for history in histories
        for state in _became(history, public=history.post.id in public)
    )
    withdrawn = [row.taken_back.withdrawn for row in histories if row.state is State.WITHDRAWN]
    return views.DraftFlow(
        posts=len(histories),
        failed=became["failed"],
        declined=became["declined"],
        unwilling=became["unwilling"],
        waiting=became["waiting"],
        passed_over=became["passed_over"],
        vetoed=became["vetoed"],
        unreleased=became["unreleased"],
        published=became["published"],
        withdrawn=became["withdrawn"],
        withdrawals=_counted(withdrawn),
        vetoes=_counted([row.standing for row in histories if row.state is State.VETOED]),
    )


def _became(history: History, *, public: bool) -> Iterator[str]:
    """Return what became of each draft of a post, as the fields of a flow are named."""
    taken, state = history.draft, history.state
    if state is State.DELETED or taken is None:
        yield "withdrawn" if state is State.DELETED else "failed"
        return
    undecided = state is State.DRAFT and history.post.selection == Selection.REVIEWER
    for draft in history.drafts:
        if draft.declined:
            yield "declined"
        elif history.refuses(draft):
            yield "unwilling"
        elif draft.id == taken.id or undecided:
            yield _OF_STATE.get(state, "published" if public else "unreleased")
        else:
            yield "passed_over"


_OF_STATE = {
    State.DRAFT: "waiting",
    State.VETO_PROPOSED: "waiting",
    State.APPROVAL_PROPOSED: "waiting",
    State.VETOED: "vetoed",
    State.WITHDRAWN: "withdrawn",
}


def _counted(decided: Sequence[Reviewed | Withdrawal | None]) -> list[tuple[str, int]]:
    """Count decisions by their class."""
    classes = (None if one is None else one.reason_class for one in decided)
    return sorted(Counter(map(in_words, classes)).items())


def in_words(reason_class: str | None) -> str:
    """Return a class in words: by its id, since its name in the criteria may change."""
    return NO_CLASS if reason_class is None else reason_class.replace("-", " ")


def _provenance(
    shown: PublishedPost,
    *,
    people: Mapping[str, Person],
    items: Mapping[tuple[str, str], ContextItem],
) -> views.Provenance:
    post = shown.history.post
    decision = decision_of(shown.decided, people)
    return views.Provenance(
        topic_from=_topic_from(post),
        selection=post.selection_rule,
        prompt=post.prompt,
        context=words_of(
            Source(post.context),
            {item["kind"] for item in post.items},
            corrects=post.corrects is not None,
        ),
        context_sha256=post.context_digest or Missing.NOT_APPLICABLE,
        context_items=[_item(item, items) for item in post.items],
        letter=None if post.letter is None else post.letter.decode(),
        sampling=[
            Fact(name=name.replace("_", " ").capitalize(), value=value)
            for name, value in sorted(post.sampling.items())
        ],
        drafts=[_draft(draft, shown) for draft in shown.history.drafts],
        taken=shown.draft.number,
        review=views.Review(
            decision=decision.verdict,
            by=decision.by,
            standing=decision.standing,
            on=decision.on,
            reason="\n".join(dict.fromkeys(row.reason for row in shown.decided)),
            criteria=shown.decided[-1].criteria,
        ),
        facts=_facts(shown),
    )


def _answer(answer: Answer) -> views.Answer:
    asking = Asking(answer.asking)
    return views.Answer(
        about=SHORTLY[asking],
        said=answer.said.decode(),
        meaning=answer.meaning,
        at=from_text(answer.at, at=answer.id),
        standing=asking is Asking.STANDING,
    )


def _topic_from(post: Post) -> str:
    chosen = CHOSEN_BY.get(TopicFrom(post.topic_from or TopicFrom.MODEL))
    if chosen is not None:
        return chosen
    return CHOSEN_AFTER_READING if post.items else CHOSEN_BY_THE_MODEL


def _item(item: Mapping[str, str], items: Mapping[tuple[str, str], ContextItem]) -> ContextItem:
    """Return how a thing that the model was shown is named: what is not public, by its kind."""
    if (name := stated(item)) is not None:
        return ContextItem(title=name)
    hidden = {"session": "an interview", "post": "a text"}[item["kind"]]
    return items.get(
        (item["kind"], item["id"]), ContextItem(title=f"{hidden} that is not published")
    )


def _draft(draft: Draft, shown: PublishedPost) -> views.Draft:
    outcome = "declined" if draft.declined else "not taken"
    if shown.history.refuses(draft):
        outcome = "not to be published, the model said"
    if draft.id == shown.draft.id:
        outcome = "published"
    return views.Draft(
        number=draft.number,
        made_at=from_text(draft.written_at, at=draft.id),
        outcome=outcome,
        sha256=draft.source_digest,
    )


def _facts(shown: PublishedPost) -> list[Fact]:
    post, draft = shown.history.post, shown.draft
    failed = sum(attempt.failure is not None for attempt in shown.attempts)
    cut = draft.stop_reason == "max_tokens"
    drafts, asked_for = shown.drafts_up_to
    posts = "one post" if asked_for == 1 else f"{asked_for} posts that it was asked for"
    gone = NOT_KEPT if post.letter_not_kept else FORGOTTEN if shown.history.forgotten else None
    index = Missing.NOT_RECORDED if shown.log_index is None else str(shown.log_index)
    return [
        *facts.engine(post.participant, post.engine),
        Fact(name="Its provider calls it", value=draft.provider_model or Missing.NOT_RECORDED),
        Fact(name="Requests made", value=f"{len(shown.attempts)}, of which {failed} failed"),
        Fact(
            name="Its end",
            value=f"cut off at {post.sampling['max_tokens']} tokens" if cut else "its own",
        ),
        Fact(name="Left out of what it was shown", value=post.left_out or "nothing"),
        Fact(name="Laid out as", value=post.form or Missing.NOT_RECORDED),
        *([Fact(name="What it was shown", value=gone)] if gone is not None else []),
        Fact(name="Drafts made up to then", value=f"{drafts}, for {posts}"),
        *([] if shown.history.answers else [Fact(name="May it be published", value=NOT_ASKED)]),
        facts.software(post.software),
        Fact(name="Log entry of its publication", value=index),
    ]
