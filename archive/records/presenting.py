"""All that is on record of a model, as one document."""

from typing import Any

from sqlmodel import Session

from archive.policy.policies import policies_of
from archive.records.models import Model, channels_of, observations_of
from archive.records.promises import promises_of
from archive.weights.companions import all_needs
from archive.weights.holdings import holding_records
from archive.weights.inventory import record_of, weight_files_of


def model_document(session: Session, model: Model) -> dict[str, Any]:
    """Return what is on record of `model`: itself, its life, weights, copies, policies, promises."""
    channels = {channel.id: channel.name for channel in channels_of(session, model.slug)}
    files = weight_files_of(session, model.slug)
    return model.model_dump() | {
        "lifecycle": [
            row.model_dump(exclude={"id", "model", "channel"})
            | {"channel": None if row.channel is None else channels[row.channel]}
            for row in observations_of(session, model.slug)
        ],
        "weights": [record_of(row) for row in files],
        "needs": all_needs(row.needs for row in files),
        "holdings": holding_records(session, model.slug, files),
        "policies": [row.model_dump(exclude={"model"}) for row in policies_of(session, model.slug)],
        "promises": [row.model_dump(exclude={"model"}) for row in promises_of(session, model.slug)],
    }
