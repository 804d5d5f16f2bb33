"""`emeritus preserve audit`, `replicate`, `repair` and `export`: keep the store whole."""

import math
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from archive.commands import json_option, pass_workspace, say, show
from archive.errors import InputError
from archive.progress import reading
from archive.store import exporting, repairing, replicating, sealing
from archive.store.auditing import Fault, Pace
from archive.store.auditing import audit as audit_all
from archive.store.listing import bytes_in
from archive.store.sealed_objects import sealed_objects
from archive.workspace.workspace import Workspace

_SEAL = "This is logged, and not in the store yet. Next: emeritus preserve seal"


@click.command()
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), metavar="MB/S",
              help="Read no faster than so many megabytes (10^6 bytes) in a second.")  # fmt: skip
@json_option
@pass_workspace
def audit(workspace: Workspace, rate: float | None, *, as_json: bool) -> None:
    """Read everything that is kept again: every object in the store, every weight file on record.

    Stopped, it goes on where it was. Exits with 1 if something is not as it was put there.

    Example: emeritus preserve audit --rate 50
    """
    if rate is not None and not math.isfinite(rate):
        raise InputError(
            "no rate", at=f"--rate {rate}", mend="Give a number of MB/s, or leave it out."
        )
    with reading("audit", bytes_in(workspace.store)) as on_bytes:
        outcome = audit_all(workspace, on_bytes=_paced(on_bytes, rate), on_fault=_say_fault)
    if outcome.resumed:
        say(f"Went on with the audit that was begun at {outcome.started_at}.")
    document = {"sound": not outcome.faults, **asdict(outcome)}
    text = (
        f"{outcome.objects} objects and {outcome.weight_files} weight files read, "
        f"{len(outcome.faults)} faults."
    )
    mend = "\nNext: emeritus preserve repair" if any(f.code for f in outcome.faults) else ""
    show(document, text + mend, as_json=as_json)
    say(_SEAL)
    raise SystemExit(1 if outcome.faults else 0)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help="Read again what the copy held before, too.")
@json_option
@pass_workspace
def replicate(workspace: Workspace, folder: Path, *, verify: bool, as_json: bool) -> None:
    """Bring a copy of the store in FOLDER up to date; make it if there is none.

    Only what is missing or newer is copied; what was copied is read back.

    Example: emeritus preserve replicate /backup/store
    """
    copied, unchanged, faults = [], 0, []
    with reading(str(folder), None) as on_bytes:
        for done in replicating.replicate(workspace, folder, verify=verify, on_bytes=on_bytes):
            if done.fault is not None:
                faults.append({"object": done.object.id, "message": done.fault})
                say(f"{done.object.name}: {done.fault}")
            elif done.copied:
                copied.append({"object": done.object.id, "version": done.object.last.version})
            else:
                unchanged += 1
    document = {
        "path": str(folder.resolve()), "copied": copied, "unchanged": unchanged, "faults": faults
    }  # fmt: skip
    text = f"{len(copied)} copied, {unchanged} there before, {len(faults)} not copied."
    show(document, text, as_json=as_json)
    raise SystemExit(1 if faults else 0)


@click.command()
@click.option("--from", "source", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Take good bytes from this copy; else from those on record.")  # fmt: skip
@json_option
@pass_workspace
def repair(workspace: Workspace, source: Path | None, *, as_json: bool) -> None:
    """Mend what is not as it was sealed, with good bytes from a copy of the store.

    What was bad is set aside, not destroyed. Exits with 1 if something could not be mended.

    Example: emeritus preserve repair --from /backup/store
    """
    repaired = []
    with reading("repair", bytes_in(workspace.store)) as on_bytes:
        for done in repairing.repair(workspace, source, on_bytes=on_bytes):
            repaired.append(done)
            for path in done.mended:
                say(f"{done.name}: {'all of it' if path == '.' else path} mended")
            for path in done.set_aside:
                say(f"{done.name}: {path} set aside, it is no part of it")
            for fault in done.faults:
                say(f"{done.name}: {fault}")
    rows = [asdict(done) | {"aside": done.aside and str(done.aside)} for done in repaired]
    left = sum(bool(done.faults) for done in repaired)
    text = f"{len(repaired) - left} mended, {left} not whole still."
    if aside := [str(done.aside) for done in repaired if done.aside]:
        text += f"\nWhat was bad lies in {', '.join(aside)}"
    show({"whole": not left, "repaired": rows}, text, as_json=as_json)
    if repaired:
        say(_SEAL)
    raise SystemExit(1 if left else 0)


@click.command()
@click.argument("kind", required=False)
@click.argument("identifier", metavar="[ID]", required=False)
@click.option("--out", type=click.Path(path_type=Path), metavar="FOLDER", required=True,
              help="Where; it must be empty, or not there yet.")  # fmt: skip
@json_option
@pass_workspace
def export(
    workspace: Workspace, kind: str | None, identifier: str | None, out: Path, *, as_json: bool
) -> None:
    """Write the sealed KIND ID as a bag (BagIt 1.0); everything that is sealed if none is named.

    Example: emeritus preserve export model halcyon-2 --out /media/usb/halcyon-2
    """
    if kind is not None and identifier is None:
        raise InputError("which one?", at="preserve export", mend=f"Name it: {kind} ID.")
    with workspace.database.reading() as session:
        objects = sealed_objects(session)
    if kind is not None and identifier is not None:
        named = [one for one in objects if (one.last.kind, one.last.subject) == (kind, identifier)]
        if not named:
            found, subject = sealing.one(workspace, kind, identifier)
            named = [
                one for one in objects if (one.last.kind, one.last.subject) == (found.name, subject)
            ]
        objects = named
    if not objects:
        raise InputError(
            "not sealed yet", at=identifier or "the store", mend="Seal it: emeritus preserve seal."
        )
    total = sum(bytes_in(workspace.store / one.path) or 0 for one in objects)
    with reading(str(out), total) as on_bytes:
        row = exporting.export(workspace, objects, out, on_bytes=on_bytes)
    show(row.model_dump(exclude={"id"}), f"{len(objects)} objects in {row.path}", as_json=as_json)


def _paced(on_bytes: Callable[[int], None], rate: float | None) -> Callable[[int], None]:
    if rate is None:
        return on_bytes
    pace = Pace(rate * 1e6)

    def paced(count: int) -> None:
        on_bytes(count)
        pace(count)

    return paced


def _say_fault(fault: Fault) -> None:
    where = fault.subject if fault.code is None else f"{fault.code} {fault.subject}/{fault.path}"
    say(f"{where}: {fault.message}")
