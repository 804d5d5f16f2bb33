"""Holdings: who has which copy of the weights, where and until when, and when it was checked.

What is said of a holding is added and never overwritten; what was said last of a custodian and
a place holds. A copy is known by the digests of its files, not by their names.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, select

from archive.errors import InputError
from archive.identifiers import new_id
from archive.weights.inventory import Outcome, WeightFile

WEIGHTS = "weights"
"""The kind of the archival object that holds a copy."""

STORE = "the preservation store"
"""The place of the copy that was deposited in the workspace's own store."""


class Holding(SQLModel, table=True):
    """One copy, as the operator said it stands."""

    id: str = Field(default_factory=new_id, primary_key=True)
    model: str = Field(foreign_key="model.slug", index=True)
    custodian: str  # who has it
    place: str  # a folder, an address, a shelf: never published
    until: str | None  # YYYY, YYYY-MM or YYYY-MM-DD; None: no date was stated
    public: bool  # whether the model's page may name the custodian
    digests: list[str] = Field(sa_column=Column(JSON, nullable=False))  # sha256 of each file
    stated_at: str
    stated_by: str  # an id on the roster


class CopyCheck(SQLModel, table=True):
    """One check of a copy, kept whatever it found."""

    __tablename__ = "copy_check"

    id: str = Field(default_factory=new_id, primary_key=True)
    holding: str = Field(foreign_key="holding.id", index=True)
    faults: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))  # by the file's name
    evidence: str  # what shows it: read here, or what somebody wrote
    checked_at: str
    stated_by: str | None  # who says so; None: this program read it

    @property
    def sound(self) -> bool:
        return not self.faults


def holdings_of(session: Session, slug: str) -> list[Holding]:
    """Return a model's holdings as they were said last, by custodian and place."""
    rows = session.exec(
        select(Holding).where(Holding.model == slug).order_by(Holding.stated_at, Holding.id)
    )
    return latest(rows)


def stored(session: Session, slug: str) -> Holding | None:
    """Return the holding of the copy in the workspace's store, as it was said last."""
    rows = [row for row in holdings_of(session, slug) if row.place == STORE]
    return max(rows, key=lambda row: (row.stated_at, row.id), default=None)


def latest(holdings: Iterable[Holding]) -> list[Holding]:
    """Return of holdings in the order in which they were stated those that hold now."""
    now = {(row.custodian, row.place): row for row in holdings}
    return [now[key] for key in sorted(now)]


def last_copy_check(session: Session, holding: Holding) -> CopyCheck | None:
    """Return the last check of a copy, whichever statement of it was checked."""
    rows = (
        select(CopyCheck)
        .join(Holding)
        .where(
            Holding.model == holding.model,
            Holding.custodian == holding.custodian,
            Holding.place == holding.place,
        )
    )
    return session.exec(
        rows.order_by(col(CopyCheck.checked_at).desc(), col(CopyCheck.id).desc())
    ).first()


def find_holding(session: Session, identifier: str) -> Holding:
    """Return the holding with this id, as it was said last.

    Raises:
        InputError: There is none.
    """
    found = session.get(Holding, identifier)
    if found is None:
        raise InputError(
            "no such holding", at=identifier, mend="See them with `emeritus weights holdings SLUG`."
        )
    same = (found.custodian, found.place)
    current = holdings_of(session, found.model)
    return next(row for row in current if (row.custodian, row.place) == same)


def digests_of(files: Iterable[WeightFile], names: Iterable[str], *, given_as: str) -> list[str]:
    """Return the digests of the files with these names or SHA-256; of all if none is given.

    `given_as` says where the names stand on the command line.

    Raises:
        InputError: A name is on no file, or on two that are not the same.
    """
    files, digests = list(files), set[str]()
    for name in names:
        matching = {file.sha256 for file in files if name in {file.name, file.sha256}}
        if len(matching) != 1:
            problem = "is the name of several files" if matching else "is the name of no file"
            raise InputError(
                f"{problem} on record",
                at=f"{given_as} {name}",
                mend="Name it as `emeritus weights list` does, or by its SHA-256.",
            )
        digests |= matching
    return sorted(digests or {file.sha256 for file in files})


def holding_record(
    holding: Holding, check: CopyCheck | None, names: Mapping[str, str]
) -> dict[str, Any]:
    """Return a holding as records show it; `names` are those of files, by SHA-256."""
    files = [{"name": names.get(digest), "sha256": digest} for digest in holding.digests]
    last = None
    if check is not None:
        last = check.model_dump(exclude={"id", "holding"}) | {"sound": check.sound}
    return holding.model_dump(exclude={"model", "digests"}) | {"files": files, "last_check": last}


def holding_records(
    session: Session, slug: str, files: Iterable[WeightFile]
) -> list[dict[str, Any]]:
    """Return all holdings of a model, whose weight files are `files`, as records show them."""
    names = {file.sha256: file.name for file in files}
    return [
        holding_record(row, last_copy_check(session, row), names)
        for row in holdings_of(session, slug)
    ]


def faults_of(outcomes: Mapping[str, Outcome]) -> dict[str, str]:
    """Return of what was found, by name, that which is not sound."""
    return {name: str(found) for name, found in outcomes.items() if found is not Outcome.SOUND}
