"""Schemas as pages: every field and every rule of a schema is on its page, and its files beside."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from blog.site.building import contents
from blog.site.reading import published_schemas
from blog.site.schemas import Description, describe
from blog.site.views import Schema
from tests.support.markup import elements
from tests.support.sample_site import sample_site

ROOT = Path(__file__).parents[3]
SCHEMAS = published_schemas()
PAGES = contents(sample_site())

each_schema = pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)


def described(others: dict[str, str] | None = None, **changes: object) -> Description:
    """Return the description of a small schema, with its keywords changed as named."""
    small = {"$id": "tag:x", "title": "Small", "description": "One.", "type": "object"}
    return describe({**small, "additionalProperties": False, **changes}, others or {})


def type_of(field: dict[str, Any], **others: str) -> str:
    (table, *_) = described(others, properties={"one": field}).tables
    return "".join(words.text for words in table.fields[0].type)


def rules_of(field: dict[str, Any]) -> list[str]:
    (table, *_) = described(properties={"one": field}).tables
    return list(table.fields[0].rules)


def properties(node: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every field of a schema, however deep, with its name."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield from node["properties"].items()
        for part in node.values():
            yield from properties(part)
    elif isinstance(node, list):
        for part in node:
            yield from properties(part)


@each_schema
def test_every_field_of_a_schema_is_on_its_page_with_its_meaning(schema: Schema) -> None:
    document = json.loads(schema.source)
    lines = [field for table in describe(document, {}).tables for field in table.fields]

    assert sorted((line.name, line.meaning) for line in lines) == sorted(
        (name, field["description"]) for name, field in properties(document)
    )


@each_schema
def test_every_definition_of_a_schema_is_on_its_page(schema: Schema) -> None:
    document = json.loads(schema.source)
    page = PAGES[f"{schema.path}index.html"].decode()

    ids = {attributes["id"] for _, attributes in elements(page) if "id" in attributes}
    assert {f"def-{name}" for name in document.get("$defs", {})} <= ids


@each_schema
def test_beside_its_page_lie_the_schema_and_an_example_as_the_package_has_them(
    schema: Schema, public: Path
) -> None:
    page = PAGES[f"{schema.path}index.html"].decode()
    targets = [attributes.get("href") for _, attributes in elements(page, "a")]

    assert schema.example is not None
    for kind, content in (("schema", schema.source), ("example", schema.example)):
        assert f"../{schema.name}.{kind}.json" in targets
        assert (public / f"schemas/{schema.name}.{kind}.json").read_bytes() == content


def test_the_index_leads_to_every_schema_and_every_page_to_the_index() -> None:
    index = PAGES["schemas/index.html"].decode()

    targets = {attributes.get("href") for _, attributes in elements(index, "a")}
    assert {f"../{schema.path}" for schema in SCHEMAS} <= targets
    assert all(b"schemas/" in page for path, page in PAGES.items() if path.endswith(".html"))
    assert b"/schemas/model/</loc>" in PAGES["sitemap.xml"]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        pytest.param({"type": "string"}, "string", id="one type"),
        pytest.param({"type": ["string", "null"]}, "string or null", id="two types"),
        pytest.param({"anyOf": [{"$ref": "#/$defs/time"}, {"type": "null"}]}, "time or null", id="any of"),
        pytest.param({"type": "array", "items": {"type": "integer"}}, "list of integer", id="list"),
        pytest.param(
            {"type": "object", "additionalProperties": {"type": "string"}},
            "object of string",
            id="any names",
        ),
        pytest.param({"type": "array", "items": {"properties": {}}}, "list of one", id="objects"),
        pytest.param({"type": ["object", "null"], "properties": {}}, "one or null", id="or none"),
        pytest.param({"enum": ["a", "b"]}, "string", id="words"),
        pytest.param({"const": True}, "boolean", id="one value"),
        pytest.param({}, "any", id="anything"),
        pytest.param({"$ref": "tag:y#/$defs/event"}, "event", id="of another schema"),
    ],
)  # fmt: skip
def test_a_type_is_named_in_words(field: dict[str, Any], words: str) -> None:
    assert type_of(field) == words


@pytest.mark.parametrize(
    ("field", "rules"),
    [
        pytest.param({"enum": ["a", "b"]}, ["one of: a, b"], id="enum"),
        pytest.param({"const": "x"}, ["always x"], id="const"),
        pytest.param({"type": "integer", "minimum": 1}, ["at least 1"], id="minimum"),
        pytest.param({"items": {"minimum": 0}}, ["each at least 0"], id="of each"),
        pytest.param({"anyOf": [{"pattern": "^a"}, {}]}, ["matches ^a"], id="of one way"),
        pytest.param({"uniqueItems": True}, ["uniqueItems: true"], id="a word it does not know"),
    ],
)
def test_no_rule_is_left_out(field: dict[str, Any], rules: list[str]) -> None:
    assert rules_of(field) == rules


def test_an_object_that_may_hold_more_says_so() -> None:
    open_one = {"type": "object", "properties": {"a": {}}}

    _, table = described(properties={"one": open_one}).tables

    assert table.rules == ["may hold other fields"]


def test_another_schema_is_linked_where_it_has_a_page() -> None:
    references = ["tag:y#/$defs/event", "tag:y", "tag:z"]
    fields = {str(place): {"$ref": one} for place, one in enumerate(references)}

    (table, *_) = described({"tag:y": "../y/"}, properties=fields).tables

    assert [(words.text, words.target) for field in table.fields for words in field.type] == [
        ("event", "../y/#def-event"),
        ("y", "../y/#record"),
        ("tag:z", None),
    ]


@pytest.mark.parametrize(
    ("name", "code"), [("model", 0), ("premis", 1)], ids=["a valid record", "no record"]
)
def test_the_check_that_the_index_shows_runs_as_written(
    public: Path, tmp_path: Path, name: str, code: int
) -> None:
    shutil.copytree(public / "schemas", tmp_path / "schemas")
    lines = (ROOT / "site/pages/schemas.md").read_text().splitlines()
    sample = "\n".join(line[4:] for line in lines if line.startswith("    ") or not line)
    record = json.loads((tmp_path / f"schemas/{name}.example.json").read_bytes())
    (tmp_path / "schemas/model.example.json").write_text(
        json.dumps({"$schema": "tag:emeritus.invalid,2026:schema/model/1"} | record)
    )

    run = [sys.executable, "-W", "ignore::ResourceWarning", "-c", sample]
    done = subprocess.run(  # noqa: S603  # our own lines
        run, cwd=tmp_path / "schemas", capture_output=True, check=False
    )

    assert (done.returncode, done.stdout) == (code, b"")
    assert (b"ValidationError" in done.stderr) == bool(code)


def test_a_schema_without_an_example_has_its_page_all_the_same() -> None:
    bare = [replace(schema, example=None) for schema in SCHEMAS]

    site = contents(sample_site(schemas=bare))

    assert b"An example" not in site["schemas/model/index.html"]
    assert not [path for path in site if path.endswith(".example.json")]
