"""`emeritus post withdraw` and `post restore`: take a published post back, and bring it back."""

import click

from archive.commands import by_option, pass_workspace, say
from archive.errors import ServiceError
from archive.workspace.workspace import Workspace
from blog.posts.withdrawals import Act
from blog.posts.withdrawing import Acted, act
from blog.site.keeping_up import not_built_again


@click.command()
@click.argument("identifier", metavar="ID")
@click.option("--reason", required=True, help="Why; it stands on the page in the text's place.")
@click.option(
    "--class",
    "reason_class",
    metavar="CLASS",
    required=True,
    help="A criterion's id, model-wish or other; counted in public.",
)
@click.option("--urgent", is_flag=True, help="Alone and at once; a second person reviews it.")
@by_option
@pass_workspace
def withdraw(
    workspace: Workspace,
    identifier: str,
    reason: str,
    reason_class: str,
    person: str,
    *,
    urgent: bool,
) -> None:
    """Take the published post ID back. Its address stays, with the reason in the text's place.

    Two people withdraw: the first proposes, a second does it. With --urgent one does it at once; it
    is due for review in 7 days by a second, who withdraws it too, or restores it. The sites that
    were built are built again.

    Example: emeritus post withdraw ID --reason "names a user" --class private-data --urgent --by ana
    """
    what = Act.WITHDRAW_URGENTLY if urgent else Act.WITHDRAW
    by = workspace.person(person)
    done = act(workspace, identifier, what, reason=reason, by=by, reason_class=reason_class)
    say(_told(identifier, done))
    _build_again(workspace, done)


@click.command()
@click.argument("identifier", metavar="ID")
@click.option("--reason", required=True, help="Why; kept with the post.")
@by_option
@pass_workspace
def restore(workspace: Workspace, identifier: str, reason: str, person: str) -> None:
    """Bring the withdrawn post ID back, or turn down the proposal to withdraw it.

    What one person withdrew as urgent another restores. What two withdrew takes two again.

    Example: emeritus post restore ID --reason "it is a ship's name" --by bo
    """
    done = act(workspace, identifier, Act.RESTORE, reason=reason, by=workspace.person(person))
    say(_told(identifier, done))
    _build_again(workspace, done)


def _told(identifier: str, done: Acted) -> str:
    """Return what an act led to, and what is still needed."""
    now, second = done.after, "  Somebody else on the roster: emeritus post"
    if now.proposed is not None:
        what = "restored" if now.proposed.act == Act.RESTORE else "withdrawn"
        word = (
            f"restore {identifier}"
            if now.proposed.act == Act.RESTORE
            else f"withdraw {identifier} --class CLASS"
        )
        return (
            f"post {identifier}: that it be {what} is proposed by {now.proposed.by}, and needs a"
            f" second person.\n{second} {word} --reason TEXT --by PERSON"
        )
    if now.withdrawn is None:
        return f"post {identifier} is not withdrawn."
    if now.due is None:
        return f"post {identifier} is withdrawn."
    return (
        f"post {identifier} is withdrawn by {now.withdrawn.by} alone; a second person reviews it by"
        f" {now.due}.\n{second} withdraw {identifier} --class CLASS, or restore {identifier};"
        " --reason TEXT --by PERSON"
    )


def _build_again(workspace: Workspace, done: Acted) -> None:
    """Build the sites again where they show otherwise now.

    Raises:
        ServiceError: One could not be built; what was decided stands.
    """
    if not done.shows_otherwise:
        return
    if faults := not_built_again(workspace):
        raise ServiceError(
            f"it is decided, and not shown yet: {'; '.join(faults)}",
            at="sites",
            mend="Put that right, then: emeritus site build (--out DIR for a folder elsewhere).",
        )
