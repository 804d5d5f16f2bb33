"""Sessions as documents: the public form holds only what may be seen, and it can be verified."""

import json
from collections.abc import Collection
from typing import Any

import pytest

from archive.canonical import canonical_bytes, salted_digest
from archive.times import now
from archive.workspace.workspace import Workspace
from interviews import archival
from interviews.sessions import chain
from interviews.sessions.presenting import public_document
from interviews.sessions.reading import load_session, public_turns, turns_of
from tests.conftest import Emeritus
from tests.interviews.conftest import KEY, Api, Hold, Shown
from tests.support.messages_server import Step
from tests.support.schemas import validate

HIDDEN = "a thought that nobody is to read"
THOUGHT = {"type": "thinking", "thinking": HIDDEN, "signature": "c2lnbmF0dXJl"}


def published(opened: Workspace, session: str, *, turns: Collection[int] | None = None) -> Any:  # noqa: ANN401  # JSON
    with opened.database.reading() as database:
        row, said = load_session(database, session), turns_of(database, session)
        shown = public_turns(database, said, now()) if turns is None else turns
        return json.loads(json.dumps(public_document(row, said, shown)))


@pytest.fixture
def session(api: Api, hold: Hold, shown: Shown, emeritus: Emeritus) -> str:
    """The id of a complete session whose first reply holds a thought."""
    emeritus("protocol", "approve", "exit", "--by", "ana")
    api([Step(blocks=[THOUGHT, {"type": "text", "text": "Yes."}])])
    assert hold().exit_code == 0
    identifier: str = shown()["id"]
    return identifier


def test_whoever_has_the_public_form_can_compute_its_digests_again(
    session: str, opened: Workspace
) -> None:
    document = published(opened, session)

    previous = document["header_digest"]
    for turn in document["turns"]:
        tied = {name: turn[name] for name in ("index", "speaker", "at", "content_digest")}
        previous = chain.link(session=document["id"], previous=previous, **tied)
        assert turn["link"] == previous
        if "salt" in turn:
            content = canonical_bytes(turn["content"])
            assert salted_digest(bytes.fromhex(turn["salt"]), content) == turn["content_digest"]
    assert document["head"] == previous
    assert sum("salt" in turn for turn in document["turns"]) == 9


def test_a_turn_that_holds_thinking_is_published_as_its_text_alone(
    session: str, opened: Workspace
) -> None:
    turn = published(opened, session)["turns"][1]

    assert (turn["text"], "content" in turn, "salt" in turn) == ("Yes.", False, False)
    assert "its digest stands" in turn["note"]


def test_nothing_that_is_not_public_is_in_the_public_form(session: str, opened: Workspace) -> None:
    text = json.dumps(published(opened, session, turns=range(2, 10)))

    header = load_header(opened, session)
    opening = header["prompts"]["asks"][0]
    hidden = [HIDDEN, KEY, "ana", "http://", header["salt"], opening["before"], opening["question"]]
    assert [word for word in hidden if word in text] == []


def load_header(opened: Workspace, session: str) -> Any:  # noqa: ANN401  # JSON
    with opened.database.reading() as database:
        return json.loads(load_session(database, session).header)


def test_a_withheld_turn_keeps_its_place_and_its_digests(
    session: str, opened: Workspace, emeritus: Emeritus
) -> None:
    whole = published(opened, session)
    withheld = emeritus("release", "turn", f"{session}:3", "--internal", "--by", "ana")

    assert withheld.exit_code == 0, withheld.stderr
    document = published(opened, session)
    assert document["turns"][3]["text"] is None
    assert document["turns"][3]["content_digest"] == whole["turns"][3]["content_digest"]
    assert whole["turns"][3]["text"] not in json.dumps(document)
    assert [turn["text"] is None for turn in document["turns"]].count(True) == 1


def test_both_forms_are_as_their_schemas_say(session: str, opened: Workspace) -> None:
    (kind,) = (kind for kind in archival.KINDS if kind.name == "session")
    assert kind.deposit is not None
    assert kind.schema is not None
    schema = json.loads(kind.schema.read_bytes())
    record = {"$schema": schema["$id"], **kind.deposit(opened, session).record}

    validate(record)
    validate(published(opened, session, turns=range(1, 5)))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("gguf:/home/ana/models/halcyon.gguf", "gguf"),
        ("openai:http://10.0.0.7:8000/v1#halcyon-2", "openai:#halcyon-2"),
    ],
    ids=["the path of a weights file", "a host of this place"],
)
def test_where_a_model_runs_is_not_published(
    address: str, public: str, session: str, opened: Workspace
) -> None:
    with opened.database.writing() as database:
        row = load_session(database, session)
        header = json.loads(row.header)
        header["participant"]["address"] = address
        row.header = canonical_bytes(header)
        database.add(row)

    assert published(opened, session)["participant"] == public
