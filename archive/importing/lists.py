"""The lists of models that APIs give: Anthropic's Models API, and OpenAI's form of it.

Pure; `archive.importing.apis` asks for them. What stood in such a list is seen to be offered.
An OpenAI-compatible server says too little of a model's making: its `created` is when that
server made the entry, and its `owned_by` an account; neither is brought in.

Sources: the Models API of Anthropic; the reference of OpenAI's `GET /v1/models`.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from archive.importing.entries import Entry, Place, Problem
from archive.importing.fields import Fields, NotUnderstoodError, each, fields
from archive.records.lifecycle import Event, Statement

ANTHROPIC = "anthropic-models"
OPENAI = "openai-models"

_LIFECYCLES = {
    "active": Event.ACTIVE,
    "deprecated": Event.DEPRECATED,
    "retired": Event.RETIRED,
}
_UNKNOWN = "1970-01-01"  # the API's word for a release date that is not known


def items_of(document: object) -> Sequence[object]:
    """Return the models of a list.

    Raises:
        NotUnderstoodError: It has another shape.
    """
    page: Mapping[str, Any] = fields(document, "").values
    if not isinstance(page.get("data"), list):
        raise NotUnderstoodError("/data", "not a list")
    found: list[object] = page["data"]
    return found


def openai_entries(
    source: str, items: Sequence[tuple[str, object]], *, channel: str, observed_at: str
) -> Iterator[Entry | Problem]:
    """Return the models of an OpenAI-compatible list."""
    entry = partial(_openai_entry, channel=channel, observed_at=observed_at)
    return each(source, iter(items), entry)


def _openai_entry(place: Place, row: Fields, *, channel: str, observed_at: str) -> Entry:
    listed = Statement(
        channel=channel,
        event=Event.LISTED.value,
        date=None,
        source=place.source,
        observed_at=observed_at,
    )
    window = row.count("max_model_len") or row.count("context_length")  # vLLM's, OpenRouter's
    return Entry(
        place=place,
        id=row.required("id"),
        facts={} if not window else {"context_window": window},
        source=place.source,
        observed_at=observed_at,
        statements=(listed,),
    )


def anthropic_entries(
    source: str,
    items: Sequence[tuple[str, object]],
    *,
    channel: str,
    maker: str | None,
    observed_at: str,
) -> Iterator[Entry | Problem]:
    """Return the models of Anthropic's Models API; `maker` if the address is their maker's."""
    entry = partial(_anthropic_entry, channel=channel, maker=maker, observed_at=observed_at)
    return each(source, iter(items), entry)


def _anthropic_entry(
    place: Place, row: Fields, *, channel: str, maker: str | None, observed_at: str
) -> Entry:
    window, line = row.count("max_input_tokens"), row.text("line")
    facts = {
        "name": row.text("display_name"),
        "family": line,
        "context_window": window or None,
        "modalities": _modalities(row),
    }
    return Entry(
        place=place,
        id=row.required("id"),
        maker=maker,
        facts={name: value for name, value in facts.items() if value is not None},
        source=place.source,
        observed_at=observed_at,
        statements=tuple(
            Statement(
                channel=channel,
                event=event.value,
                date=day,
                source=place.source,
                observed_at=observed_at,
            )
            for event, day in _life(row)
        ),
    )


def _life(row: Fields) -> Iterator[tuple[Event, str | None]]:
    stage = row.text("lifecycle")
    if stage not in {None, *_LIFECYCLES}:
        raise NotUnderstoodError(row.at("lifecycle"), f"no such stage: {stage!r}")
    yield Event.LISTED if stage is None else _LIFECYCLES[stage], None
    dated = {
        Event.RELEASED: row.time("created_at"),
        Event.DEPRECATED: row.time("deprecated_at"),
        Event.RETIRED: row.time("retires_at"),
    }
    for event, time in dated.items():
        if time is not None and time[:10] != _UNKNOWN:
            yield event, time[:10]


def _modalities(row: Fields) -> list[str] | None:
    """Return what the model takes, if the API says what it can do."""
    if row.values.get("capabilities") is None:
        return None
    can = fields(row.values["capabilities"], row.at("capabilities")).values
    image = can.get("image_input")
    takes_images = isinstance(image, dict) and image.get("supported") is True
    return ["text", "image"] if takes_images else ["text"]
