"""Access policies: versioned, each with the words that the public reads.

A version is never changed; a new one is added and the last holds.
"""

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from archive.identifiers import new_id


class Policy(SQLModel, table=True):
    """One version of who may use a model after its retirement."""

    __table_args__ = (UniqueConstraint("model", "version"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    model: str = Field(foreign_key="model.slug", index=True)
    version: int  # from 1
    summary: str  # one sentence for the page's head
    wording: str  # what the public reads; Markdown by the operator
    how_to_ask: str  # where and how to apply
    set_at: str
    set_by: str  # a person's id


def policies_of(session: Session, slug: str) -> list[Policy]:
    """Return every version of a model's policy, oldest first."""
    rows = select(Policy).where(Policy.model == slug)
    return list(session.exec(rows.order_by(col(Policy.version))))
