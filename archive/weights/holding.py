"""Saying who holds a copy, and writing down that it was checked."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlmodel import Session

from archive.errors import InputError
from archive.log import entries
from archive.times import now, to_text
from archive.weights.checking import Checked, check, files_to_check
from archive.weights.holdings import (
    STORE,
    CopyCheck,
    Holding,
    digests_of,
    faults_of,
    find_holding,
    holdings_of,
    stored,
)
from archive.weights.inventory import WeightFile
from archive.weights.reading import OnBytes
from archive.workspace.workspace import Workspace

READ_HERE = "its bytes were read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """Who has a copy, where and until when; `Holding` says more of each."""

    custodian: str
    place: str
    until: str | None
    public: bool


def hold(
    workspace: Workspace, slug: str, names: tuple[str, ...], custody: Custody, *, by: str
) -> Holding:
    """Put on record who has a copy of the named files, or of all if none is named.

    Raises:
        InputError: There is no such model, weight file or person; or a text is empty.
    """
    for option, text in (("--custodian", custody.custodian), ("--where", custody.place)):
        if not text.strip():
            raise InputError("is empty", at=option, mend="Say who has the copy, and where.")
    digests = digests_of(files_to_check(workspace, slug), names, given_as="--files")
    if custody.place == STORE:
        with workspace.database.reading() as session:
            _check_stored(session, slug, digests)
    row = Holding(
        model=slug,
        **asdict(custody),
        digests=digests,
        stated_at=to_text(now()),
        stated_by=workspace.person(by).id,
    )
    with workspace.deciding() as session:
        put_on_record(session, row)
        return Holding(**row.model_dump())


def _check_stored(session: Session, slug: str, digests: list[str]) -> None:
    held = stored(session, slug)
    if held is None or set(held.digests) != set(digests):
        raise InputError(
            "does not hold exactly these files",
            at=f"--where {STORE!r}",
            mend=f"Put them in: emeritus weights deposit {slug}. Or name those in it with --files.",
        )


def put_on_record(session: Session, row: Holding) -> None:
    """Put a holding on record and log it, in the caller's transaction."""
    session.add(row)
    session.flush()
    stated = row.model_dump(exclude_none=True) | {"public": int(row.public)}
    entries.append(session, "holding", row.id, stated)


def hold_in_store(
    session: Session, slug: str, digests: list[str], *, custodian: str, by: str
) -> None:
    """Put on record that the workspace's store has these files, in the caller's transaction.

    What was said of that copy before, until when and to whom, stays.
    """
    before = stored(session, slug)
    row = Holding(
        model=slug,
        custodian=custodian,
        place=STORE,
        until=None if before is None else before.until,
        public=before is not None and before.public,
        digests=digests,
        stated_at=to_text(now()),
        stated_by=by,
    )
    put_on_record(session, row)


def keep_check_of_store(
    session: Session, slug: str, faults: dict[str, str], *, checked_at: str
) -> None:
    """Keep what a reading of the copy in the store found, in the caller's transaction."""
    if (holding := stored(session, slug)) is not None:
        row = CopyCheck(
            holding=holding.id,
            faults=faults,
            evidence=READ_HERE,
            checked_at=checked_at,
            stated_by=None,
        )
        session.add(row)


def holding_at(workspace: Workspace, slug: str, folder: Path, identifier: str | None) -> Holding:
    """Return the holding that is checked in `folder`: the one with this id, or the one there.

    Raises:
        InputError: There is none, it is another model's, or the folder is not there.
    """
    if not folder.is_dir():
        raise InputError("is no folder", at=str(folder), mend="Name where the copy can be read.")
    with workspace.database.reading() as session:
        if identifier is not None:
            rows = [row for row in [find_holding(session, identifier)] if row.model == slug]
        else:
            there = {str(folder), str(folder.resolve())}
            rows = [row for row in holdings_of(session, slug) if row.place in there]
        if len(rows) != 1:
            raise InputError(
                f"{len(rows) or 'no'} holdings of {slug} are there",
                at=identifier or str(folder),
                mend=f"Name it with --holding ID; see `emeritus weights holdings {slug}`.",
            )
        return Holding(**rows[0].model_dump())


def files_in(workspace: Workspace, holding: Holding) -> list[WeightFile]:
    """Return the files that a copy holds, one for each digest."""
    files = files_to_check(workspace, holding.model)
    by_digest = {file.sha256: file for file in files if file.sha256 in holding.digests}
    return sorted(by_digest.values(), key=lambda file: file.name)


def verify_copy(
    workspace: Workspace, holding: Holding, folder: Path, *, on_bytes: OnBytes
) -> Iterator[Checked]:
    """Read the copy in `folder`, where each file has the name that is on record of it.

    The check is kept when all was read.
    """
    found = {}
    for file in files_in(workspace, holding):
        checked = check(file, folder.resolve() / file.name, on_bytes=on_bytes)
        found[file.name] = checked.outcome
        yield checked
    row = CopyCheck(
        holding=holding.id,
        faults=faults_of(found),
        evidence=READ_HERE,
        checked_at=to_text(now()),
        stated_by=None,
    )
    with workspace.database.writing() as session:
        session.add(row)


def checked_elsewhere(
    workspace: Workspace, identifier: str, *, sound: bool, evidence: str, by: str
) -> Holding:
    """Put on record what a custodian found of the copy that they have.

    Raises:
        InputError: There is no such holding or person.
    """
    person = workspace.person(by).id
    with workspace.deciding() as session:
        holding = find_holding(session, identifier)
        row = CopyCheck(
            holding=holding.id,
            faults={} if sound else {"the copy": "damaged"},
            evidence=evidence,
            checked_at=to_text(now()),
            stated_by=person,
        )
        session.add(row)
        session.flush()
        entries.append(session, "holding check", row.id, row.model_dump(exclude_none=True))
        return Holding(**holding.model_dump())
