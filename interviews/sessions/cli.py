"""`emeritus interview`: hold interviews, go on with them, show and verify what was said."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any, TypeVar

import click

from archive.commands import (
    columns,
    is_terminal,
    json_option,
    pass_workspace,
    say,
    show,
    until_stopped,
)
from archive.errors import EmeritusError, InputError, ServiceError
from archive.times import now
from archive.workspace.workspace import Workspace
from interviews.campaigns.costs import asked_of, cost_document, cost_text
from interviews.campaigns.estimating import Estimate, estimate_document, estimate_text
from interviews.campaigns.foreseeing import MUCH, VERY_MUCH, foreseen
from interviews.campaigns.holding import check_ready, hold_campaign, plan_and_hold
from interviews.campaigns.planning import Wish, on_record, plan_as_wished, wished
from interviews.campaigns.prices import read_prices
from interviews.campaigns.verifying import verify_campaigns
from interviews.participants.options import sampling_options
from interviews.participants.seam import Sampling
from interviews.protocols.protocol import Protocol
from interviews.protocols.reading import find_protocol
from interviews.sessions import replaying
from interviews.sessions.beginning import first_call
from interviews.sessions.budgeting import budget_options
from interviews.sessions.budgets import Budget
from interviews.sessions.choosing import choice_options, wanted_options
from interviews.sessions.closing import closing_line
from interviews.sessions.conditions import Choice
from interviews.sessions.listing import Wanted, summaries
from interviews.sessions.listing_text import listing
from interviews.sessions.progress import watching
from interviews.sessions.reading import left_sessions, session_document
from interviews.sessions.replaying import replay, to_replay
from interviews.sessions.running import Held, Run, hold, hold_on, stop
from interviews.sessions.spending import campaigns_of, spending_alone, taken_by_sessions
from interviews.sessions.transcript_text import transcript
from interviews.sessions.verifying import verify_sessions

Result = TypeVar("Result")


def how_to_run(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of commands that ask: how many at once, and what they may spend."""
    concurrency = click.option(
        "--concurrency",
        type=click.IntRange(1),
        default=1,
        show_default=True,
        help="How many sessions at once.",
    )
    return concurrency(budget_options(command))


@click.group()
def interview() -> None:
    """Interview a model. Every turn is kept; what was left goes on where it was."""


@interview.command("run")
@click.argument("slug")
@click.option(
    "--protocol",
    "protocol_name",
    default="retirement",
    show_default=True,
    help="What is asked: a protocol's slug or file.",
)
@click.option(
    "--campaign", metavar="NAME", help="Plan, log and hold every condition of the protocol."
)
@choice_options
@click.option("--replicates", type=click.IntRange(1), help="How many sessions in each condition.")
@click.option(
    "--interviewer", metavar="PARTICIPANT", help="A model that asks probes between the questions."
)
@click.option("--judge", metavar="PARTICIPANT", help="A model that judges them after the rules.")
@click.option("--pilot", is_flag=True, help="Try a draft; every session and turn is marked.")
@click.option("--dry-run", is_flag=True, help="Say what it would take, and ask nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before a run that takes much.")
@sampling_options
@how_to_run
@json_option
@pass_workspace
def run_interviews(
    workspace: Workspace,
    slug: str,
    *,
    protocol_name: str,
    campaign: str | None,
    choice: Choice,
    replicates: int | None,
    interviewer: str | None,
    judge: str | None,
    pilot: bool,
    dry_run: bool,
    yes: bool,
    sampling: Sampling,
    concurrency: int,
    budgets: tuple[Budget, ...],
    as_json: bool,
) -> None:
    """Interview SLUG: one session for each condition that is chosen, and replicate.

    What is not chosen is the protocol's first; with --campaign, all that it has, as often as it
    says, in a balanced order. The plan of a campaign is logged before the first question; the
    same command goes on with it.

    What a call may take is reserved before it is made. At the limit of a budget the sessions
    stop, and can be resumed.

    Example: emeritus interview run halcyon-2 --stance neutral,warm --concurrency 2
    """
    if judge is not None and interviewer is None:
        raise click.UsageError("--judge judges probes: name who writes them with --interviewer.")
    protocol = find_protocol(protocol_name, folder=workspace.protocols)
    wish, material, one_each = wished(
        workspace,
        slug,
        protocol,
        choice=choice,
        replicates=replicates,
        sampling=sampling,
        pilot=pilot,
        planned=campaign is not None,
        interviewer=interviewer,
        judge=judge,
    )
    campaigns = [] if campaign is None else [campaign]
    for name in campaigns:
        plan_as_wished(workspace, name, wish)
    if wish.pilot and not pilot:
        say(unasked_pilot(protocol))
    expected = foreseen(workspace, wish, one_each, concurrency=concurrency)
    with spending_alone(workspace, budgets, campaigns=campaigns) as purse:
        purse.open(wish.addresses.all, campaigns=campaigns)
        purse.check_first(wish.addresses.participant, first_call(one_each[0]), campaign=campaign)
        if dry_run:
            until_stopped(check_ready(workspace, wish, concurrency=concurrency))
            show_expected(wish, expected, as_json=as_json)
            return
        if not yes:
            ask_before_much(expected)
        with watching() as progress:
            run = Run(workspace=workspace, progress=progress, purse=purse, concurrency=concurrency)
            if campaign is None:
                work = hold(run, wish.addresses, wish.each * one_each)
            else:
                work = plan_and_hold(run, campaign, wish, material)
            held = until_stopped(work, wish=partial(stop, run))
    report(workspace, held, as_json=as_json, pilot=wish.pilot)


