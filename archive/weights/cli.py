"""`emeritus weights`: read weight files, name them by digest, and check them again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from archive.commands import by_option, json_option, pass_workspace, say, show
from archive.errors import EmeritusError, InputError
from archive.progress import reading
from archive.records.lifecycle import check_date
from archive.records.models import load_model
from archive.rendering.terminal import for_terminal
from archive.weights import checking, depositing, holding, registering
from archive.weights.companions import all_needs
from archive.weights.gguf_header import NOT_RECORDED
from archive.weights.holdings import holding_records, stored
from archive.weights.inventory import (
    FixityCheck,
    Outcome,
    last_check,
    record_of,
    weight_files_of,
)
from archive.workspace.workspace import Workspace

path_type = click.Path(path_type=Path)


@click.group()
def weights() -> None:
    """Read weight files, name them by digest, and check them again."""


@weights.command()
@click.argument("model")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=path_type)
@click.option("--again", is_flag=True, help="Read files again that were not written to since.")
@json_option
@pass_workspace
def register(
    workspace: Workspace, model: str, paths: tuple[Path, ...], *, again: bool, as_json: bool
) -> None:
    """Put each file, and each file of each folder, into the inventory of MODEL.

    Each is read once, stays where it is, and is on record as soon as it was read.

    Example: emeritus weights register halcyon-2 /models/halcyon-2
    """
    with workspace.database.reading() as session:
        load_model(session, model)
    found = registering.find_all(workspace, paths)
    files, refused = [], list[EmeritusError]()
    for refusal in found.refused:
        _refuse(refusal, refused)
    with reading(model, found.size) as on_bytes:
        for candidate in found.files:
            try:
                done = registering.register(
                    workspace, model, candidate, on_bytes=on_bytes, again=again
                )
            except EmeritusError as error:
                if error.at.name != str(candidate.path):
                    raise  # it is not about this file: the next would fare no better
                _refuse(error, refused)
                continue
            if not done.was_read:
                on_bytes(candidate.size)
            file = record_of(done.file) | {"model": model, "read": done.was_read}
            files.append(file)
            if done.was_read:
                say(f"{file['name']}: {file['bytes']:,} B, {file['format']}, {file['sha256']}")
    incomplete = registering.incomplete(workspace, model)
    for index, how in incomplete:
        say(f"{index}: {how}")
    document: dict[str, list[Any]] = {
        "files": files,
        "refused": [{"path": e.at.name, "what": e.what, "mend": e.mend} for e in refused],
        "hidden": found.hidden,
        "incomplete": [{"index": index, "what": how} for index, how in incomplete],
    }
    show(document, _summary(model, document), as_json=as_json)
    raise SystemExit(refused[0].exit_code if refused else int(bool(incomplete)))


@weights.command()
@click.argument("model")
@click.option("--copy", type=path_type, metavar="FOLDER", help="Read a copy that is held there.")
@click.option("--holding", "held", metavar="ID", help="Which holding the copy is.")
@json_option
@pass_workspace
def verify(
    workspace: Workspace, model: str, copy: Path | None, held: str | None, *, as_json: bool
) -> None:
    """Read every weight file of MODEL again and compare its digests.

    Example: emeritus weights verify halcyon-2
    """
    if copy is not None:
        which = holding.holding_at(workspace, model, copy, held)
        files = holding.files_in(workspace, which)
        with reading(model, sum(file.bytes for file in files)) as on_bytes:
            found = _told(holding.verify_copy(workspace, which, copy, on_bytes=on_bytes))
    elif held is not None:
        raise InputError("which folder?", at="--holding", mend="Say it with --copy FOLDER.")
    else:
        files = checking.files_to_check(workspace, model)
        with reading(model, sum(file.bytes for file in files)) as on_bytes:
            found = _told(checking.verify(workspace, model, on_bytes=on_bytes))
    counts = Counter(str(checked.outcome) for checked in found)
    document = {"files": [_result(checked) for checked in found], "counts": dict(counts)}
    others = "".join(f", {counts[word]} {word}" for word in Outcome if word in counts)
    sound = counts.pop(Outcome.SOUND, 0)
    others = others.removeprefix(f", {sound} sound")
    show(document, f"{sound} of {len(files)} files are sound{others}.", as_json=as_json)
    raise SystemExit(1 if counts else 0)


@weights.command("list")
@click.argument("model")
@json_option
@pass_workspace
def list_files(workspace: Workspace, model: str, *, as_json: bool) -> None:
    """List the weight files of MODEL, what their headers say, and what is needed to run them.

    Example: emeritus weights list halcyon-2 --json
    """
    with workspace.database.reading() as session:
        load_model(session, model)
        rows = weight_files_of(session, model)
        in_store = stored(session, model)
        kept = set() if in_store is None else set(in_store.digests)
        files = [
            record_of(row)
            | {"model": model, "last_check": _checked(last_check(session, row.id))}
            | {"stored": row.sha256 in kept}
            for row in rows
        ]
    needs = all_needs(row.needs for row in rows)
    lines = [*map(_text, files), "Needed to run it:", *_facts(needs)]
    text = "\n".join(lines) if files else f"{model} has no weight file on record."
    show({"files": files, "needs": needs}, text, as_json=as_json)


@weights.command()
@click.argument("model")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@by_option
@json_option
@pass_workspace
def deposit(
    workspace: Workspace, model: str, names: tuple[str, ...], person: str, *, as_json: bool
) -> None:
    """Copy the files of MODEL into the preservation store: all, or each NAME or SHA-256.

    Each is compared with its digests on the way; what the store has already is not copied.

    Example: emeritus weights deposit halcyon-2 --by ana
    """
    done = depositing.deposit(
        workspace, model, names, by=person, progress=lambda size: reading(model, size)
    )
    document = {
        "object": done.object_id,
        "version": done.version,
        "copied": done.copied,
        "files": [
            {name: row[name] for name in ("name", "path", "bytes", "sha256")} for row in done.files
        ],
    }
    text = f"In the store, of {model}: {len(done.files)} files"
    text += (
        ", as before." if done.version is None
        else f" as v{done.version}; {done.copied:,} B were copied."
    )  # fmt: skip
    show(document, text, as_json=as_json)


@weights.command()
@click.argument("model")
@click.option("--custodian", required=True, help="Who has the copy.")
@click.option("--where", "place", required=True, help="A folder, an address, a shelf.")
@click.option("--until", help="2036, 2036-11 or 2036-11-23; not given: no date was stated.")
@click.option("--files", multiple=True, metavar="NAME", help="A file of it; all if none is given.")
@click.option("--public", is_flag=True, help="The model's page may name the custodian.")
@by_option
@json_option
@pass_workspace
def hold(
    workspace: Workspace,
    model: str,
    custodian: str,
    place: str,
    until: str | None,
    files: tuple[str, ...],
    person: str,
    *,
    public: bool,
    as_json: bool,
) -> None:
    """Say who has a copy of MODEL's weights. What is said last of a custodian and place holds.

    Example: emeritus weights hold halcyon-2 --custodian "State Library" --where "vault 3"
    --until 2046 --by ana
    """
    if until is not None:
        check_date(until, at="--until")
    custody = holding.Custody(custodian=custodian, place=place, until=until, public=public)
    row = holding.hold(workspace, model, files, custody, by=person)
    text = f"Holding {row.id} is on record: {len(row.digests)} files at {custodian}."
    show(row.model_dump(), text, as_json=as_json)


@weights.command()
@click.argument("model")
@json_option
@pass_workspace
def holdings(workspace: Workspace, model: str, *, as_json: bool) -> None:
    """List who has which copy of MODEL's weights, where, until when, and when it was checked.

    Example: emeritus weights holdings halcyon-2
    """
    with workspace.database.reading() as session:
        load_model(session, model)
        found = holding_records(session, model, weight_files_of(session, model))
    text = "\n".join(map(_holding_text, found)) or f"No copy of {model} is on record."
    show({"holdings": found}, text, as_json=as_json)


@weights.command()
@click.argument("identifier", metavar="ID")
@click.option("--sound", "sound", flag_value="yes", help="Its digests are those on record.")
@click.option("--damaged", "sound", flag_value="no", help="They are not, or it is not there.")
@click.option("--evidence", required=True, help="What shows it: a letter, a report.")
@by_option
@pass_workspace
def checked(
    workspace: Workspace, identifier: str, sound: str | None, evidence: str, person: str
) -> None:
    """Write down that a custodian checked the copy of the holding ID themselves.

    Example: emeritus weights checked ID --sound --evidence "letter of 2036-01-02" --by ana
    """
    if sound is None:
        raise InputError(
            "sound or damaged?", at="weights checked", mend="Give --sound or --damaged."
        )
    row = holding.checked_elsewhere(
        workspace, identifier, sound=sound == "yes", evidence=evidence, by=person
    )
    say(f"The copy at {row.custodian} was checked, says {person}.")


def _refuse(error: EmeritusError, refused: list[EmeritusError]) -> None:
    say(str(error))
    refused.append(error)


def _summary(model: str, document: dict[str, list[Any]]) -> str:
    files = document["files"]
    read = sum(file["read"] for file in files)
    counts = [
        f"{len(files)} registered for {model}, {read} of them read now",
        *(f"{len(document[word])} {word}" for word in ("refused", "hidden") if document[word]),
    ]
    end = "; the shards are not as their index says" if document["incomplete"] else ""
    return f"{', '.join(counts)}{end}."


def _told(results: Any) -> Sequence[checking.Checked]:  # noqa: ANN401  # narrowed below
    """Return what was found, and tell what is not sound as soon as it is."""
    found = []
    for one in results:
        found.append(one)
        if one.outcome is not Outcome.SOUND:
            say(f"{for_terminal(one.path)}: {one.outcome}{f': {one.why}' if one.why else ''}")
    return found


def _result(checked: checking.Checked) -> dict[str, Any]:
    found = asdict(checked)
    return found | {"sound": checked.outcome is Outcome.SOUND, "checked_at": found.pop("at")}


def _checked(check: FixityCheck | None) -> dict[str, Any] | None:
    if check is None:
        return None
    return {"at": check.checked_at, "sound": check.sound, "outcome": check.outcome}


def _text(file: dict[str, Any]) -> str:
    check = file["last_check"]
    read = "not read again" if check is None else f"{check['outcome']} on {check['at'][:10]}"
    read += ", in the store" if file["stored"] else ""
    lines = [f"{file['path']}: {file['bytes']:,} B, {file['format']}, {read}"]
    given = {name: value for name, value in file["needs"].items() if value != NOT_RECORDED}
    return "\n".join([*lines, f"  sha256 {file['sha256']}", *_facts(file["facts"] | given)])


def _facts(facts: dict[str, str]) -> list[str]:
    return [f"  {for_terminal(name):<20} {for_terminal(value)}" for name, value in facts.items()]


def _holding_text(row: dict[str, Any]) -> str:
    check, until = row["last_check"], row["until"] or "no date stated"
    last = "never checked"
    if check is not None:
        who = "read here" if check["stated_by"] is None else f"says {check['stated_by']}"
        word = "sound" if check["sound"] else "NOT SOUND"
        last = f"{word} on {check['checked_at'][:10]}, {who}"
    mark = "public" if row["public"] else "internal"
    head = f"{row['id']}  {row['custodian']}, {row['place']}"
    return f"{head}\n  {len(row['files'])} files, until {until}, {last}, {mark}"
