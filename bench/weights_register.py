"""`weights register` beside `sha512sum`: one large file, in turns, from a warm cache.

`sha512sum` makes one digest on one core; registering makes two, on two cores, reads the header
and writes the record. Prints the rate of registering over that of `sha512sum`, 1 is as fast: the
median of the rounds, each of which measures both. Start-up is in neither: the file is registered
from within this process, and the time that `sha512sum` takes for an empty file is taken off.

    python -m bench.weights_register
"""

import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from archive.records.models import Model
from archive.weights.finding import find
from archive.weights.registering import register
from archive.workspace.making import make_workspace
from archive.workspace.settings import Operator, SiteSettings
from archive.workspace.workspace import Workspace

ROUNDS = 7
BYTES = 1 << 30
MODEL = "halcyon-2"


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large, empty = filled(folder / "large.bin", BYTES), filled(folder / "empty.bin", 0)
        workspace = make_workspace(folder / "workspace", Operator(), SiteSettings(), [])
        with closing(workspace), workspace.database.writing() as session:
            session.add(Model(slug=MODEL, name="Halcyon 2", participant="embedded"))
        warm_up, *rounds = (measured(workspace, large, empty) for _ in range(ROUNDS + 1))
    del warm_up
    medians = {
        "ratio": statistics.median(theirs / ours for ours, theirs in rounds),
        "MiB_per_second": statistics.median(BYTES / 2**20 / ours for ours, _ in rounds),
    }
    rounded = {name: round(value, 2) for name, value in medians.items()}
    busy = round(os.getloadavg()[0], 2)
    print(json.dumps({"weights_register": rounded | {"load_at_the_end": busy}}))


def measured(workspace: Workspace, large: Path, empty: Path) -> tuple[float, float]:
    """Return the seconds that registering takes, and those of `sha512sum`."""
    (candidate,) = find(large).files

    def registering() -> None:
        done = register(workspace, MODEL, candidate, on_bytes=lambda _count: None, again=True)
        assert done.was_read  # noqa: S101  # else there is nothing to measure

    theirs = timed(lambda: sha512sum(large)) - timed(lambda: sha512sum(empty))
    return timed(registering), theirs


def sha512sum(path: Path) -> None:
    """Run the program."""
    subprocess.run(["sha512sum", str(path)], check=True, capture_output=True)  # noqa: S603, S607  # coreutils' own


def timed(work: Callable[[], None]) -> float:
    """Return the seconds that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def filled(path: Path, size: int) -> Path:
    """Write so many random bytes."""
    with path.open("wb") as file:
        for _ in range(size >> 20):
            file.write(os.urandom(1 << 20))
    return path


if __name__ == "__main__":
    main()
