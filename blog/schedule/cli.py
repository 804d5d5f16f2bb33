"""`emeritus post schedule`, `post gap` and `worker`: posts that appear when they were promised."""

import time

import click

from archive.commands import by_option, json_option, pass_workspace, say, show
from archive.errors import InputError, ServiceError
from archive.records.models import load_model
from archive.rendering.terminal import for_terminal
from archive.times import now
from archive.workspace.locks import only_runner
from archive.workspace.workspace import Workspace
from blog.schedule.deciding import Wish, note_gap, schedules_of, set_schedule, weeks_of
from blog.schedule.schedules import WEEKDAYS, Week, in_words
from blog.schedule.working import turn

SECONDS = 60  # between two looks


@click.command()
@click.argument("model", metavar="SLUG")
@click.option("--weekly", metavar="DAY", type=click.Choice(WEEKDAYS), help="monday to sunday.")
@click.option("--off", is_flag=True, help="Nothing is promised from that day on.")
@click.option("--at", "hour", metavar="TIME", default="09:00", show_default=True, help="In UTC.")
@click.option("--from", "since", metavar="DATE", help="From which day on.")
@click.option("--show", "showing", is_flag=True, help="Show what is promised, and what came.")
@click.option("--by", "person", metavar="PERSON", help="Who decides: an id in people.toml.")
@json_option
@pass_workspace
def schedule(
    workspace: Workspace,
    model: str,
    weekly: str | None,
    hour: str,
    since: str | None,
    person: str | None,
    *,
    off: bool,
    showing: bool,
    as_json: bool,
) -> None:
    """Promise a post of SLUG every week. `emeritus worker` keeps it, with posts that are approved.

    Whoever makes the schedule releases to the public what is published by it.

    Example: emeritus post schedule halcyon-2 --weekly monday --from 2026-11-30 --by ana
    """
    if not showing:
        if (weekly is None) != off or since is None or person is None:
            raise InputError(
                "what is promised?",
                at="post schedule",
                mend="Give --weekly DAY or --off, with --from DATE and --by PERSON; or --show.",
            )
        wish = Wish(weekday=weekly, time=hour, since=since)
        set_schedule(workspace, model, wish, by=workspace.person(person))
    _show(workspace, model, as_json=as_json)


@click.command()
@click.argument("model", metavar="SLUG")
@click.option("--week", metavar="DATE", required=True, help="A day of the week that is meant.")
@click.option("--note", required=True, help="Why no post came; it is published, signed.")
@by_option
@pass_workspace
def gap(workspace: Workspace, model: str, week: str, note: str, person: str) -> None:
    """Say why no post of SLUG came in a week, or none will come: in the operator's own voice.

    Example: emeritus post gap halcyon-2 --week 2026-12-21 --note "We are on leave." --by ana
    """
    noted = note_gap(workspace, model, week, note, by=workspace.person(person))
    say(
        f"{model}: the week of {noted.slot} has its note; readers see it after: emeritus site build"
    )


@click.command()
@click.option("--once", is_flag=True, help="Do what is due and end: for cron.")
@pass_workspace
def worker(workspace: Workspace, *, once: bool) -> None:
    """Publish approved posts when their slot comes, and build the sites again, until it is stopped.

    It looks once a minute. One worker runs in a workspace; one that was killed left nothing half
    done, and the next goes on.

    Example: emeritus worker --once
    """
    with only_runner(workspace.lock("worker"), what="the worker"):
        faults = turn(workspace, _say, build=True)
        while not once:
            for fault in faults:
                _say(f"not built again: {fault}")
            time.sleep(SECONDS)
            faults = turn(workspace, _say, build=bool(faults))
    if faults:
        raise ServiceError(
            f"not built again: {'; '.join(faults)}",
            at="sites",
            mend="Put that right, then: emeritus worker --once",
        )


def _say(line: str) -> None:
    say(for_terminal(line))


def _show(workspace: Workspace, model: str, *, as_json: bool) -> None:
    with workspace.database.reading() as session:
        load_model(session, model)
        schedules = [
            {"weekday": row.weekday, "time": row.time, "since": row.since, "by": row.by}
            | {"words": "nothing is promised" if row.weekday is None else in_words(row)}
            for row in schedules_of(session, model)
        ]
        found = weeks_of(session, model, until=now())
    weeks = [
        {
            "slot": f"{week.slot:%Y-%m-%dT%H:%M:%SZ}",
            "posts": list(week.posts),
            "note": None if week.gap is None else week.gap.note,
            "over": week.end <= now(),
        }
        for week in found
    ]
    lines = [f"{row['words']} (from {row['since']}, by {row['by']})" for row in schedules]
    lines += [f"  {week.slot:%Y-%m-%d}  {_became(week)}" for week in found]
    document = {"model": model, "schedules": schedules, "weeks": weeks}
    show(document, "\n".join(lines) or "No schedule is on record.", as_json=as_json)


def _became(week: Week) -> str:
    if week.posts:
        return ", ".join(f"post {post}" for post in week.posts)
    if week.gap is not None:
        return f"no post: {week.gap.note}"
    return "no post, no reason given" if week.end <= now() else "no post yet"
