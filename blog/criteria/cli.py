"""`emeritus post criteria`: what a text is read for, and how well its detectors do."""

import click

from archive.commands import json_option, pass_workspace, show
from archive.workspace.workspace import Workspace
from blog.criteria.measuring import measured
from blog.criteria.presenting import criteria_document, criteria_text
from blog.criteria.reading import read_criteria
from interviews.interviewer.presenting import figures_document, table


@click.command()
@click.option("--measured", "with_figures", is_flag=True, help="With all figures of the detectors.")
@json_option
@pass_workspace
def criteria(workspace: Workspace, *, with_figures: bool, as_json: bool) -> None:
    """Show the criteria that texts are reviewed by, with each detector's measured error.

    They are the workspace's own criteria.toml, or those that ship.

    Example: emeritus post criteria
    """
    found = read_criteria(workspace)
    document, text = criteria_document(found), criteria_text(found)
    if with_figures:
        halves = list(measured())
        document["measured"] = [
            {
                "set": each.texts.name,
                "version": each.texts.version,
                "labelled": each.texts.labelled,
                "written": each.texts.written,
                "made": each.texts.made,
                "half": each.half,
                "figures": [figures_document(one) for one in each.figures],
            }
            for each in halves
        ]
        text = "\n\n".join([text, *(f"{each.heading}\n\n{table(each.figures)}" for each in halves)])
    show(document, text, as_json=as_json)
