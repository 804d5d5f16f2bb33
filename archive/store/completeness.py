"""The workspace's own store: it is valid OCFL, and holds every version that was sealed."""

from collections.abc import Sequence

from sqlmodel import select

from archive.store.findings import MISSING, Finding, Report, report
from archive.store.opening import settle
from archive.store.seals import Seal, is_held
from archive.store.verifying import verify
from archive.workspace.workspace import Workspace


def verify_own_store(workspace: Workspace) -> Report:
    """Verify the store of `workspace` against OCFL and against the seals on record.

    Raises:
        ServiceError: The database refused, or another process is writing to the store.
        OSError: A folder in the store cannot be read.
    """
    settle(workspace)
    with workspace.database.reading() as session:
        seals = session.exec(select(Seal)).all()
    if not workspace.store.is_dir():
        lost = Finding(".", MISSING, "there is no store: bring it back from a copy")
        return report([lost, *_missing(workspace, seals)], objects=0)
    found = verify(workspace.store)
    findings = [*found.errors, *found.warnings, *_missing(workspace, seals)]
    return report(findings, objects=found.objects)


def _missing(workspace: Workspace, seals: Sequence[Seal]) -> list[Finding]:
    return [
        Finding(
            seal.object_id,
            MISSING,
            f"version {seal.version} of {seal.kind} {seal.subject} is not there as it was sealed",
        )
        for seal in seals
        if not is_held(workspace.store, seal)
    ]
