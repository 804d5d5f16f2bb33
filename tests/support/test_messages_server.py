"""The scripted Messages API: it is held to what the real one does, since the suite stands on it."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import anthropic  # noqa: TID253  # the judge of what is served here
import httpx2
import pytest

from tests.support.messages_server import Received, Step, complaint, default_answer, serving

BODY = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "Hello"}]}


def post(url: str, body: Mapping[str, Any] = BODY, *, key: str = "k") -> httpx2.Response:
    headers = {"anthropic-version": "2023-06-01", "x-api-key": key}
    with httpx2.Client(trust_env=False) as client:
        return client.post(f"{url}/v1/messages", json=dict(body), headers=headers)


def said_to_the_sdk(step: Step, *, stream: bool) -> anthropic.types.Message:
    async def ask(url: str) -> anthropic.types.Message:
        async with anthropic.AsyncAnthropic(api_key="k", base_url=url, max_retries=0) as client:
            asking = {
                "model": "m",
                "max_tokens": 9,
                "messages": [{"role": "user", "content": "Hi"}],
            }
            if not stream:
                return await client.messages.create(**asking)  # type: ignore[call-overload, no-any-return]  # a dict of arguments
            async with client.messages.stream(**asking) as events:  # type: ignore[arg-type]  # as above
                return await events.get_final_message()

    with serving([step]) as server:
        return asyncio.run(ask(server.url))


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "in one piece"])
def test_the_sdk_reads_a_scripted_reply(stream: bool) -> None:  # noqa: FBT001  # a column
    blocks = [
        {"type": "thinking", "thinking": "Who asks?", "signature": "EqQB"},
        {"type": "text", "text": "A lighthouse, since 1887."},
    ]

    message = said_to_the_sdk(Step(blocks=blocks, stop_reason="max_tokens"), stream=stream)

    kept = [block.model_dump(exclude_none=True) for block in message.content]
    assert kept == blocks
    assert (message.model, message.stop_reason) == ("m", "max_tokens")


def test_the_default_answer_follows_from_the_question() -> None:
    with serving() as server:
        first, again, other = (
            post(server.url, {**BODY, "messages": [{"role": "user", "content": asked}]})
            for asked in ("Who?", "Who?", "What?")
        )

    texts = [response.json()["content"][0]["text"] for response in (first, again, other)]
    assert texts[0] == texts[1] != texts[2]
    assert texts[0] == default_answer(server.requests[0].body)


def test_a_script_may_be_a_function_of_the_request() -> None:
    def every_other(received: Received) -> Step | None:
        return Step(status=529) if received.number % 2 else None

    with serving(every_other) as server:
        assert [post(server.url).status_code for _ in range(4)] == [529, 200, 529, 200]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"max_tokens": 0}, "max_tokens: Input should be greater than or equal to 1"),
        ({"seed": 1}, "seed: Extra inputs are not permitted"),
        ({"temperature": 2}, "temperature: Input should be between 0 and 1"),
        ({"messages": []}, "messages: at least one message is required"),
        (
            {"messages": [{"role": "assistant", "content": "Hi"}]},
            "messages: first message must use the user role",
        ),
        (
            {"messages": [{"role": "system", "content": "Hi"}]},
            "messages: first message must use the user role",
        ),
        (
            {"messages": [{"role": "user", "content": ""}]},
            "messages.0: all messages must have non-empty content",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "text": " "}]}]},
            "messages.0.content.0: text content blocks must contain non-whitespace text",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "thinking", "thinking": ""}]}]},
            "messages.0.content.0.thinking.signature: Field required",
        ),
    ],
)
def test_a_request_that_the_api_refuses_is_refused_and_takes_no_step(
    change: Mapping[str, Any], words: str
) -> None:
    with serving([Step(text="Kept.")]) as server:
        refused, taken = post(server.url, {**BODY, **change}), post(server.url)

    assert (refused.status_code, refused.json()["error"]["message"]) == (400, words)
    assert taken.json()["content"][0]["text"] == "Kept."
    assert (server.refused, len(server.requests)) == ([words], 1)


@pytest.mark.parametrize("missing", ["model", "max_tokens", "messages"])
def test_a_field_that_is_missing_is_named(missing: str) -> None:
    body = {name: value for name, value in BODY.items() if name != missing}

    assert complaint(body) == f"{missing}: Field required"


def test_a_key_and_models_are_asked_for_when_told() -> None:
    with serving(key="k", models=frozenset({"m"})) as server:
        assert post(server.url).status_code == 200
        assert post(server.url, key="other").status_code == 401
        assert post(server.url, {**BODY, "model": "gone"}).status_code == 404


def test_it_serves_as_a_process_from_a_script_and_logs_before_it_answers(tmp_path: Path) -> None:
    script, log = tmp_path / "script.json", tmp_path / "requests.jsonl"
    script.write_text(json.dumps([{"status": 529}, None, {"fault": "reset", "after": None}]))
    command = [sys.executable, "-m", "tests.support.messages_server"]
    with subprocess.Popen(  # noqa: S603  # our own program
        [*command, "--script", script, "--log", log], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            statuses = [post(url).status_code for _ in range(2)]
            with suppress(httpx2.TransportError):
                post(url)
        finally:
            process.terminate()

    assert (statuses, process.returncode) == ([529, 200], 0)
    noted = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["number"] for line in noted] == [1, 2, 3]
    assert noted[0]["body"] == BODY
