"""How fast a provider may be asked: what to wait for, and what each reply teaches.

Pure: times are seconds of one monotonic clock, handed in. `limiter` has the clock.

Three things hold requests back. A refusal that names a time holds all of them until then. How
many are in flight at once falls where too many of a round are refused, once a round, and grows
again with each reply (additive increase, multiplicative decrease: Chiu and Jain, 1989), slowly where it was too much before. A few
refusals in a hundred say nothing of how many were in flight: busy providers give them at any pace,
and take the same request a moment later.
A request that has said nothing for long takes no place away from others. And where less than half of a limit is
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

TOLERATED = 0.1
"""The part of a round (as many requests as go at once) that may be refused, and one at least."""

CAUTION = 0.1
"""How slowly what is allowed grows, near where it was too much: the part of the usual growth."""

BOLDER = 1.3
"""How much faster it grows there after each round without a refusal."""

SILENT_AFTER = 20.0
"""Seconds without a sign, after which a request counts no more as in flight: it may be hung."""

SHORTEST = 0.001
"""Seconds; for less, nobody waits."""

LEARNT = 0.2
"""How much of what a request is taken to cost follows from the last one."""

REFUSED = frozenset({Cause.RATE_LIMITED, Cause.OVERLOADED})
"""Failures that may come of asking too much at once."""


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
    again: bool = False  # the same request was refused just before


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
    sent: int = 0
    _last_sent: float = -math.inf
    _held_until: float = -math.inf
    _held_because: str = ""
    _heard_at: dict[int, float] = field(default_factory=dict)  # of those in flight, by number
    _round_ends: int = 0  # the number of its last request
    _too_many: float = math.inf  # what was allowed when it was lowered last
    _caution: float = 1.0  # near that, the part of the usual growth
    _refused: int = 0  # of this round
    _lowered: bool = False  # in this round: the rest of it was sent before anybody knew
    _windows: dict[str, _Window] = field(default_factory=dict)
    _costs: dict[str, float] = field(default_factory=lambda: {"requests": 1.0})

    @property
    def at_once(self) -> int:
        """How many may be in flight: at least 1, at most as many as were ever wanted."""
        return max(1, math.floor(min(self.allowed, self.ceiling)))

    @property
    def in_flight(self) -> int:
        """How many were sent and have not ended."""
        return len(self._heard_at)

    def wanted(self, at_once: int) -> None:
        """So many would be in flight if nothing held them back."""
        self.ceiling = max(self.ceiling, at_once)

    def pause(self, now: float) -> Pause | None:
        """Return what the next request has to wait for; None: nothing."""
        if now < self._held_until:
            return Pause(seconds=self._held_until - now, because=self._held_because)
        if self._is_full(now):
            return Pause(seconds=math.inf, because=f"{self.at_once} at once")
        pauses = [self._spread(kind, window, now) for kind, window in self._known(now)]
        return max(
            (pause for pause in pauses if pause.seconds >= SHORTEST),
            key=lambda pause: pause.seconds,
            default=None,
        )

    def sends(self, now: float, *, again: bool = False) -> Ticket:
        """Count a request that is being sent; `again`: it was refused just before."""
        self.sent, self._last_sent = self.sent + 1, now
        self._heard_at[self.sent] = now
        for kind, window in self._windows.items():
            window.remaining -= self._costs.get(kind, 0.0)
        return Ticket(number=self.sent, at=now, again=again)

    def hears(self, ticket: Ticket, now: float) -> None:
        """A piece of a reply has come."""
        self._heard_at[ticket.number] = now

    def leaves(self, ticket: Ticket) -> None:
        """A request has ended, whatever came of it."""
        self._heard_at.pop(ticket.number, None)

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

    def succeeds(self, ticket: Ticket, tokens_in: int, tokens_out: int) -> None:
        """A reply has come, and took so many tokens."""
        self._turns(ticket)
        near = self.allowed + 1.0 > self._too_many
        step = (self._caution if near else 1.0) / self.allowed
        self.allowed = min(self.allowed + step, max(float(self.ceiling), 1.0))
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
        self._turns(ticket)
        if failure.cause in REFUSED and not self._lowered:
            self._refused += 1
            # where there is no room, what is refused once is refused again
            if ticket.again or self._refused > max(1.0, TOLERATED * self.at_once):
                self._too_many = min(self.allowed, float(self.ceiling))
                self._caution = CAUTION
                self.allowed = max(1.0, self._too_many * DECREASE)
                self._round_ends, self._lowered = self.sent, True

    def _turns(self, ticket: Ticket) -> None:
        """Begin a new round with the first answer to a request that was sent in it."""
        if ticket.number > self._round_ends:
            if not self._refused and self.allowed + 1.0 > self._too_many:
                self._caution = min(1.0, self._caution * BOLDER)
            self._round_ends, self._refused, self._lowered = self.sent, 0, False

    def _is_full(self, now: float) -> bool:
        """Whether as many are in flight as may be; what is silent for long counts against none."""
        if self.in_flight < self.at_once:
            return False
        speaking = sum(now - at < SILENT_AFTER for at in self._heard_at.values())
        return speaking >= self.at_once or self.in_flight >= self.ceiling

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
