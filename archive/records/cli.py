"""`emeritus model` and `emeritus promise`: what is known of a model, and what was promised."""

from typing import Any

import click
from sqlmodel import Session, select

from archive.canonical import Canonical
from archive.commands import by_option, json_option, pass_workspace, say, show
from archive.errors import FaultError, InputError
from archive.identifiers import check_slug
from archive.importing.cli import import_models
from archive.log import entries
from archive.records.addresses import check_address
from archive.records.lifecycle import Event, check_date
from archive.records.models import Channel, Model, Observation, load_model
from archive.records.presenting import model_document
from archive.records.promises import Outcome, Promise, promises_of
from archive.records.showing import model_text
from archive.records.words import recorded
from archive.rendering.terminal import for_terminal
from archive.times import now, to_text
from archive.workspace.workspace import Workspace


@click.group()
def model() -> None:
    """Register models and write down what is known of them."""


model.add_command(import_models)


def _described(command: Any) -> Any:  # noqa: ANN401  # click's decorators are untyped here
    for option in (
        click.option("--source", "sources", multiple=True, help="Where this is known from."),
        click.option("--rights", help="Who holds which rights in it; on what basis it is kept."),
        click.option("--modality", "modalities", multiple=True, help="text, image, audio, …"),
        click.option("--alias", "aliases", multiple=True, help="Another name of it."),
        click.option("--licence", help="SPDX id of the weights' licence, where there is one."),
        click.option("--context-window", type=click.IntRange(1), help="In tokens."),
        click.option("--parameters", help="As the maker states it: 135M."),
        click.option("--description", help="What it is, in a sentence or two."),
        click.option("--family", help="The family it belongs to."),
        click.option("--maker", help="Who made it."),
    ):
        command = option(command)
    return command


@model.command()
@click.argument("slug")
@click.option("--name", required=True, help="The model's name, as its maker writes it.")
@click.option(
    "--participant",
    required=True,
    help="How it is reached: anthropic:MODEL, embedded, or gguf:PATH.",
)
@_described
@pass_workspace
def add(workspace: Workspace, /, slug: str, name: str, participant: str, **described: Any) -> None:  # noqa: ANN401
    """Put the model SLUG on record.

    Example: emeritus model add halcyon-2 --name "Halcyon 2" --participant anthropic:halcyon-2
    """
    check_slug(slug, at="SLUG")
    check_address(participant, at="--participant")
    with workspace.database.writing() as session:
        if session.get(Model, slug):
            raise InputError(
                "already on record", at=slug, mend=f"See it with `emeritus model show {slug}`."
            )
        session.add(Model(slug=slug, name=name, participant=participant, **_lists(described)))
    say(f"{name} is on record as {slug}.")


@model.command()
@click.argument("slug")
@click.option("--name", help="The model's name, as its maker writes it.")
@click.option("--participant", help="How it is reached.")
@click.option(
    "--held/--not-held", default=None, help="Whether you hold it. Only then it has a page."
)
@click.option("--by", "person", metavar="PERSON", help="Who decides whether it is held.")
@_described
@pass_workspace
def edit(workspace: Workspace, /, slug: str, person: str | None, **changes: Any) -> None:  # noqa: ANN401
    """Correct what is on record of SLUG; only what is given changes. A list is replaced whole.

    Whether it is held is a decision: it takes --by, and is logged.

    Example: emeritus model edit halcyon-2 --maker "Halcyon Labs"
    """
    if changes["participant"] is not None:
        check_address(changes["participant"], at="--participant")
    decided = None if changes["held"] is None else _who_decides(workspace, person)
    with workspace.database.writing() if decided is None else workspace.deciding() as session:
        found = load_model(session, slug)
        for field, value in _lists(changes).items():
            if value is not None:
                setattr(found, field, value)
        session.add(found)
        if decided is not None:
            said: dict[str, Canonical] = {
                "model": slug,
                "held": int(found.held),
                "by": decided,
                "at": to_text(now()),
            }
            entries.append(session, "held", found.id, said)
    say(f"{slug} is corrected.")


def _who_decides(workspace: Workspace, person: str | None) -> str:
    if person is None:
        raise InputError(
            "who decides that?", at="model edit", mend="Say it with --by PERSON, as in people.toml."
        )
    return workspace.person(person).id


