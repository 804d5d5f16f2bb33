"""One limiter for each provider and model, shared by all that this process asks of it.

The rules are `pace`'s; here are the clock and the queue. The clock is monotonic: what the time of
day does makes nobody wait longer.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from weakref import WeakKeyDictionary

from archive.commands import say
from interviews.participants.pace import Pace, Pause, Ticket
from interviews.participants.rate_limits import readings_of
from interviews.participants.seam import Attempt

LONGEST_NAP = 5.0
"""Seconds after which who waits looks again: a reply may have told of other limits by then,
or a request have hung."""

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]
Tell = Callable[[Pause], None]


class TooLongError(Exception):
    """What is to be waited for takes longer than anybody waits."""

    def __init__(self, pause: Pause) -> None:
        super().__init__(pause.because)
        self.pause = pause


class Limiter:
    """Lets requests to one provider and model go, one after the other, as fast as it takes them."""

    def __init__(
        self,
        address: str,
        *,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        doubt: Callable[[str], None] = say,
    ) -> None:
        self.pace = Pace()
        self._address = address
        self._clock, self._sleep, self._doubt = clock, sleep, doubt
        self._queue = asyncio.Lock()  # it lets them in in the order in which they came
        self._waiting = 0
        self._ended = asyncio.Event()
        self._doubted: set[str] = set()

    async def admits(
        self, *, longest: float, tell: Tell, again: bool = False
    ) -> tuple[Ticket, float]:
        """Wait for leave to send a request, which `leaves` gives back.

        Args:
            longest: Seconds to wait for a time to come; how long others take is not counted.
            tell: Told of each pause.
            again: Whether the same request was refused just before.

        Returns:
            The leave, and the seconds of `longest` that were waited.

        Raises:
            TooLongError: It would take longer.
        """
        waited = 0.0
        self._waiting += 1
        try:
            self.pace.wanted(self.pace.in_flight + self._waiting)
            if self._queue.locked() and (pause := self.pace.pause(self._clock())) is not None:
                tell(pause)
            async with self._queue:
                told: Pause | None = None
                while (pause := self.pace.pause(self._clock())) is not None:
                    if pause != told:
                        tell(pause)
                    told = pause
                    if math.isinf(pause.seconds):
                        await self._until_one_ends()
                        continue
                    if waited + pause.seconds > longest:
                        raise TooLongError(pause)
                    nap = min(pause.seconds, LONGEST_NAP)
                    await self._sleep(nap)
                    waited += nap
                return self.pace.sends(self._clock(), again=again), waited
        finally:
            self._waiting -= 1

    def hears(self, ticket: Ticket, attempt: Attempt) -> None:
        """Learn from what came of a request."""
        if attempt.headers:
            at = attempt.started_at + timedelta(seconds=attempt.answered_after)
            readings, doubts = readings_of(attempt.headers, at=at)
            self.pace.learns(ticket, readings, answered_at=ticket.at + attempt.answered_after)
            for doubt in doubts:
                self._doubts(doubt)
        if attempt.failure is None:
            usage = attempt.usage
            # what is read from a provider's cache counts for no limit
            tokens_in = usage.get("input_tokens", 0) + usage.get("cache_creation_input_tokens", 0)
            self.pace.succeeds(ticket, tokens_in, usage.get("output_tokens", 0))
        else:
            self.pace.fails(ticket, attempt.failure, self._clock())

    def hears_text(self, ticket: Ticket) -> None:
        """A piece of a reply has come: that request is not hung."""
        self.pace.hears(ticket, self._clock())

    def leaves(self, ticket: Ticket) -> None:
        """A request that was let go has ended."""
        self.pace.leaves(ticket)
        self._ended.set()

    async def _until_one_ends(self) -> None:
        """Wait for that, and look again after a while: one may have fallen silent."""
        self._ended.clear()
        ended = asyncio.ensure_future(self._ended.wait())
        nap = asyncio.ensure_future(self._sleep(LONGEST_NAP))
        try:
            await asyncio.wait({ended, nap}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended.cancel()
            nap.cancel()

    def _doubts(self, doubt: str) -> None:
        what = doubt.partition(":")[0]
        if what not in self._doubted:
            self._doubted.add(what)
            self._doubt(f"{self._address}: not believed, and said once: {doubt}")


_LIMITERS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Limiter]] = WeakKeyDictionary()


def limiter_of(address: str) -> Limiter:
    """Return the limiter that all share who ask `address` in this event loop."""
    limiters = _LIMITERS.setdefault(asyncio.get_running_loop(), {})
    if address not in limiters:
        limiters[address] = Limiter(address)
    return limiters[address]
