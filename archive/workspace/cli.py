"""`emeritus init`: make a workspace, asking for what was not given."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from archive.commands import say
from archive.errors import InputError
from archive.identifiers import check_slug
from archive.workspace.making import make_workspace
from archive.workspace.people import Person
from archive.workspace.settings import (
    LOOPBACK_URL,
    NO_RIGHTS_CLAIMED,
    DatabaseSettings,
    Operator,
    SiteSettings,
)

_QUESTIONS = {
    "name": "Who runs this archive (an organisation or a person)",
    "responsible": "Who answers for it (a person)",
    "contact": "How to reach them (an address)",
    "relation": "Their relation to the makers of the models",
    "basis": "On what basis the models' outputs are published",
}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--operator", "name", help="Who runs this archive.")
@click.option("--responsible", help="The person who answers for it.")
@click.option("--contact", help="How to reach them.")
@click.option("--relation", help="Their relation to the makers of the models.")
@click.option("--basis", help="On what basis the models' outputs are published.")
@click.option("--licence", default=NO_RIGHTS_CLAIMED, help="The licence statement of the site.")
@click.option("--site-title", help="The title of the published site.")
@click.option("--site-url", default=LOOPBACK_URL, show_default=True, help="Its address.")
@click.option(
    "--database",
    metavar="URL",
    envvar="EMERITUS_DATABASE_URL",
    help="Keep the record in PostgreSQL: postgresql://USER@HOST/NAME; else in a file.",
)
@click.option(
    "--person",
    "people",
    multiple=True,
    metavar="ID=NAME",
    help="Put a reviewer on the roster; may be given often.",
)
def init(
    folder: Path,
    *,
    licence: str,
    site_title: str | None,
    site_url: str,
    people: tuple[str, ...],
    database: str | None,
    **stated: str | None,
) -> None:
    """Make a workspace in FOLDER, here if none is named.

    What is not given by options is asked for on a terminal; elsewhere it stays *not stated*,
    and the public site is not built until it is.

    Example: emeritus init halcyon --operator "The Halcyon Archive" --person ana="Ana Ruiz"
    """
    roster = [_person(text) for text in people]
    operator = Operator(licence=licence, **stated)
    if sys.stdin.isatty():
        operator = _ask(operator)
    site = SiteSettings(title=site_title, url=_address(site_url))
    workspace = make_workspace(
        folder.resolve(), operator, site, roster, DatabaseSettings(url=database)
    )
    workspace.close()
    say(f"Made a workspace in {folder}.")
    if operator.not_stated:
        say(f"Not stated yet: {', '.join(operator.not_stated)}. State it in emeritus.toml.")
    say("Next: emeritus model add SLUG --name NAME --participant PARTICIPANT")


def _ask(operator: Operator) -> Operator:
    say("Leave an answer empty to state it later in emeritus.toml.")
    for field, question in _QUESTIONS.items():
        if getattr(operator, field) is None:
            answer = click.prompt(question, default="", show_default=False, err=True)
            operator = replace(operator, **{field: answer.strip() or None})
    return operator


def _person(text: str) -> Person:
    identifier, separator, name = text.partition("=")
    if not separator or not name.strip():
        raise InputError(
            f"not ID=NAME: {text!r}", at="--person", mend='Write --person ana="Ana Ruiz".'
        )
    slug = check_slug(identifier.strip(), at="--person")
    return Person(id=slug, name=name.strip(), roles=("reviewer",))


def _address(url: str) -> str:
    if url.startswith(("http://", "https://")):
        return url if url.endswith("/") else f"{url}/"
    raise InputError(
        f"not an address: {url!r}", at="--site-url", mend="Write https://archive.example/."
    )
