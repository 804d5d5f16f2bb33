"""`emeritus interview diff`: sessions laid beside each other, question by question."""

from pathlib import Path

import click

from archive.commands import columns, json_option, pass_workspace, say, show
from archive.errors import InputError
from archive.workspace.workspace import Workspace
from interviews.comparisons.page import comparison_page
from interviews.comparisons.presenting import (
    Compared,
    compared,
    comparison_document,
    comparison_text,
)
from interviews.sessions.reading import session_document


@click.command()
@click.argument("identifiers", nargs=-1, required=True, metavar="ID ID...")
@click.option("--html", type=click.Path(path_type=Path), help="Also as one HTML file.")
@json_option
@pass_workspace
def diff(
    workspace: Workspace, identifiers: tuple[str, ...], *, html: Path | None, as_json: bool
) -> None:
    """Lay two sessions or more beside each other, question by question.

    Between two the words that differ are marked. It is internal: it holds withheld turns.

    Example: emeritus interview diff ID ID
    """
    found = _compared(workspace, identifiers)
    if html is not None:
        html.write_text(comparison_page(found), "utf-8")
        say(f"{html}: {len(identifiers)} sessions, {len(found.rows)} questions and follow-ups")
    show(comparison_document(found), comparison_text(found, width=columns()), as_json=as_json)


def _compared(workspace: Workspace, identifiers: tuple[str, ...]) -> Compared:
    """Return the comparison of the sessions that were named.

    Raises:
        InputError: They are fewer than two, or one has no questions: it was imported.
    """
    named = list(dict.fromkeys(identifiers))
    if len(named) < 2:
        raise InputError(
            "one session alone has nothing to be compared with",
            at="interview diff",
            mend="Name another one: see `emeritus interview list`.",
        )
    documents = [session_document(workspace, identifier) for identifier in named]
    for document in documents:
        if "origin" in document:
            raise InputError(
                "was imported: it has no core questions by which it could be aligned",
                at=f"session {document['id']}",
                mend="Compare sessions that were recorded here.",
            )
    return compared(documents)
