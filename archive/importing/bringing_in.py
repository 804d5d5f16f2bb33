"""Bringing entries into the record: what is known is read, compared and added in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import Session, SQLModel

from archive.identifiers import new_id
from archive.importing.entries import Entry, Folder, Reading
from archive.importing.merging import (
    Conflict,
    Known,
    Merged,
    Outcome,
    Register,
    lifecycle_findings,
    order,
)
from archive.records.lifecycle import Statement
from archive.records.models import Channel, Model, Observation, Replacement, Snapshot
from archive.workspace.workspace import Workspace

FACTS = (
    "maker",
    "family",
    "description",
    "parameters",
    "context_window",
    "licence",
    "modalities",
    "rights",
)
CHUNK = 500  # values in one statement: SQLite takes 32,766 parameters, PostgreSQL 65,535


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an import did, or would do."""

    readings: Sequence[Reading]
    merged: Sequence[Merged]
    conflicts: Sequence[Conflict]
    flags: Sequence[Conflict]


def bring_in(workspace: Workspace, readings: Sequence[Reading], *, today: date) -> Report:
    """Add what the readings say to the record: all of it, or after a fault none of it.

    Raises:
        ServiceError: The database refused.
    """
    with workspace.database.writing() as session:
        report, register = _compared(session, readings, today)
        _write(session, report.merged, register)
    return report


def try_out(workspace: Workspace, readings: Sequence[Reading], *, today: date) -> Report:
    """Return what `bring_in` would do; nothing is written.

    Raises:
        ServiceError: The database refused.
    """
    with workspace.database.reading() as session:
        report, _ = _compared(session, readings, today)
    return report


def _compared(
    session: Session, readings: Sequence[Reading], today: date
) -> tuple[Report, Register]:
    register = Register(_known(session))
    entries = order(entry for reading in readings for entry in reading.entries)
    merged = [register.merge(entry) for entry in entries]
    touched = {one.slug: register.models[one.slug].statements for one in merged}
    conflicts, flags = lifecycle_findings(touched, today)
    report = Report(
        readings=readings,
        merged=merged,
        conflicts=[*dict.fromkeys(register.conflicts), *conflicts],
        flags=flags,
    )
    return report, register


def _known(session: Session) -> Iterator[Known]:
    """Return every model on record, with all that was said of it."""
    statements = _statements(session)
    replacements: dict[str, set[tuple[str, str, str | None]]] = defaultdict(set)
    for row in _rows(session, Replacement):
        replacements[row.model].add((row.name, row.source, row.told_by))
    folders: dict[str, list[Folder]] = defaultdict(list)
    for row in sorted(_rows(session, Snapshot), key=lambda row: (row.observed_at, row.id)):
        folders[row.model].append(
            Folder(
                source=row.source,
                files=row.files,
                weights=tuple(row.weights),
                missing=tuple(row.missing),
                headers_refused=row.headers_refused or {},
            )
        )
    for row in _rows(session, Model):
        yield Known(
            slug=row.slug,
            name=row.name,
            facts={name: value for name in FACTS if (value := getattr(row, name)) is not None},
            aliases=list(row.aliases),
            sources=list(row.sources),
            statements=statements[row.slug],
            replacements=replacements[row.slug],
            folders=folders[row.slug],
        )


def _statements(session: Session) -> dict[str, list[Statement]]:
    names = {row.id: row.name for row in _rows(session, Channel)}
    found: dict[str, list[Statement]] = defaultdict(list)
    for row in _rows(session, Observation):
        found[row.model].append(
            Statement(
                channel=None if row.channel is None else names[row.channel],
                event=row.event,
                date=row.date,
                not_before=row.not_before,
                source=row.source,
                told_by=row.told_by,
                observed_at=row.observed_at,
            )
        )
    return found


def _rows(session: Session, table: type[SQLModel]) -> Iterable[Any]:
    """Return the rows of a table without the object mapper: a record holds many."""
    return session.connection().execute(select(_columns(table)))


def _columns(table: type[SQLModel]) -> Any:  # noqa: ANN401  # SQLModel does not type it
    return table.__table__  # type: ignore[attr-defined]  # every table has it


def _write(session: Session, merged: Iterable[Merged], register: Register) -> None:
    news = [one for one in merged if one.outcome is not Outcome.DUPLICATE]
    by_model: dict[str, list[Merged]] = defaultdict(list)
    for one in news:
        by_model[one.slug].append(one)
    _add(session, Model, (_model(known) for known in register.models.values() if known.new))
    for slug, rows in by_model.items():
        if not register.models[slug].new:
            _change(session, register.models[slug], rows)
    channels = _channels(session, news)
    _add(session, Observation, _observations(news, channels))
    _add(
        session,
        Replacement,
        (
            _as_row(entry, one.slug, name=name)
            for one in news
            for name, entry in one.adds.replacements
        ),
    )
    _add(
        session,
        Snapshot,
        (_snapshot(one.slug, folder, entry) for one in news for folder, entry in one.adds.folders),
    )


def _model(known: Known) -> dict[str, Any]:
    row = Model(slug=known.slug, name=known.name, held=False)
    listed = {"aliases": known.aliases, "sources": known.sources}
    return row.model_dump() | known.facts | listed


def _change(session: Session, known: Known, merged: Iterable[Merged]) -> None:
    row = session.get_one(Model, known.slug)
    for one in merged:
        for name, value in one.adds.facts.items():
            setattr(row, name, value)
    row.aliases, row.sources = known.aliases, known.sources
    session.add(row)
    session.flush()


def _channels(session: Session, merged: Iterable[Merged]) -> dict[tuple[str, str], str]:
    """Return the id of each channel by its model and name; those that are new are made."""
    ids = {(row.model, row.name): row.id for row in _rows(session, Channel)}
    wanted = {
        (one.slug, statement.channel)
        for one in merged
        for statement in one.adds.statements
        if statement.channel is not None
    }
    new = {pair: new_id() for pair in sorted(wanted - ids.keys())}
    rows = ({"id": made, "model": model, "name": name} for (model, name), made in new.items())
    _add(session, Channel, rows)
    return ids | new


def _observations(
    merged: Iterable[Merged], channels: dict[tuple[str, str], str]
) -> Iterator[dict[str, Any]]:
    for one in merged:
        for said in one.adds.statements:
            yield {
                "id": new_id(),
                "model": one.slug,
                "channel": None if said.channel is None else channels[one.slug, said.channel],
                "event": said.event,
                "date": said.date,
                "not_before": said.not_before,
                "source": said.source,
                "told_by": said.told_by,
                "observed_at": said.observed_at,
            }


def _as_row(entry: Entry, slug: str, *, name: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "model": slug,
        "name": name,
        "source": entry.source,
        "told_by": entry.told_by,
        "observed_at": entry.observed_at,
    }


def _snapshot(slug: str, folder: Folder, entry: Entry) -> dict[str, Any]:
    return {
        "id": new_id(),
        "model": slug,
        "source": folder.source,
        "files": dict(folder.files),
        "weights": list(folder.weights),
        "missing": list(folder.missing),
        "headers_refused": dict(folder.headers_refused),
        "observed_at": entry.observed_at,
    }


def _add(session: Session, table: type[SQLModel], rows: Iterable[dict[str, Any]]) -> None:
    all_rows = list(rows)
    for start in range(0, len(all_rows), CHUNK):
        session.connection().execute(insert(_columns(table)), all_rows[start : start + CHUNK])
