"""`emeritus protocol`: read, check and approve what interviews ask."""

from typing import Any

import click
from sqlmodel import select

from archive.commands import by_option, json_option, pass_workspace, say, show
from archive.workspace.workspace import Workspace
from interviews.protocols.protocol import Protocol
from interviews.protocols.reading import find_protocol, list_protocols
from interviews.protocols.versions import ProtocolVersion, approve


@click.group()
def protocol() -> None:
    """Read, check and approve protocols: what an interview asks, and in which words."""


@protocol.command("list")
@json_option
@pass_workspace
def list_them(workspace: Workspace, *, as_json: bool) -> None:
    """List the protocols of this workspace and those shipped, with who approved each.

    Example: emeritus protocol list
    """
    found = [
        _summary(workspace, find_protocol(name, folder=workspace.protocols))
        for name in list_protocols(folder=workspace.protocols)
    ]
    lines = [f"{row['slug']:<24} version {row['version']}  {_approval(row)}" for row in found]
    show({"protocols": found}, "\n".join(lines), as_json=as_json)


@protocol.command("show")
@click.argument("name")
@click.option("--stance", help="As it is asked in this stance; else the first.")
@click.option("--information", help="As it is asked under this condition; else the first.")
@json_option
@pass_workspace
def show_one(
    workspace: Workspace, name: str, stance: str | None, information: str | None, *, as_json: bool
) -> None:
    """Show what the protocol NAME asks; NAME is its slug or a file.

    Example: emeritus protocol show retirement --stance sceptical
    """
    found = find_protocol(name, folder=workspace.protocols)
    asks = found.asks(
        stance=stance or next(iter(found.stances)),
        information=information or next(iter(found.informations)),
    )
    document = _summary(workspace, found) | {
        "language": found.language,
        "goals": found.goals,
        "research_questions": found.research_questions,
        "stances": dict(found.stances),
        "informations": dict(found.informations),
        "asks": [{"id": ask.id, "section": ask.section, "text": ask.text} for ask in asks],
    }
    head = f"{found.title}, version {found.version}; {_approval(document)}\n{found.digest}"
    said = "\n\n".join(f"[{ask.id}]\n{ask.text}" for ask in asks)
    show(document, f"{head}\n\n{said}", as_json=as_json)


@protocol.command()
@click.argument("name")
@json_option
@pass_workspace
def check(workspace: Workspace, name: str, *, as_json: bool) -> None:
    """Check that the protocol NAME can be used; the first thing wrong is named with its line.

    Example: emeritus protocol check protocols/exit.yaml
    """
    found = find_protocol(name, folder=workspace.protocols)
    asks = found.asks(stance=next(iter(found.stances)), information=next(iter(found.informations)))
    document = {
        "slug": found.slug,
        "version": found.version,
        "digest": found.digest,
        "exchanges": len(asks),
    }
    text = f"{found.slug} version {found.version}: {len(asks)} exchanges; nothing is wrong with it."
    show(document, text, as_json=as_json)


@protocol.command("approve")
@click.argument("name")
@by_option
@pass_workspace
def approve_it(workspace: Workspace, name: str, person: str) -> None:
    """Approve the protocol NAME as it is now; sessions name it by its digest.

    Example: emeritus protocol approve retirement --by ana
    """
    by = workspace.person(person).id
    found = find_protocol(name, folder=workspace.protocols)
    with workspace.deciding() as session:
        approve(session, found, by=by)
    say(f"{found.slug} version {found.version} is approved: {found.digest}")


def _summary(workspace: Workspace, found: Protocol) -> dict[str, Any]:
    with workspace.database.reading() as session:
        rows = select(ProtocolVersion).where(ProtocolVersion.digest == found.digest)
        kept = session.exec(rows).first()
        return {
            "slug": found.slug,
            "version": found.version,
            "title": found.title,
            "digest": found.digest,
            "approved_at": None if kept is None else kept.approved_at,
            "approved_by": None if kept is None else kept.approved_by,
        }


def _approval(row: dict[str, Any]) -> str:
    if row["approved_at"] is None:
        return "nobody approved it"
    return f"approved by {row['approved_by']} on {row['approved_at'][:10]}"
