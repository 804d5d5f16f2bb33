"""`emeritus preserve`: seal the record and verify it; others have the rest."""

from pathlib import Path

import click

from archive.commands import json_option, pass_workspace, say, show
from archive.errors import InputError
from archive.store import delete_cli, listing, restore_cli, sealing, upkeep_cli
from archive.store.completeness import verify_own_store
from archive.store.findings import Report
from archive.store.verifying import verify as verify_store
from archive.workspace.workspace import Workspace


@click.group()
def preserve() -> None:
    """Seal the record in the preservation store, and keep it whole."""


@preserve.command()
@click.argument("kind", required=False)
@click.argument("identifier", metavar="[ID]", required=False)
@json_option
@pass_workspace
def seal(workspace: Workspace, kind: str | None, identifier: str | None, *, as_json: bool) -> None:
    """Seal the KIND ID; everything that is not sealed in its present version if none is named.

    Example: emeritus preserve seal model halcyon-2
    """
    if kind is None:
        chosen = list(sealing.everything(workspace))
    elif identifier is None:
        raise InputError(
            "which one?", at="preserve seal", mend=f"Name it: preserve seal {kind} ID."
        )
    else:
        chosen = [sealing.one(workspace, kind, identifier)]
    done = []
    for sealed in sealing.seal(workspace, chosen):
        done.append(sealed)
        if sealed.version is not None:
            say(f"sealed {sealed.kind} {sealed.subject} as v{sealed.version}")
    new = [sealed for sealed in done if sealed.version is not None]
    document = {
        "sealed": [
            {"kind": s.kind, "id": s.subject, "object": s.object_id, "version": s.version}
            for s in new
        ],
        "unchanged": len(done) - len(new),
    }
    text = f"{len(new)} sealed, {len(done) - len(new)} sealed before in their present version."
    show(document, text, as_json=as_json)


@preserve.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@json_option
def verify(path: Path | None, *, as_json: bool) -> None:
    """Verify the OCFL object or storage root at PATH; the workspace's store if none is named.

    The workspace's store must also hold every version that was sealed.

    Example: emeritus preserve verify /backup/store
    """
    report = _verify_own() if path is None else verify_store(path)
    show(report.to_json(), report.to_text(), as_json=as_json)
    raise SystemExit(0 if report.valid else 1)


@preserve.command("list")
@json_option
@pass_workspace
def list_objects(workspace: Workspace, *, as_json: bool) -> None:
    """List what is sealed, and where copies and exports of it are.

    Example: emeritus preserve list --json
    """
    document = listing.listing(workspace)
    show(document, listing.to_text(document), as_json=as_json)


for _command in (
    upkeep_cli.audit,
    upkeep_cli.replicate,
    upkeep_cli.repair,
    upkeep_cli.export,
    restore_cli.restore,
    delete_cli.delete,
    delete_cli.hold,
):
    preserve.add_command(_command)


@pass_workspace
def _verify_own(workspace: Workspace) -> Report:
    return verify_own_store(workspace)
