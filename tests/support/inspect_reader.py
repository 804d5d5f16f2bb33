"""Inspect's own reader, as a process of its own among the peers: what it finds in a log."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

PYTHON = Path(__file__).parents[2] / ".venv-oracles" / "bin" / "python"

needs_inspect = pytest.mark.skipif(
    not (PYTHON.parent / "inspect").exists(), reason="inspect-ai is not in .venv-oracles"
)

_READ = """
import json, sys
from inspect_ai.log import read_eval_log

def sample(one):
    return {
        "id": one.id,
        "epoch": one.epoch,
        "messages": [message.model_dump(mode="json", exclude_none=True) for message in one.messages],
        "texts": [message.text for message in one.messages],
        "metadata": one.metadata,
        "model_usage": {name: usage.model_dump() for name, usage in one.model_usage.items()},
        "error": None if one.error is None else one.error.message,
    }

found = []
for name in sys.argv[1:]:
    log = read_eval_log(name, resolve_attachments=True)
    found.append({
        "version": log.version, "status": log.status, "model": log.eval.model,
        "task": log.eval.task, "samples": [sample(one) for one in log.samples],
    })
print(json.dumps(found))
"""

_FRAMES = """
import json, sys
from inspect_ai.analysis import messages_df, samples_df
samples, messages = samples_df(sys.argv[1]), messages_df(sys.argv[1])
print(json.dumps({
    "samples": len(samples), "messages": len(messages),
    "roles": messages["role"].tolist(), "contents": messages["content"].tolist(),
}))
"""


def read_log(*logs: Path) -> list[dict[str, Any]]:
    """Return what `read_eval_log` finds in each log."""
    found: list[dict[str, Any]] = json.loads(_run(_READ, *logs))
    return found


def frames_of(log: Path) -> dict[str, Any]:
    """Return what Inspect's data frames of a log hold."""
    found: dict[str, Any] = json.loads(_run(_FRAMES, log))
    return found


def _run(script: str, *logs: Path) -> str:
    done = subprocess.run(  # noqa: S603  # the peer's own interpreter, our own script
        [PYTHON, "-c", script, *logs], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
