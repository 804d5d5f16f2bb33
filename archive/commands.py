"""What every command shares: finding the workspace, options, and showing results.

One JSON document on stdout with --json; all else that is not the answer itself on stderr.
"""

import asyncio
import functools
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from contextlib import closing
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from archive.rendering.terminal import for_terminal
from archive.workspace.workspace import Workspace, open_workspace

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
by_option = click.option(
    "--by", "person", metavar="PERSON", required=True, help="Who decides: an id in people.toml."
)


def pass_workspace(
    command: Callable[Concatenate[Workspace, Parameters], Result],
) -> Callable[Parameters, Result]:
    """Give `command` the workspace of --workspace, EMERITUS_WORKSPACE or the folder upward."""

    @functools.wraps(command)
    def with_workspace(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        named: Path | None = click.get_current_context().find_root().params.get("workspace")
        with closing(open_workspace(named)) as workspace:
            return command(workspace, *args, **kwargs)

    return with_workspace


def show(document: Any, text: str, *, as_json: bool) -> None:  # noqa: ANN401  # any JSON document
    """Print `document` as JSON, or `text` for people."""
    click.echo(
        json.dumps(document, indent=2, ensure_ascii=False) if as_json else for_terminal(text)
    )


def say(text: str) -> None:
    """Tell the person something that is not the answer itself."""
    click.echo(for_terminal(text), err=True)


def is_terminal() -> bool:
    """Whether stderr is a terminal, so that a line can be drawn over."""
    return sys.stderr.isatty()


def columns() -> int:
    """How many columns a line on stdout has; 80 where it is no terminal."""
    return shutil.get_terminal_size((80, 24)).columns


PATIENCE = 1.0
"""Seconds that a busy process has to hear that it is to stop at once."""


def until_stopped(
    work: Coroutine[object, object, Result], *, wish: Callable[[], None] | None = None
) -> Result:
    """Run `work` until it has ended, or somebody stops it by Ctrl-C or SIGTERM.

    The first such signal calls `wish`, which lets it come to an end of its own; the second, or the
    first where there is no `wish`, cancels it, so that it can say what it leaves. If it is too busy
    to hear that within `PATIENCE`, the process ends, as if it had been killed.
    """
    wishes = [] if wish is None else [wish]

    async def stopped_by_signals() -> Result:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()

        def stop(*_: object) -> None:  # between two steps of whatever runs: the loop may be busy
            if wishes:
                loop.call_soon_threadsafe(wishes.pop())
                return
            unheard = threading.Timer(PATIENCE, _leave)
            unheard.daemon = True
            unheard.start()
            loop.call_soon_threadsafe(unheard.cancel)
            loop.call_soon_threadsafe(task.cancel)

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            return await task
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    try:
        return asyncio.run(stopped_by_signals())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None  # it had nothing more to say of what it leaves


def _leave() -> None:
    os.write(sys.stderr.fileno(), b"Stopped at once. What was recorded is kept.\n")
    os._exit(130)
