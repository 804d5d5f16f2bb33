"""Sealing and verifying small objects beside `ocfl-py`; memory over ten times as many.

Each object holds four small files. `ocfl-py` runs in a process of its own, in .venv-oracles, and
is timed there, without its start. Sealing is measured with every file and folder of an object
fsynced by both, and with nothing fsynced by either; `ocfl-py` itself fsyncs nothing. Prints how
many times as fast ours is, and the peak memory of verifying, over that of the start, in MB.

    python -m bench.preserve
"""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from archive.store.inventory import User
from archive.store.layout import Layout
from archive.store.sealing import TOGETHER
from archive.store.staging import staging
from archive.store.verifying import verify
from archive.store.writing import install, only_writer

OBJECTS, MANY, ROUNDS = 1_000, 10_000, 3
SYNCED = 60  # objects sealed with fsyncs: a disk that others use takes a second for a hundred
ORACLE = Path(__file__).parents[1] / ".venv-oracles/bin/python"
FILES = {
    "README.txt": b"An object.\n",
    "record.json": b'{"name": "Halcyon 2"}\n',
    "turns.jsonl": b'{"index": 0}\n',
    "raw/0.json": bytes(500),
}
AUTHOR, CREATED = User(name="The Halcyon Archive"), datetime(2026, 11, 23, tzinfo=UTC)

OTHERS = """
import json, os, sys, time
import ocfl

def sync(path):
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)

def seal(source, synced, objects):
    for name, folder in objects:
        above = folder
        made = []
        while not os.path.isdir(above := os.path.dirname(above)):
            made.append(above)
        os.makedirs(os.path.dirname(folder), exist_ok=True)
        metadata = ocfl.VersionMetadata(message="a version", name="The Halcyon Archive")
        ocfl.Object(identifier=name).create(srcdir=source, metadata=metadata, objdir=folder)
        if synced:
            for top, folders, files in os.walk(folder, topdown=False):
                for file in files:
                    sync(os.path.join(top, file))
                sync(top)
            for one in (*made, os.path.dirname(made[-1] if made else folder)):
                sync(one)

def validate(root):
    assert ocfl.StorageRoot(root=root).validate(log_errors=False)

task = json.load(sys.stdin)
start = time.perf_counter()
globals()[task.pop("do")](**task)
print(time.perf_counter() - start)
"""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source"
        for path, content in FILES.items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_bytes(content)
        rounds = [measured(folder / str(number), source) for number in range(ROUNDS)]
        memory = [memory_of(folder / "memory", source, count) for count in (OBJECTS, MANY)]
    found = {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}
    found |= {"memory_mb_1000": memory[0], "memory_mb_10000": memory[1]}
    print(json.dumps({"preserve": {key: round(value, 2) for key, value in found.items()}}))


def measured(folder: Path, source: Path) -> dict[str, float]:
    """Return the ratios of one round."""
    folder.mkdir()
    ours = timed(lambda: seal(folder / "ours", source, SYNCED))
    theirs = others(
        do="seal", source=str(source), synced=True, objects=named(folder / "theirs")[:SYNCED]
    )
    with unsynced():
        ours_unsynced = timed(lambda: seal(folder / "unsynced", source, OBJECTS))
    theirs_unsynced = others(
        do="seal", source=str(source), synced=False, objects=named(folder / "also")
    )
    verifying = timed(lambda: check(folder / "unsynced"))
    validating = others(do="validate", root=str(folder / "unsynced"))
    shutil.rmtree(folder)
    return {
        "verifying": validating / verifying,
        "sealing": theirs / ours,
        "sealing_unsynced": theirs_unsynced / ours_unsynced,
        "verifying_ms_an_object": 1000 * verifying / OBJECTS,
        "sealing_ms_an_object": 1000 * ours / SYNCED,
    }


def seal(store: Path, source: Path, count: int) -> None:
    """Write `count` objects from the files in `source`, as `preserve seal` does."""
    with only_writer(store) as root:
        for first in range(0, count, TOGETHER):
            with staging(root) as batch:
                for number in range(first, min(first + TOGETHER, count)):
                    files = {path: source / path for path in FILES}
                    batch.stage(
                        urn(number), files, message="a version", author=AUTHOR, created=CREATED
                    )
                batch.keep()
                install(batch.staged)


@contextmanager
def unsynced() -> Iterator[None]:
    """Write nothing to the disk before the system does."""
    with (
        patch.object(os, "fsync", lambda _descriptor: None),
        patch.object(os, "posix_fadvise", lambda *_range: None),
    ):
        yield


def check(store: Path) -> None:
    """Verify a store that must be valid."""
    if not verify(store).valid:
        raise AssertionError(f"{store} is not valid")


def memory_of(folder: Path, source: Path, count: int) -> float:
    """Return how many MB verifying `count` objects takes, in a process of its own."""
    with unsynced():
        seal(folder, source, count)
    command = [sys.executable, "-m", "bench.preserve", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # ourselves
    shutil.rmtree(folder)
    return float(done.stdout)


def print_memory(store: Path) -> None:
    """Verify and print how far the peak of this process rose, in MB."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    check(store)
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000)


def others(**task: object) -> float:
    """Return the seconds that `ocfl-py` takes for a task."""
    done = subprocess.run(  # noqa: S603  # the oracle's own interpreter
        [ORACLE, "-c", OTHERS], input=json.dumps(task), capture_output=True, text=True, check=True
    )
    return float(done.stdout.splitlines()[-1])


def named(root: Path) -> list[tuple[str, str]]:
    """Return the id and the folder of each object, where our layout has it."""
    ids = [urn(number) for number in range(OBJECTS)]
    return [(name, str(root / Layout().object_path(name))) for name in ids]


def urn(number: int) -> str:
    """Return the id of an object."""
    return f"urn:uuid:01939f6e-5c00-7000-8000-{number:012x}"


def timed(work: Callable[[], None]) -> float:
    """Return the seconds that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    print_memory(Path(sys.argv[1])) if sys.argv[1:] else main()
