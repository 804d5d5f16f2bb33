"""Promises: what the operator undertook for a model, and whether it was kept."""

from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, select

from archive.identifiers import new_id


class Outcome(StrEnum):
    """How a promise stands."""

    OPEN = "open"
    KEPT = "kept"
    MISSED = "missed"


class Promise(SQLModel, table=True):
    """One undertaking, in the operator's words."""

    id: str = Field(default_factory=new_id, primary_key=True)
    model: str = Field(foreign_key="model.slug", index=True)
    text: str
    made_on: str  # a date
    made_by: str  # a person's id
    due: str | None = None  # a date; None: no date was promised
    outcome: str = Outcome.OPEN
    evidence: str | None = None  # what shows that it was kept or missed
    resolved_at: str | None = None
    resolved_by: str | None = None  # a person's id


def promises_of(session: Session, slug: str) -> list[Promise]:
    """Return a model's promises in the order in which they were made."""
    return list(session.exec(select(Promise).where(Promise.model == slug).order_by(Promise.id)))
