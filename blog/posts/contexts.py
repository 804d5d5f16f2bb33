"""Contexts: what a model is shown before it is asked to write, and what of it fits.

Pure. `blog.posts.writing` gathers the parts and lays them out. What does not fit is left out
from the oldest part on, never in the middle of one, and the context says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

ASSUMED_WINDOW = 8192  # tokens, of a model whose context window is not recorded
BYTES_PER_TOKEN = 2  # fewer than any tokenizer needs on prose: what is counted as fitting fits
ASKING = 500  # tokens kept free for the asking itself


class Source(StrEnum):
    """Where a context comes from."""

    NONE = "none"
    INTERVIEWS = "interviews"
    POSTS = "posts"
    FILE = "file"

    @property
    def words(self) -> str:
        """What the model was shown, in words for a page."""
        return {
            Source.NONE: "nothing",
            Source.INTERVIEWS: "its interviews",
            Source.POSTS: "its earlier posts",
            Source.FILE: "a text that the operator chose",
        }[self]


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
    """One whole text: an earlier post, or the operator's file."""

    item: Mapping[str, str]  # a post's id; or a file's name and sha256
    text: str

    @property
    def size(self) -> int:
        """Its length in bytes of UTF-8."""
        return len(self.text.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a model is shown: the parts that fit, oldest first."""

    source: Source
    parts: Sequence[Exchange | Text] = ()
    left_out: int = 0  # older parts that did not fit

    @property
    def items(self) -> list[dict[str, str]]:
        """What the parts are taken from, each named once."""
        items: list[dict[str, str]] = []
        for part in self.parts:
            if (item := dict(part.item)) not in items:
                items.append(item)
        return items

    @property
    def cut(self) -> str | None:
        """What was left out, in words; None: nothing was."""
        if not self.left_out:
            return None
        noun = "exchanges" if self.source is Source.INTERVIEWS else "posts"
        whole = len(self.parts) + self.left_out
        return f"the oldest {self.left_out} of {whole} {noun} did not fit and are left out"


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
