"""Access policies: versioned, each with the words that the public reads.

A version is never changed; a new one is added and the last holds.
"""

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from archive.identifiers import new_id
from archive.log import entries
from archive.times import now, to_text


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


def set_policy(
    session: Session, slug: str, *, summary: str, wording: str, how_to_ask: str, by: str
) -> Policy:
    """Add the next version of a model's policy and log it, in the caller's transaction."""
    row = Policy(
        model=slug,
        version=len(policies_of(session, slug)) + 1,
        summary=summary,
        wording=wording,
        how_to_ask=how_to_ask,
        set_at=to_text(now()),
        set_by=by,
    )
    session.add(row)
    entries.append(session, "policy", row.id, row.model_dump())
    return row


def policies_of(session: Session, slug: str) -> list[Policy]:
    """Return every version of a model's policy, oldest first."""
    rows = select(Policy).where(Policy.model == slug)
    return list(session.exec(rows.order_by(col(Policy.version))))
