"""`emeritus weights fingerprint`: what a served model replies to fixed prompts, kept and compared."""

import math
from collections.abc import Mapping

import click

from archive.commands import json_option, pass_workspace, say, show, until_stopped
from archive.errors import InputError
from archive.records.models import load_model, participant_of
from archive.rendering.terminal import for_terminal
from archive.workspace.locks import has_runner
from archive.workspace.workspace import Workspace
from interviews.fingerprints.comparing import TOLERANCE, Verdict, compare
from interviews.fingerprints.fingerprint import (
    LAST,
    Fingerprint,
    Taken,
    check_comparable,
    fingerprints_of,
    last_taken,
    load_taken,
)
from interviews.fingerprints.presenting import compared, comparison_document, described
from interviews.fingerprints.taking import take
from interviews.sessions.spending import WITHOUT_SESSIONS, spending_alone


def _finite(_context: click.Context, _option: click.Parameter, value: float) -> float:
    """Refuse what no difference can be held against; click's range lets both through."""
    if not math.isfinite(value):
        raise click.BadParameter(f"{value} is no number of nats.")
    return value


@click.command()
@click.argument("slug", required=False)
@click.option("--against", metavar="ID|last", help="Compare with an earlier one of these.")
@click.option("--compare", nargs=2, metavar="ID ID", help="Compare two on record; ask nothing.")
@click.option("--list", "listed", is_flag=True, help="List those on record; ask nothing.")
@click.option(
    "--tolerance",
    type=click.FloatRange(0),
    callback=_finite,
    default=TOLERANCE,
    show_default=True,
    help="Nats by which log-probabilities may differ.",
)
@json_option
@pass_workspace
def fingerprint(
    workspace: Workspace,
    slug: str | None,
    *,
    against: str | None,
    compare: tuple[str, str] | None,
    listed: bool,
    tolerance: float,
    as_json: bool,
) -> None:
    """Ask SLUG a fixed set of prompts with fixed settings, and keep what it replies.

    Compared with an earlier fingerprint it is identical, the same within the tolerance, or
    different, and where. That is evidence of consistency, never a proof. The budgets of budgets.toml
    for the run and the workspace stop it before a call that exceeds them.

    Example: emeritus weights fingerprint halcyon-2 --against last
    """
    if sum((against is not None, compare is not None, listed)) > 1:
        raise InputError(
            "--against, --compare and --list are three things to do",
            at="weights fingerprint",
            mend="Choose one of them.",
        )
    if compare is not None and slug is not None:
        raise InputError(
            "--compare names two fingerprints, and so names no model",
            at=slug,
            mend=f"Leave out {slug}.",
        )
    if listed:
        _list(workspace, slug, as_json=as_json)
    elif compare is not None:
        with workspace.database.reading() as session:
            taken = [load_taken(session, identifier) for identifier in compare]
        one, other = sorted(taken, key=lambda each: each.document["begun_at"])
        _show_compared(one, other, tolerance, as_json=as_json, new=False)
    elif slug is None:
        raise InputError(
            "of which model?", at="weights fingerprint", mend="Name one, or give --list."
        )
    else:
        _take(workspace, slug, against, tolerance, as_json=as_json)


def _take(
    workspace: Workspace, slug: str, against: str | None, tolerance: float, *, as_json: bool
) -> None:
    with workspace.database.reading() as session:
        address = participant_of(load_model(session, slug))
        earlier = None
        if against is not None:
            earlier = last_taken(session, slug) if against == LAST else load_taken(session, against)
    with spending_alone(workspace, (), scopes=WITHOUT_SESSIONS) as purse:
        taking = take(
            workspace,
            slug,
            address,
            against=earlier,
            tell=lambda line: say(for_terminal(line)),
            purse=purse,
        )
        identifier = until_stopped(taking)
    with workspace.database.reading() as session:
        taken = load_taken(session, identifier)
    if earlier is not None:
        _show_compared(earlier, taken, tolerance, as_json=as_json, new=True)
    document = {"fingerprint": taken.document | {"digest": taken.digest}, "comparison": None}
    show(document, described(taken.document, taken.digest), as_json=as_json)


def _show_compared(one: Taken, other: Taken, tolerance: float, *, as_json: bool, new: bool) -> None:
    """Show how two fingerprints compare, and exit with 1 if they are different."""
    check_comparable(one.document, other.document)
    found = compare(one.replies, other.replies, tolerance=tolerance)
    comparison = comparison_document(one.document, other.document, found, tolerance)
    taken = other.document | {"digest": other.digest} if new else None
    head = f"{described(other.document, other.digest)}\n" if new else ""
    text = f"{head}{compared(comparison, found)}"
    show({"fingerprint": taken, "comparison": comparison}, text, as_json=as_json)
    raise SystemExit(1 if found.verdict is Verdict.DIFFERENT else 0)


def _list(workspace: Workspace, slug: str | None, *, as_json: bool) -> None:
    with workspace.database.reading() as session:
        rows = [_summary(workspace, row) for row in fingerprints_of(session, slug)]
    lines = [
        f"{row['id']}  {row['state']:<10}  {row['model']}: begun {row['begun_at']}{_why(row)}"
        for row in rows
    ]
    text = "\n".join(lines) or "No fingerprint is on record."
    show({"fingerprints": rows}, text, as_json=as_json)


def _why(row: Mapping[str, str | None]) -> str:
    return "" if row["reason"] is None else f", {for_terminal(row['reason'])}"


def _summary(workspace: Workspace, row: Fingerprint) -> dict[str, str | None]:
    going_on = row.digest is None and has_runner(workspace.lock(row.id))
    state = "running" if going_on else "unfinished" if row.digest is None else "taken"
    document = row.document
    return {
        "id": row.id,
        "model": row.model,
        "state": state,
        "reason": row.reason,
        "participant": document["participant"],
        "prompts": document["prompts"]["digest"],
        "begun_at": row.begun_at,
        "ended_at": row.ended_at,
        "digest": row.digest,
    }
