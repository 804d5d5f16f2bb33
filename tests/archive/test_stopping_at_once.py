"""Two signals end a process that is too busy to hear them; one that can hear them, says so."""

import signal
import subprocess
import sys
import time

import pytest

PROGRAM = """
import time
from archive.commands import until_stopped

async def work():
    print("busy", flush=True)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        pass

until_stopped(work(), wish=lambda: None)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_second_signal_ends_a_busy_process(number: signal.Signals) -> None:
    with subprocess.Popen(  # noqa: S603  # this very interpreter
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "busy\n"
        process.send_signal(number)
        time.sleep(0.3)
        process.send_signal(number)
        began = time.monotonic()
        _, said = process.communicate(timeout=20)

    assert (process.returncode, said) == (130, "Stopped at once. What was recorded is kept.\n")
    assert time.monotonic() - began < 4  # two, and two for a machine that is busy otherwise
