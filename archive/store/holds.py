"""Legal holds: what must not be deleted while somebody's claim to it stands.

Each is a row of its own; the last of a subject holds. Rows are never changed.
"""

from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from archive.errors import FaultError, InputError
from archive.identifiers import new_id
from archive.log import entries
from archive.times import now, to_text


class HoldState(StrEnum):
    """Whether a hold stands."""

    HELD = "held"
    LIFTED = "lifted"


_LOGGED = {HoldState.HELD: "hold", HoldState.LIFTED: "hold lifted"}


class LegalHold(SQLModel, table=True):
    """One decision that a subject must not be deleted, or that it may be again."""

    __tablename__ = "legal_hold"

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str
    subject: str = Field(index=True)
    state: str  # a HoldState
    reason: str
    by: str  # a person's id
    at: str


def holds(session: Session) -> list[LegalHold]:
    """Return the holds that stand, by kind and subject."""
    last = {
        (row.kind, row.subject): row
        for row in session.exec(select(LegalHold).order_by(col(LegalHold.at), col(LegalHold.id)))
    }
    return [row for _, row in sorted(last.items()) if row.state == HoldState.HELD]


def decide(
    session: Session, kind: str, subject: str, state: HoldState, *, reason: str, by: str
) -> LegalHold:
    """Put a subject under a hold or lift it, and log it, in the caller's transaction.

    Raises:
        InputError: It stands as it is wished already, or no reason is given.
    """
    if not reason.strip():
        raise InputError("empty", at="--reason", mend="Say in a sentence what demands it.")
    held = any((row.kind, row.subject) == (kind, subject) for row in holds(session))
    if held == (state is HoldState.HELD):
        raise InputError(
            "is under a legal hold already" if held else "is under no legal hold",
            at=f"{kind} {subject}",
            mend="`emeritus preserve list` shows what is held.",
        )
    row = LegalHold(
        kind=kind, subject=subject, state=state, reason=reason, by=by, at=to_text(now())
    )
    session.add(row)
    entries.append(session, _LOGGED[state], row.id, row.model_dump(exclude_none=True))
    return row


def check_not_held(session: Session, kind: str, subject: str, model: str | None) -> None:
    """Refuse where a subject, or the model that it is about, is under a hold.

    Raises:
        FaultError: It is.
    """
    for row in holds(session):
        if (row.kind, row.subject) in {(kind, subject), ("model", model)}:
            itself = (row.kind, row.subject) == (kind, subject)
            raise FaultError(
                f"{'' if itself else f'its {row.kind} {row.subject} '}is under a legal hold since "
                f"{row.at[:10]}: {row.reason}",
                at=f"{kind} {subject}",
                mend="Nothing was deleted. When the claim has ended: "
                f"emeritus preserve hold {row.kind} {row.subject} --lift --reason TEXT --by PERSON",
            )
