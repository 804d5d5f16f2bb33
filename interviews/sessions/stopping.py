"""Stopping a run: what is in flight is waited for, and nothing more is sent.

The first wish to stop lets each reply in flight come to its end and be recorded; sessions that
only wait end at once. The second wish cancels the run (`archive.commands.until_stopped`): what is
in flight then is recorded as lost.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any, ClassVar

from archive.errors import EmeritusError


class StoppedError(EmeritusError):
    """Somebody stopped the run: Ctrl-C, or a signal to terminate."""

    exit_code: ClassVar[int] = 130


@dataclass(slots=True)
class Stop:
    """Whether somebody wishes a run to stop, and which of its sessions only wait."""

    wished: bool = False
    _waiting: set[asyncio.Task[Any]] = field(default_factory=set)

    def wish(self) -> None:
        """Send nothing more from now on."""
        self.wished = True
        for task in self._waiting:
            task.cancel()

    def check(self) -> None:
        """Raise a StoppedError if nothing more is to be sent."""
        if self.wished:
            raise stopped("What was said is kept.")

    def waits(self) -> None:
        """The session of this task begins to wait, and has nothing in flight.

        Raises:
            StoppedError: It need not begin.
        """
        self.check()
        if (task := asyncio.current_task()) is not None:
            self._waiting.add(task)

    def goes_on(self) -> None:
        """The session of this task waits no more."""
        if (task := asyncio.current_task()) is not None:
            self._waiting.discard(task)


def stopped(kept: str) -> StoppedError:
    """Return what the person is told who stopped the run."""
    mend = f"{kept} Go on with `emeritus interview resume`."
    return StoppedError("stopped", at="interview", mend=mend)
