"""Showing on a terminal how far long work is; elsewhere nothing is drawn."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from archive.commands import is_terminal


@contextmanager
def reading(name: str, size: int | None) -> Iterator[Callable[[int], None]]:
    """Show how far the reading of `name` is, on a terminal; size in bytes if known."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not is_terminal()) as drawn:
        task = drawn.add_task(name, total=size)
        yield lambda count: drawn.advance(task, count)


@contextmanager
def counting(name: str) -> Iterator[Callable[[int], None]]:
    """Show how many of `name` are done, on a terminal; how many there are is not known."""
    columns = (TextColumn("{task.description}", markup=False), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not is_terminal()) as drawn:
        task = drawn.add_task(name, total=None)
        yield lambda count: drawn.advance(task, count)
