"""`emeritus policy`: set who may use a model after its retirement, and show it."""

from pathlib import Path

import click

from archive.commands import by_option, json_option, pass_workspace, say, show
from archive.errors import InputError
from archive.files import read_bounded
from archive.policy import policies
from archive.policy.policies import Policy, policies_of
from archive.records.models import load_model
from archive.workspace.workspace import Workspace

LONGEST = 1 << 20  # bytes of a wording


@click.group()
def policy() -> None:
    """Set who may use a model, for what, and how to ask."""


@policy.command("set")
@click.argument("slug")
@click.option("--summary", required=True, help="One sentence for the page's head.")
@click.option(
    "--wording",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="A Markdown file: the words that the public reads.",
)
@click.option("--how-to-ask", required=True, help="Where and how to apply.")
@by_option
@pass_workspace
def set_policy(
    workspace: Workspace, slug: str, summary: str, wording: Path, how_to_ask: str, person: str
) -> None:
    """Set the access policy of SLUG: a new version; the ones before it stay on record.

    Example: emeritus policy set halcyon-2 --summary "For research, on request."
    --wording policy.md --how-to-ask "Write to archive@halcyon.example." --by ana
    """
    by = workspace.person(person).id
    words = _read(wording)
    with workspace.deciding() as session:
        load_model(session, slug)
        row = policies.set_policy(
            session, slug, summary=summary, wording=words, how_to_ask=how_to_ask, by=by
        )
        say(f"Policy of {slug}, version {row.version}: {row.id}.")


@policy.command("show")
@click.argument("slug")
@json_option
@pass_workspace
def show_policy(workspace: Workspace, slug: str, *, as_json: bool) -> None:
    """Show the access policy of SLUG as it stands.

    Example: emeritus policy show halcyon-2
    """
    versions = _versions(workspace, slug)
    if not versions:
        raise InputError(
            "no policy is set", at=slug, mend=f"Set one with `emeritus policy set {slug}`."
        )
    last = versions[-1]
    text = f"{last.summary}\n\n{last.wording.strip()}\n\n{last.how_to_ask}"
    show(last.model_dump(), text, as_json=as_json)


@policy.command()
@click.argument("slug")
@json_option
@pass_workspace
def history(workspace: Workspace, slug: str, *, as_json: bool) -> None:
    """List every version of SLUG's access policy.

    Example: emeritus policy history halcyon-2
    """
    versions = _versions(workspace, slug)
    lines = [f"{row.version:>3}  {row.set_at}  {row.set_by}  {row.summary}" for row in versions]
    document = {"policies": [row.model_dump() for row in versions]}
    show(document, "\n".join(lines) or f"No policy is set for {slug}.", as_json=as_json)


def _versions(workspace: Workspace, slug: str) -> list[Policy]:
    with workspace.database.reading() as session:
        load_model(session, slug)
        return [Policy(**row.model_dump()) for row in policies_of(session, slug)]


def _read(path: Path) -> str:
    try:
        return read_bounded(path.resolve(), LONGEST).decode()
    except (OSError, ValueError) as error:  # UnicodeDecodeError is one
        raise InputError(
            f"cannot be read as text: {error}", at=str(path), mend="Name a Markdown file in UTF-8."
        ) from error
