"""Importing 1,000 logs of Inspect's beside Inspect's own reader, on the same files in one run.

Both start anew in a process of their own; ours commits every session with its chain and its entry in
the log, theirs only reads. Prints seconds and peak memory of both, and ratios: theirs over ours.

    python -m bench.interview_import
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LOGS = 1_000
ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "tests/interviews/imports/logs"
ORACLE = ROOT / ".venv-oracles/bin/python"

OURS = """
import json, resource, sys, time
from archive.cli import main
start = time.perf_counter()
try:
    main(sys.argv[1:])
except SystemExit as stop:
    assert stop.code == 0, stop.code
print(json.dumps([time.perf_counter() - start,
                  resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
THEIRS = """
import json, resource, sys, time
from pathlib import Path
from inspect_ai.log import read_eval_log
start = time.perf_counter()
messages = 0
for path in sorted(Path(sys.argv[1]).iterdir()):
    messages += sum(len(sample.messages) for sample in read_eval_log(path).samples)
print(json.dumps([time.perf_counter() - start,
                  resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found: dict[str, float] = {}
        for form in ("json", "eval"):
            logs = folder / form
            write_logs(logs, form)
            workspace = folder / f"workspace-{form}"
            emeritus("init", workspace, "--operator", "A", "--person", "a=A")
            adding = ("model", "add", "m", "--name", "M", "--participant", "anthropic:m")
            emeritus("--workspace", workspace, *adding)
            bring_in = ("--workspace", workspace, "interview", "import", "m", logs)
            ours, our_memory = measured(Path(sys.executable), OURS, *bring_in)
            again, _ = measured(Path(sys.executable), OURS, *bring_in)
            theirs, their_memory = measured(ORACLE, THEIRS, logs)
            found |= {
                f"{form}_seconds": ours,
                f"{form}_seconds_again": again,
                f"{form}_seconds_inspect": theirs,
                f"{form}_speed": theirs / ours,
                f"{form}_peak_mb": our_memory,
                f"{form}_peak_mb_inspect": their_memory,
                f"{form}_memory": their_memory / our_memory,
            }
    print(json.dumps({"interview_import": {key: round(one, 2) for key, one in found.items()}}))


def write_logs(folder: Path, form: str) -> None:
    """Write logs that differ in a byte each, so that none is known before."""
    folder.mkdir()
    source = SAMPLE / f"arithmetic.{form}"
    for number in range(LOGS):
        to = folder / f"2026-11-25T10-00-00_{number:04}.{form}"
        if form == "json":
            to.write_bytes(source.read_bytes() + b"\n" * (number + 1))
            continue
        shutil.copyfile(source, to)
        content = to.read_bytes()
        comment = f"{number:04}".encode()
        to.write_bytes(content[:-2] + len(comment).to_bytes(2, "little") + comment)


def emeritus(*words: str | Path) -> None:
    """Run our command line."""
    command = [sys.executable, "-c", "from archive.cli import main; main()", *map(str, words)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603


def measured(python: Path, script: str, *words: str | Path) -> tuple[float, float]:
    """Return the seconds and the peak of memory, in MB, that a script says of itself."""
    command = [str(python), "-c", script, *map(str, words)]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)  # noqa: S603
    seconds, memory = json.loads(done.stdout.splitlines()[-1])
    return seconds, memory


if __name__ == "__main__":
    main()
