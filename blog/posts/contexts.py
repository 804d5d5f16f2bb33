"""Contexts: what a model is shown before it is asked to write, and what of it fits.

Pure. `blog.posts.gathering` reads the record, `blog.posts.readings` what the operator gives, and
`blog.posts.prompts` lays it out. What does not fit is left out from the oldest part on, never in
the middle of one, and the context says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from archive.times import long_date

ASSUMED_WINDOW = 8192  # tokens, of a model whose context window is not recorded
BYTES_PER_TOKEN = 2  # fewer than any tokenizer needs on prose: what is counted as fitting fits
ASKING = 500  # tokens kept free for the asking itself

FORMS: Mapping[str, int] = {
    "interviews": 1,
    "posts": 1,
    "file": 1,
    "reading": 1,
    "letter": 1,
    "news": 1,
    "date": 1,
    "corrected": 1,
}
"""The version of the words in which each thing is put before a model. The words of a version never
change: others get the next number, and a template of their own."""


class Source(StrEnum):
    """Where a context comes from."""

    NONE = "none"
    INTERVIEWS = "interviews"
    POSTS = "posts"
    FILE = "file"  # of which no source is stated
    READING = "reading"
    LETTER = "letter"

    @property
    def words(self) -> str:
        """What the model was shown, in words for a page."""
        return {
            Source.NONE: "nothing",
            Source.INTERVIEWS: "its interviews",
            Source.POSTS: "its earlier posts",
            Source.FILE: "a text that the operator chose",
            Source.READING: "a text by others that the operator chose",
            Source.LETTER: "a letter from a reader",
        }[self]


class TopicFrom(StrEnum):
    """Who chose what a post is about."""

    MODEL = "model"
    OPERATOR = "operator"
    READER = "reader"
    SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One question of an interview and the model's answer."""

    session: str  # its id
    question: str
    answer: str

    @property
    def item(self) -> Mapping[str, str]:
        """What it is taken from, as a post records it."""
        return {"kind": "session", "id": self.session}

    @property
    def size(self) -> int:
        """Its length in bytes of UTF-8."""
        return len(self.question.encode()) + len(self.answer.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One whole text: an earlier post, or what the operator gives."""

    item: Mapping[str, str]  # a post's id; or a file's sha256 and what is stated of it
    text: str
    kept: bool = True  # False: only as long as the model is asked
    printed: bool = False  # its words may stand on a page

    @property
    def size(self) -> int:
        """Its length in bytes of UTF-8."""
        return len(self.text.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A published post that the model is to correct."""

    id: str
    text: str
    published: date

    @property
    def item(self) -> Mapping[str, str]:
        """What it is taken from, as a post records it."""
        return {"kind": "post", "id": self.id}

    @property
    def size(self) -> int:
        """Its length in bytes of UTF-8."""
        return len(self.text.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the operator wishes a model to be shown."""

    source: Source = Source.NONE
    text: Text | None = None  # of Source.FILE, READING and LETTER
    news: Text | None = None
    day: date | None = None  # the date that it is told
    corrects: str | None = None  # the id of a post of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a model is shown: the parts that fit, oldest first, then news, date, its own post."""

    source: Source
    parts: Sequence[Exchange | Text] = ()
    left_out: int = 0  # older parts that did not fit
    news: Text | None = None
    day: date | None = None  # the date that it is told
    corrected: Corrected | None = None

    @property
    def blocks(self) -> list[str]:
        """The names of the things that are shown, in their order; each is a key of `FORMS`."""
        told = {"news": self.news, "date": self.day, "corrected": self.corrected}
        source = [] if self.source is Source.NONE else [self.source.value]
        return source + [name for name, thing in told.items() if thing is not None]

    @property
    def form(self) -> str:
        """How it is laid out, by name and version: "interviews 1, date 1"."""
        return ", ".join(f"{name} {FORMS[name]}" for name in self.blocks) or "none 1"

    @property
    def items(self) -> list[dict[str, str]]:
        """What it is taken from, each thing named once."""
        told: list[Mapping[str, str]] = [] if self.news is None else [self.news.item]
        if self.day is not None:
            told.append({"kind": "date", "date": self.day.isoformat()})
        if self.corrected is not None:
            told.append(self.corrected.item)
        items: list[dict[str, str]] = []
        for item in map(dict, [*(part.item for part in self.parts), *told]):
            if item not in items:
                items.append(item)
        return items

    @property
    def kept(self) -> bool:
        """Whether all of it may be kept once the model has written."""
        return all(part.kept for part in self.parts if isinstance(part, Text))

    @property
    def printed(self) -> str | None:
        """The letter, if its words may stand on a page and be kept for that."""
        texts = [part for part in self.parts if isinstance(part, Text)]
        return next((part.text for part in texts if part.kept and part.printed), None)

    @property
    def cut(self) -> str | None:
        """What was left out, in words; None: nothing was."""
        if not self.left_out:
            return None
        noun = "exchanges" if self.source is Source.INTERVIEWS else "posts"
        whole = len(self.parts) + self.left_out
        return f"the oldest {self.left_out} of {whole} {noun} did not fit and are left out"


def words_of(source: Source, kinds: Iterable[str], *, corrects: bool = False) -> str:
    """Return what a model was shown, in words for a page.

    Args:
        source: Where the context comes from.
        kinds: Of its items.
        corrects: Whether it was shown a post of its own to be corrected.
    """
    told = [name for kind, name in _TOLD.items() if kind in kinds]
    told += ["the post that it was to correct"] if corrects else []
    shown = [*([] if source is Source.NONE and told else [source.words]), *told]
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


_TOLD = {"news": "news that the operator chose", "date": "the date"}


def stated(item: Mapping[str, str]) -> str | None:
    """Return how a thing that the operator gave is named on a page: never by its words.

    None: it is of the record itself, and has a name there.
    """
    match item["kind"]:
        case "reading":
            return f"{item['citation']}; source: {item['source']}; SHA-256 {item['sha256']}"
        case "letter":
            return f"a letter from a reader, SHA-256 {item['sha256']}"
        case "news":
            return f"news from {item['source']}, SHA-256 {item['sha256']}"
        case "file":
            return f"{item['name']}, SHA-256 {item['sha256']}"
        case "date":
            return f"the date: {long_date(date.fromisoformat(item['date']))}"
        case _:
            return None


def room(window: int | None, max_tokens: int) -> int:
    """Return how many bytes of context fit beside the asking and the reply.

    Args:
        window: The model's context window in tokens; None: not recorded.
        max_tokens: The longest reply.
    """
    free = (ASSUMED_WINDOW if window is None else window) - max_tokens - ASKING
    return max(0, free * BYTES_PER_TOKEN)


def fitting(source: Source, parts: Sequence[Exchange | Text], room: int) -> Context:
    """Return the context of the newest parts that fit into `room` bytes, whole ones only.

    Args:
        source: Where the parts come from.
        parts: Oldest first.
        room: In bytes of UTF-8.
    """
    first = len(parts)
    while first > 0 and parts[first - 1].size <= room:
        first -= 1
        room -= parts[first].size
    return Context(source=source, parts=parts[first:], left_out=first)
