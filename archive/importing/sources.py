"""Opening what somebody names as a source: a file, a folder, or an API; its form found by itself."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import cast

from archive.errors import InputError
from archive.importing import deprecations_info, model_eol, snapshots
from archive.importing.documents import BadLine, Lines, read_document
from archive.importing.entries import Entry, Place, Problem, Reading, sorted_out
from archive.importing.fields import NotUnderstoodError
from archive.importing.model_card import weights_among
from archive.times import now, to_text

FORMS = (model_eol.FORM, deprecations_info.FORM)  # of files
SCHEMA = "json-schema"  # lies beside feeds, and says nothing of models
FOLDER = "folder"  # of feeds: what of it is left out
_SUFFIXES = frozenset({".json", ".jsonl", ".ndjson"})

Items = list[tuple[str, object]]


def read_source(source: str, form: str | None, environment: Mapping[str, str]) -> list[Reading]:
    """Return what a source says of models: one reading, or one for each feed in a folder of feeds.

    Args:
        source: `anthropic`, `openai:BASE_URL`, or the path of a file or a folder.
        form: Of a file, one of FORMS; None: found by what is there.
        environment: Where addresses and keys of APIs stand.

    Raises:
        InputError: It cannot be read as a whole, or is of no known form.
        ServiceError: The API refused or was not there.
    """
    observed_at = to_text(now())
    if source == "anthropic":
        from archive.importing.apis import read_anthropic  # noqa: PLC0415  # takes 2 s

        return [read_anthropic(environment, observed_at=observed_at)]
    if source.startswith("openai:"):
        from archive.importing.apis import read_openai  # noqa: PLC0415  # takes 2 s

        url = source.removeprefix("openai:")
        return [read_openai(url, environment, observed_at=observed_at)]
    path = Path(source)
    if not path.is_dir():
        return [_read_file(path, form)]
    named = _feeds_in(path)
    feeds = [feed for feed in named if not feed.is_symlink()]
    if any(form or _form_of(read_document(feed)) in FORMS for feed in feeds):
        links = [snapshots.link(path, feed) for feed in named if feed.is_symlink()]
        left_out = [sorted_out(str(path), FOLDER, links)] if links else []
        return [*(_read_file(feed, form) for feed in feeds), *left_out]
    return [snapshots.read_snapshot(path, observed_at=observed_at)]


def _feeds_in(folder: Path) -> list[Path]:
    """Return what is named as feeds are, links too, in a folder that is no model's."""
    files = list(snapshots.walk(folder))
    if (folder / "config.json") in files or weights_among(map(str, files)):
        return []
    return [path for path in files if path.suffix.lower() in _SUFFIXES]


def _read_file(path: Path, form: str | None) -> Reading:
    document = read_document(path)
    found = form or _form_of(document)
    if found is None:
        raise InputError(
            "of no form that is known",
            at=str(path),
            mend=f"Known are: {', '.join(FORMS)}. Name one with --format if it is of that form.",
        )
    try:
        return sorted_out(str(path), found, _READERS[found](str(path), document))
    except NotUnderstoodError as error:
        raise InputError(
            f"not of the form {found}: {error.what}",
            at=f"{path}#{error.pointer}",
            mend="Fetch it anew, or name another form with --format. Nothing was brought in.",
        ) from error


def _form_of(document: object) -> str | None:
    if model_eol.is_feed(document):
        return model_eol.FORM
    if isinstance(document, dict) and "json-schema.org" in str(document.get("$schema")):
        return SCHEMA
    items = _sequence(document)
    if items and any(deprecations_info.is_notice(value) for _, value in items):
        return deprecations_info.FORM
    return None


def _read_feed(source: str, document: object) -> Iterator[Entry | Problem]:
    if isinstance(document, Lines):
        raise NotUnderstoodError("", "several JSON documents")
    return model_eol.entries(source, cast("Mapping[str, object]", document))


def _read_notices(source: str, document: object) -> Iterator[Entry | Problem]:
    items = _sequence(document)
    if items is None:
        raise NotUnderstoodError("", "not a list")
    good = [(position, value) for position, value in items if not isinstance(value, BadLine)]
    yield from deprecations_info.entries(source, good)
    for position, value in items:
        if isinstance(value, BadLine):
            yield Problem(place=Place(source=source, position=position), what=value.why)


def _sequence(document: object) -> Items | None:
    """Return the values of a list or of JSON Lines, each with its position."""
    if isinstance(document, Lines):
        return list(document.items)
    if isinstance(document, list):
        return [(f"/{index}", value) for index, value in enumerate(document)]
    return None


_READERS: dict[str, Callable[[str, object], Iterator[Entry | Problem]]] = {
    SCHEMA: lambda _source, _document: iter(()),
    model_eol.FORM: _read_feed,
    deprecations_info.FORM: _read_notices,
}
