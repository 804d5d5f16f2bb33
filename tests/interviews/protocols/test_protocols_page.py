"""docs/protocols.md and the program say the same: its examples read, its tables name everything."""

import json
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

import interviews
from interviews.protocols.checking import check
from interviews.protocols.facts import FactVisibility
from interviews.protocols.protocol import FACTS
from interviews.protocols.reading import read_protocol
from interviews.protocols.wording import slips
from interviews.protocols.workspace_facts import demanded, read_facts_file

PAGE = (Path(__file__).parents[3] / "docs/protocols.md").read_text()
SCHEMA: dict[str, Any] = json.loads(
    (Path(interviews.__file__).parent / "schemas/protocol.schema.json").read_text()
)
EXAMPLE, STATED, TRANSLATION = (
    token.content
    for token in MarkdownIt("commonmark").parse(PAGE)
    if token.type == "fence" and token.info == "yaml"
)


def test_the_worked_example_has_nothing_wrong_with_it() -> None:
    assert check(read_protocol(EXAMPLE.encode(), name="docs/protocols.md")) == []


def test_the_example_of_facts_states_what_the_worked_example_demands() -> None:
    stated = read_facts_file(STATED.encode(), name="docs/protocols.md")
    protocol = read_protocol(EXAMPLE.encode(), name="docs/protocols.md")

    assert demanded(protocol, "halcyon-2", stated)["users_response"].date == "2026-09"


def test_the_example_of_a_translation_is_one_of_the_worked_example() -> None:
    says = "says: {en: [no record, no memory], de: [keine Aufzeichnung]}"
    base = EXAMPLE.replace("says: [no record, no memory]", says)
    translated = read_protocol((base + TRANSLATION).encode(), name="docs/protocols.md")

    assert [one.rule for one in check(translated)] == ["translation not checked"]


def test_every_field_stands_in_the_table() -> None:
    question = SCHEMA["properties"]["sections"]["items"]["properties"]["questions"]["items"]
    fields = {
        *SCHEMA["properties"],
        *question["properties"],
        *SCHEMA["$defs"]["opening"]["properties"],
    }

    assert {field for field in fields if f"`{field}`" not in PAGE} == set()


@pytest.mark.parametrize("name", [*FACTS, "decline", "end"])
def test_every_placeholder_is_named(name: str) -> None:
    assert f"`{{{name}}}`" in PAGE


def test_the_examples_of_slips_are_seen_and_the_better_ones_let_pass() -> None:
    rows = [line.split(" | ") for line in PAGE.splitlines()]
    judged = {
        row[0].removeprefix("| "): (row[1], row[2].removesuffix(" |"))
        for row in rows
        if row[0] in {"| leading", "| double-barrelled", "| presupposing"}
    }

    assert len(judged) == 3
    for kind, (wrong, better) in judged.items():
        assert {str(slip.kind) for slip in slips(wrong, "en") or ()} >= {kind}
        assert slips(better, "en") == []


def test_the_visibilities_are_named() -> None:
    assert {word for word in FactVisibility if word not in PAGE} == set()
