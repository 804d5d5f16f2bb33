"""The published form of a protocol's file, held against the reader."""

import json
from collections.abc import Iterator
from functools import reduce
from io import BytesIO
from operator import getitem
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

import interviews
from archive.errors import InputError
from interviews.protocols.reading import find_protocol, read_protocol
from tests.support.protocols import FILE, FULL, SMALL

SCHEMA = json.loads((Path(interviews.__file__).parent / "schemas/protocol.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)

Document = Any  # what YAML and JSON hold
Step = str | int


def loaded(source: str | bytes) -> Document:
    return YAML(typ="safe", pure=True).load(source)


def reader_accepts(document: Document) -> bool:
    stream = BytesIO()
    YAML(typ="safe", pure=True).dump(document, stream)
    try:
        read_protocol(stream.getvalue(), name=FILE)
    except InputError:
        return False
    return True


def paths(document: Document, *above: Step) -> Iterator[tuple[Step, ...]]:
    """The way to every value below the whole, but for those by stance and information.

    That these go together is the reader's to hold: a schema cannot say it.
    """
    steps = document if isinstance(document, dict) else range(len(document))
    for step in steps:
        yield (*above, step)
        if step not in BY_CONDITION and isinstance(document[step], dict | list):
            yield from paths(document[step], *above, step)


def replaced(text: str, path: tuple[Step, ...], value: Document) -> Document:
    """The protocol with another value at the end of `path`."""
    whole = loaded(text)
    reduce(getitem, path[:-1], whole)[path[-1]] = value
    return whole


def removed(text: str, path: tuple[Step, ...]) -> Document:
    """The protocol without the value at the end of `path`."""
    whole = loaded(text)
    del reduce(getitem, path[:-1], whole)[path[-1]]
    return whole


def disagreements(documents: dict[tuple[Step, ...], Document]) -> list[tuple[Step, ...]]:
    return [
        path
        for path, document in documents.items()
        if VALIDATOR.is_valid(document) != reader_accepts(document)
    ]


BY_CONDITION = {"stances", "informations", "lead_in", "information", "translations", "says"}
DESIGN = {"order", "replicates", "asking_again", "exclusions", "probes", "then"}
PATHS = list(paths(loaded(SMALL)))
FULL_PATHS = list(paths(loaded(FULL)))
DESIGN_PATHS = [path for path in FULL_PATHS if DESIGN & set(path)]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_shipped_protocol_has_the_published_form() -> None:
    VALIDATOR.validate(loaded(find_protocol("retirement", folder=None).source))


@pytest.mark.parametrize("version", [1, 2])
def test_both_forms_of_the_file_are_valid(version: int) -> None:
    VALIDATOR.validate(loaded(SMALL if version == 1 else FULL))
    assert reader_accepts(loaded(SMALL if version == 1 else FULL))


@pytest.mark.parametrize("wrong", [None, "", "A\nB", 7, [], {}], ids=repr)
def test_schema_and_reader_refuse_the_same_wrong_values(wrong: Document) -> None:
    assert disagreements({path: replaced(SMALL, path, wrong) for path in PATHS}) == []


@pytest.mark.slow
@pytest.mark.parametrize("wrong", [None, "", -1, [], {}], ids=repr)
def test_schema_and_reader_refuse_the_same_wrong_values_of_all_fields(wrong: Document) -> None:
    assert disagreements({path: replaced(FULL, path, wrong) for path in FULL_PATHS}) == []


def test_schema_and_reader_need_the_same_values() -> None:
    assert disagreements({path: removed(SMALL, path) for path in PATHS}) == []


def test_schema_and_reader_need_the_same_values_of_the_design() -> None:
    assert disagreements({path: removed(FULL, path) for path in DESIGN_PATHS}) == []
