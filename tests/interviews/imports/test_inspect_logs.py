"""Logs of Inspect's, message for message against its own reader."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.interviews.imports.conftest import Import, Sessions
from tests.support.inspect_reader import needs_inspect, read_log

LOGS = Path(__file__).parent / "logs"
SPEAKERS = {"interviewer": "user", "participant": "assistant", "system": "system", "tool": "tool"}


def said(session: dict[str, Any]) -> list[tuple[str, str]]:
    return [(SPEAKERS[turn["speaker"]], turn["text"]) for turn in session["turns"]]


def blocks_of(session: dict[str, Any], kind: str) -> list[Any]:
    return [
        json.loads(block["json"]) if "json" in block else block
        for turn in session["turns"]
        for block in turn["blocks"]
        if block["type"] == kind
    ]


def by_sample(
    sessions: list[dict[str, Any]],
) -> dict[tuple[str, str, int], dict[str, Any]]:
    return {
        (one["origin"]["file"], one["header"]["said_of_itself"]["sample"], one["replicate"]): one
        for one in sessions
    }


@pytest.mark.oracle
@needs_inspect
def test_every_message_comes_in_as_inspects_own_reader_has_it(
    bring_in: Import, sessions: Sessions
) -> None:
    names = ["arithmetic.json", "arithmetic.eval"]
    logs = read_log(*(LOGS / name for name in names))

    assert bring_in(*(LOGS / name for name in names)).exit_code == 0

    ours = by_sample(sessions())
    theirs = {
        (name, str(sample["id"]), sample["epoch"]): sample
        for name, log in zip(names, logs, strict=True)
        for sample in log["samples"]
    }
    assert ours.keys() == theirs.keys()
    assert len(ours) == 12
    for key, sample in theirs.items():
        session = ours[key]
        roles = [message["role"] for message in sample["messages"]]
        assert said(session) == list(zip(roles, sample["texts"], strict=True))
        calls = [call for message in sample["messages"] for call in message.get("tool_calls", ())]
        assert blocks_of(session, "tool_use") == calls
        reasoning = [
            (part["reasoning"], part["signature"])
            for message in sample["messages"]
            if isinstance(message["content"], list)
            for part in message["content"]
            if part["type"] == "reasoning"
        ]
        thinking = blocks_of(session, "thinking")
        assert [(block["thinking"], block["signature"]) for block in thinking] == reasoning
        assert (sample["error"] or "") in (session["reason"] or "")


def test_a_log_as_one_document_and_as_a_zip_hold_the_same(
    bring_in: Import, sessions: Sessions
) -> None:
    """Both were made by the same task; the mock model answers in turn, so a few texts differ."""
    bring_in(LOGS / "arithmetic.json", LOGS / "arithmetic.eval")

    found = sessions()
    roles: dict[str, list[list[str]]] = {".json": [], ".eval": []}
    for one in found:
        form = Path(one["origin"]["file"]).suffix
        roles[form].append([turn["speaker"] for turn in one["turns"]])
    assert sorted(roles[".json"]) == sorted(roles[".eval"])


def test_a_picture_that_stands_beside_the_messages_is_kept_in_its_place(
    bring_in: Import, sessions: Sessions
) -> None:
    bring_in(LOGS / "arithmetic.eval")

    pictures = [part for one in sessions() for part in blocks_of(one, "image")]
    assert len(pictures) == 2
    assert all(part["image"].startswith("data:image/png;base64,") for part in pictures)


def test_a_sample_in_which_nothing_was_answered_is_no_answer(
    bring_in: Import, sessions: Sessions
) -> None:
    bring_in(LOGS / "arithmetic.json")

    broken = by_sample(sessions())["arithmetic.json", "../break", 1]
    assert (broken["state"], broken["validity"]) == ("complete", "excluded")
    assert broken["exclusion_rule"] == "nothing said"
    assert "a fault made for this log" in broken["reason"]
