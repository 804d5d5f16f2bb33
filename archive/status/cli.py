"""`emeritus status`: what a retirement still needs."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import click
from sqlmodel import select

from archive import wing
from archive.commands import json_option, pass_workspace, show
from archive.records.models import Model, load_model
from archive.status import archive
from archive.status.checklist import Item, State, overdue
from archive.times import now
from archive.workspace.people import Person
from archive.workspace.workspace import Workspace


@click.command()
@click.argument("model", required=False)
@json_option
@pass_workspace
def status(workspace: Workspace, model: str | None, *, as_json: bool) -> None:
    """Show the retirement checklist of MODEL; of every model that is held if none is named.

    Exits with 1 if something is overdue.

    Example: emeritus status halcyon-2
    """
    with workspace.database.reading() as session:
        if model is None:
            models = session.exec(select(Model).where(Model.held).order_by(Model.slug)).all()
        else:
            models = [load_model(session, model)]
        names = {row.slug: row.name for row in models}
        held = {row.slug for row in models if row.held}
    today = now().date()
    lists = {slug: _items(workspace, slug, today, held=slug in held) for slug in names}
    document = {
        "models": [
            {
                "model": slug,
                "held": slug in held,
                "overdue": len(overdue(items)),
                "items": [_document(item, workspace.people) for item in items],
            }
            for slug, items in lists.items()
        ]
    }
    text = "\n\n".join(
        _text(f"{names[slug]} ({slug})", items, workspace.people) for slug, items in lists.items()
    )
    show(document, text or "No model is held yet. Next: emeritus model add", as_json=as_json)
    raise SystemExit(1 if any(overdue(items) for items in lists.values()) else 0)


def _items(workspace: Workspace, slug: str, today: date, *, held: bool) -> list[Item]:
    if not held:  # the archive's part says so, and nothing else is due
        return list(archive.checklist(workspace, slug, today))
    return [item for part in wing.checklists() for item in part(workspace, slug, today)]


def _document(item: Item, people: Mapping[str, Person]) -> dict[str, Any]:
    return {
        "subject": item.subject,
        "state": item.state.value,
        "detail": item.detail,
        "due": None if item.due is None else item.due.isoformat(),
        "next": item.next,
        "signs": sorted(people) if item.awaits_a_decision else [],
    }


def _text(title: str, items: list[Item], people: Mapping[str, Person]) -> str:
    roster = ", ".join(f"{person.name} ({person.id})" for person in people.values())
    signs = roster or "nobody is on the roster yet: add a person to people.toml"
    counts = Counter(item.state for item in items)
    summary = ", ".join(f"{counts[state]} {state}" for state in State if counts[state])
    lines = [f"{title}: {summary}"]
    for item in items:
        lines.append(f"  {item.state:<12}  {item.subject}: {item.detail}")
        if item.next is not None and item.state is not State.DONE:
            lines.append(f"  {'':<12}  next: {item.next}")
        if item.awaits_a_decision:
            lines.append(f"  {'':<12}  signs: {signs}")
    return "\n".join(lines)
