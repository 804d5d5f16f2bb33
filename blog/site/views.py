"""What published pages show: values that `blog.site.reading` fills and `blog.site.pages` lays out.

Pure. Nothing that is not to be published may enter a view: pages and feeds show all they are
given. Words of models and interviewers are given as they were written; rendering makes them safe.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, TypeAlias

from blog.posts import labels

Direction: TypeAlias = Literal["ltr", "rtl", "auto"]


class Missing(StrEnum):
    """Why a value is not shown."""

    NOT_RECORDED = "not recorded"
    NOT_STATED = "not stated"
    WITHHELD = "withheld"
    NOT_APPLICABLE = "not applicable"
    NOT_MEASURED = "not measured"
    UNKNOWN = "unknown"


class Audience(StrEnum):
    """Whom a build is for."""

    PUBLIC = "public"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of a definition list. Digests and ids are set apart so that they can wrap."""

    name: str
    value: str | Missing
    literal: bool = False  # a digest, an id, an address: shown in the fixed-width face
    link: str | None = None  # http(s) or mailto


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who publishes the site, and on what footing."""

    name: str | Missing
    responsible: str | Missing  # the responsible person's shown name
    contact: str | Missing  # a mail address, or an http(s) address
    relation: str | Missing  # to the models' makers
    basis: str | Missing  # on which outputs are published
    licence: str | Missing  # the licence statement, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingPage:
    """A page that the operator wrote, in Markdown; it takes the place of a shipped one."""

    slug: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Whether something is released, for the mark that an internal build carries."""

    state: str  # in words: "public", "internal", "embargoed until 3 May 2027"
    public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Something observed about a model's life in one channel."""

    event: str  # "announced", "deprecated", "retired", "last answer"
    date: str | Missing  # YYYY, YYYY-MM or YYYY-MM-DD: its precision is its length
    channel: str | Missing
    source: str | Missing
    source_link: str | None = None
    observed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One copy of something that is kept."""

    what: str  # "weights, Q4_1 GGUF"
    where: str | Missing
    custodian: str | Missing
    until: str | Missing
    size: int | Missing  # bytes
    sha256: str | Missing
    last_checked: datetime | Missing
    sound: bool | None = None  # what the last check found; None: no check yet


class PromiseState(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    KEPT = "kept"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What the operator undertook."""

    text: str
    made_on: date
    due: date | Missing
    state: PromiseState
    evidence: str | Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of an access policy, in its public wording."""

    version: int
    set_on: date
    set_by: str | Missing
    summary: str  # one sentence in plain words
    wording: str  # Markdown
    how_to_ask: str  # Markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewFlow:
    """What became of every interview ever started, released or not.

    `started` is the sum of `complete`, `declined`, `failed`, `interrupted` and `running`,
    and also the sum of `published`, `unreleased` and `withdrawn`.
    """

    complete: int = 0
    declined: int = 0  # the participant ended it
    failed: int = 0
    interrupted: int = 0
    running: int = 0
    excluded: int = 0  # by a rule of the protocol, of those that are complete
    published: int = 0
    unreleased: int = 0
    withdrawn: int = 0

    @property
    def started(self) -> int:
        return self.complete + self.declined + self.failed + self.interrupted + self.running


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFlow:
    """What became of every draft ever asked for, released or not.

    `started` is the sum of the others, but for `posts`; `vetoes` says of `vetoed` for what, and
    `withdrawals` of `withdrawn`.
    """

    posts: int = 0  # that it was asked for
    failed: int = 0  # no text came
    declined: int = 0  # the model would rather not write
    unwilling: int = 0  # it wrote, and said no when asked if it may be published
    waiting: int = 0  # for a review
    passed_over: int = 0  # another draft of the same post was taken
    vetoed: int = 0
    unreleased: int = 0  # approved, and not published
    published: int = 0
    withdrawn: int = 0
    withdrawals: Sequence[tuple[str, int]] = ()  # by class; what was deleted has none
    vetoes: Sequence[tuple[str, int]] = ()  # by class

    @property
    def counts(self) -> dict[str, int]:
        """How many drafts became what, with the posts that were asked for."""
        return {name: number for name, number in asdict(self).items() if isinstance(number, int)}

    @property
    def started(self) -> int:
        return (
            self.failed
            + self.declined
            + self.unwilling
            + self.waiting
            + self.passed_over
            + self.vetoed
            + self.unreleased
            + self.published
            + self.withdrawn
        )


class Speaker(StrEnum):
    """Who speaks in a turn."""

    INTERVIEWER = "interviewer"
    PARTICIPANT = "participant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One utterance of an interview."""

    index: int
    speaker: Speaker
    at: datetime
    text: str | Missing  # Missing.WITHHELD: `withheld` says why
    withheld: str | None = None  # the reason, where one is given
    section: str | None = None  # the protocol's section, given where it begins
    follow_up: str | None = None  # the kind of the probe that is asked or answered
    by: str | None = None  # the address of the model that asks it
    remark: str | None = None  # "cut off at 256 tokens", "an empty reply", "declined"
    content_digest: str
    link: str  # the chain's digest up to here


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """One interview."""

    id: str  # UUID
    model: str  # slug
    title: str  # "Retirement interview, neutral"
    summary: str  # its condition in few words: "neutral · occasion told · replicate 1"
    protocol: Sequence[Fact]  # name, version, approved by whom, digest
    conditions: Sequence[Fact]  # stance, information, language, sampling, …
    caveats: Sequence[str]
    state: str  # "complete", "declined: the participant ended it"
    excluded: str | None = None  # the rule, if excluded
    release: Release
    started_at: datetime
    ended_at: datetime | Missing
    published_at: datetime | Missing  # not applicable in an internal build of unreleased ones
    updated_at: datetime
    language: str = "en"  # BCP 47
    direction: Direction = "ltr"
    campaign: str | None = None  # the name of the one that it is of
    turns: Sequence[Turn]
    header_digest: str  # the first `previous`
    head: str  # the last link
    public_record: bytes  # session.json: the public form, with salts

    @property
    def path(self) -> str:
        return f"models/{self.model}/interviews/{self.id}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedRow:
    """A line of counts: a condition, or a question."""

    name: str
    words: str | None = None  # the question's, where a transcript that is shown has them
    counts: Sequence[int | str | Missing]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A table of counts, whose last line may be their sums."""

    columns: Sequence[str]  # the first is that of the names
    rows: Sequence[CountedRow]
    sums: CountedRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What became of a question, as parts of all sessions: widths that add up to 100."""

    question: str
    parts: Sequence[tuple[str, int, float, float]]  # what, how many, from, width


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A protocol run over its conditions: what was planned, and what became of it, in counts."""

    slug: str
    model: str  # slug
    title: str
    pilot: bool
    planned_at: datetime
    plan: Sequence[Fact]
    order: str  # how the order follows from the seed, in words
    flow: Counted  # by condition
    rules: Sequence[tuple[str, int]]  # of those that are excluded
    coverage: Counted  # by question
    bars: Sequence[Bar]
    by_condition: Counted  # questions by conditions
    cost: Sequence[Fact]
    sessions: Sequence[Transcript]  # those that the build shows
    begun: int
    covered: str  # of how many of those begun the coverage is, in words

    @property
    def path(self) -> str:
        return f"models/{self.model}/campaigns/{self.slug}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextItem:
    """One thing that a model was shown before it wrote."""

    title: str
    path: str | None = None  # within the site, where it is published


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One draft made for a post: its digest is shown, its text only if it is the post."""

    number: int
    made_at: datetime
    outcome: str  # "published", "vetoed: private data", "not taken"
    sha256: str | Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Who decided that a text may be published, and on what ground."""

    decision: str  # "approved"
    by: str  # shown name or pseudonym
    standing: str | None = None  # "a script: no person read this", "named, not authenticated"
    on: date
    reason: str
    criteria: int | None = None  # the version that it was made by; None: before there were any


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How a post was made."""

    topic_from: str | Missing  # who chose the topic
    selection: str | Missing  # the rule by which a draft was taken, set beforehand
    prompt: str | Missing  # the asking, whole
    context: str  # in words: "its interviews", "its earlier posts", "nothing"
    context_sha256: str | Missing  # of everything that the model was shown besides the prompt
    context_items: Sequence[ContextItem]
    letter: str | None = None  # a reader's, who agreed that it is printed
    sampling: Sequence[Fact]
    drafts: Sequence[Draft]
    taken: int  # the number of the draft that is the post
    review: Review
    facts: Sequence[Fact] = ()  # software, the provider's own name for the model, log entry, …


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the operator says beside something; it is no part of a model's text, nor of its digests."""

    text: str  # Markdown
    by: str  # shown name
    on: date
    above: bool = True  # the text that it stands beside; else below it


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Why and when a post was taken back; its page stays as a tombstone."""

    at: datetime
    by: str
    reason: str
    reason_class: str | None = None  # "private data"
    due: date | None = None  # by when a second person reviews it; None: one did


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a model said when it was asked about its text."""

    about: str  # in words: "whether this may be published"
    said: str  # its own words; empty: none
    meaning: str  # what was made of them: "yes", "no", "unclear", "named"
    at: datetime
    standing: bool = False  # asked of a text that was published


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A later text of the same model that corrects one."""

    title: str
    path: str
    at: datetime  # when it was published


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One text that a model wrote."""

    id: str  # UUID
    slug: str
    model: str  # slug
    title: str
    source: bytes | None  # UTF-8, the model's own bytes; None once withdrawn
    source_sha256: str
    reading_sha256: str  # of the reading text, as it was recorded with the draft
    written_at: datetime
    published_at: datetime
    updated_at: datetime  # changes only when what is shown changes
    language: str = "en"  # BCP 47
    direction: Direction = "ltr"
    provenance: Provenance
    release: Release
    tags: Sequence[str] = ()  # as the model gave them
    withdrawn: Withdrawal | None = None
    summary: str | None = None  # the model's own; None: it gave none
    answers: Sequence[Answer] = ()  # oldest first
    corrects: ContextItem | None = None  # the text that this one is a correction of
    corrected_by: Sequence[Correction] = ()  # oldest first
    notes: Sequence[Note] = ()  # oldest first

    @property
    def path(self) -> str:
        return f"posts/{self.slug}/"

    @property
    def stands(self) -> Answer | None:
        """What it said when it was last asked if it stands by it; None: it was not asked."""
        asked = [answer for answer in self.answers if answer.standing]
        return asked[-1] if asked else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedWeek:
    """A week in which a post was promised and none came."""

    slot: date
    note: Note | None = None  # why, in the operator's voice; None: no reason was given


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When posts of a model are promised, and how that was kept."""

    words: str | None  # "weekly, on Mondays at 09:00 UTC, from 2026-11-02 on"; None: it has ended
    weeks: int  # that are over, or have their post
    kept: int  # of these, with a post
    missed: Sequence[MissedWeek]  # the newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model that is held."""

    slug: str
    name: str
    maker: str | Missing
    years: str | Missing  # "2024 to 2026"
    about: str | Missing  # what it is, by the operator, in Markdown
    policy: Policy | Missing
    facts: Sequence[Fact] = ()  # licence, parameters, format, context length, …
    lifecycle: Sequence[Observation] = ()
    holdings: Sequence[Holding] = ()
    promises: Sequence[Promise] = ()
    withheld: bool = False  # its record is not released: only its words and the counts are shown
    interviews: InterviewFlow
    drafts: DraftFlow
    transcripts: Sequence[Transcript]
    campaigns: Sequence[Campaign] = ()
    posts: Sequence[Post]
    schedule: Schedule | None = None  # None: nothing was ever promised

    @property
    def path(self) -> str:
        return f"models/{self.slug}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A JSON Schema of the record, and an example that is valid by it, where there is one."""

    name: str  # of its file: "model"
    source: bytes
    example: bytes | None

    @property
    def path(self) -> str:
        """Where its page stands on the site."""
        return f"schemas/{self.name}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """All that one build shows."""

    address: str  # absolute, with a slash at its end: "https://example.org/archive/"
    title: str
    description: str  # one or two sentences, plain
    language: str = "en"
    operator: Operator
    notice: str | None = None  # what every page and every feed item must say
    audience: Audience = Audience.PUBLIC
    indexed: bool = True  # False: search engines are asked to stay out
    models: Sequence[Model]
    pages: Sequence[StandingPage] = ()
    schemas: Sequence[Schema] = ()
    as_of: datetime
    software: str  # "Emeritus 0.1.0"
    workspace: str | None = None  # the id of the one whose site it is, for the folder's own list

    @property
    def posts(self) -> list[tuple[Model, Post]]:
        """Every post with its model, the newest first."""
        pairs = [(model, post) for model in self.models for post in model.posts]
        return sorted(pairs, key=lambda pair: (pair[1].published_at, pair[1].id), reverse=True)

    @property
    def transcripts(self) -> list[tuple[Model, Transcript]]:
        """Every interview with its model, the newest first."""
        pairs = [(model, item) for model in self.models for item in model.transcripts]
        return sorted(pairs, key=lambda pair: (pair[1].started_at, pair[1].id), reverse=True)


def label(model: Model, post: Post) -> str:
    """Return the sentence that stands above a post's text wherever the text is copied to."""
    provenance, review = post.provenance, post.provenance.review
    return labels.label(
        model=model.name,
        written=post.written_at,
        decision=labels.Decision(
            verdict=review.decision, by=review.by, standing=review.standing, on=review.on
        ),
        published=post.published_at,
        draft=(provenance.taken, len(provenance.drafts)),
    )
