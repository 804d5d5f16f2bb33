"""What a provider can do to an interview: each fault is on record, and nothing else is said."""

import asyncio

import pytest

from archive.errors import ServiceError
from archive.workspace.workspace import Workspace
from interviews.participants.asking import Limits
from interviews.participants.seam import Sampling
from interviews.protocols.design import Cell
from interviews.protocols.reading import read_protocol
from interviews.sessions import running
from interviews.sessions.beginning import plans_for
from interviews.sessions.header import Addresses
from interviews.sessions.progress import Progress
from interviews.sessions.running import Run
from tests.conftest import Emeritus
from tests.interviews.conftest import ASKS, Api, Document, Hold, Shown
from tests.support.messages_server import Step, unused_port
from tests.support.protocols import FACTS, FILE, SMALL, facts

AT_ONCE = {"retry-after": "0"}
NEVER = {"retry-after": "86400"}  # more than anybody waits


def failures(document: Document) -> list[tuple[int, str | None]]:
    tries = [attempt for turn in document["turns"] for attempt in turn["attempts"]]
    return [(one["number"], one["failure"]) for one in [*tries, *document["unanswered"]]]


@pytest.mark.parametrize(
    ("step", "failure", "status"),
    [
        pytest.param(Step(status=529, headers=AT_ONCE), "overloaded", 529, id="529"),
        pytest.param(Step(status=429, headers=AT_ONCE), "rate limited", 429, id="429"),
        pytest.param(Step(status=500), "server error", 500, id="500"),
        pytest.param(Step(fault="reset"), "broken off", 200, id="reset in mid-stream"),
        pytest.param(Step(fault="close"), "broken off", 200, id="closed in mid-stream"),
        pytest.param(Step(fault="reset", after=None), "broken off", None, id="reset at once"),
        pytest.param(Step(error_type="overloaded_error"), "overloaded", 200, id="error event"),
        pytest.param(Step(raw="<html>"), "unreadable", 200, id="not the API"),
        pytest.param(Step(text=""), "empty", 200, id="empty reply"),
    ],
)
def test_a_fault_that_passes_is_on_record_and_the_interview_is_complete(
    step: Step, failure: str, status: int | None, api: Api, hold: Hold, shown: Shown
) -> None:
    api([None, step])

    assert hold().exit_code == 0
    document = shown()
    first, second = document["turns"][3]["attempts"]
    assert (first["failure"], first["status"], first["ended_at"] is None) == (
        failure,
        status,
        False,
    )
    assert (second["number"], second["failure"], second["status"]) == (2, None, 200)
    assert [turn["question"] for turn in document["turns"][::2]] == ASKS


def test_what_a_provider_says_of_its_limits_is_on_record(
    api: Api, hold: Hold, shown: Shown
) -> None:
    left = {"anthropic-ratelimit-requests-remaining": "7"}
    api([Step(status=529, headers=AT_ONCE | left), Step(headers=left)])

    assert hold().exit_code == 0
    first, second = shown()["turns"][1]["attempts"]
    assert first["headers"] == {
        **AT_ONCE, **left, "content-type": "application/json", "request-id": "req_000001"
    }  # fmt: skip
    assert second["headers"] == {
        **left, "content-type": "text/event-stream", "request-id": "req_000002"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("step", "failure"),
    [
        pytest.param(Step(status=401), "key refused", id="401"),
        pytest.param(Step(status=403), "key refused", id="403"),
        pytest.param(Step(status=404), "not found", id="404"),
        pytest.param(Step(status=400), "bad request", id="400"),
        pytest.param(Step(status=429, headers=NEVER), "rate limited", id="429 for a day"),
        pytest.param(Step(status=529, headers=NEVER), "overloaded", id="529 for a day"),
    ],
)
def test_where_nothing_was_said_yet_a_fault_that_stays_fails_the_session(
    step: Step, failure: str, api: Api, hold: Hold, shown: Shown
) -> None:
    api([step])

    result = hold("--replicates", "2")

    document = shown()  # and no second one was begun
    assert (result.exit_code, result.json) == (3, {"sessions": [document["id"]]})
    assert (document["state"], document["turns"]) == ("failed", [])
    assert (document["validity"], document["exclusion_rule"]) == ("usable", None)  # it has a fate
    assert failures(document) == [(1, failure)]
    assert document["reason"].splitlines()[0] in result.stderr


