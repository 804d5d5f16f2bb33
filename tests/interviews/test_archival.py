"""Sessions in the store: all that was said and came, from which every digest follows."""

import json

import pytest

from archive.canonical import canonical_bytes, salted_digest, sha256
from archive.store.kinds import Deposit
from archive.workspace.workspace import Workspace
from interviews.archival import KINDS
from tests.conftest import Emeritus
from tests.interviews.conftest import Api, Hold, Shown
from tests.support.messages_server import Step

_PROTOCOL, _CAMPAIGN, SESSION, _TURN, _FINGERPRINT = KINDS


def content_of(deposit: Deposit, path: str) -> bytes:
    content = deposit.files[path]
    assert isinstance(content, bytes)
    return content


def test_an_ended_session_is_deposited_with_its_turns_and_the_bytes_that_came(
    api: Api, hold: Hold, shown: Shown, opened: Workspace
) -> None:
    api([Step(status=529, headers={"retry-after": "0"})])
    hold()
    session = shown()

    assert SESSION.sealable is not None
    assert SESSION.deposit is not None
    (subject,) = SESSION.sealable(opened)
    deposit = SESSION.deposit(opened, subject)

    assert deposit.object_id == f"urn:uuid:{session['id']}"
    assert (deposit.record["length"], deposit.record["head"]) == (10, session["head"])
    turns = [json.loads(line) for line in content_of(deposit, "turns.jsonl").splitlines()]
    for turn in turns:
        content = canonical_bytes(turn["content"])
        assert salted_digest(bytes.fromhex(turn["salt"]), content) == turn["content_digest"]
    raw = {name: sha256(content_of(deposit, name)) for name in deposit.files if "raw/" in name}
    assert raw == {
        f"raw/{turn['index']:03}-{attempt['number']}": attempt["raw_digest"]
        for turn in turns
        for attempt in turn["attempts"]
    }
    assert len(raw) == 6


def test_equal_state_gives_an_equal_deposit(
    api: Api, hold: Hold, shown: Shown, opened: Workspace, emeritus: Emeritus
) -> None:
    """A release changes who may see a session, and nothing that was said."""
    api()
    hold()
    identifier = shown()["id"]
    assert SESSION.deposit is not None
    before = SESSION.deposit(opened, identifier)
    emeritus("release", "session", identifier, "--public", "--by", "ana")

    assert SESSION.deposit(opened, identifier) == before


def test_a_session_that_goes_on_is_neither_sealed_nor_released(
    api: Api, hold: Hold, shown: Shown, emeritus: Emeritus
) -> None:
    api()
    hold("--max-calls", "2")
    identifier = shown()["id"]

    for refused in (
        emeritus("preserve", "seal", "session", identifier),
        emeritus("release", "session", identifier, "--public", "--by", "ana"),
        emeritus("release", "turn", f"{identifier}:0", "--internal", "--by", "ana"),
    ):
        assert (refused.exit_code, "has not ended" in refused.stderr) == (2, True)


def test_a_release_is_what_interview_show_says(
    api: Api, hold: Hold, shown: Shown, emeritus: Emeritus
) -> None:
    api()
    hold()
    identifier = shown()["id"]
    said = [shown()["release"]]
    for audience in (["--public"], ["--embargo", "2999-01-01"], ["--internal"]):
        emeritus("release", "session", identifier, *audience, "--by", "ana")
        said.append(shown()["release"])

    assert said == ["internal", "public", "embargoed", "internal"]


@pytest.mark.parametrize("index", ["10", "-1", "one", "", "1.0"])
def test_a_turn_that_is_not_there_is_not_released(
    index: str, api: Api, hold: Hold, shown: Shown, emeritus: Emeritus
) -> None:
    api()
    hold()

    result = emeritus("release", "turn", f"{shown()['id']}:{index}", "--internal", "--by", "ana")

    assert (result.exit_code, "from 0 to 9" in result.stderr) == (2, True)
