"""Answers: what a model said when it was asked something about what it wrote.

Each is in the log, so that none can be left out afterwards. What an answer means, a rule says
(`blog.posts.replies`, `blog.posts.naming`); the words themselves are kept beside it.
"""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from archive.canonical import Canonical, sha256
from archive.identifiers import new_id
from blog.posts.naming import naming
from blog.posts.replies import Meaning, agreement
from blog.posts.selection import chosen

KIND = "answer"
"""The kind of the log's entries."""


class Asking(StrEnum):
    """What a model is asked about what it wrote."""

    CHOICE = "choice"  # which of its drafts is taken
    PUBLICATION = "publication"  # whether it may be published
    NAMING = "naming"  # a summary, tags, and a title where the text has none
    STANDING = "standing"  # whether it stands by what is published


class Answer(SQLModel, table=True):
    """One answer of the model about a draft of its own."""

    id: str = Field(default_factory=new_id, primary_key=True)
    post: str = Field(foreign_key="post.id", index=True)
    draft: str = Field(foreign_key="draft.id")  # of a choice, the one that it leads to
    asking: str  # an Asking
    prompt: str  # what it was asked, whole, after the asking for the post and the draft
    sampling: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    said: bytes  # the model's own words, UTF-8; empty: none
    meaning: str  # what was made of them
    attempt: str = Field(foreign_key="attempt.id")
    at: str


def meaning(asking: Asking, said: str, *, numbers: Collection[int]) -> str:
    """Return what is made of an answer.

    Args:
        asking: What was asked.
        said: The model's words.
        numbers: Of the drafts that it wrote.
    """
    if asking is Asking.CHOICE:
        return str(chosen(said, numbers) or Meaning.UNCLEAR)
    if asking is not Asking.NAMING:
        return agreement(said)
    named = naming(said)
    return "named" if named.title or named.summary or named.tags else Meaning.UNCLEAR


def statement(answer: Answer) -> Canonical:
    """Return what the log holds of an answer: its words by their digest."""
    stated = answer.model_dump(exclude={"said"})
    return stated | {"said_digest": sha256(answer.said)}
