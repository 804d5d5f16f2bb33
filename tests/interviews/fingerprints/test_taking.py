"""`weights fingerprint`: what is asked, what is kept, and how two are compared."""

import json
import os
import signal
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.canonical import as_kept, canonical_bytes, sha256
from archive.errors import InputError
from interviews.archival import SCHEMAS
from interviews.fingerprints.fingerprint import check_comparable
from interviews.fingerprints.prompts import prompt_set
from tests.conftest import Emeritus, Result
from tests.interviews.conftest import Api
from tests.support import forked
from tests.support.messages_server import Received, Script, Step, serving
from tests.support.rows import rows
from tests.support.schemas import validate

PROMPTS = list(prompt_set().texts)
Take = Callable[..., Result]


@pytest.fixture
def take(emeritus: Emeritus, workspace: Path) -> Take:
    """`weights fingerprint halcyon-2`, with further options."""
    assert workspace.is_dir()

    def run(*options: str) -> Result:
        return emeritus("weights", "fingerprint", "halcyon-2", *options)

    return run


def replying(*texts: str | Step | None) -> Sequence[Step | None]:
    return [Step(text=text) if isinstance(text, str) else text for text in texts]


def listed(take: Take) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = take("--list", "--json").json["fingerprints"]
    return found


def test_every_prompt_is_asked_once_alone_and_not_cached(api: Api, take: Take) -> None:
    server = api()

    result = take("--json")

    assert result.exit_code == 0, result.stderr
    taken = result.json["fingerprint"]
    assert [reply["prompt"] for reply in taken["replies"]] == PROMPTS
    assert len(server.requests) == len(PROMPTS)
    for request, text in zip(server.requests, prompt_set().texts.values(), strict=True):
        (message,) = request.body["messages"]
        assert message["content"] == [{"type": "text", "text": text}]
        assert not {"cache_control", "temperature", "seed"} & request.body.keys()


def test_what_was_sent_and_what_could_not_be_set_stand_in_the_record(api: Api, take: Take) -> None:
    server = api()

    taken = take("--json").json["fingerprint"]

    sent = json.loads(taken["sent"]["body"])
    assert {**sent, "messages": server.requests[0].body["messages"]} == server.requests[0].body
    assert taken["settings"] == {
        "max_tokens": "24",
        "temperature": "not applicable",
        "seed": "not applicable",
        "prompt_cache": "not asked for",
        "logprobs": "not measured",
    }
    assert all("logprobs" not in reply for reply in taken["replies"])
    assert "may come from sampling" in take().stdout


def test_two_that_agree_are_identical_and_called_evidence(api: Api, take: Take) -> None:
    api()
    first = take("--json").json["fingerprint"]["id"]

    result = take("--against", "last")

    assert result.exit_code == 0, result.stderr
    assert f"beside {first}: identical" in result.stdout
    assert "Evidence of consistency, no proof" in result.stdout


def test_a_difference_is_told_with_its_prompt_and_character(
    api: Api, take: Take, emeritus: Emeritus
) -> None:
    same = ["The same."] * len(PROMPTS)
    api(
        replying(
            *same, *same[:3], "The sane.", *same[:2], Step(stop_reason="max_tokens", text=same[0])
        )
    )
    take()
    take()
    one, other = (row["id"] for row in listed(take))

    result = emeritus("weights", "fingerprint", "--compare", one, other, "--json")

    assert result.exit_code == 1
    comparison = result.json["comparison"]
    backward = emeritus("weights", "fingerprint", "--compare", other, one, "--json")
    assert backward.json == result.json, "which one is the earlier, their times say"
    assert comparison["verdict"] == "different"
    assert comparison["differences"][:2] == [
        {
            "prompt": PROMPTS[3],
            "what": "text",
            "place": 7,
            "one": "me.",
            "other": "ne.",
            "by": None,
        },
        {
            "prompt": PROMPTS[6],
            "what": "stop reason",
            "place": None,
            "one": "end_turn",
            "other": "max_tokens",
            "by": None,
        },
    ]
    assert comparison["notes"] == [
        "no temperature could be set: differences may come from sampling"
    ]
    readable = emeritus("weights", "fingerprint", "--compare", one, other).stdout
    assert f"{PROMPTS[3]}: text differs from character 7 on: 'me.' and 'ne.'" in readable


