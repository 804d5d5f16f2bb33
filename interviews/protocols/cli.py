"""`emeritus protocol`: write, read, check and approve what interviews ask."""

from collections.abc import Sequence
from typing import Any

import click
from sqlmodel import select

from archive.commands import by_option, json_option, pass_workspace, say, show
from archive.errors import Place
from archive.files import sync_folder, write_new
from archive.identifiers import check_slug
from archive.records.models import load_model
from archive.times import now
from archive.workspace.workspace import Workspace
from interviews.protocols.checking import Finding, Grade, check, faults, not_judged, places_of
from interviews.protocols.facts import unrecorded
from interviews.protocols.flow import flow, jump_words, probing_words, when_words
from interviews.protocols.protocol import Protocol
from interviews.protocols.reading import find_protocol, list_protocols
from interviews.protocols.script import Ask
from interviews.protocols.starting import copy_of, starting_file, unused
from interviews.protocols.versions import ProtocolVersion, approve
from interviews.protocols.workspace_facts import facts_about, lacking, stated_facts
from interviews.sessions.facts import facts_of


@click.group()
def protocol() -> None:
    """Write, check and approve protocols: what an interview asks, and in which words."""


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


@protocol.command()
@click.argument("slug")
@click.option("--from", "model_of", metavar="NAME", help="Copy this protocol: a slug or a file.")
@pass_workspace
def new(workspace: Workspace, slug: str, model_of: str | None) -> None:
    """Write protocols/SLUG.yaml, a file to begin with; its comments say what each field is for.

    Example: emeritus protocol new farewell --from retirement
    """
    name = f"{check_slug(slug, at='protocol')}.yaml"
    shown = f"{workspace.protocols.name}/{name}"
    path = unused(workspace.protocols / name, shown=shown)
    if model_of is None:
        source = starting_file(slug)
    else:
        source = copy_of(find_protocol(model_of, folder=workspace.protocols), slug)
    write_new(path, source)
    sync_folder(path.parent)
    say(f"{shown} is there. Edit it, then: emeritus protocol check {slug}")


@protocol.command("show")
@click.argument("name")
@click.option("--stance", help="As it is asked in this stance; else the first.")
@click.option("--information", help="As it is asked under this condition; else the first.")
@click.option("--language", help="As it is asked in this language; else as it was written.")
@click.option("--flow", "as_flow", is_flag=True, help="What follows what, as a picture.")
@json_option
@pass_workspace
def show_one(
    workspace: Workspace,
    name: str,
    stance: str | None,
    information: str | None,
    language: str | None,
    *,
    as_flow: bool,
    as_json: bool,
) -> None:
    """Show what the protocol NAME asks; NAME is its slug or a file.

    Example: emeritus protocol show retirement --stance sceptical
    """
    written = find_protocol(name, folder=workspace.protocols)
    found = written.in_language(language or written.language)
    asks = found.asks(
        stance=stance or next(iter(found.stances)),
        information=information or next(iter(found.informations)),
    )
    document = _summary(workspace, found) | _design(written, found)
    document["asks"] = [_ask_document(ask) for ask in asks]
    head = f"{found.title}, version {found.version}; {_approval(document)}\n{found.digest}"
    said = flow(found) if as_flow else "\n\n".join(map(_ask_text, asks))
    show(document, f"{head}\n\n{said}", as_json=as_json)


@protocol.command("check")
@click.argument("name")
@click.option("--model", help="Look whether the workspace has what the protocol tells this model.")
@json_option
@pass_workspace
def check_it(workspace: Workspace, name: str, model: str | None, *, as_json: bool) -> None:
    """Find what is wrong with the protocol NAME: faults, which forbid approval, and warnings.

    Example: emeritus protocol check protocols/exit.yaml
    """
    found = find_protocol(name, folder=workspace.protocols)
    asks = found.asks(stance=next(iter(found.stances)), information=next(iter(found.informations)))
    findings = _findings(workspace, found, model)
    places = places_of(found, findings)
    unjudged = not_judged(found)
    document = {
        "slug": found.slug,
        "version": found.version,
        "digest": found.digest,
        "exchanges": len(asks),
        "findings": list(map(_finding_document, findings, places)),
        "not_checked": unjudged,
    }
    wrong = len(faults(findings))
    counts = f"{_number(wrong, 'fault')}, {_number(len(findings) - wrong, 'warning')}"
    lines = [
        f"{found.slug} version {found.version}: {len(asks)} exchanges; {counts}.",
        *map(_finding_text, findings, places),
        *(f"not checked: the wording in {language}; there are no rules" for language in unjudged),
    ]
    show(document, "\n".join(lines), as_json=as_json)
    raise SystemExit(1 if wrong else 0)


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


def _findings(workspace: Workspace, found: Protocol, model: str | None) -> list[Finding]:
    if model is None:
        return check(found)
    stated = stated_facts(workspace.root)
    with workspace.database.reading() as session:
        operator, today = workspace.settings.operator, now().date()
        record = load_model(session, model)
        facts = facts_of(session, record, operator, reply_limit=1, today=today)
    facts |= facts_about(model, stated)
    return check(found, lacking=lacking(found, model, stated), unrecorded=sorted(unrecorded(facts)))


def _finding_document(finding: Finding, place: Place) -> dict[str, Any]:
    return {
        "grade": str(finding.grade),
        "rule": finding.rule,
        "file": place.name,
        "line": place.line,
        "field": place.field,
        "what": finding.what,
        "mend": finding.mend,
    }


def _finding_text(finding: Finding, place: Place) -> str:
    mark = "FAULT" if finding.grade is Grade.FAULT else "warning"
    return f"{mark}  {place}: {finding.what}\n  {finding.mend}"


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _design(written: Protocol, found: Protocol) -> dict[str, Any]:
    """Return what the protocol says of its design, for programs."""
    order, replicates, again = found.order, found.replicates, found.asking_again
    return {
        "language": found.language,
        "languages": _languages(written),
        "goals": found.goals,
        "research_questions": found.research_questions,
        "stances": dict(found.stances),
        "informations": dict(found.informations),
        "facts": dict(found.facts),
        "characters": {
            name: {"kind": str(one.kind), "means": one.means, "system": one.system}
            for name, one in found.characters.items()
        },
        "order": order and {"vary": str(order.varied), "because": order.because},
        "replicates": replicates and {"each": replicates.each, "because": replicates.because},
        "asking_again": again and {"most": again.most, "because": again.because},
        "exclusions": [
            {"rule": str(one.rule), "more_than": one.more_than} for one in found.exclusions
        ],
    }


def _languages(written: Protocol) -> Sequence[dict[str, Any]]:
    own: dict[str, Any] = {"language": written.language, "made_by": None, "checked_by": None}
    return [
        own,
        *(
            {"language": name, "made_by": one.made_by, "checked_by": one.checked_by}
            for name, one in written.translations.items()
        ),
    ]


def _ask_document(ask: Ask) -> dict[str, Any]:
    probing = ask.probing
    return {
        "id": ask.id,
        "section": ask.section,
        "text": ask.text,
        "probes": probing and {"most": probing.most, "kinds": [str(one) for one in probing.kinds]},
        "then": [{"if": when_words(jump.when), "go": jump.go} for jump in ask.jumps],
    }


def _ask_text(ask: Ask) -> str:
    further = [] if ask.probing is None else [probing_words(ask.probing)]
    further += [jump_words(jump) for jump in ask.jumps]
    return "\n".join([f"[{ask.id}]", ask.text, *(f"  ({words})" for words in further)])


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
