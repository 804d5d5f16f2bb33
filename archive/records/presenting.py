"""All that is on record of a model, as one document."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from archive.policy.policies import policies_of
from archive.records.lifecycle import Statement, lives
from archive.records.models import Model, Replacement, Snapshot, statements_of
from archive.records.naming import key_of
from archive.records.promises import promises_of
from archive.weights.companions import all_needs
from archive.weights.holdings import holding_records
from archive.weights.inventory import record_of, weight_files_of

_NONE_REFUSED = {"model", "headers_refused"}
"""What is left out of a snapshot whose headers were all read."""


def model_document(session: Session, model: Model, *, as_of: date | None = None) -> dict[str, Any]:
    """Return what is on record of `model`: itself, its life, weights, policies, promises.

    The state on each channel is that of the day `as_of`; by default, of the last observation:
    then equal records give equal documents, whenever they are asked for.
    """
    statements = statements_of(session, model.slug)
    names = _slugs_by_key(session)
    said_of_it = [
        name
        for name in session.exec(select(Replacement.name).distinct())
        if names.get(key_of(name)) == model.slug
    ]
    rows = select(Replacement).order_by(
        col(Replacement.observed_at), col(Replacement.model), col(Replacement.name)
    )
    snapshots = select(Snapshot).where(Snapshot.model == model.slug)
    files = weight_files_of(session, model.slug)
    return model.model_dump() | {
        "channels": channels_document(statements, as_of),
        "lifecycle": [asdict(one) for one in statements],
        "successors": [
            _succession(row, names.get(key_of(row.name)), row.name)
            for row in session.exec(rows.where(Replacement.model == model.slug))
        ],
        "predecessors": [
            _succession(row, row.model, row.model)
            for row in session.exec(rows.where(col(Replacement.name).in_(said_of_it)))
        ],
        "snapshots": [
            row.model_dump(exclude={"model"} if row.headers_refused else _NONE_REFUSED)
            for row in session.exec(snapshots.order_by(col(Snapshot.observed_at)))
        ],
        "weights": [record_of(row) for row in files],
        "needs": all_needs(row.needs for row in files),
        "holdings": holding_records(session, model.slug, files),
        "policies": [row.model_dump(exclude={"model"}) for row in policies_of(session, model.slug)],
        "promises": [row.model_dump(exclude={"model"}) for row in promises_of(session, model.slug)],
    }


def channels_document(
    statements: Iterable[Statement], as_of: date | None = None
) -> list[dict[str, Any]]:
    """Return the life on each channel as `as_of`, or the last observation, has it."""
    rows = list(statements)
    read = max((one.observed_at[:10] for one in rows), default=None)
    if read is None:
        return []
    day = as_of or date.fromisoformat(read)
    return [_channel(asdict(life), day) for life in lives(rows, day)]


def _channel(life: dict[str, Any], day: date) -> dict[str, Any]:
    life["dates"] = [
        {name: row[name] for name in row if name != "channel"} for row in life["dates"]
    ]
    return life | {"as_of": day.isoformat()}


def _succession(row: Replacement, slug: str | None, name: str) -> dict[str, Any]:
    return row.model_dump(include={"source", "told_by", "observed_at"}) | {
        "name": name,
        "slug": slug,
    }


def _slugs_by_key(session: Session) -> dict[str, str]:
    """Return the slugs of all models by every name that they are known by; its own name wins."""
    rows = session.exec(select(Model.slug, Model.name, Model.aliases).order_by(Model.slug)).all()
    known = {key_of(alias): slug for slug, _, aliases in rows for alias in aliases}
    known |= {key_of(name): slug for slug, name, _ in rows}
    return known | {key_of(slug): slug for slug, _, _ in rows}