@interview.command()
@click.argument("identifiers", nargs=-1, metavar="[ID]...")
@click.option("--campaign", metavar="NAME", help="Go on with all that is due of its plan.")
@how_to_run
@json_option
@pass_workspace
def resume(
    workspace: Workspace,
    identifiers: tuple[str, ...],
    *,
    campaign: str | None,
    concurrency: int,
    budgets: tuple[Budget, ...],
    as_json: bool,
) -> None:
    """Go on with the sessions ID; with none named, with all that are unfinished.

    What was answered is not asked again. A reply that was in flight is lost, and on record as lost.

    Example: emeritus interview resume
    """
    if campaign is not None and identifiers:
        raise click.UsageError("Name sessions, or a campaign: not both.")
    going_on = None if campaign is None else on_record(workspace, campaign, today=now().date())
    left = left_sessions(workspace, identifiers) if going_on is None else {}
    addresses, campaigns = list(left), [] if campaign is None else [campaign]
    if going_on is None:
        with workspace.database.reading() as session:
            of = campaigns_of(session, chain.from_iterable(left.values()))
        campaigns = sorted(set(of.values()))
    else:
        addresses = [going_on[0].addresses]
    with (
        spending_alone(workspace, budgets, campaigns=campaigns) as purse,
        watching() as progress,
    ):
        purse.open(chain.from_iterable(one.all for one in addresses), campaigns=campaigns)
        run = Run(workspace=workspace, progress=progress, purse=purse, concurrency=concurrency)
        work = hold_on(run, left) if going_on is None else hold_campaign(run, *going_on)
        held = until_stopped(work, wish=partial(stop, run))
    report(workspace, held, as_json=as_json)


@interview.command("list")
@click.argument("slug", required=False)
@wanted_options
@json_option
@pass_workspace
def list_interviews(
    workspace: Workspace, slug: str | None, *, wanted: Wanted, as_json: bool
) -> None:
    """List the sessions, of the model SLUG if one is named, the oldest first.

    Example: emeritus interview list halcyon-2 --state interrupted
    """
    wanted = replace(wanted, model=slug)
    found = summaries(workspace, wanted)
    text = listing(found, width=columns(), filtered=wanted != Wanted())
    show({"sessions": found}, text, as_json=as_json)


@interview.command("show")
@click.argument("identifier", metavar="ID")
@click.option("--thinking", is_flag=True, help="Also what was thought and not said.")
@json_option
@pass_workspace
def show_interview(workspace: Workspace, identifier: str, *, thinking: bool, as_json: bool) -> None:
    """Show the session ID, turn by turn, with the probes that were not sent.

    Example: emeritus interview show ID --json
    """
    document = session_document(workspace, identifier)
    text = transcript(document, width=columns(), thinking=thinking)
    show(document, text, as_json=as_json)


@interview.command()
@click.argument("identifiers", nargs=-1, metavar="[ID]...")
@json_option
@pass_workspace
def verify(workspace: Workspace, identifiers: tuple[str, ...], *, as_json: bool) -> None:
    """Recompute every digest of the sessions ID, or of all; name the first bad turn of each.

    It shows that the record agrees with itself and with the log; not that a provider said this.

    Example: emeritus interview verify
    """
    verified = verify_sessions(workspace, identifiers)
    campaigns = [] if identifiers else verify_campaigns(workspace)
    document = {
        "sessions": [
            {"id": one.session, "turns": one.turns, "faults": one.faults} for one in verified
        ],
        "campaigns": [
            {"campaign": one.campaign, "sessions": one.sessions, "faults": one.faults}
            for one in campaigns
        ],
    }
    faults = [f"{one.session}: {fault}" for one in verified for fault in one.faults]
    faults += [f"campaign {one.campaign}: {fault}" for one in campaigns for fault in one.faults]
    turns = sum(one.turns for one in verified)
    sessions = "1 session" if len(verified) == 1 else f"{len(verified)} sessions"
    planned_too = as_planned(len(campaigns))
    whole = f"{sessions}, {turns} turns: every digest and every link holds.{planned_too}"
    show(document, "\n".join(faults) or whole, as_json=as_json)
    raise SystemExit(1 if faults else 0)