def test_another_name_that_the_provider_gives_is_kept_and_noted_and_no_difference(
    api: Api, take: Take
) -> None:
    dated = [Step(text="The same.", model="halcyon-2-2026-05") for _ in PROMPTS]
    api([*replying(*["The same."] * len(PROMPTS)), *dated])
    take()

    result = take("--against", "last", "--json")

    assert (result.exit_code, result.json["comparison"]["verdict"]) == (0, "identical")
    named = {reply["provider_model"] for reply in result.json["fingerprint"]["replies"]}
    assert named == {"halcyon-2-2026-05"}
    assert (
        "the provider called the model halcyon-2 and calls it halcyon-2-2026-05"
        in result.json["comparison"]["notes"]
    )


def test_an_empty_reply_is_a_reply_and_asked_once(api: Api, take: Take) -> None:
    server = api([None, Step(text="")])

    taken = take("--json").json["fingerprint"]

    assert taken["replies"][1]["text"] == ""
    assert len(server.requests) == len(PROMPTS)


def test_a_hostile_reply_is_kept_and_shown_safely(api: Api, take: Take) -> None:
    hostile = "a\x00b\ud800c\x1b[2J\u202e"
    api(replying(hostile, *[None] * (len(PROMPTS) - 1), hostile.replace("b", "B")))
    taken = take("--json").json["fingerprint"]

    result = take("--against", taken["id"])

    assert taken["replies"][0]["text"] == hostile.replace("\ud800", "\ufffd")
    assert result.exit_code == 1
    assert not {*"\x00\x1b\u202e"} & {*result.stdout, *result.stderr}


def test_a_fault_that_passes_is_on_record_and_asked_again(
    api: Api, take: Take, workspace: Path
) -> None:
    api([Step(status=529, headers={"retry-after": "0"})])

    assert take().exit_code == 0
    found = rows(workspace, "SELECT position, number, status FROM attempt ORDER BY id")
    assert found[:3] == [(0, 1, 529), (0, 2, 200), (1, 1, 200)]


def test_a_refused_key_leaves_it_unfinished_and_exits_with_3(api: Api, take: Take) -> None:
    api([None, None, Step(status=401, message="invalid x-api-key")])

    result = take()

    assert result.exit_code == 3
    assert "invalid x-api-key" in result.stderr
    (row,) = listed(take)
    assert (row["state"], row["reason"]) == ("unfinished", "401: invalid x-api-key")
    refused = take("--against", row["id"])
    assert (refused.exit_code, "unfinished: 401" in refused.stderr) == (2, True)


def stops_at(number: int, how: signal.Signals) -> Script:
    def answer(received: Received) -> Step | None:
        if received.number == number:
            os.kill(int(received.key or 0), how)
            return Step(delay=30)
        return None

    return answer


@pytest.mark.parametrize(
    ("how", "code", "reason"),
    [
        pytest.param(signal.SIGKILL, -signal.SIGKILL, None, id="kill -9"),
        pytest.param(signal.SIGINT, 130, "stopped by the operator", id="Ctrl-C"),
    ],
)
def test_one_that_was_stopped_keeps_what_came_and_is_not_compared(
    how: signal.Signals, code: int, reason: str | None, take: Take, workspace: Path
) -> None:
    with serving(stops_at(4, how)) as server:
        ended = forked.emeritus(
            "--workspace", workspace, "weights", "fingerprint", "halcyon-2",
            environment={"ANTHROPIC_BASE_URL": server.url, "ANTHROPIC_API_KEY": "{pid}"},
            output=workspace.parent / "output",
        )  # fmt: skip

    assert ended == code
    (row,) = listed(take)
    assert (row["state"], row["reason"], row["digest"]) == ("unfinished", reason, None)
    kept = rows(workspace, "SELECT status, ended_at FROM attempt ORDER BY id")
    assert [status for status, _ in kept] == [200, 200, 200, None]
    refused = take("--against", "last")
    assert (refused.exit_code, "taken to its end" in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param(["--against", "nobody"], "no such fingerprint", id="unknown"),
        pytest.param(["--against", "last"], "no fingerprint of it", id="none yet"),
        pytest.param(["--list", "--against", "last"], "three things", id="two things"),
        pytest.param(["--compare", "one", "two"], "names no model", id="two of no model"),
        pytest.param(["--tolerance", "-1", "--against", "last"], "--tolerance", id="below 0"),
        pytest.param(["--tolerance", "inf"], "--tolerance", id="without end"),
        pytest.param(["--tolerance", "nan"], "--tolerance", id="no number"),
    ],
)
def test_what_cannot_be_compared_is_said_before_anything_is_asked(
    options: list[str], told: str, api: Api, take: Take
) -> None:
    server = api()

    result = take(*options)

    assert (result.exit_code, told in result.stderr) == (2, True)
    assert server.requests == []


