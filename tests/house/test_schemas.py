"""The published schemas: each is one, each says what each field means, each has an example."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from archive import wing
from archive.canonical import canonical_bytes, sha256
from tests.support.schemas import validate

ROOT = Path(__file__).parents[2]
SCHEMAS = sorted(ROOT.glob("*/schemas/*.schema.json"))


def example_of(path: Path) -> Path:
    return path.with_name(path.name.replace(".schema.", ".example."))


def read(path: Path) -> Any:  # noqa: ANN401  # any JSON document
    return json.loads(path.read_bytes())


def example(name: str) -> Any:  # noqa: ANN401  # any JSON document
    (path,) = ROOT.glob(f"*/schemas/{name}.example.json")
    return read(path)


def example_schema(name: str) -> Any:  # noqa: ANN401  # any JSON document
    (path,) = ROOT.glob(f"*/schemas/{name}.schema.json")
    return read(path)


def unexplained(node: object, place: str = "") -> Iterator[str]:
    """Yield the fields that have no description."""
    if isinstance(node, dict):
        for name, field in node.get("properties", {}).items():
            if not field.get("description"):
                yield f"{place}/{name}"
        for word, part in node.items():
            yield from unexplained(part, f"{place}/{word}")
    elif isinstance(node, list):
        for part in node:
            yield from unexplained(part, place)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_is_valid_and_says_what_each_field_means(path: Path) -> None:
    schema = read(path)

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"]
    assert schema["description"]
    assert list(unexplained(schema)) == []
    assert all(one.get("description") for one in schema.get("$defs", {}).values())


def test_no_two_schemas_have_one_name() -> None:
    assert len({read(path)["$id"] for path in SCHEMAS}) == len(SCHEMAS)
    assert len({path.name for path in SCHEMAS}) == len(SCHEMAS)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_every_schema_has_an_example_that_is_valid_by_it(path: Path) -> None:
    schema, document = read(path), read(example_of(path))

    validate(document, schema["$id"])
    assert set(schema["required"]) <= document.keys()  # what is optional says so by its absence


def test_the_index_of_the_example_names_every_schema() -> None:
    titles = {path.name: read(path)["title"] for path in SCHEMAS}

    assert example("schemas")["schemas"] == titles


def test_the_header_of_the_examples_interview_has_the_digest_that_it_says() -> None:
    session = example("session")

    assert sha256(canonical_bytes(session["header"])) == session["header_digest"]


def test_the_receipt_of_the_example_holds() -> None:
    path = ROOT / "archive/schemas/receipt.example.json"
    script = ROOT / "docs/verify_receipt_in_full.py"
    command = [sys.executable, "-B", script, path, example("receipt")["key"]]

    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  # our own

    assert (done.returncode, done.stdout[:18]) == (0, b"The receipt holds.")


def test_every_record_holds_its_events_agents_and_rights() -> None:
    records = [read(kind.schema) for kind in wing.kinds().values() if kind.schema is not None]

    for schema in records:
        assert schema["properties"]["premis"]["$ref"] == example_schema("premis")["$id"]
        assert "premis" in schema["required"]


def test_the_examples_belong_together() -> None:
    model, session = example("model"), example("session")

    assert example("premis") == session["premis"]
    assert example("transcript")["head"] == session["head"]
    assert {example(name)["model"] for name in ("session", "post", "policy")} == {model["slug"]}
    assert [policy["id"] for policy in model["policies"]] == [example("policy")["id"]]
    assert session["header"]["session"] == session["id"]
