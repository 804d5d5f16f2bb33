"""`emeritus log` and `emeritus key`: prove what was done here, and keep the key that signs it."""

import json
from pathlib import Path

import click

from archive.commands import by_option, json_option, pass_workspace, say, show
from archive.errors import InputError
from archive.files import write_new
from archive.log import receipts, rotating, rotations, verifying
from archive.progress import counting
from archive.workspace.workspace import Workspace


@click.group()
def log() -> None:
    """Verify the transparency log, and prove single entries of it."""


@log.command()
@click.option(
    "--from",
    "kept",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="An earlier checkpoint that somebody kept; may be given often.",
)
@json_option
@pass_workspace
def verify(workspace: Workspace, kept: tuple[Path, ...], *, as_json: bool) -> None:
    """Recompute every entry, tile, root and signature of the log.

    With --from it proves that the log grew from that checkpoint, and nothing was taken back.

    Example: emeritus log verify --from checkpoint-of-may
    """
    with counting("entries") as advance:
        report = verifying.verify(workspace, kept, advance)
    show(report.to_json(), report.to_text(), as_json=as_json)
    raise SystemExit(1 if report.found else 0)


@log.command()
@click.argument("which", metavar="KIND|INDEX")
@click.argument("identifier", metavar="[ID]", required=False)
@click.option("--with-content", is_flag=True, help="Put what was logged, and its salt, into it.")
@click.option(
    "--from",
    "kept",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="An earlier checkpoint that its reader has kept: prove that the log grew from it.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it to this file, which is not there yet; else to stdout.",
)
@json_option
@pass_workspace
def receipt(
    workspace: Workspace,
    which: str,
    identifier: str | None,
    kept: Path | None,
    out: Path | None,
    *,
    with_content: bool,
    as_json: bool,
) -> None:
    """Prove that an entry is in the log: the last of KIND about ID, or that at INDEX.

    Whoever has the log's public key verifies it, alone, with docs/verify_receipt.py.

    Example: emeritus log receipt publication POST --with-content --out receipt.json
    """
    del as_json  # a receipt is JSON
    with workspace.database.reading() as session:
        if identifier is not None:
            entry = receipts.find_entry(session, which, identifier)
        elif which.isascii() and which.isdigit():
            entry = receipts.find_entry_at(session, int(which[:20]))
        else:
            raise InputError(
                "which one?", at="log receipt", mend=f"Name it: log receipt {which} ID."
            )
        before = None if kept is None else (str(kept), verifying.read_kept(kept))
        document = receipts.receipt(
            workspace, session, entry, with_content=with_content, kept=before
        )
    # to the byte as docs/verify_receipt.py expects it
    text = json.dumps(document, indent=2, ensure_ascii=False)
    if out is None:
        click.echo(text)
        return
    try:
        write_new(out, f"{text}\n".encode())
    except FileExistsError as error:
        raise InputError(
            "is there already", at=str(out), mend="Name a file that is not there yet."
        ) from error
    say(f"Receipt of entry {document['index']}: {out}")


@click.group()
def key() -> None:
    """List the keys that signed the log, and put a new one in place of the last."""


@key.command("list")
@json_option
@pass_workspace
def list_keys(workspace: Workspace, *, as_json: bool) -> None:
    """List the log's keys, oldest first.

    Example: emeritus key list --json
    """
    with workspace.database.reading() as session:
        found = rotations.key_list(
            session, workspace.keys, since=workspace.settings.workspace.created
        )
    lines = [f"{row['state']:<8} since {row['since'] or 'unknown'}  {row['vkey']}" for row in found]
    show({"keys": found}, "\n".join(lines), as_json=as_json)


@key.command()
@by_option
@pass_workspace
def rotate(workspace: Workspace, person: str) -> None:
    """Let a new key sign the log from now on; the old private key is destroyed.

    The log says so first, and the last checkpoint of the old key is signed by both.

    Example: emeritus key rotate --by ana
    """
    by = workspace.person(person).id
    new = rotating.rotate(workspace, by=by)
    say(f"The log's key is now {new.text}")
    say("Back up the folder `keys` now, and give the new line to those who verify your log.")