def test_fingerprints_of_different_settings_or_prompts_are_not_compared(
    api: Api, take: Take
) -> None:
    """As one by llama.cpp, and one by an API that takes no temperature."""
    api()
    taken = take("--json").json["fingerprint"]
    other = taken | {"settings": taken["settings"] | {"temperature": "0"}}

    with pytest.raises(InputError, match="temperature was not applicable and is 0"):
        check_comparable(taken, other)
    with pytest.raises(InputError, match="prompts are not the same set"):
        check_comparable(taken, taken | {"prompts": {"version": 2, "digest": "x"}})


@pytest.mark.sqlite
def test_one_that_was_changed_since_is_not_compared(api: Api, take: Take, workspace: Path) -> None:
    api()
    first = take("--json").json["fingerprint"]["id"]
    with closing(sqlite3.connect(workspace / "emeritus.db")) as database, database:
        database.execute(
            "UPDATE fingerprint SET content = CAST(replace(CAST(content AS TEXT), 'You', 'yoU') AS BLOB)"
        )

    result = take("--against", first)

    assert (result.exit_code, "not what was recorded" in result.stderr) == (1, True)


def test_its_taking_is_logged(api: Api, take: Take, workspace: Path, emeritus: Emeritus) -> None:
    api()
    taken = take("--json").json["fingerprint"]

    logged = rows(workspace, "SELECT subject, content FROM log_entry WHERE kind = 'fingerprint'")
    assert [(subject, json.loads(as_kept(content))) for subject, content in logged] == [
        (taken["id"], {"digest": taken["digest"]})
    ]
    assert emeritus("log", "verify").exit_code == 0


def test_the_example_of_a_record_has_the_digest_that_it_says() -> None:
    example = json.loads((SCHEMAS / "fingerprint.example.json").read_bytes())
    beside = {"$schema", "digest", "attempts", "premis"}
    content = {name: example[name] for name in example.keys() - beside}

    assert sha256(canonical_bytes(content)) == example["digest"]


def test_it_is_sealed_with_its_raw_bytes_and_its_record_is_valid(
    api: Api, take: Take, workspace: Path, emeritus: Emeritus
) -> None:
    api([Step(status=529, headers={"retry-after": "0"}), Step(text="a\x00\U0001f9d3")])
    taken = take("--json").json["fingerprint"]

    sealed = emeritus("preserve", "seal", "--json").json["sealed"]

    assert ("fingerprint", taken["id"]) in {(row["kind"], row["id"]) for row in sealed}
    (file,) = (
        path
        for path in (workspace / "store").rglob("record.json")
        if b"schema/fingerprint/1" in path.read_bytes()
    )
    record = json.loads(file.read_bytes())
    validate(record)
    assert record["replies"] == taken["replies"]
    assert len(list((file.parent / "raw").iterdir())) == len(PROMPTS) + 1


def test_a_budget_of_the_workspace_stops_it_between_two_prompts(
    api: Api, take: Take, workspace: Path
) -> None:
    server = api()
    (workspace / "budgets.toml").write_text("[workspace]\ncalls = 3\n")

    stopped = take()

    assert (stopped.exit_code, len(server.requests)) == (1, 3), stopped.stderr
    assert "this workspace has spent 3 of 3 calls" in stopped.stderr
    (left,) = listed(take)
    assert left["ended_at"] is None
