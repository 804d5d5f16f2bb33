"""How fast a provider is asked, against providers that keep their limits in two ways."""

import heapq
import math
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from interviews.participants.pace import Pace, Ticket
from interviews.participants.rate_limits import Reading
from interviews.participants.seam import Cause, Failure

TAKES = 0.5  # seconds from a request to the end of its reply

BUSY = Failure(cause=Cause.OVERLOADED, message="")
LIMITED = Failure(cause=Cause.RATE_LIMITED, message="")


@dataclass
class Refilling:
    """A provider that refills its limit of requests steadily, in one minute."""

    limit: int
    level: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.level = self.limit

    def takes(self, now: float) -> bool:
        self.level = min(self.limit, self.level + (now - self.at) * self.limit / 60)
        self.at = now
        if self.level < 1:
            return False
        self.level -= 1
        return True

    def reading(self) -> Reading:
        after = (self.limit - self.level) * 60 / self.limit
        return Reading(
            kind="requests", limit=self.limit, remaining=math.floor(self.level), full_after=after
        )


@dataclass
class AtOnce(Refilling):
    """A provider that refills its limit all at once, at each full minute."""

    @override
    def takes(self, now: float) -> bool:
        if now // 60 > self.at // 60:
            self.level = self.limit
        self.at = now
        if self.level < 1:
            return False
        self.level -= 1
        return True

    @override
    def reading(self) -> Reading:
        return Reading(
            kind="requests",
            limit=self.limit,
            remaining=math.floor(self.level),
            full_after=60 - self.at % 60,
        )


def simulated(provider: Refilling, *, at_once: int, seconds: float) -> tuple[int, int]:
    """Ask as fast as the pace allows; return how many were answered and how many refused."""
    pace, now, answered, refused = Pace(), 0.0, 0, 0
    ends: list[tuple[float, int]] = []
    tickets: dict[int, tuple[Ticket, Reading | None]] = {}
    pace.wanted(at_once)
    while now < seconds:
        while ends and ends[0][0] <= now:
            _, number = heapq.heappop(ends)
            ticket, reading = tickets.pop(number)
            if reading is None:
                pace.fails(ticket, LIMITED, now)
            else:
                pace.learns(ticket, [reading], answered_at=ticket.at)
                pace.succeeds(ticket, 10, 10)
            pace.leaves(ticket)
        pause = pace.pause(now)
        if pause is None:
            ticket = pace.sends(now)
            taken = provider.takes(now)
            answered, refused = answered + taken, refused + (not taken)
            tickets[ticket.number] = (ticket, provider.reading() if taken else None)
            heapq.heappush(ends, (now + TAKES, ticket.number))
            continue
        next_end = ends[0][0] if ends else math.inf
        now = min(now + pause.seconds + 1e-9, next_end)
    return answered, refused


@pytest.mark.parametrize("kind", [Refilling, AtOnce])
@pytest.mark.parametrize(("limit", "at_once"), [(60, 8), (60, 32), (600, 32), (600, 128)])
def test_a_limit_is_used_up_and_never_run_into(
    kind: type[Refilling], limit: int, at_once: int
) -> None:
    """In ten minutes; the first requests go before anything is known of the limit."""
    answered, refused = simulated(kind(limit), at_once=at_once, seconds=600)

    assert refused == 0
    assert answered >= 0.9 * limit * 10


def refuse(pace: Pace, count: int, failure: Failure = BUSY) -> None:
    tickets = [pace.sends(0) for _ in range(count)]
    for ticket in tickets:
        pace.fails(ticket, failure, 0)
        pace.leaves(ticket)


def reply(pace: Pace, count: int) -> None:
    for _ in range(count):
        ticket = pace.sends(0)
        pace.succeeds(ticket, 1, 1)
        pace.leaves(ticket)


@pytest.mark.parametrize("failure", [BUSY, LIMITED])
def test_fewer_are_sent_at_once_after_refusals_and_more_again_after_replies(
    failure: Failure,
) -> None:
    pace = Pace()
    pace.wanted(32)
    before = pace.at_once
    refuse(pace, 32, failure)
    after_one_wave = pace.at_once
    for _ in range(20):
        refuse(pace, pace.at_once, failure)
    lowest = pace.at_once
    reply(pace, 2_000)

    assert (before, after_one_wave, lowest, pace.at_once) == (32, 22, 1, 32)


def test_other_failures_slow_nobody_down() -> None:
    pace = Pace()
    pace.wanted(8)
    for cause in set(Cause) - {Cause.OVERLOADED, Cause.RATE_LIMITED}:
        refuse(pace, 8, Failure(cause=cause, message=""))

    assert pace.at_once == 8


def test_a_named_time_holds_all_back_and_a_shorter_one_does_not_shorten_it() -> None:
    pace = Pace()
    pace.wanted(4)
    for seconds in (30.0, 5.0):
        refuse(pace, 1, Failure(cause=Cause.RATE_LIMITED, message="", retry_after=seconds))

    waiting = pace.pause(10)
    assert waiting is not None
    assert (waiting.seconds, waiting.because) == (20, "rate limited: the provider asks all to wait")
    assert pace.pause(30) is None


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["send", "reply", "refuse", "learn"]),
        st.floats(0, 100),
        st.integers(1, 1000),
        st.floats(0, 1),
    ),
    max_size=60,
)


@given(STEPS, st.integers(1, 64))
def test_whatever_comes_somebody_may_be_sent_in_time(
    steps: list[tuple[str, float, int, float]], ceiling: int
) -> None:
    """Never below one at once, never above what was asked for, and never for ever."""
    pace, now, longest = Pace(), 0.0, 0.0
    pace.wanted(ceiling)
    open_tickets = []
    for act, seconds, limit, part in steps:
        now += seconds
        if act == "send" and pace.pause(now) is None:
            open_tickets.append(pace.sends(now))
        elif open_tickets and act != "send":
            ticket = open_tickets.pop()
            if act == "reply":
                pace.succeeds(ticket, limit, limit)
            elif act == "refuse":
                refusal = Failure(cause=Cause.RATE_LIMITED, message="", retry_after=seconds)
                pace.fails(ticket, refusal, now)
            else:
                reading = Reading(
                    kind="tokens", limit=limit, remaining=int(limit * part), full_after=seconds
                )
                pace.learns(ticket, [reading], answered_at=now)
            pace.leaves(ticket)
            longest = max(longest, now + seconds)
        assert 1 <= pace.at_once <= ceiling
        assert pace.in_flight <= ceiling
    for ticket in open_tickets:
        pace.leaves(ticket)
    pause = pace.pause(now)
    assert pause is None or now + pause.seconds <= longest + 1e-6
    assert pace.pause(longest) is None
