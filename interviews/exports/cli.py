"""`emeritus interview export`: interviews as files that other programs read."""

from collections.abc import Callable
from pathlib import Path

import click

from archive.commands import json_option, pass_workspace, say, show
from archive.errors import InputError
from archive.files import replacing
from archive.progress import counting
from archive.workspace.workspace import Workspace
from interviews.exports import as_html, as_inspect, as_jsonl, as_markdown, as_parquet
from interviews.exports.selecting import choose
from interviews.exports.selection import Selection

FORMATS: dict[str, Callable[[Selection, Path], None]] = {
    "markdown": as_markdown.write,
    "jsonl": as_jsonl.write,
    "parquet": as_parquet.write,
    "html": as_html.write,
    "inspect": as_inspect.write,
}


@click.command("export")
@click.argument("identifiers", nargs=-1, metavar="[ID]...")
@click.option("--campaign", metavar="NAME", help="Only sessions of this campaign.")
@click.option("--model", metavar="SLUG", help="Only sessions of this model.")
@click.option(
    "--format", "form", type=click.Choice([*FORMATS]), required=True, help="What is written."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file; one that is there is only replaced with --force.",
)
@click.option("--force", is_flag=True, help="Replace the file that is there.")
@json_option
@pass_workspace
def export_interviews(
    workspace: Workspace,
    identifiers: tuple[str, ...],
    *,
    campaign: str | None,
    model: str | None,
    form: str,
    out: Path,
    force: bool,
    as_json: bool,
) -> None:
    """Write the sessions ID into one file; with none named, all that have ended.

    An export is for those who work with the record: it may hold what is not released. Turns that
    tell a fact that is not public are in it, and marked; what somebody withheld shows its digest;
    deleted sessions are left out, and counted.

    Example: emeritus interview export --model halcyon-2 --format html --out interviews.html
    """
    if out.exists() and not force:
        raise InputError(
            "is there already", at=str(out), mend="Name another file, or replace it with --force."
        )
    chosen = choose(workspace, identifiers, campaign=campaign, model=model)
    with counting("sessions") as chosen.told, replacing(out) as temporary:
        FORMATS[form](chosen, temporary)
    if form == "inspect" and not as_inspect.is_listed(out.name):
        say(
            "Inspect's viewer and data frames find a .json log only by a name that begins with a time:"
            " 2026-11-25T10-00-00_interviews.json"
        )
    document = {
        "format": form,
        "out": str(out),
        "sessions": chosen.count,
        "deleted": chosen.deleted,
        "unfinished": chosen.unfinished,
        "bytes": out.stat().st_size,
    }
    sessions = "1 session" if chosen.count == 1 else f"{chosen.count} sessions"
    left = f"Left out: {chosen.deleted} deleted, {chosen.unfinished} unfinished."
    show(document, f"{out}: {sessions}, {document['bytes']:,} bytes. {left}", as_json=as_json)