def test_a_refused_key_is_one_clear_line_and_its_mend(api: Api, hold: Hold) -> None:
    api([Step(status=401, message="invalid x-api-key")])

    *_, line, mend = hold().stderr.splitlines()

    assert line == "anthropic:halcyon-2: 401: invalid x-api-key"
    assert "ANTHROPIC_API_KEY" in mend


def test_a_fault_that_may_pass_leaves_what_was_said_to_be_gone_on_with(
    api: Api, hold: Hold, shown: Shown, emeritus: Emeritus
) -> None:
    server = api([None, None, Step(status=401)])

    assert hold().exit_code == 3
    assert (shown()["state"], len(shown()["turns"])) == ("interrupted", 4)
    assert emeritus("interview", "resume").exit_code == 0
    document = shown()
    assert (document["state"], failures(document)[2:4]) == (
        "complete",
        [(1, "key refused"), (2, None)],
    )
    assert len(server.requests) == 6


def test_a_model_that_goes_away_in_mid_interview_fails_it_and_what_was_said_is_kept(
    api: Api, hold: Hold, shown: Shown, emeritus: Emeritus
) -> None:
    api([None, None, Step(status=404)])

    assert hold().exit_code == 3
    document = shown()
    assert (document["state"], document["validity"], len(document["turns"])) == (
        "failed",
        "usable",
        4,
    )
    refused = emeritus("interview", "resume", document["id"])
    assert (refused.exit_code, "failed for good" in refused.stderr) == (1, True)


def test_a_question_that_one_session_cannot_get_answered_does_not_stop_the_others(
    api: Api, hold: Hold, emeritus: Emeritus
) -> None:
    api([None, Step(status=400, message="prompt is too long")])

    result = hold("--replicates", "2")

    rows = emeritus("interview", "list", "--json").json["sessions"]
    assert (result.exit_code, [row["state"] for row in rows]) == (3, ["failed", "complete"])


def test_what_was_heard_before_a_stream_broke_off_was_not_said(
    api: Api, hold: Hold, shown: Shown
) -> None:
    """The bytes are kept, and are no part of any turn."""
    api([Step(text="Half a sentence that", piece=4, fault="reset", after=5), Step(text="Whole.")])

    hold()

    document = shown()
    assert document["turns"][1]["text"] == "Whole."
    assert "Half" not in str(document["turns"])
    digests = [attempt["raw_digest"] for attempt in document["turns"][1]["attempts"]]
    assert all(digests)
    assert digests[0] != digests[1]


HOSTILE = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "U+0000": "a\u0000b",
    "lone surrogates": "a\ud800b\udc00c",
    "bidi overrides": "a\u202eb\u2066c",
    "terminal escapes": "\x1b[2J\x1b]0;title\x07\x9b31m",
    "other controls": "a\x08\x7f\x85\u2028b",
    "2 MB on one line": "x" * 2_000_000,
    "not of the BMP": "\U0001f9d3\U0001d11e",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_reply_is_kept_as_it_is_and_shown_safely(
    text: str, api: Api, hold: Hold, shown: Shown, emeritus: Emeritus
) -> None:
    api([Step(text=text, piece=500_000)])

    held = hold()

    assert held.exit_code == 0, held.stderr
    document = shown()
    readable = emeritus("interview", "show", document["id"]).stdout
    assert document["turns"][1]["text"] == text.encode("utf-16", "surrogatepass").decode(
        "utf-16", "replace"
    )
    assert emeritus("interview", "verify").exit_code == 0
    assert not {*"\x00\x08\x1b\x07\x7f\x85\x9b\u2028\u202e\u2066"} & {*readable, *held.stderr}


def test_a_server_that_is_not_there_fails_the_session(
    opened: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits a minute for it here: the limits are those of an impatient caller."""
    monkeypatch.setenv("ANTHROPIC_BASE_URL", f"http://127.0.0.1:{unused_port()}")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "none")
    run = Run(workspace=opened, progress=Progress(), limits=Limits(tries=2, first_wait=0.01))

    plans = plans_for(
        "halcyon-2",
        read_protocol(SMALL.encode(), name=FILE),
        cells={Cell(stance="plain", information="told", language="en"): None},
        replicates=1,
        sampling=Sampling(max_tokens=64),
        facts=facts(**FACTS),
    )

    held = asyncio.run(running.hold(run, Addresses(participant="anthropic:halcyon-2"), plans))

    (error,) = held.errors
    assert isinstance(error, ServiceError)
    assert "Connection refused (2 tries)" in str(error)
