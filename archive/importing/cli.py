"""`emeritus model import`: bring in what sources know of models."""

import os
from collections import Counter
from collections.abc import Iterable
from typing import Any

import click

from archive.commands import json_option, pass_workspace, show
from archive.importing.bringing_in import Report, bring_in, try_out
from archive.importing.entries import Reading
from archive.importing.merging import Conflict, Merged, Outcome
from archive.importing.sources import FORMS, read_source
from archive.rendering.terminal import for_terminal
from archive.times import now
from archive.workspace.workspace import Workspace

MOST_LINES = 20  # of one kind, for people; --json has all


@click.command("import")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--format", "form", type=click.Choice(FORMS), help="Of files; found if not given.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@json_option
@pass_workspace
def import_models(
    workspace: Workspace,
    sources: tuple[str, ...],
    *,
    form: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring in what each SOURCE says of models: all of it in one transaction.

    A SOURCE is a file (a model-eol feed, notices of deprecations.info), a folder (of such files, or
    a Hugging Face repository), anthropic (the Models API), or openai:BASE_URL (an OpenAI-compatible API).

    Models that were not on record are not held: they have no page. Exits with 1 if an entry was
    left out; the others come in. A second time adds nothing.

    Example: emeritus model import feeds/anthropic.json --dry-run
    """
    readings = [reading for source in sources for reading in read_source(source, form, os.environ)]
    act = try_out if dry_run else bring_in
    report = act(workspace, readings, today=now().date())
    document = {"dry_run": dry_run, **_document(report)}
    show(document, for_terminal(_text(document)), as_json=as_json)
    raise SystemExit(1 if document["not_understood"] else 0)


def _document(report: Report) -> dict[str, Any]:
    sources = [_source(reading, report.merged) for reading in report.readings]
    counted = ("read", *(outcome.value for outcome in Outcome), "not_understood")
    changed = (one for one in report.merged if one.outcome is Outcome.MERGED)
    return {
        "sources": sources,
        "total": {name: sum(source[name] for source in sources) for name in counted},
        "observations": sum(len(one.adds.statements) for one in report.merged),
        "added": [one.slug for one in report.merged if one.outcome is Outcome.ADDED],
        "merged": [_change(one) for one in changed],
        "conflicts": [_conflict(one) for one in report.conflicts],
        "flagged": [_conflict(one) for one in report.flags],
        "not_understood": [
            {
                "source": problem.place.source,
                "position": problem.place.position,
                "what": problem.what,
            }
            for reading in report.readings
            for problem in reading.problems
        ],
    }


def _source(reading: Reading, merged: Iterable[Merged]) -> dict[str, Any]:
    mine = {id(entry) for entry in reading.entries}
    outcomes = Counter(one.outcome for one in merged if id(one.entry) in mine)
    return {
        "source": reading.source,
        "format": reading.form,
        "read": len(reading.entries) + len(reading.problems),
        **{outcome.value: outcomes[outcome] for outcome in Outcome},
        "not_understood": len(reading.problems),
    }


def _change(one: Merged) -> dict[str, Any]:
    said = one.adds
    return {
        "model": one.slug,
        "id": one.entry.id,
        "source": one.entry.place.source,
        "position": one.entry.place.position,
        "facts": sorted(said.facts),
        "aliases": said.aliases,
        "observations": len(said.statements),
        "successors": [name for name, _ in said.replacements],
        "snapshots": len(said.folders),
    }


def _conflict(one: Conflict) -> dict[str, str]:
    return {"model": one.slug, "what": one.what}


def _text(document: dict[str, Any]) -> str:
    lines = ["Nothing is written; this is what would be done:"] if document["dry_run"] else []
    lines += [_counts(source["source"], source) for source in document["sources"]]
    if len(document["sources"]) > 1:
        lines.append(_counts("in all", document["total"]))
    lines.append(f"{document['observations']} new observations")
    for name, rows in (
        ("in conflict", [f"{row['model']}: {row['what']}" for row in document["conflicts"]]),
        ("flagged", [f"{row['model']}: {row['what']}" for row in document["flagged"]]),
    ):
        lines += [f"{name}: {row}" for row in rows[:MOST_LINES]]
        if len(rows) > MOST_LINES:
            lines.append(f"{name}: {len(rows) - MOST_LINES} more; --json has all")
    lines += [
        f"{row['source']}: {row['position']}: left out: {row['what']}"
        for row in document["not_understood"]
    ]
    return "\n".join(lines)


def _counts(name: str, counts: dict[str, Any]) -> str:
    return (
        f"{name}: {counts['read']} read: {counts['added']} added, {counts['merged']} merged,"
        f" {counts['duplicate']} duplicate, {counts['not_understood']} left out"
    )
