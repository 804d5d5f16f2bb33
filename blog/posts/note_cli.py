"""`emeritus post note`: say something beside a text, in the operator's own voice."""

from pathlib import Path

import click

from archive.commands import by_option, pass_workspace, say
from archive.errors import InputError
from archive.workspace.workspace import Workspace
from blog.posts.notes import Side
from blog.posts.noting import add_note


@click.command()
@click.argument("identifier", metavar="ID")
@click.option("--text", help="The note, in Markdown.")
@click.option(
    "--file", type=click.Path(path_type=Path, dir_okay=False), help="A file that holds it."
)
@click.option("--below", is_flag=True, help="Below the text; else above it.")
@click.option("--instead-of", metavar="NOTE", help="The id of the note in whose place it stands.")
@by_option
@pass_workspace
def note(
    workspace: Workspace,
    identifier: str,
    text: str | None,
    file: Path | None,
    instead_of: str | None,
    person: str,
    *,
    below: bool,
) -> None:
    """Put a note of the operator's beside the text of the post ID: a warning, help, an explanation.

    It is signed, stands in a box of its own on the page and in the feeds, and is no part of the
    text. Readers see it with the next build.

    Example: emeritus post note ID --text "If you need help: https://example.org/help" --by ana
    """
    if (text is None) == (file is None):
        raise click.UsageError("Give one of --text, --file.")
    added = add_note(
        workspace,
        identifier,
        _read(file) if file is not None else str(text),
        side=Side.BELOW if below else Side.ABOVE,
        by=workspace.person(person),
        instead_of=instead_of,
    )
    say(f"post {identifier} has the note {added.id}; readers see it after: emeritus site build")


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise InputError(
            f"cannot be read: {reason}", at=str(file), mend="Name a text file in UTF-8."
        ) from error
