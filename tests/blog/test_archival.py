"""The post as it is deposited: whole, described by its schema, the same for the same state."""

import json
from pathlib import Path

import pytest

from archive.canonical import sha256
from archive.store.kinds import Deposit
from archive.workspace.locks import only_runner
from archive.workspace.workspace import open_workspace
from blog.archival import KINDS
from blog.posts.archiving import SCHEMA
from tests.blog.conftest import Write
from tests.conftest import Emeritus
from tests.support.messages_server import MessagesServer, Step
from tests.support.schemas import validate

KIND = KINDS[0]
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

    raw = [f"raw/{number}.bin" for number in (1, 2, 3)]  # the text, and two askings about it
    assert sorted(made.files) == ["post.md", "provenance.json", *raw]
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

    validate({"$schema": IDENTIFIER, **made.record})
    validate(json.loads(content(made, "provenance.json")))


def test_the_same_state_is_deposited_as_the_same_bytes(publish: Write, workspace: Path) -> None:
    post = publish()

    assert deposit(workspace, post) == deposit(workspace, post)


def test_every_post_is_sealed_but_one_that_is_being_written(
    write: Write, publish: Write, workspace: Path
) -> None:
    published, waiting, declined = publish("# One"), write("# Two"), write("DECLINE POST")
    with only_runner(workspace / "locks" / write("# Three"), what="a writer"):
        sealed = sealable(workspace)

    assert sealed == [published, waiting, declined]


def test_a_post_that_was_never_answered_is_sealed_with_what_was_asked(
    emeritus: Emeritus, server: MessagesServer, workspace: Path
) -> None:
    server.script = [Step(status=400, message="no")]
    assert emeritus("post", "write", "halcyon-2").exit_code == 3
    (post,) = sealable(workspace)

    made = deposit(workspace, post)

    validate({"$schema": IDENTIFIER, **made.record})
    assert (made.record["state"], made.record["source_digest"]) == ("interrupted", None)
    assert sorted(made.files) == ["provenance.json", "raw/1.bin"]
