"""`emeritus interview coverage` and `campaigns`: what became of all that was begun."""

import click

from archive.commands import json_option, pass_workspace, show
from archive.workspace.workspace import Workspace
from interviews.campaigns.presenting import (
    coverage_document,
    coverage_table,
    flow_document,
    flow_table,
    of_all_begun,
)
from interviews.campaigns.reading import campaign_rows, results


@click.command()
@click.argument("slug", required=False)
@click.option("--campaign", metavar="NAME", help="Only the sessions of this campaign.")
@json_option
@pass_workspace
def coverage(
    workspace: Workspace, slug: str | None, *, campaign: str | None, as_json: bool
) -> None:
    """Say what became of every session that was begun, and of each core question.

    Of one model, if SLUG names it. A question of an excluded session counts as missing, never as
    answered; of one that the model ended, or that failed, what was answered before counts. Pilots
    are counted, and their answers are not.

    Example: emeritus interview coverage --campaign exit-2026
    """
    found = results(workspace, campaign=campaign, model=slug)
    document = {
        "flow": flow_document(found.flow),
        "conditions": {words: flow_document(flow) for words, flow in found.by_condition.items()},
        "coverage": coverage_document(found.coverage),
    }
    text = (
        f"{flow_table(found.by_condition, found.flow)}\n\n{coverage_table(found.coverage)}\n"
        f"Sessions: {of_all_begun(found.flow)}."
        if found.flow.begun
        else "No interview has been held yet."
    )
    show(document, text, as_json=as_json)


@click.command()
@click.argument("slug", required=False)
@json_option
@pass_workspace
def campaigns(workspace: Workspace, slug: str | None, *, as_json: bool) -> None:
    """List the campaigns, of the model SLUG if one is named, the oldest first.

    Example: emeritus interview campaigns halcyon-2
    """
    found = campaign_rows(workspace, slug)
    document = {
        "campaigns": [
            {
                "campaign": row.slug,
                "model": row.model,
                "protocol": row.protocol,
                "pilot": row.pilot,
                "planned_at": row.planned_at,
                "plan_digest": row.plan_digest,
                "flow": flow_document(flow),
            }
            for row, flow in found
        ]
    }
    lines = [
        f"{row.slug}  {row.model}: {flow.begun} of {flow.planned} begun,"
        f" {flow.ended} ended{'; a pilot' if row.pilot else ''}"
        for row, flow in found
    ]
    show(document, "\n".join(lines) or "No campaign has been planned yet.", as_json=as_json)
