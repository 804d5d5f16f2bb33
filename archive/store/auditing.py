"""Auditing: everything in the store is read again, and so are the registered weight files.

Each result is recorded as it is found, so that an audit which was stopped goes on where it was.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, select

from archive.log import entries
from archive.store.audits import ROOT, Audit, ObjectCheck, checks_of, unfinished
from archive.store.digests import sha512
from archive.store.findings import CHANGED, MISSING, Finding, documents
from archive.store.layout import root_files
from archive.store.object_verification import OnBytes
from archive.store.opening import recover_sealed, settle
from archive.store.sealed_objects import (
    SealedObject,
    digest_of,
    faults_in,
    sealed_objects,
)
from archive.store.verifying import verify, verify_root
from archive.store.writing import locked
from archive.times import now, to_text
from archive.weights import checking, holding, inventory
from archive.weights.holdings import WEIGHTS
from archive.weights.inventory import FixityCheck, WeightFile
from archive.workspace.locks import only_runner
from archive.workspace.workspace import Workspace


class Pace:
    """Holds reading to a rate: wait after each block for as long as it was too early."""

    def __init__(
        self,
        bytes_per_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._rate, self._clock, self._sleep = bytes_per_second, clock, sleep
        self._due = clock()

    def __call__(self, count: int) -> None:
        self._due = max(self._due, self._clock()) + count / self._rate
        if (early := self._due - self._clock()) > 0:
            self._sleep(early)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that an audit found wrong."""

    subject: str  # an object's id, `.` for the store itself, or the path of a weight file
    path: str  # in the object; of a weight file, the same
    code: str | None  # OCFL's, MISSING or CHANGED; None for a weight file
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an audit found, over all its parts."""

    audit: str
    resumed: bool
    started_at: str
    ended_at: str
    objects: int
    weight_files: int
    faults: Sequence[Fault]


def audit(workspace: Workspace, *, on_bytes: OnBytes, on_fault: Callable[[Fault], None]) -> Outcome:
    """Read everything that is kept, or what an audit that was stopped has not read.

    Args:
        workspace: Whose store and weight files.
        on_bytes: Told of what is read; it may hold the reading up.
        on_fault: Told of each fault as it is found.

    Raises:
        ServiceError: The database refused, another audit runs, or another process writes to the
            store and something is not as it should be. What was read stays recorded.
        OSError: A folder in the store cannot be read.
    """
    workspace.check_log()
    with only_runner(workspace.lock("audit"), what="preserve audit"):
        settle(workspace)
        run, resumed = _begun(workspace)
        for check in _read_objects(workspace, run, on_bytes):
            for fault in _faults(check):
                on_fault(fault)
        for fault in _read_weights(workspace, run, on_bytes):
            on_fault(fault)
        return _ended(workspace, run, resumed=resumed)


def _begun(workspace: Workspace) -> tuple[Audit, bool]:
    with workspace.database.writing() as session:
        found = unfinished(session)
        run = found or Audit(started_at=to_text(now()))
        session.add(run)
        return Audit(**run.model_dump()), found is not None


def _read_objects(workspace: Workspace, run: Audit, on_bytes: OnBytes) -> Iterator[ObjectCheck]:
    with workspace.database.reading() as session:
        done = {check.object_id for check in checks_of(session, run.id)}
        sealed = {one.path: one for one in sealed_objects(session)}
    itself, folders = _root(workspace)
    if ROOT not in done:
        yield _recorded(workspace, run, ROOT, itself)
    for folder in sorted(sealed.keys() | set(folders)):
        subject = sealed[folder].id if folder in sealed else folder
        if subject not in done:
            one = sealed.get(folder)
            yield _recorded(
                workspace, run, subject, _faults_of(workspace, folder, one, on_bytes), one
            )


def _root(workspace: Workspace) -> tuple[Sequence[Finding], Sequence[str]]:
    if not workspace.store.is_dir():
        return [Finding(ROOT, MISSING, "there is no store: bring it back from a copy")], []
    report, folders = verify_root(workspace.store)
    named = {finding.path for finding in report.errors}
    changed = [  # a bit may flip where OCFL has no rule
        Finding(name, CHANGED, "does not hold what every store of ours has there")
        for name, content in root_files().items()
        if name not in named and digest_of(workspace.store / name) != sha512(content)
    ]
    return [*report.errors, *changed], folders


def _faults_of(
    workspace: Workspace, folder: str, sealed: SealedObject | None, on_bytes: OnBytes
) -> Sequence[Finding]:
    place = workspace.store / folder
    faults = _look(place, sealed, on_bytes)
    if faults and workspace.store.is_dir():
        # a version that is just being moved in looks damaged: look again while nothing can be
        with locked(workspace.store) as root:
            recover_sealed(workspace, root)
            faults = _look(place, sealed, on_bytes)
    return faults


def _look(place: Path, sealed: SealedObject | None, on_bytes: OnBytes) -> Sequence[Finding]:
    if sealed is None:
        return verify(place, on_bytes=on_bytes).errors
    return faults_in(place, sealed, on_bytes=on_bytes)


def _recorded(
    workspace: Workspace,
    run: Audit,
    subject: str,
    faults: Sequence[Finding],
    sealed: SealedObject | None = None,
) -> ObjectCheck:
    check = ObjectCheck(
        audit=run.id, object_id=subject, faults=documents(faults), checked_at=to_text(now())
    )
    with workspace.database.writing() as session:
        session.add(ObjectCheck(**check.model_dump()))
        if sealed is not None and sealed.last.kind == WEIGHTS:
            found = {fault.path: fault.message for fault in faults}
            holding.keep_check_of_store(
                session, sealed.last.subject, found, checked_at=check.checked_at
            )
    return check


def _faults(check: ObjectCheck) -> list[Fault]:
    return [Fault(subject=check.object_id, **fault) for fault in check.faults]


def _read_weights(workspace: Workspace, run: Audit, on_bytes: OnBytes) -> Iterator[Fault]:
    with workspace.database.reading() as session:
        last = _weight_checks(session, run)
        rows = session.exec(select(WeightFile).order_by(WeightFile.model, WeightFile.path))
        files = [WeightFile(**row.model_dump()) for row in rows if row.id not in last]
    for file in files:
        checked = checking.verify_file(workspace, file, on_bytes=on_bytes)
        if checked.outcome != inventory.Outcome.SOUND:
            yield _weight_fault(file, checked.outcome, checked.why)


def _weight_checks(session: Session, run: Audit) -> Mapping[str, FixityCheck]:
    """Return the last reading of each weight file since the audit began."""
    rows = select(FixityCheck).where(FixityCheck.checked_at >= run.started_at)
    return {check.file: check for check in session.exec(rows.order_by(FixityCheck.id))}


def _weight_fault(file: WeightFile, outcome: str, why: str | None = None) -> Fault:
    message = outcome if why is None else f"{outcome}: {why}"
    return Fault(subject=file.path, path=file.path, code=None, message=message)


def _ended(workspace: Workspace, run: Audit, *, resumed: bool) -> Outcome:
    with workspace.deciding() as session:
        row = session.get_one(Audit, run.id)
        checks, weights = checks_of(session, run.id), _weight_checks(session, run)
        bad = [
            _weight_fault(session.get_one(WeightFile, one.file), one.outcome)
            for one in weights.values()
            if not one.sound
        ]
        faults = [*(fault for check in checks for fault in _faults(check)), *bad]
        row.ended_at = to_text(now())
        row.checked = len(checks) + len(weights)
        row.faulty = sum(not check.sound for check in checks) + len(bad)
        session.add(row)
        entries.append(session, "audit", row.id, row.model_dump())
        return Outcome(
            audit=row.id,
            resumed=resumed,
            started_at=row.started_at,
            ended_at=row.ended_at,
            objects=sum(check.object_id != ROOT for check in checks),
            weight_files=len(weights),
            faults=faults,
        )