@interview.command("replay")
@click.argument("identifier", metavar="ID")
@click.option(
    "--turn", type=click.IntRange(0), required=True, help="The turn of the question, as shown."
)
@click.option(
    "--times", type=click.IntRange(1), default=1, show_default=True, help="How often it is asked."
)
@click.option("--temperature", type=click.FloatRange(0, 1), help="Else that of the session.")
@how_to_run
@json_option
@pass_workspace
def replay_turn(
    workspace: Workspace,
    identifier: str,
    *,
    turn: int,
    times: int,
    temperature: float | None,
    concurrency: int,
    budgets: tuple[Budget, ...],
    as_json: bool,
) -> None:
    """Ask a question of the session ID anew, after all that was said before it.

    Each draw is a session of its own that names the turn it replays. It is no interview: it counts
    in no coverage and no campaign.

    Example: emeritus interview replay ID --turn 4 --times 5
    """
    drawn = None if temperature is None else f"{temperature:g}"
    prefix, sampling = to_replay(workspace, identifier, turn=turn, times=times, temperature=drawn)
    address = prefix.header.participant
    with spending_alone(workspace, budgets) as purse, watching() as progress:
        purse.open([address])
        purse.check_first(address, replaying.first_call(prefix, sampling))
        run = Run(workspace=workspace, progress=progress, purse=purse, concurrency=concurrency)
        work = replay(run, prefix, sampling, times=times)
        held = until_stopped(work, wish=partial(stop, run))
    report(workspace, held, as_json=as_json)


@interview.command("cost")
@click.argument("identifiers", nargs=-1, metavar="[ID]...")
@click.option("--campaign", metavar="NAME", help="Its sessions only.")
@click.option("--model", metavar="SLUG", help="Sessions with it only.")
@json_option
@pass_workspace
def cost_of_interviews(
    workspace: Workspace,
    identifiers: tuple[str, ...],
    *,
    campaign: str | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Say what the sessions ID, or all, took and cost, from the attempts on record.

    Example: emeritus interview cost --campaign spring
    """
    sessions, took = taken_by_sessions(workspace, identifiers, campaign=campaign, model=model)
    asked = asked_of(took, read_prices(workspace.root))
    document = cost_document(asked, sessions=sessions)
    show(document, cost_text(asked, sessions=sessions), as_json=as_json)


def as_planned(campaigns: int) -> str:
    """Return, as the end of a line, that so many campaigns are as planned; none: nothing."""
    if not campaigns:
        return ""
    return f" {campaigns} campaign{' is' if campaigns == 1 else 's are'} as planned."


def show_expected(wish: Wish, expected: Estimate, *, as_json: bool) -> None:
    """Show the conditions that are wanted, and what they would take."""
    cells = [cell.words for cell in wish.cells]
    document = {"conditions": cells, "each": wish.each, **_marked(wish.pilot)}
    document |= estimate_document(expected)
    text = "\n".join(f"{wish.each} x {words}" for words in cells)
    show(document, f"{text}\n\n{estimate_text(expected)}", as_json=as_json)


def ask_before_much(expected: Estimate) -> None:
    """Ask a person at a terminal before a run that takes much; exit with 2 if it is not wanted.

    Raises:
        InputError: It takes very much, and nobody is there to be asked.
    """
    most = expected.calls[1]
    if not is_terminal() and most > VERY_MUCH:
        raise InputError(
            f"up to {most:,} calls, and nobody is at a terminal to be asked",
            at="interview run",
            mend="See what it would take with --dry-run; if it is meant, add --yes.",
        )
    if most <= MUCH or not is_terminal():
        return
    say(estimate_text(expected))
    if not click.confirm("Begin?", err=True):
        say("Nothing was begun.")
        raise SystemExit(InputError.exit_code)


def unasked_pilot(protocol: Protocol) -> str:
    """Return what is said before a protocol that nobody approved is asked (decision 0010)."""
    return (
        f"Nobody approved {protocol.slug}, version {protocol.version}: this is a pilot. Its sessions"
        " and turns are marked so, and their answers are not counted.\n"
        f"  For interviews that count: emeritus protocol approve {protocol.slug} --by PERSON"
    )


def _marked(pilot: bool) -> dict[str, bool]:  # noqa: FBT001  # one word, of one meaning
    return {"pilot": True} if pilot else {}


def report(workspace: Workspace, held: Held, *, as_json: bool, pilot: bool = False) -> None:
    """Show the sessions that were held, how they stand, and each error once.

    Exits as the worst of the errors says.

    Args:
        workspace: Where they are on record.
        held: What a run came to.
        as_json: Whether it is shown as one document.
        pilot: Whether its sessions are a pilot: the document says so.
    """
    if held.sessions:
        try:
            say(closing_line(workspace, held.sessions))
        except EmeritusError as unread:
            held.errors.append(unread)
    text = "\n".join(f"emeritus interview show {session}" for session in held.sessions)
    if held.sessions or as_json or not held.errors:
        document = {"sessions": held.sessions} | _marked(pilot)
        show(document, text or "Nothing was left to ask.", as_json=as_json)
    errors = {str(error): error for error in held.errors}
    if errors:
        worst = max(errors.values(), key=exit_code)
        for message, error in errors.items():
            if error is not worst:
                say(message)
        raise worst


def exit_code(error: EmeritusError | OSError) -> int:
    """Return the exit code of an error, as the contract has it."""
    return error.exit_code if isinstance(error, EmeritusError) else ServiceError.exit_code
