"""Fingerprints of a real small model, and of a copy of it that was damaged."""

import shutil
from pathlib import Path

import pytest

from interviews.participants.embedded import default_model
from tests.conftest import Emeritus
from tests.interviews.conftest import Api

pytestmark = [pytest.mark.model, pytest.mark.sqlite, pytest.mark.slow]


def test_the_same_weights_agree_to_the_last_digit_and_one_damaged_byte_is_seen(
    emeritus: Emeritus, workspace: Path, api: Api
) -> None:
    """And none of it is compared with what an API says that takes no temperature."""
    server = api()
    fingerprint = ("weights", "fingerprint", "halcyon-2", "--json")
    damaged = workspace / "damaged.gguf"
    shutil.copy(default_model(), damaged)
    with damaged.open("r+b") as file:
        file.seek(50_000_000)
        (byte,) = file.read(1)
        file.seek(50_000_000)
        file.write(bytes([byte ^ 0x40]))
    emeritus("model", "edit", "halcyon-2", "--participant", "embedded")

    first = emeritus(*fingerprint)
    second = emeritus(*fingerprint, "--against", "last")
    emeritus("model", "edit", "halcyon-2", "--participant", f"gguf:{damaged}")
    third = emeritus(*fingerprint, "--against", "last")

    emeritus("model", "edit", "halcyon-2", "--participant", "anthropic:halcyon-2")
    fourth = emeritus(*fingerprint, "--against", "last")

    assert first.exit_code == 0, first.stderr
    assert first.json["fingerprint"]["settings"] == {
        "max_tokens": "24",
        "temperature": "0",
        "seed": "20261124",
        "prompt_cache": "off",
        "logprobs": "5 a token",
    }
    assert all(reply["logprobs"] for reply in first.json["fingerprint"]["replies"])
    assert all(
        "/" not in reply.get("provider_model", "") for reply in first.json["fingerprint"]["replies"]
    ), "no path of this machine"
    again = second.json["comparison"]
    assert (second.exit_code, again["verdict"]) == (0, "identical")
    assert (again["largest_difference"], again["same_texts"]) == (0, again["replies"])
    found = third.json["comparison"]
    assert (third.exit_code, found["verdict"]) == (1, "different")
    assert {difference["what"] for difference in found["differences"]} >= {"text"}
    assert (fourth.exit_code, server.requests) == (2, [])
    assert "temperature was 0 and is not applicable" in fourth.stderr
