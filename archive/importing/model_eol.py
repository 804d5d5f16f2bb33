"""Feeds of the form model-eol/0.1: models of one publisher, with the dates of their end.

Pure. A feed passes on what its `source` pages say. Its prose (`notes`) is not brought in.

Source: github.com/thossullivan/model-eol, schema 0.1.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from archive.importing.entries import Entry, Place, Problem
from archive.importing.fields import Fields, NotUnderstoodError, each, fields
from archive.records.lifecycle import Event, Statement

FORM = "model-eol"

_STATUSES = {
    "active": Event.ACTIVE,
    "legacy": Event.LEGACY,
    "extended-access": Event.EXTENDED_ACCESS,
    "retired": Event.RETIRED,
}


def is_feed(document: object) -> bool:
    """Whether a JSON document says that it is a model-eol feed."""
    return isinstance(document, dict) and str(document.get("spec")).startswith("model-eol/")


def entries(source: str, document: Mapping[str, Any]) -> Iterator[Entry | Problem]:
    """Return the models of a feed, each as an entry or with what could not be understood.

    Raises:
        NotUnderstoodError: The feed as a whole has another shape.
    """
    feed = fields(document, "")
    if feed.required("spec") != "model-eol/0.1":
        raise NotUnderstoodError("/spec", "this version of model-eol is not known")
    publisher, generated = feed.required("publisher"), feed.time("generated")
    if generated is None:
        raise NotUnderstoodError("/generated", "is missing")
    models = document.get("models")
    if not isinstance(models, list):
        raise NotUnderstoodError("/models", "not a list")
    items = ((f"/models/{index}", model) for index, model in enumerate(models))
    page = feed.text("source") or f"the feed of {publisher}"
    return each(source, items, lambda place, row: _entry(place, row, publisher, generated, page))


def _entry(place: Place, row: Fields, publisher: str, generated: str, page: str) -> Entry:
    source, told_by = row.text("source") or page, f"model-eol ({publisher})"
    statements = list(_statements(row, publisher, source, told_by, generated))
    for distribution in row.objects("distributions"):
        via = distribution.required("via")
        where = distribution.text("source") or source
        statements += _statements(distribution, via, where, told_by, generated)
    one = row.text("replacement")
    return Entry(
        place=place,
        id=row.required("id"),
        maker=publisher,
        aliases=row.texts("aliases"),
        source=source,
        told_by=told_by,
        observed_at=generated,
        statements=tuple(statements),
        replacements=row.texts("replacement_options") if one is None else (one,),
    )


def _statements(
    row: Fields, channel: str, source: str, told_by: str, generated: str
) -> Iterator[Statement]:
    def said(event: Event, day: str | None, *, not_before: bool = False) -> Statement:
        return Statement(
            channel=channel,
            event=event.value,
            date=day,
            not_before=not_before,
            source=source,
            told_by=told_by,
            observed_at=generated,
        )

    announced, shutdown, status = row.day("announced"), row.day("shutdown"), row.text("status")
    precision = row.text("date_precision")
    if status not in {None, *_STATUSES}:
        raise NotUnderstoodError(row.at("status"), f"no such status: {status!r}")
    if precision not in {None, "exact", "earliest"}:
        raise NotUnderstoodError(row.at("date_precision"), f"no such precision: {precision!r}")
    earliest = precision == "earliest"
    if announced is not None:
        yield said(Event.DEPRECATED, announced)
    if shutdown is not None:
        yield said(Event.RETIRED, shutdown, not_before=earliest)
    if status is not None:
        yield said(_STATUSES[status], None)
    elif announced is None and (shutdown is None or earliest or shutdown > generated[:10]):
        yield said(Event.LISTED, None)  # the feed has it, and no end of it yet