def _lists(given: dict[str, Any]) -> dict[str, Any]:
    """Leave out the options that may be given often and were not; lists for the others."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in given.items()
        if value != ()
    }


@model.command("list")
@json_option
@pass_workspace
def list_models(workspace: Workspace, *, as_json: bool) -> None:
    """List the models on record.

    Example: emeritus model list --json
    """
    with workspace.database.reading() as session:
        found = [row.model_dump() for row in session.exec(select(Model).order_by(Model.slug))]
    lines = [f"{row['slug']:<24} {row['name']}  ({_reached(row)})" for row in found]
    show({"models": found}, "\n".join(lines) or "No model is on record yet.", as_json=as_json)


def _reached(row: dict[str, Any]) -> str:
    return recorded(row["participant"]) if row["held"] else "not held"


@model.command("show")
@click.argument("slug")
@json_option
@pass_workspace
def show_model(workspace: Workspace, slug: str, *, as_json: bool) -> None:
    """Show all that is on record of SLUG; the state on each channel is today's.

    Example: emeritus model show halcyon-2
    """
    with workspace.database.reading() as session:
        document = model_document(session, load_model(session, slug), as_of=now().date())
    show(document, for_terminal(model_text(document)), as_json=as_json)


@model.command()
@click.argument("slug")
@click.option(
    "--event",
    type=click.Choice([event.value for event in Event]),
    required=True,
    help="What happened to it.",
)
@click.option("--date", "day", required=True, help="When: 2026, 2026-11 or 2026-11-23.")
@click.option("--source", required=True, help="Who says so: a URL, a document, a person.")
@click.option("--channel", help="Where: an API, a platform; everywhere if not given.")
@click.option("--not-before", is_flag=True, help="The source says: on this date at the earliest.")
@pass_workspace
def lifecycle(
    workspace: Workspace,
    slug: str,
    event: str,
    day: str,
    source: str,
    channel: str | None,
    *,
    not_before: bool,
) -> None:
    """Add what was observed of SLUG's life; what was added before stays.

    Example: emeritus model lifecycle halcyon-2 --event retired --date 2026-12-31
    --source https://halcyon.example/deprecations --channel api
    """
    check_date(day, at="--date")
    with workspace.database.writing() as session:
        load_model(session, slug)
        where = None if channel is None else _channel(session, slug, channel).id
        session.add(
            Observation(
                model=slug,
                channel=where,
                event=event,
                date=day,
                not_before=not_before,
                source=source,
            )
        )
    say(f"{slug}: {event} {day}{'' if channel is None else f' on {channel}'}, says {source}.")


def _channel(session: Session, slug: str, name: str) -> Channel:
    rows = select(Channel).where(Channel.model == slug, Channel.name == name)
    found = session.exec(rows).first() or Channel(model=slug, name=name)
    session.add(found)
    session.flush()
    return found


@click.group()
def promise() -> None:
    """Keep what the operator undertook for a model."""


@promise.command("add")
@click.argument("slug")
@click.argument("text")
@click.option("--due", help="2026, 2026-11 or 2026-11-23, if a date was promised.")
@click.option("--made-on", help="When it was made; today if not given.")
@by_option
@pass_workspace
def add_promise(
    workspace: Workspace, slug: str, text: str, due: str | None, made_on: str | None, person: str
) -> None:
    """Write down what was promised for SLUG.

    Example: emeritus promise add halcyon-2 "Keep the weights" --due 2036 --by ana
    """
    for name, day in (("--due", due), ("--made-on", made_on)):
        if day is not None:
            check_date(day, at=name)
    made_by = workspace.person(person).id
    made = made_on or now().date().isoformat()
    with workspace.database.writing() as session:
        load_model(session, slug)
        row = Promise(model=slug, text=text, made_on=made, made_by=made_by, due=due)
        session.add(row)
        session.flush()
        say(f"Promise {row.id} is on record.")


@promise.command("list")
@click.argument("slug")
@json_option
@pass_workspace
def list_promises(workspace: Workspace, slug: str, *, as_json: bool) -> None:
    """List what was promised for SLUG, and how it stands.

    Example: emeritus promise list halcyon-2
    """
    with workspace.database.reading() as session:
        load_model(session, slug)
        found = [row.model_dump() for row in promises_of(session, slug)]
    lines = [
        f"{row['id']}  {row['outcome']:<7} {'no date' if row['due'] is None else row['due']:<10}"
        f"  {row['text']}"
        for row in found
    ]
    text = "\n".join(lines) or f"Nothing was promised for {slug}, as far as is recorded."
    show({"promises": found}, text, as_json=as_json)


@promise.command()
@click.argument("identifier", metavar="ID")
@click.option("--kept", "outcome", flag_value=Outcome.KEPT.value, help="It was kept.")
@click.option("--missed", "outcome", flag_value=Outcome.MISSED.value, help="It was missed.")
@click.option("--evidence", required=True, help="What shows it.")
@by_option
@pass_workspace
def resolve(
    workspace: Workspace, identifier: str, outcome: str | None, evidence: str, person: str
) -> None:
    """Say whether the promise ID was kept.

    Example: emeritus promise resolve ID --kept --evidence "fixity check of 2036-01-02" --by ana
    """
    if outcome is None:
        raise InputError("kept or missed?", at="promise resolve", mend="Give --kept or --missed.")
    resolved_by = workspace.person(person).id
    with workspace.deciding() as session:
        found = session.get(Promise, identifier)
        if found is None:
            raise InputError(
                "no such promise", at=identifier, mend="See them with `emeritus promise list SLUG`."
            )
        if found.outcome != Outcome.OPEN:
            raise FaultError(
                f"already {found.outcome}, on {found.resolved_at}",
                at=identifier,
                mend="What was decided stays; add a new promise if there is one.",
            )
        found.outcome, found.evidence = outcome, evidence
        found.resolved_at, found.resolved_by = to_text(now()), resolved_by
        session.add(found)
        entries.append(session, "decision", found.id, found.model_dump(exclude_none=True))
    say(f"Promise {identifier}: {outcome}.")
