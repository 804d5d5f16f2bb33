"""The post as it is deposited: whole, described by its schema, the same for the same state."""

import json
from pathlib import Path

import jsonschema
import pytest

from archive.canonical import sha256
from archive.store.kinds import Deposit
from archive.workspace.workspace import open_workspace
from blog.archival import KINDS, SCHEMA
from tests.blog.conftest import Write
from tests.conftest import Emeritus

(KIND,) = KINDS
IDENTIFIER = json.loads(SCHEMA.read_bytes())["$id"]


def deposit(workspace: Path, post: str) -> Deposit:
    opened = open_workspace(workspace)
    assert KIND.deposit is not None
    made = KIND.deposit(opened, post)
    opened.close()
    return made


def sealable(workspace: Path) -> list[str]:
    opened = open_workspace(workspace)
    assert KIND.sealable is not None
    posts = list(KIND.sealable(opened))
    opened.close()
    return posts


def content(made: Deposit, name: str) -> bytes:
    file = made.files[name]
    assert isinstance(file, bytes)
    return file


def test_a_deposit_holds_the_text_the_bytes_it_came_in_and_how_it_was_made(
    publish: Write, workspace: Path
) -> None:
    made = deposit(workspace, publish("# A Day\n\nIt was quiet."))

    assert sorted(made.files) == ["post.md", "provenance.json", "raw/1.bin"]
    assert content(made, "post.md") == b"# A Day\n\nIt was quiet."
    provenance = json.loads(content(made, "provenance.json"))
    assert sha256(content(made, "raw/1.bin")) == provenance["attempts"][0]["raw_digest"]
    assert sha256(content(made, "post.md")) == made.record["source_digest"]


def test_what_the_model_was_shown_is_deposited(publish: Write, workspace: Path) -> None:
    publish("# The First")
    made = deposit(workspace, publish("# The Second", "--context", "posts"))

    digest = json.loads(content(made, "provenance.json"))["context"]["sha256"]
    assert sha256(content(made, "shown.txt")) == digest
    assert b"# The First" in content(made, "shown.txt")


@pytest.mark.parametrize("options", [[], ["--context", "posts"]], ids=["nothing", "posts"])
def test_record_and_provenance_are_as_the_schema_says(
    publish: Write, workspace: Path, options: list[str]
) -> None:
    publish("# The First")
    made = deposit(workspace, publish("# The Second", *options))
    schema = json.loads(SCHEMA.read_bytes())

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"$schema": IDENTIFIER, **made.record}, schema)
    provenance = json.loads(content(made, "provenance.json"))
    jsonschema.validate(provenance, {**schema["$defs"]["provenance"], "$defs": schema["$defs"]})


def test_the_same_state_is_deposited_as_the_same_bytes(publish: Write, workspace: Path) -> None:
    post = publish()

    assert deposit(workspace, post) == deposit(workspace, post)


def test_what_was_reviewed_can_be_sealed_and_a_draft_cannot(
    emeritus: Emeritus, write: Write, publish: Write, workspace: Path
) -> None:
    published, vetoed = publish("# One"), write("# Two")
    write("# Three")
    emeritus("post", "review", vetoed, "--veto", "--reason", "private", "--by", "ana")

    assert sealable(workspace) == [published, vetoed]
