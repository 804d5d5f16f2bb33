"""The workspace's own store: it is valid OCFL, and holds every version as it was sealed."""

from collections.abc import Iterator
from dataclasses import replace

from archive.store.findings import MISSING, UNSEALED, Finding, Report, report
from archive.store.opening import settle
from archive.store.sealed_objects import SealedObject, not_as_sealed, sealed_objects
from archive.store.seals import is_held
from archive.store.verifying import verify, verify_root
from archive.workspace.workspace import Workspace


def verify_own_store(workspace: Workspace) -> Report:
    """Verify the store of `workspace` against OCFL and against the seals on record.

    Raises:
        ServiceError: The database refused, or another process is writing to the store.
        OSError: A folder in the store cannot be read.
    """
    settle(workspace)
    with workspace.database.reading() as session:
        every = sealed_objects(session)
    if not workspace.store.is_dir():
        lost = Finding(".", MISSING, "there is no store: bring it back from a copy")
        return report(
            [lost, *(one for sealed in every for one in _faults(workspace, sealed))], objects=0
        )
    found = verify(workspace.store)
    named = {finding.path for finding in found.errors}
    changed = [
        finding
        for sealed in every
        for finding in _faults(workspace, sealed)
        if finding.path not in named
    ]
    stray = _never_sealed(workspace)
    return report([*found.errors, *found.warnings, *changed, *stray], objects=found.objects)


def _never_sealed(workspace: Workspace) -> list[Finding]:
    """Return the objects that stand in the store and have no seal: of whom, nobody knows."""
    _report, folders = verify_root(workspace.store)
    with workspace.database.reading() as session:  # only now: one may be sealed meanwhile
        known = {sealed.path for sealed in sealed_objects(session)}
    what = "an object that was never sealed here; nothing that is kept depends on it"
    return [Finding(folder, UNSEALED, what) for folder in folders if folder not in known]


def _faults(workspace: Workspace, sealed: SealedObject) -> Iterator[Finding]:
    """Return the versions that are missing; of an object that is there, the files that differ."""
    missing = [seal for seal in sealed.seals if not is_held(workspace.store, seal)]
    for seal in missing:
        what = f"version {seal.version} of {sealed.name} is not there as it was sealed"
        yield Finding(seal.object_id, MISSING, what)
    if not missing:
        for finding in not_as_sealed(workspace.store / sealed.path, sealed):
            yield replace(finding, path=f"{sealed.path}/{finding.path}")
