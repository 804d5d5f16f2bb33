"""The command line in processes that start at once: forks of one that has imported it all.

    code = emeritus("interview", "run", "halcyon-2", environment={...}, output=path)
    code = emeritus_until(7, "interview", "run", ...)  # killed at its seventh act on the disk
    killed = emeritus_killed(0.1, "preserve", "seal", ...)  # a moment after its first one

An exit code below zero is the signal that ended the process.
"""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from archive.cli import main
from tests.support import killing

SECONDS = 120
"""What one process may take."""

_POLLING = Lock()
"""Held while exit codes are read: each can be read once, and `start` reads those of all that ended.

A thread that is beaten to it by another one's `start` is told 255.
"""

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    ["interviews.participants.endpoint", "interviews.sessions.cli", "tests.support.killing"]
)


def emeritus(
    *arguments: str | Path,
    environment: Mapping[str, str],
    output: Path,
    prepare: Callable[[], object] = bool,
) -> int:
    """Run a command and return its exit code; what it prints is added to `output`.

    `prepare` is called first, in the command's own process.
    """
    program = partial(_prepared, prepare)
    return _run(program, ["emeritus", *map(str, arguments)], environment, output)


def _prepared(prepare: Callable[[], object]) -> None:
    prepare()
    main()


def emeritus_until(
    kill_at: int,
    *arguments: str | Path,
    acts: Sequence[str],
    environment: Mapping[str, str],
    output: Path,
    labels: Path = Path(os.devnull),
) -> int:
    """Run a command and kill it at a point, counted from 0 over `acts` as `killing` does.

    At -1 it is not killed; then `labels` has a line for each point.
    """
    argv = ["killing", str(kill_at), str(labels), ",".join(acts), "archive.cli:main"]
    return _run(killing._main, [*argv, *map(str, arguments)], environment, output)


class Killed(NamedTuple):
    """How far a command came."""

    exit_code: int
    passed: int  # points
    seconds: float  # from its first point to the last one that it passed


def emeritus_killed(
    seconds: float, *arguments: str | Path, acts: Sequence[str], output: Path
) -> Killed:
    """Run a command and kill it so many seconds after its first point, if it runs that long."""
    reader, writer = _CONTEXT.Pipe(duplex=False)
    program = partial(_prepared, partial(_watched, acts, writer))
    argv = ["emeritus", *map(str, arguments)]
    process = _CONTEXT.Process(target=_begin, args=(program, argv, dict[str, str](), output))
    with _POLLING:
        process.start()
    writer.close()
    begun = reader.poll(SECONDS)
    wait([process.sentinel], seconds)
    with _POLLING:
        process.kill()
        process.join()
    if not begun or process.exitcode is None:
        raise TimeoutError(f"{' '.join(argv)} did nothing for {SECONDS} s: {output.read_text()}")
    times = list(_received(reader))
    return Killed(process.exitcode, len(times), times[-1] - times[0])


def _watched(acts: Sequence[str], writer: Connection) -> None:
    killing.watch(acts, lambda: writer.send(time.monotonic()))


def _received(reader: Connection) -> Iterator[float]:
    with suppress(EOFError):
        while True:
            yield reader.recv()


def points(
    *arguments: str | Path, acts: Sequence[str], environment: Mapping[str, str], folder: Path
) -> list[str]:
    """Run a command to its end and name the points at which it can be killed."""
    labels, output = folder / "labels", folder / "unkilled"
    code = emeritus_until(
        -1, *arguments, acts=acts, environment=environment, output=output, labels=labels
    )
    if code:
        raise AssertionError(f"failed unkilled: {output.read_text()}")
    return labels.read_text().splitlines()


def _run(
    program: Callable[[], object], argv: list[str], environment: Mapping[str, str], output: Path
) -> int:
    process = _CONTEXT.Process(target=_begin, args=(program, argv, dict(environment), output))
    with _POLLING:
        process.start()
    ended = wait([process.sentinel], SECONDS)
    with _POLLING:
        if not ended:
            process.kill()
        process.join()
    if not ended or process.exitcode is None:
        raise TimeoutError(f"{' '.join(argv)} went on after {SECONDS} s: {output.read_text()}")
    return process.exitcode


def _begin(
    program: Callable[[], object], argv: list[str], environment: dict[str, str], output: Path
) -> None:
    with output.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ |= {
        name: value.replace("{pid}", str(os.getpid())) for name, value in environment.items()
    }
    sys.argv = argv
    program()
