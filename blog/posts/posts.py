"""Posts, drafts and publications as they are kept, and the state they make with their reviews.

No text is ever changed: a draft is a row of its own, a review is added to those before it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import JSON, Column, ColumnElement, true
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from archive.errors import InputError
from archive.identifiers import new_id
from archive.store.deletions import Deletion, deleted, deletion_of
from blog.posts.answers import Answer, Asking
from blog.posts.notes import OperatorNote
from blog.posts.replies import Meaning
from blog.posts.reviews import Review, Standing, Verdict, standing
from blog.posts.selection import Selection
from blog.posts.withdrawals import Standing as TakenBack
from blog.posts.withdrawals import Withdrawal
from blog.posts.withdrawals import standing as after_withdrawals

Row = TypeVar("Row")


class Post(SQLModel, table=True):
    """One occasion on which a model was asked to write; kept before it is asked."""

    id: str = Field(default_factory=new_id, primary_key=True)
    model: str = Field(foreign_key="model.slug", index=True)
    context: str  # a blog.posts.contexts.Source
    items: list[dict[str, str]] = Field(sa_column=Column(JSON, nullable=False))  # what it held
    left_out: str | None  # what did not fit, in words
    shown: str  # the context as the model saw it, whole, if it may be kept; internal
    context_digest: str | None  # sha256 of `shown`; None: nothing was shown
    prompt: str  # the asking, whole
    sampling: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    participant: str  # how the model was reached
    engine: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))  # what answered
    software: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))  # what asked
    selection_rule: str  # recorded before the first draft
    begun_at: str
    # of a post that an earlier version asked for these are not known
    selection: str | None = None  # a blog.posts.selection.Selection; None: first
    drafts_wished: int | None = None  # None: one
    form: str | None = None  # how the context was laid out: "interviews 1, date 1"
    corrects: str | None = None  # the id of the published post that it is a correction of
    topic_from: str | None = None  # a blog.posts.contexts.TopicFrom
    letter: bytes | None = None  # a reader's, if it may be printed; None too: there was none

    @property
    def letter_not_kept(self) -> bool:
        """Whether the model was shown a letter that may not be kept: its digest is."""
        return any(item["kind"] == "letter" and item["kept"] == "no" for item in self.items)


class Draft(SQLModel, table=True):
    """One answer of the model to a post's asking."""

    __table_args__ = (UniqueConstraint("post", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    post: str = Field(foreign_key="post.id", index=True)
    number: int  # from 1
    source: bytes  # the model's own text, UTF-8
    source_digest: str  # sha256 of `source`
    reading_digest: str  # sha256 of its reading text
    title: str | None  # the text's own, or the one given for it when asked; None: neither
    declined: bool  # it said that it would rather not write
    stop_reason: str | None
    provider_model: str | None
    attempt: str = Field(foreign_key="attempt.id")
    written_at: str
    summary: str | None = None  # as the model gave it, when it was asked afterwards
    tags: list[dict[str, str]] | None = Field(  # likewise: slug and shown of each
        default=None, sa_column=Column(JSON(none_as_null=True))
    )


class Publication(SQLModel, table=True):
    """The draft that a post is published with, by its digest."""

    post: str = Field(foreign_key="post.id", primary_key=True)
    draft: str = Field(foreign_key="draft.id", unique=True)
    slug: str = Field(unique=True)  # its address on the site, for ever
    source_digest: str
    by: str | None  # a person's id; None: nobody was named
    at: str


class State(StrEnum):
    """How far a post is; whether somebody writes it now, its lock tells."""

    INTERRUPTED = "interrupted"  # begun, and no answer came
    DECLINED = "declined"  # the model would rather not write
    UNWILLING = "declined publication"  # it wrote, and said no when asked if it may be published
    DRAFT = "draft"  # waits for a review
    VETO_PROPOSED = "veto proposed"  # by one person; it needs a second
    VETOED = "vetoed"
    APPROVAL_PROPOSED = "approval proposed"
    APPROVED = "approved"  # and not published
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"  # its page says so in the text's place
    DELETED = "deleted"  # under authority


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A post with all that became of it."""

    post: Post
    drafts: Sequence[Draft]  # by number
    reviews: Sequence[Review]  # of each draft oldest first
    publication: Publication | None
    answers: Sequence[Answer] = ()  # of the model about its drafts, oldest first
    withdrawals: Sequence[Withdrawal] = ()  # oldest first
    notes: Sequence[OperatorNote] = ()  # oldest first
    deletion: Deletion | None = None
    forgotten: Sequence[Mapping[str, str]] = ()  # of its items: those that were deleted since

    @property
    def written(self) -> Sequence[Draft]:
        """The drafts that one is taken of: those that the model did not decline to write."""
        return [draft for draft in self.drafts if not draft.declined]

    @property
    def draft(self) -> Draft | None:
        """The draft that is taken, as the selection rule says, or would be as things stand."""
        if not self.written:
            return self.drafts[0] if self.drafts else None
        taken = None
        if self.post.selection == Selection.MODEL and self.choice is not None:
            taken = self.choice.draft
        elif self.post.selection == Selection.REVIEWER:
            reviewed = max(self.reviews, key=lambda row: (row.at, row.id), default=None)
            wanted = (draft for draft in self.written if not self.refuses(draft))
            first = next(wanted, self.written[0])
            taken = first.id if reviewed is None else reviewed.draft
        return next((draft for draft in self.written if draft.id == taken), self.written[0])

    @property
    def choice(self) -> Answer | None:
        """What the model said when it was asked to choose one of its drafts."""
        return next((row for row in self.answers if row.asking == Asking.CHOICE), None)

    @property
    def is_open(self) -> bool:
        """Whether the model is still to choose one of its drafts."""
        by_model = self.post.selection == Selection.MODEL
        return by_model and self.choice is None and len(self.written) > 1

    @property
    def standing(self) -> Standing:
        """What the reviews of the draft that is taken decided, or propose."""
        return Standing() if self.draft is None else self.standing_of(self.draft)

    def standing_of(self, draft: Draft) -> Standing:
        """What the reviews of one draft decided, or propose."""
        return standing([row for row in self.reviews if row.draft == draft.id])

    @property
    def taken_back(self) -> TakenBack:
        """Whether it is withdrawn, and what waits for a second person."""
        return after_withdrawals(self.withdrawals)

    def answer(self, draft: Draft, asking: Asking) -> Answer | None:
        """What the model said of a draft when it was last asked something; None: it was not."""
        said = [row for row in self.answers if (row.draft, row.asking) == (draft.id, asking)]
        return said[-1] if said else None

    @property
    def refusal(self) -> Answer | None:
        """The no to being published, of the draft that is taken; None: it said none."""
        refused = self.draft is not None and self.refuses(self.draft)
        return self.answer(self.draft, Asking.PUBLICATION) if self.draft and refused else None

    def refuses(self, draft: Draft) -> bool:
        """Whether the model said no when it was asked if a draft may be published."""
        answer = self.answer(draft, Asking.PUBLICATION)
        return answer is not None and answer.meaning == Meaning.NO

    @property
    def state(self) -> State:
        """How far the post is."""
        if self.deletion is not None:
            return State.DELETED
        if self.publication is not None:
            return State.PUBLISHED if self.taken_back.withdrawn is None else State.WITHDRAWN
        return self._before_publication

    @property
    def _before_publication(self) -> State:
        if self.draft is None:
            return State.INTERRUPTED
        if self.draft.declined:
            return State.DECLINED
        if self.refusal is not None:
            return State.UNWILLING
        return self._reviewed

    @property
    def _reviewed(self) -> State:
        found = self.standing
        if found.proposed is not None:
            vetoes = found.proposed.verdict == Verdict.VETOED
            return State.VETO_PROPOSED if vetoes else State.APPROVAL_PROPOSED
        if found.verdict is None:
            return State.DRAFT
        return State.APPROVED if found.verdict == Verdict.APPROVED else State.VETOED


def load_history(session: Session, post: str) -> History:
    """Return one post with all that became of it.

    Raises:
        InputError: There is no such post.
    """
    for history in _histories(session, col(Post.id) == post):
        return history
    gone = deletion_of(session, "post", post)  # of a database that was rebuilt
    raise InputError(
        "no such post" if gone is None else f"was {gone.words}",
        at=post,
        mend="`emeritus post list` shows the ids of all posts.",
    )


def histories_of(session: Session, model: str | None = None) -> list[History]:
    """Return every post, or those of one model, oldest first."""
    return _histories(session, true() if model is None else col(Post.model) == model)


def histories_in(session: Session, posts: Sequence[str]) -> list[History]:
    """Return the posts with these ids, oldest first."""
    return _histories(session, col(Post.id).in_(posts))


def _histories(session: Session, wanted: ColumnElement[bool]) -> list[History]:
    """Return the posts that are `wanted`, in eight queries however many they are."""
    posts = select(Post).where(wanted).order_by(col(Post.begun_at), col(Post.id))
    drafts = select(Draft).join(Post).where(wanted).order_by(col(Draft.number))
    reviews = select(Review).join(Draft).join(Post).where(wanted)
    publications = select(Publication).join(Post).where(wanted)
    drafts_of = grouped(session.exec(drafts), lambda draft: draft.post)
    reviews_of = grouped(
        session.exec(reviews.order_by(col(Review.at), col(Review.id))), lambda review: review.draft
    )
    taken_back = select(Withdrawal).join(Post).where(wanted)
    withdrawals_of = grouped(
        session.exec(taken_back.order_by(col(Withdrawal.at), col(Withdrawal.id))),
        lambda row: row.post,
    )
    noted = select(OperatorNote).join(Post).where(wanted)
    notes_of = grouped(
        session.exec(noted.order_by(col(OperatorNote.at), col(OperatorNote.id))),
        lambda row: row.post,
    )
    publication_of = {publication.post: publication for publication in session.exec(publications)}
    answers = select(Answer).join(Post).where(wanted).order_by(col(Answer.at), col(Answer.id))
    answers_of = grouped(session.exec(answers), lambda answer: answer.post)
    gone = deleted(session)
    return [
        History(
            post=post,
            drafts=drafts_of[post.id],
            reviews=[row for draft in drafts_of[post.id] for row in reviews_of[draft.id]],
            publication=publication_of.get(post.id),
            answers=answers_of[post.id],
            withdrawals=withdrawals_of[post.id],
            notes=notes_of[post.id],
            deletion=gone.get(("post", post.id)),
            forgotten=[item for item in post.items if (item["kind"], item.get("id")) in gone],
        )
        for post in session.exec(posts)
    ]


def grouped(rows: Iterable[Row], key: Callable[[Row], str]) -> Mapping[str, list[Row]]:
    """Return the rows under their keys, each list in the order in which they came; none is empty."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups
