"""How fast a provider may be asked: what to wait for, and what each reply teaches.

Pure: times are seconds of one monotonic clock, handed in. `limiter` has the clock.

Three things hold requests back. A refusal that names a time holds all of them until then. How
many are in flight at once falls with each refusal and grows again with each reply (additive
increase, multiplicative decrease: Chiu and Jain, 1989). And where less than half of a limit is
left, what is left is spread over the time until it is full again: where a provider refills
steadily, that settles at the rate of refilling; where it refills all at once, nothing is refused
on the way.
"""

import math
from dataclasses import dataclass, field

from interviews.participants.rate_limits import Reading
from interviews.participants.seam import Cause, Failure

SLOW_BELOW = 0.5
"""The part of a limit; with more left than that, nothing is spread."""

DECREASE = 0.7

SHORTEST = 0.001
"""Seconds; for less, nobody waits."""

LEARNT = 0.2
"""How much of what a request is taken to cost follows from the last one."""

_REFUSED = frozenset({Cause.RATE_LIMITED, Cause.OVERLOADED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Why nothing is sent just now."""

    seconds: float  # inf: until a reply has come
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Leave to send one request."""

    number: int  # from 1, in the order of sending
    at: float


@dataclass(slots=True, kw_only=True)
class _Window:
    """One limit, as the newest reply told of it."""

    limit: int
    remaining: float  # less what has been sent since
    full_at: float
    number: int  # of the request whose reply told of it


@dataclass(slots=True, kw_only=True)
class Pace:
    """What is known of how fast one provider may be asked for one model."""

    ceiling: int = 1  # the most that ever were to be sent at once
    allowed: float = math.inf  # at once; never below 1
    in_flight: int = 0
    sent: int = 0
    _last_sent: float = -math.inf
    _held_until: float = -math.inf
    _held_because: str = ""
    _cut_at: int = 0  # requests up to this number do not lower `allowed` again
    _windows: dict[str, _Window] = field(default_factory=dict)
    _costs: dict[str, float] = field(default_factory=lambda: {"requests": 1.0})

    @property
    def at_once(self) -> int:
        """How many may be in flight: at least 1, at most as many as were ever wanted."""
        return max(1, math.floor(min(self.allowed, self.ceiling)))

    def wanted(self, at_once: int) -> None:
        """So many would be in flight if nothing held them back."""
        self.ceiling = max(self.ceiling, at_once)

    def pause(self, now: float) -> Pause | None:
        """Return what the next request has to wait for; None: nothing."""
        if now < self._held_until:
            return Pause(seconds=self._held_until - now, because=self._held_because)
        if self.in_flight >= self.at_once:
            return Pause(seconds=math.inf, because=f"{self.at_once} at once")
        pauses = [self._spread(kind, window, now) for kind, window in self._known(now)]
        return max(
            (pause for pause in pauses if pause.seconds >= SHORTEST),
            key=lambda pause: pause.seconds,
            default=None,
        )

    def sends(self, now: float) -> Ticket:
        """Count a request that is being sent."""
        self.in_flight, self.sent, self._last_sent = self.in_flight + 1, self.sent + 1, now
        for kind, window in self._windows.items():
            window.remaining -= self._costs.get(kind, 0.0)
        return Ticket(number=self.sent, at=now)

    def leaves(self) -> None:
        """A request has ended, whatever came of it."""
        self.in_flight -= 1

    def learns(self, ticket: Ticket, readings: list[Reading], *, answered_at: float) -> None:
        """Take what the head of a response says, which came at `answered_at`."""
        for one in readings:
            known = self._windows.get(one.kind)
            if known is not None and known.number > ticket.number:
                continue  # a later request has been told of a later time
            since = (self.sent - ticket.number) * self._costs.get(one.kind, 0.0)
            self._windows[one.kind] = _Window(
                limit=one.limit,
                remaining=one.remaining - since,
                full_at=answered_at + one.full_after,
                number=ticket.number,
            )

    def succeeds(self, tokens_in: int, tokens_out: int) -> None:
        """A reply has come, and took so many tokens."""
        self.allowed = min(self.allowed + 1.0 / self.allowed, max(float(self.ceiling), 1.0))
        for kind, tokens in (
            ("tokens", tokens_in + tokens_out),
            ("input-tokens", tokens_in),
            ("output-tokens", tokens_out),
        ):
            known = self._costs.get(kind, float(tokens))
            self._costs[kind] = known + LEARNT * (tokens - known)

    def fails(self, ticket: Ticket, failure: Failure, now: float) -> None:
        """A request was refused or broke off."""
        if failure.may_pass and failure.retry_after:
            until = now + failure.retry_after
            if until > self._held_until:
                self._held_until = until
                self._held_because = f"{failure.cause}: the provider asks all to wait"
        if failure.cause in _REFUSED and ticket.number > self._cut_at:
            # those that were in flight with it were sent before anybody knew
            self.allowed = max(1.0, min(self.allowed, float(self.in_flight)) * DECREASE)
            self._cut_at = self.sent

    def _known(self, now: float) -> list[tuple[str, _Window]]:
        """Return the limits of which something is left to know; a full one says nothing."""
        self._windows = {kind: one for kind, one in self._windows.items() if now < one.full_at}
        return list(self._windows.items())

    def _spread(self, kind: str, window: _Window, now: float) -> Pause:
        cost, left = self._costs.get(kind, 0.0), max(0.0, window.remaining)
        because = f"{left:.0f} of {window.limit} {kind.replace('-', ' ')} left"
        until_full = window.full_at - now
        if cost <= 0 or left >= window.limit * SLOW_BELOW:
            return Pause(seconds=0.0, because=because)
        if left < cost:
            return Pause(seconds=until_full, because=because)
        seconds = self._last_sent + until_full * cost / left - now
        return Pause(seconds=min(max(0.0, seconds), until_full), because=because)
