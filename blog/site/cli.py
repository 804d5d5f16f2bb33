"""`emeritus site`: build what is published, and show it on this machine."""

from dataclasses import asdict
from pathlib import Path

import click

from archive.commands import json_option, pass_workspace, say, show
from archive.times import from_text, now
from archive.workspace.workspace import Workspace
from blog.site import rebuilding, serving
from blog.site.views import Audience

FOLDER = click.Path(path_type=Path, file_okay=False)
INTERNAL = "internal"
"""The folder of an internal build, unless told otherwise: never the public one."""


@click.group()
def site() -> None:
    """Build and show the published site. It holds only what is released."""


@site.command()
@click.option("--out", type=FOLDER, help="Where to; else the workspace's public/ or internal/.")
@click.option(
    "--audience",
    type=click.Choice([audience.value for audience in Audience]),
    default=Audience.PUBLIC.value,
    show_default=True,
    help="internal shows what is not released too, and says so on every page.",
)
@click.option("--as-of", metavar="TIME", help="Build as at this time; else now.")
@json_option
@pass_workspace
def build(
    workspace: Workspace, out: Path | None, audience: str, as_of: str | None, *, as_json: bool
) -> None:
    """Build the site: pages and feeds of all that is released, and of nothing else.

    Every text, interview and decision is checked against its digests and the log first; a fault
    exits with 1, and nothing is written.

    Example: emeritus site build --out public
    """
    chosen = Audience(audience)
    time = now() if as_of is None else from_text(as_of, at="--as-of")
    folder = out or (workspace.public if chosen is Audience.PUBLIC else workspace.root / INTERNAL)
    shown = rebuilding.read(workspace, chosen, folder, as_of=time)
    built = rebuilding.build(workspace, shown, folder)
    text = (
        f"{built.pages} pages and {built.feeds} feeds in {folder}; {built.written} files changed."
    )
    show(asdict(built), text, as_json=as_json)
    for model in shown.models:
        if model.withheld:
            say(
                f"The record of {model.slug} is not released: its page has only what it said."
                f" Next: emeritus release model {model.slug} --public --by PERSON"
            )
    say(f"Show it with: emeritus site serve --folder {folder}")


@site.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Where it listens; 0 takes a free one.",
)
@click.option("--folder", type=FOLDER, help="What to show; else the workspace's public/.")
@pass_workspace
def serve(workspace: Workspace, port: int, folder: Path | None) -> None:
    """Show the built site on this machine until Ctrl-C, with the headers a host should send.

    Example: emeritus site serve --port 8000
    """
    serving.serve(
        folder or workspace.public, port, ready=lambda address: say(f"The site is at {address}")
    )
