"""The providers of models, and what the environment says of them."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from archive.errors import InputError
from interviews.participants.providers import open_anthropic
from interviews.participants.seam import Attempt, Message, Request, Sampling
from tests.support.messages_server import serving

KEY = "sk-canary-0123456789abcdef"
HELLO = Message(role="user", blocks=[{"type": "text", "text": "Who are you?"}])


def opened_and_asked(environment: Mapping[str, str]) -> Attempt:
    async def ask() -> Attempt:
        participant = open_anthropic("halcyon-2", environment)
        asking = Request(messages=[HELLO], sampling=Sampling(max_tokens=64))
        try:
            return await participant.reply(asking, on_text=lambda _: None)
        finally:
            await participant.close()

    return asyncio.run(ask())


@pytest.mark.parametrize("setting", ["ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY_FILE"])
def test_the_key_comes_from_the_environment_or_a_file_it_names(
    setting: str, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    with serving(key=KEY) as server:
        value = KEY if setting == "ANTHROPIC_API_KEY" else str(file)
        attempt = opened_and_asked({setting: value, "ANTHROPIC_BASE_URL": server.url})

    assert attempt.failure is None


@pytest.mark.parametrize(
    ("environment", "what"),
    [
        pytest.param({}, "ANTHROPIC_API_KEY: no API key", id="none"),
        pytest.param({"ANTHROPIC_API_KEY": " "}, "ANTHROPIC_API_KEY: no API key", id="blank"),
        pytest.param({"ANTHROPIC_API_KEY": "sk-x y"}, "ANTHROPIC_API_KEY: not an", id="a space"),
        pytest.param({"ANTHROPIC_API_KEY": "sk-\nx"}, "ANTHROPIC_API_KEY: not an", id="two lines"),
        pytest.param({"ANTHROPIC_API_KEY": "ключ"}, "ANTHROPIC_API_KEY: not an", id="no ASCII"),
        pytest.param(
            {"ANTHROPIC_API_KEY_FILE": "/nowhere/key"},
            "ANTHROPIC_API_KEY_FILE: cannot read /nowhere/key: No such file or directory",
            id="a file that is not there",
        ),
        pytest.param(
            {"ANTHROPIC_API_KEY_FILE": "/dev/null"}, "ANTHROPIC_API_KEY_FILE: no API", id="empty"
        ),
        pytest.param(
            {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "localhost:8080"},
            "ANTHROPIC_BASE_URL: not an http or https URL",
            id="no scheme",
        ),
        pytest.param(
            {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "http://host:port"},
            "ANTHROPIC_BASE_URL: not an http or https URL",
            id="a port that is no number",
        ),
    ],
)
def test_without_a_usable_key_and_url_nothing_is_opened(
    environment: Mapping[str, str], what: str
) -> None:
    with pytest.raises(InputError) as caught:
        open_anthropic("halcyon-2", environment)

    assert str(caught.value).startswith(what)
    assert caught.value.mend
    assert not any(value in str(caught.value) for value in environment.values() if KEY in value)
