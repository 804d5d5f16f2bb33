"""Sharing work out among processes that are copied from this one, where that is worth their start.

What lays out or checks a text keeps one processor to itself, so threads would not do.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, TypeVar

WORTH_IT = 256
"""Posts, or units of a site, from which on more processes are worth their start."""

Part = TypeVar("Part")
Result = TypeVar("Result")


def worth_it(count: int) -> bool:
    """Return whether so much work is worth more processes, and they can be had.

    A process with threads is not copied: another thread's lock would stay locked in the copy.
    """
    return count >= WORTH_IT and len(os.sched_getaffinity(0)) > 1 and threading.active_count() == 1


def in_processes(work: Callable[[Part], Result], parts: Sequence[Part]) -> Iterator[Result]:
    """Yield what `work` makes of each part, in their order; parts and results are pickled."""
    global _WORK  # noqa: PLW0603  # what a process that is copied from this one finds
    _WORK = work
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), mp_context=get_context("fork")) as pool:
        yield from pool.map(_done, parts)


_WORK: Callable[[Any], Any] | None = None


def _done(part: Any) -> Any:  # noqa: ANN401  # of whatever is shared out
    assert _WORK is not None  # noqa: S101  # set before this process was made
    return _WORK(part)
