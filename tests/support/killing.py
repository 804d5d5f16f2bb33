"""Killing a program with SIGKILL at each of its acts on the disk, before it and after it.

    labels = fault_points("archive.cli:main", "preserve", "seal")
    for number, label in enumerate(labels):
        ...  # put everything back as it was
        run_until("archive.cli:main", "preserve", "seal", kill_at=number)
        ...  # what does the next start make of it?

A program is `module:function`; it is called without arguments and finds them in `sys.argv`.
"""

import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.messages_server import MessagesServer

ROOT = Path(__file__).parents[2]

FILE_ACTS = (
    "os:open",  # only where it makes a file
    "os:fsync",
    "os:rename",
    "os:replace",
    "os:mkdir",
    "os:rmdir",
    "os:unlink",
)
COMMIT = "sqlalchemy.engine.default:DefaultDialect.do_commit"


def fault_points(
    program: str, *arguments: str | Path, acts: Sequence[str] = FILE_ACTS
) -> list[str]:
    """Run the program to its end and name the points at which it can be killed."""
    with tempfile.TemporaryDirectory() as folder:
        labels = Path(folder) / "labels"
        done = _run(program, arguments, acts, kill_at=-1, labels=labels)
        if done.returncode:
            raise AssertionError(f"{program} failed unkilled: {done.stderr}")
        return labels.read_text().splitlines()


def run_until(
    program: str, *arguments: str | Path, kill_at: int, acts: Sequence[str] = FILE_ACTS
) -> subprocess.CompletedProcess[str]:
    """Run the program and kill it at the point with this number; what it printed is returned."""
    done = _run(program, arguments, acts, kill_at=kill_at, labels=Path(os.devnull))
    if done.returncode != -signal.SIGKILL:
        raise AssertionError(f"{program} was not killed at point {kill_at}: {done.stderr}")
    return done


def begun(
    folder: Path, server: "MessagesServer", *arguments: str, requests: int = 1
) -> Callable[[], None]:
    """Begin a command of emeritus in a folder; return what kills it, once `server` has been asked.

    Args:
        folder: Of the workspace.
        server: It leaves the last of the requests without an answer.
        arguments: The command's.
        requests: How many have come by then.
    """
    running = subprocess.Popen(  # noqa: S603  # this program
        [sys.executable, "-c", "from archive.cli import main; main()", *arguments], cwd=folder
    )
    while len(server.requests) < requests:
        assert running.poll() is None

    def kill() -> None:
        running.kill()
        running.wait()

    return kill


def _run(
    program: str,
    arguments: Sequence[str | Path],
    acts: Sequence[str],
    *,
    kill_at: int,
    labels: Path,
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.support.killing"]
    command += [str(kill_at), str(labels), ",".join(acts), program, *map(str, arguments)]
    return subprocess.run(  # noqa: S603  # this very interpreter, on this very module
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )


class _Counter:
    def __init__(self, kill_at: int, told: Callable[[], object] = bool) -> None:
        self.labels: list[str] = []
        self._kill_at = kill_at
        self._told = told

    def pass_point(self, label: str) -> None:
        self._told()
        if len(self.labels) == self._kill_at:
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        self.labels.append(label)

    def wrap(self, name: str) -> None:
        """Put a point before and after each call of what `module:attribute` names."""
        owner_name, _, attribute = name.replace(":", ".").rpartition(".")
        owner = pkgutil.resolve_name(owner_name)
        act: Callable[..., Any] = getattr(owner, attribute)

        def wrapped(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401  # of any signature
            if name == "os:open" and not arguments[1] & os.O_CREAT:
                return act(*arguments, **options)
            self.pass_point(f"before {attribute}")
            result = act(*arguments, **options)
            self.pass_point(f"after {attribute}")
            return result

        setattr(owner, attribute, wrapped)


def watch(acts: Sequence[str], told: Callable[[], object]) -> None:
    """Call `told` at each point from now on, in this process."""
    counter = _Counter(-1, told)
    for name in acts:
        counter.wrap(name)


def _main() -> None:
    kill_at, labels, acts, program, *arguments = sys.argv[1:]
    counter = _Counter(int(kill_at))
    run = pkgutil.resolve_name(program)
    sys.argv = [program, *arguments]
    for name in acts.split(","):
        counter.wrap(name)
    try:
        run()
    finally:
        with Path(labels).open("a") as file:
            file.writelines(f"{label}\n" for label in counter.labels)


if __name__ == "__main__":
    _main()
