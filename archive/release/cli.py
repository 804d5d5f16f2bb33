"""`emeritus release`: say what the public may see."""

import click

from archive import wing
from archive.commands import by_option, pass_workspace, say
from archive.errors import InputError
from archive.release.releases import Audience, decide
from archive.times import from_text, to_text
from archive.workspace.workspace import Workspace


@click.command()
@click.argument("kind")
@click.argument("identifier", metavar="ID")
@click.option("--public", "audience", flag_value=Audience.PUBLIC.value, help="Everyone, from now.")
@click.option("--internal", "audience", flag_value=Audience.INTERNAL.value, help="Nobody outside.")
@click.option("--embargo", metavar="TIME", help="Everyone, from TIME on.")
@click.option("--reason", help="Why; kept, not published.")
@by_option
@pass_workspace
def release(
    workspace: Workspace,
    kind: str,
    identifier: str,
    audience: str | None,
    embargo: str | None,
    reason: str | None,
    person: str,
) -> None:
    """Say who may see the model, session, turn, post or policy ID. Nothing is public before.

    A turn is SESSION:INDEX; released --internal it is withheld where its session is public.

    Example: emeritus release post ID --public --by ana
    """
    if (audience is None) == (embargo is None):
        raise InputError(
            "who may see it?",
            at="release",
            mend="Give one of --public, --internal, --embargo TIME.",
        )
    until = None if embargo is None else from_text(embargo, at="--embargo")
    to_whom = Audience.EMBARGOED if audience is None else Audience(audience)
    finds = {name: found.find for name, found in wing.kinds().items() if found.find is not None}
    if kind not in finds:
        known = ", ".join(sorted(finds))
        raise InputError(f"no such kind: {kind!r}", at="KIND", mend=f"The kinds are {known}.")
    by = workspace.person(person).id
    subject = finds[kind](workspace, identifier)
    with workspace.deciding() as session:
        decide(session, kind, subject, to_whom, by=by, until=until, reason=reason)
    say(f"{kind} {subject}: {to_whom}{'' if until is None else f' until {to_text(until)}'}.")
