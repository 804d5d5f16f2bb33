"""`emeritus weights`: read weight files, name them by digest, and check them again."""

from pathlib import Path
from typing import Any

import click

from archive.commands import json_option, pass_workspace, say, show
from archive.progress import reading
from archive.records.models import load_model
from archive.weights import registering
from archive.weights.inventory import FixityCheck, WeightFile, last_check, weight_files_of
from archive.workspace.workspace import Workspace


@click.group()
def weights() -> None:
    """Read weight files, name them by digest, and check them again."""


@weights.command()
@click.argument("model")
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@json_option
@pass_workspace
def register(workspace: Workspace, model: str, paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Read each file once and put it into the inventory of MODEL. Files stay where they are.

    Example: emeritus weights register halcyon-2 /models/halcyon-2.gguf
    """
    files = []
    for path in paths:
        with reading(path.name, path.stat().st_size if path.is_file() else None) as on_bytes:
            file = registering.register(workspace, model, path, on_bytes=on_bytes)
        files.append(file.model_dump())
        say(f"{file.name}: {file.bytes:,} B, {file.format}, sha256 {file.sha256}")
    show({"files": files}, f"{len(files)} registered for {model}.", as_json=as_json)


@weights.command()
@click.argument("model")
@json_option
@pass_workspace
def verify(workspace: Workspace, model: str, *, as_json: bool) -> None:
    """Read every weight file of MODEL again and compare its digest.

    Example: emeritus weights verify halcyon-2
    """
    results = []
    with reading(model, None) as on_bytes:
        for file, check, why in registering.verify(workspace, model, on_bytes=on_bytes):
            results.append((check, _result(file, check, why)))
            if not check.sound:
                say(f"{file.path}: {why or 'its bytes are not those that were registered'}")
    bad = sum(not check.sound for check, _ in results)
    document = {"files": [result for _, result in results]}
    show(document, f"{len(results) - bad} of {len(results)} files are sound.", as_json=as_json)
    raise SystemExit(1 if bad else 0)


@weights.command("list")
@click.argument("model")
@json_option
@pass_workspace
def list_files(workspace: Workspace, model: str, *, as_json: bool) -> None:
    """List the weight files of MODEL with what their headers say.

    Example: emeritus weights list halcyon-2 --json
    """
    with workspace.database.reading() as session:
        load_model(session, model)
        files = [
            row.model_dump() | {"last_check": _checked(last_check(session, row.id))}
            for row in weight_files_of(session, model)
        ]
    text = "\n".join(_text(file) for file in files)
    show({"files": files}, text or f"{model} has no weight file on record.", as_json=as_json)


def _result(file: WeightFile, check: FixityCheck, why: str | None) -> dict[str, Any]:
    return {
        "path": file.path,
        "sound": check.sound,
        "expected": check.expected,
        "found": check.found,
        "why": why,
        "checked_at": check.checked_at,
    }


def _checked(check: FixityCheck | None) -> dict[str, Any] | None:
    return None if check is None else {"at": check.checked_at, "sound": check.sound}


def _text(file: dict[str, Any]) -> str:
    check = file["last_check"]
    checked = "not read again" if check is None else f"read again {check['at'][:10]}"
    lines = [f"{file['path']}: {file['bytes']:,} B, {checked}", f"  sha256 {file['sha256']}"]
    lines += [f"  {name:<20} {value}" for name, value in {**file["facts"], **file["needs"]}.items()]
    return "\n".join(lines)
