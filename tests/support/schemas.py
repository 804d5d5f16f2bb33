"""The published schemas: a document is held against the one that it names, wherever it stands."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from archive import wing


def validate(document: Mapping[str, Any], schema: str | None = None) -> None:
    """Hold `document` against the schema with that `$id`, or against the one that it names.

    Raises:
        jsonschema.ValidationError: It is not valid by it.
    """
    validate_by(wing.schemas(), document, schema)


def validate_by(
    paths: Iterable[Path], document: Mapping[str, Any], schema: str | None = None
) -> None:
    """Hold `document` against a schema that stands in one of the files `paths`."""
    schemas = [json.loads(path.read_bytes()) for path in paths]
    known = Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in schemas)
    named = {"$ref": schema or document["$schema"]}
    Draft202012Validator(named, registry=known).validate(document)
