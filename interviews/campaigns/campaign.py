"""A campaign as it is kept: its plan, fixed and logged before the first question.

The plan's canonical bytes are never changed. What was held of it, the sessions tell.
"""

from sqlmodel import Field, Session, SQLModel, col, select

from archive.errors import InputError


class Campaign(SQLModel, table=True):
    """A protocol run over its conditions."""

    __tablename__ = "campaign"

    slug: str = Field(primary_key=True)
    model: str = Field(foreign_key="model.slug", index=True)
    protocol: str = Field(foreign_key="protocol_version.digest")
    pilot: bool  # held to try the protocol out
    plan: bytes  # canonical bytes: see `interviews.campaigns.plans`
    plan_digest: str  # sha256 of `plan`
    planned_at: str  # RFC 3339


def load_campaign(session: Session, slug: str) -> Campaign:
    """Return the campaign on record.

    Raises:
        InputError: There is none with that name.
    """
    row = session.get(Campaign, slug)
    if row is None:
        raise InputError(
            "no such campaign",
            at=slug,
            mend="See `emeritus interview campaigns` for their names.",
        )
    return row


def campaigns_of(session: Session, model: str | None = None) -> list[Campaign]:
    """Return the campaigns, of one model if it is named, the oldest first."""
    rows = select(Campaign).order_by(col(Campaign.planned_at), col(Campaign.slug))
    return list(session.exec(rows if model is None else rows.where(Campaign.model == model)))
