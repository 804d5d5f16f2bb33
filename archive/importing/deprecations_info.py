"""Notices of the form of deprecations.info: one model's end on one platform, as scraped.

Pure. Ids, dates and URLs are brought in; the scraped words are not, nor the names that the
scraper made up where a page had none.

Source: github.com/leblancfg/deprecations-rss, data.json.
"""

from collections.abc import Iterator, Sequence

from archive.importing.entries import Entry, Place, Problem
from archive.importing.fields import Fields, NotUnderstoodError, each
from archive.records.lifecycle import Event, Statement

FORM = "deprecations-info"
TOLD_BY = "deprecations.info"

_CHANNELS = {  # platforms under the names that other sources give them
    "AWS Bedrock": "aws-bedrock",
    "Azure": "azure-ai-foundry",
    "Google Vertex": "vertex-ai",
}
_MAKERS = frozenset({"Anthropic", "Cohere", "Google", "OpenAI", "xAI"})


def is_notice(value: object) -> bool:
    """Whether a JSON value looks like a notice."""
    return isinstance(value, dict) and {"provider", "model_id"} <= value.keys()


def entries(source: str, items: Sequence[tuple[str, object]]) -> Iterator[Entry | Problem]:
    """Return each notice as an entry, or with what could not be understood of it.

    Args:
        source: The file that they were read from.
        items: Each notice with its position.
    """
    return each(source, iter(items), _entry)


def _entry(place: Place, row: Fields) -> Entry:
    provider, name = row.required("provider"), row.required("model_id")
    if ", " in name:
        raise NotUnderstoodError(row.at("model_id"), "names several models in one")
    scraped, seen_again = row.time("scraped_at"), row.time("last_observed")
    if scraped is None:
        raise NotUnderstoodError(row.at("scraped_at"), "is missing")
    observed_at = max(scraped, seen_again or scraped)
    url = row.required("url")
    dates = (
        (Event.DEPRECATED, row.day("announcement_date")),
        (Event.RETIRED, row.day("shutdown_date")),
    )
    return Entry(
        place=place,
        id=name,
        maker=provider if provider in _MAKERS else None,
        source=url,
        told_by=TOLD_BY,
        observed_at=observed_at,
        statements=tuple(
            Statement(
                channel=_CHANNELS.get(provider, provider.lower()),
                event=event.value,
                date=day,
                source=url,
                told_by=TOLD_BY,
                observed_at=observed_at,
            )
            for event, day in dates
            if day is not None
        ),
        replacements=_replacements(row),
    )


def _replacements(row: Fields) -> tuple[str, ...]:
    """Return the replacement, if it is a name and no piece of a page."""
    value = row.values.get("replacement_model")
    if isinstance(value, str) and not value.isprintable():
        return ()
    name = row.text("replacement_model")
    return () if name is None else (name,)
