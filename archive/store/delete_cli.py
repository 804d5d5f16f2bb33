"""`emeritus preserve delete` and `hold`: what law demands to go, and what it demands to stay."""

import sys
from collections.abc import Sequence
from typing import Any

import click

from archive import wing
from archive.commands import by_option, json_option, pass_workspace, say, show
from archive.errors import InputError
from archive.store import deleting, holds
from archive.store.deleting import Authority, Found
from archive.store.deletions import BEYOND_REACH, Deletion
from archive.store.holds import HoldState
from archive.workspace.workspace import Workspace


@click.command()
@click.argument("kind", required=False)
@click.argument("identifier", metavar="[ID]", required=False)
@click.option("--reason", help="Why; kept for ever. Write nothing here that is to be deleted.")
@click.option("--basis", help="The law, the contract or the request that demands it.")
@click.option("--by", "person", metavar="PERSON", help="Who decides: an id in people.toml.")
@click.option("--dry-run", is_flag=True, help="List every place that holds it; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask; needed where there is no terminal.")
@click.option("--pending", is_flag=True, help="Go on with what is not done, and show it.")
@click.option("--confirm", "place", metavar="PLACE",
              help="A place that is gone for good holds nothing any more.")  # fmt: skip
@json_option
@pass_workspace
def delete(
    workspace: Workspace,
    kind: str | None,
    identifier: str | None,
    *,
    reason: str | None,
    basis: str | None,
    person: str | None,
    dry_run: bool,
    yes: bool,
    pending: bool,
    place: str | None,
    as_json: bool,
) -> None:
    """Delete the KIND ID under authority, in every place that holds it. It cannot be undone.

    A signed tombstone stays. Exits with 1 while a place is not within reach: --pending goes on.

    Example: emeritus preserve delete session ID --reason TEXT --basis "GDPR, art. 17" --by ana
    """
    if pending:
        _show_all(deleting.finish(workspace), as_json=as_json)
    if place is not None:
        by = workspace.person(_needed(person, "--by")).id
        word = _needed(reason, "--reason")
        _show_all(deleting.confirm(workspace, place, reason=word, by=by), as_json=as_json)
    found = deleting.find(workspace, _needed(kind, "KIND"), _needed(identifier, "ID"))
    if dry_run:
        show(_found(found), _text(found.places), as_json=as_json)
        return
    authority = Authority(
        reason=_needed(reason, "--reason"),
        basis=_needed(basis, "--basis"),
        by=workspace.person(_needed(person, "--by")).id,
    )
    _ask(found, yes=yes)
    row = deleting.delete_one(workspace, found, authority)
    show(_document(row), _told(row), as_json=as_json)
    raise SystemExit(1 if row.pending else 0)


@click.command()
@click.argument("kind")
@click.argument("identifier", metavar="ID")
@click.option("--reason", required=True, help="Whose claim it is, or why it has ended; kept.")
@click.option("--lift", is_flag=True, help="The claim has ended: it may be deleted again.")
@by_option
@pass_workspace
def hold(
    workspace: Workspace, kind: str, identifier: str, *, reason: str, lift: bool, person: str
) -> None:
    """Put the KIND ID under a legal hold: it cannot be deleted until that is lifted.

    A hold on a model holds its sessions and posts too.

    Example: emeritus preserve hold session ID --reason "case 12/2027" --by ana
    """
    by = workspace.person(person).id
    subject = _subject(workspace, kind, identifier)
    state = HoldState.LIFTED if lift else HoldState.HELD
    with workspace.deciding() as session:
        holds.decide(session, kind, subject, state, reason=reason, by=by)
    say(f"{kind} {subject}: {'the legal hold is lifted' if lift else 'under a legal hold'}.")


def _subject(workspace: Workspace, kind: str, typed: str) -> str:
    """Return the id of what is to be held: a model, or what could be deleted."""
    if kind == "model" and (find := wing.kinds()[kind].find) is not None:
        return find(workspace, typed)
    erasure = deleting.deletable(kind).erasure
    if erasure is None:
        raise ValueError(f"nothing of the kind {kind} is deleted")
    with workspace.database.reading() as session:
        return erasure.find(session, typed).subject


def _needed(value: str | None, name: str) -> str:
    if value is None:
        raise InputError(
            "is missing", at=f"preserve delete: {name}", mend="See `emeritus preserve delete -h`."
        )
    return value


def _ask(found: Found, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise InputError(
            "there is nobody to ask",
            at=f"delete {found.kind} {found.subject}",
            mend="Look at it with --dry-run; then give --yes. It cannot be undone.",
        )
    say(_text(found.places))
    typed = click.prompt("It cannot be undone. Type the id to delete it", err=True)
    if typed.strip() != found.subject:
        raise InputError("not the id", at=typed, mend="Nothing was deleted.")


def _show_all(rows: Sequence[Deletion], *, as_json: bool) -> None:
    text = "\n\n".join(_told(row) for row in rows) or "No deletion is pending."
    show({"deletions": [_document(row) for row in rows]}, text, as_json=as_json)
    raise SystemExit(1 if any(row.pending for row in rows) else 0)


def _found(found: Found) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "id": found.subject,
        "object": found.erasable.object_id,
        "versions": len(found.sealed.seals) if found.sealed else 0,
        "places": list(found.places),
        "beyond_reach": list(BEYOND_REACH),
    }


def _document(row: Deletion) -> dict[str, Any]:
    """Return a deletion as JSON has it."""
    return row.model_dump(exclude={"note"}) | {"beyond_reach": list(BEYOND_REACH)}


def _told(row: Deletion) -> str:
    head = f"{row.kind} {row.subject} was {row.words} (by {row.by})"
    return f"{head}\n{_text(row.places)}"


def _text(places: Sequence[dict[str, str]]) -> str:
    lines = [
        f"  {place['state']:<9}  {place['what']} {place['where']}"
        f"{': ' + place['why'] if 'why' in place else ''}"
        for place in places
    ]
    return "\n".join([*lines, *(f"  beyond reach: {one}" for one in BEYOND_REACH)])
