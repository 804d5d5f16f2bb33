"""`emeritus log` and `emeritus key`: prove what was done here, and keep the key that signs it."""

import json
from pathlib import Path

import click

from archive.commands import by_option, json_option, pass_workspace, say, show
from archive.errors import InputError
from archive.files import write_new
from archive.log import (
    receipts,
    rotating,
    rotations,
    timestamps,
    verifying,
    witnesses,
    witnessing,
)
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
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it to this file, which is not there yet; else to stdout.",
)
@click.option(
    "--timestamp-request",
    "request",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write here what a timestamp authority is to be asked about it (RFC 3161).",
)
@click.option(
    "--digest",
    type=click.Choice(["sha256", "sha512"]),
    default="sha256",
    show_default=True,
    help="The digest in the request.",
)
@json_option
@pass_workspace
def checkpoint(
    workspace: Workspace, out: Path | None, request: Path | None, digest: str, *, as_json: bool
) -> None:
    """Write the log's signed checkpoint: what an outside witness is given.

    Nothing is sent: carry it, or the request, to the witness.

    Example: emeritus log checkpoint --out checkpoint-of-may --timestamp-request may.tsq
    """
    if request is not None and out is None:
        raise InputError(
            "a request without the bytes that it is about",
            at="--timestamp-request",
            mend="Add --out FILE, and keep that file: the answer is about it.",
        )
    note, signed = witnessing.present_checkpoint(workspace)
    if out is not None:
        _write(out, note)
    if request is not None:
        _write(request, timestamps.request(note, digest))
    if as_json:
        found = {"origin": signed.origin, "size": signed.size, "root": signed.root.hex()}
        show({**found, "note": note.decode()}, "", as_json=True)
    elif out is None:
        click.echo(note.decode(), nl=False)
    for path in filter(None, (out, request)):
        say(f"The log's first {signed.size} entries: {path}")


@log.group()
def witness() -> None:
    """Keep and list what outside witnesses say of the log."""


@witness.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", metavar="VKEY|FILE", help="The witness's key, if FILE is cosigned.")
@click.option(
    "--timestamp",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A timestamp authority's answer about FILE.",
)
@click.option(
    "--certificate",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The authority's certificates, in PEM or DER, its root among them.",
)
@pass_workspace
def add(
    workspace: Workspace,
    file: Path,
    key: str | None,
    timestamp: Path | None,
    certificate: Path | None,
) -> None:
    """Check what a witness says of the checkpoint FILE, and keep it.

    Give --key for a cosignature (C2SP), or --timestamp and --certificate (RFC 3161).

    Example: emeritus log witness add checkpoint-of-may --key witness.vkey
    """
    if key is not None and timestamp is None and certificate is None:
        kept, new = witnessing.keep_cosignature(workspace, file, key)
    elif key is None and timestamp is not None and certificate is not None:
        kept, new = witnessing.keep_timestamp(workspace, file, timestamp, certificate)
    else:
        raise InputError(
            "which witness?",
            at="log witness add",
            mend="Give --key, or --timestamp and --certificate.",
        )
    say(f"{'Kept' if new else 'Kept before'}: {kept.to_text()}")


@witness.command("list")
@json_option
@pass_workspace
def list_witnesses(workspace: Workspace, *, as_json: bool) -> None:
    """List what outside witnesses have said of the log, as it came.

    Example: emeritus log witness list --json
    """
    with workspace.database.reading() as session:
        found = witnesses.witnesses(session)
        document = {"witnesses": [row.to_json() for row in found]}
        text = "\n".join(row.to_text() for row in found)
    show(document, text or "None: times are by the operator's clock only.", as_json=as_json)


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
    # to the byte as docs/verify_receipt_in_full.py expects it
    text = json.dumps(document, indent=2, ensure_ascii=False)
    if out is None:
        click.echo(text)
        return
    _write(out, f"{text}\n".encode())
    say(f"Receipt of entry {document['index']}: {out}")


def _write(path: Path, content: bytes) -> None:
    try:
        write_new(path, content)
    except FileExistsError as error:
        raise InputError(
            "is there already", at=str(path), mend="Name a file that is not there yet."
        ) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(
            "its folder is not there", at=str(path), mend="Make the folder, or name another."
        ) from error


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
