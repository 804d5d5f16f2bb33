"""A JSON Schema as a reader meets it: a table for each kind of object, and the forms of values.

Pure. What has no words here is shown as the schema writes it, so that no rule is left out.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Node: TypeAlias = Mapping[str, Any]  # a schema, or a part of one

RECORD = "record"
"""The anchor of the first table."""

_STRUCTURE = frozenset({
    "$anchor", "$defs", "$id", "$ref", "$schema", "anyOf", "description", "items", "oneOf",
    "properties", "required", "title", "type",
})  # fmt: skip
"""Keywords that tables, types and links show; the others are rules."""

_LOCAL = "#/$defs/"


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a type's name, and what it leads to."""

    text: str
    target: str | None = None  # relative to the schema's page


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A line of a table."""

    name: str
    type: Sequence[Words]
    required: bool
    meaning: str
    rules: Sequence[str]  # values that are allowed, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The fields of one kind of object."""

    anchor: str
    name: str  # where it stands: channels.says
    meaning: str
    fields: Sequence[Field]
    rules: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a value looks like that several fields hold."""

    anchor: str
    name: str
    type: Sequence[Words]
    meaning: str
    rules: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A whole schema."""

    title: str
    meaning: str
    identifier: str  # its $id
    tables: Sequence[Table]  # the record first
    forms: Sequence[Form]


def describe(schema: Node, others: Mapping[str, str]) -> Description:
    """Return `schema` in tables.

    Args:
        schema: A JSON Schema of the draft 2020-12.
        others: The address of each schema's page, from this one's, by its `$id`.
    """
    definitions: Mapping[str, Node] = schema.get("$defs", {})
    tables = [*_tables(schema, (), others)]
    for name, node in definitions.items():
        tables += _tables(node, (name,), others, anchor=_anchor(name))
    return Description(
        title=schema["title"],
        meaning=schema["description"],
        identifier=schema["$id"],
        tables=tables,
        forms=[
            Form(
                anchor=_anchor(name),
                name=name,
                type=_type(node, name, others),
                meaning=node.get("description", ""),
                rules=[*_rules(node)],
            )
            for name, node in definitions.items()
            if "properties" not in node
        ],
    )


def _tables(
    node: Node, path: Sequence[str], others: Mapping[str, str], *, anchor: str | None = None
) -> Iterator[Table]:
    """Yield the table of an object, then those of the objects in its fields."""
    place = ".".join(path)
    if "properties" in node:
        yield Table(
            anchor=anchor or place or RECORD,
            name=place,
            meaning=node.get("description", "") if path else "",
            fields=[
                _field(node, name, ".".join([*path, name]), others) for name in node["properties"]
            ],
            rules=[*_object_rules(node)],
        )
    for name, field in node.get("properties", {}).items():
        yield from _tables(field, (*path, name), others)
    for inner in _inner(node):
        yield from _tables(inner, path, others)


def _field(node: Node, name: str, place: str, others: Mapping[str, str]) -> Field:
    field: Node = node["properties"][name]
    return Field(
        name=name,
        type=_type(field, place, others),
        required=name in node.get("required", ()),
        meaning=field.get("description", ""),
        rules=[*_rules(field)],
    )


def _inner(node: Node) -> Sequence[Node]:
    """Return the parts of a node that say what it holds, but for its fields."""
    single = [node[word] for word in ("items", "additionalProperties") if word in node]
    several = [part for word in ("anyOf", "oneOf") for part in node.get(word, ())]
    return [part for part in [*single, *several] if isinstance(part, dict)]


def _type(node: Node, place: str, others: Mapping[str, str]) -> list[Words]:
    if "$ref" in node:
        return [_reference(node["$ref"], others)]
    for word in ("anyOf", "oneOf"):
        if word in node:
            return _joined([_type(part, place, others) for part in node[word]])
    if "properties" in node:
        kinds = [Words(place, f"#{place}")]
        return _joined([kinds, [Words("null")]]) if "null" in node.get("type", ()) else kinds
    named = node.get("type") or _type_of_values(node)
    return _joined(
        [_named(one, node, place, others) for one in ([named] if isinstance(named, str) else named)]
    )


def _named(name: str, node: Node, place: str, others: Mapping[str, str]) -> list[Words]:
    within = {"array": ("list", "items"), "object": ("object", "additionalProperties")}
    if name not in within:
        return [Words(name)]
    shown, word = within[name]
    if not isinstance(node.get(word), dict):
        return [Words(shown)]
    return [Words(f"{shown} of "), *_type(node[word], place, others)]


def _type_of_values(node: Node) -> Sequence[str]:
    names = {str: "string", bool: "boolean", int: "integer", type(None): "null"}
    values = node.get("enum", [node["const"]] if "const" in node else [])
    return list(dict.fromkeys(names.get(type(value), "any") for value in values)) or ["any"]


def _reference(reference: str, others: Mapping[str, str]) -> Words:
    if reference.startswith(_LOCAL):
        name = reference.removeprefix(_LOCAL)
        return Words(name, f"#{_anchor(name)}")
    identifier, _, fragment = reference.partition("#")
    name = fragment.rpartition("/")[2]
    address = others.get(identifier)
    target = None if address is None else f"{address}#{_anchor(name) if name else RECORD}"
    return Words(name or (address or identifier).strip("./"), target)


def _joined(kinds: Sequence[Sequence[Words]]) -> list[Words]:
    joined: list[Words] = []
    for kind in kinds:
        joined += [Words(" or "), *kind] if joined else kind
    return joined


def _object_rules(node: Node) -> Iterator[str]:
    if node.get("additionalProperties", True) is True:
        yield "may hold other fields"
    yield from _rules({word: node[word] for word in node if word != "additionalProperties"})


def _rules(node: Node) -> Iterator[str]:
    if "properties" not in node:
        for word, value in node.items():
            if rule := _rule(word, value):
                yield rule
    for word in ("anyOf", "oneOf"):
        for part in node.get(word, ()):
            yield from _rules(part) if "properties" not in part else ()
    for word in ("items", "additionalProperties"):
        part = node.get(word)
        if isinstance(part, dict) and "properties" not in part:
            yield from (f"each {rule}" for rule in _rules(part))


def _rule(word: str, value: object) -> str | None:
    if word in _STRUCTURE or (word == "additionalProperties" and not isinstance(value, bool)):
        return None
    if word == "enum" and isinstance(value, list):
        return "one of: " + ", ".join(str(one) for one in value)
    if word == "const":
        return f"always {value}"
    phrases = {
        "minimum": "at least {}",
        "maximum": "at most {}",
        "minItems": "at least {} in the list",
        "minProperties": "at least {} fields",
        "minLength": "at least {} characters",
        "maxLength": "at most {} characters",
        "pattern": "matches {}",
    }
    if word in phrases:
        return phrases[word].format(value)
    return f"{word}: {json.dumps(value, ensure_ascii=False)}"


def _anchor(definition: str) -> str:
    return f"def-{definition}"
