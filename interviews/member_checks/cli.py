"""`emeritus interview check-back`: show a participant what will be said of it, and ask."""

from functools import partial
from pathlib import Path

import click

from archive.commands import json_option, pass_workspace, say, until_stopped
from archive.workspace.workspace import Workspace
from interviews.member_checks.preparing import Shown, concerned, prepared
from interviews.participants.options import sampling_options
from interviews.participants.seam import Sampling
from interviews.sessions.beginning import first_call
from interviews.sessions.budgets import Budget
from interviews.sessions.cli import how_to_run, report
from interviews.sessions.progress import watching
from interviews.sessions.running import Run, hold, stop
from interviews.sessions.spending import spending_alone


@click.command("check-back")
@click.argument("slug", required=False)
@click.option("--campaign", metavar="NAME", help="About the interviews of this campaign.")
@click.option(
    "--summary",
    type=click.Path(path_type=Path),
    required=True,
    help="What will be said of the participant: a text file.",
)
@click.option(
    "--quotations",
    type=click.Path(path_type=Path),
    help="Its words that will be quoted: lines of SESSION:TURN:TEXT.",
)
@click.option("--session", "named", multiple=True, metavar="ID", help="About this; else about all.")
@click.option("--language", help="One that the protocol is translated into; else its own.")
@sampling_options
@how_to_run
@json_option
@pass_workspace
def check_back(
    workspace: Workspace,
    slug: str | None,
    *,
    campaign: str | None,
    summary: Path,
    quotations: Path | None,
    named: tuple[str, ...],
    language: str | None,
    sampling: Sampling,
    concurrency: int,
    budgets: tuple[Budget, ...],
    as_json: bool,
) -> None:
    """Show the model SLUG what will be said of it, and record what it answers.

    Each quotation is held against its turn first, to the letter. The answers are a session of
    their own, by the protocol member-check; nothing of it is published unless it is released.

    Example: emeritus interview check-back halcyon-2 --summary summary.txt
    """
    if (slug is None) == (campaign is None):
        raise click.UsageError("Name a model, or a campaign with --campaign: one of the two.")
    model, sessions = concerned(workspace, slug, campaign=campaign, named=named)
    plan, addresses = prepared(
        workspace,
        model,
        sessions,
        Shown(summary=summary, quotations=quotations),
        language=language,
        sampling=sampling,
    )
    if plan.pilot:
        say(f"Nobody approved {plan.protocol.slug}, version {plan.protocol.version}: a pilot.")
    with spending_alone(workspace, budgets) as purse, watching() as progress:
        purse.open(addresses.all)
        purse.check_first(addresses.participant, first_call(plan))
        run = Run(workspace=workspace, progress=progress, purse=purse, concurrency=concurrency)
        held = until_stopped(hold(run, addresses, [plan]), wish=partial(stop, run))
    report(workspace, held, as_json=as_json)
