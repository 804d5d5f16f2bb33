"""`emeritus interview import`: bring in interviews that were held elsewhere."""

from dataclasses import asdict
from pathlib import Path

import click

from archive.commands import json_option, pass_workspace, say, show
from archive.errors import InputError
from archive.progress import counting
from archive.records.models import load_model
from archive.workspace.workspace import Workspace
from interviews.imports.bringing_in import Import, Report
from interviews.imports.files import FORMS, files_of, open_source

MOST_LINES = 20  # of what could not be read, for people; --json has all


@click.command("import")
@click.argument("slug")
@click.argument(
    "paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["auto", *FORMS]),
    default="auto",
    show_default=True,
    help="Of the files; auto finds it from what each holds.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@json_option
@pass_workspace
def import_interviews(
    workspace: Workspace,
    slug: str,
    paths: tuple[Path, ...],
    *,
    form: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring in conversations of SLUG that were held elsewhere, from each FILE or folder.

    A FILE is a log of Inspect's (.json or .eval), chats as JSON lines in OpenAI's form or that of
    the Messages API, or plain text, "Name: what was said". Each session carries the digest of its
    file, its place there, and the mark that it was not recorded here; it is not published.

    Exits with 1 if something could not be read; the rest comes in. A second time adds nothing;
    nor does what was deleted under authority come in again.

    Example: emeritus interview import halcyon-2 logs/ --dry-run
    """
    with workspace.database.reading() as session:
        load_model(session, slug)
    files = files_of(paths)
    with counting("conversations") as told:
        importing = Import(workspace, slug, told=told, dry_run=dry_run)
        report = importing.take(
            open_source(path, None if form == "auto" else form) for path in files
        )
    if not report.files:
        raise InputError(
            "holds no file of a form that is known",
            at=", ".join(map(str, paths)),
            mend="Name files, or a folder with .json, .eval, .jsonl or .txt in it.",
        )
    document = {
        "dry_run": dry_run,
        "sessions": report.sessions,
        "already": report.already,
        "deleted": report.deleted,
        "files": report.files,
        "unread": [asdict(one) for one in report.unread],
    }
    show(document, _text(report, dry_run=dry_run), as_json=as_json)
    _say_unread(report)
    raise SystemExit(2 if report.nothing_read else 1 if report.unread else 0)


def _text(report: Report, *, dry_run: bool) -> str:
    come = "would come in" if dry_run else "imported"
    lines = [
        f"{_counted(len(report.sessions), 'session')} {come}, of {_counted(report.files, 'file')}."
    ]
    if report.already:
        were = "was" if report.already == 1 else "were"
        lines.append(f"{_counted(report.already, 'session')} {were} here already.")
    if report.deleted:
        were = "was" if report.deleted == 1 else "were"
        lines.append(
            f"{_counted(report.deleted, 'session')} {were} deleted here under authority, and "
            f"{'is' if report.deleted == 1 else 'are'} not brought back."
        )
    return "\n".join(lines)


def _say_unread(report: Report) -> None:
    for one in report.unread[:MOST_LINES]:
        say(f"{one.file}: {one.place}: {one.what}\n  {one.mend}")
    if (more := len(report.unread) - MOST_LINES) > 0:
        say(f"{more} more could not be read: --json names them all.")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
