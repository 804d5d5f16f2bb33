"""How the limiter fares with providers that refuse: hours of them, in a loop whose time is ours."""

import asyncio
import random
import selectors
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from typing_extensions import override

from interviews.participants.asking import Wait, ask
from interviews.participants.limiter import Limiter
from interviews.participants.seam import (
    Attempt,
    Cause,
    Failure,
    Message,
    Request,
    Sampling,
    Written,
)

Result = TypeVar("Result")

AT_ONCE = 20
TAKES = 0.4  # seconds of a reply: 20 at once are 50 a second
REFUSES = 0.02  # seconds of a refusal
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
REQUEST = Request(messages=[Message(role="user", blocks=[])], sampling=Sampling(max_tokens=64))


class _AtOnce(selectors.SelectSelector):
    """Waits for nothing, and says how long it would have waited."""

    waited = 0.0

    @override
    def select(self, timeout: float | None = None) -> list[Any]:
        self.waited += timeout or 0.0
        return super().select(0)


class OurTime(asyncio.SelectorEventLoop):
    """An event loop in which time passes only by waiting for it, and then at once."""

    def __init__(self) -> None:
        self._ours = _AtOnce()
        super().__init__(self._ours)

    @override
    def time(self) -> float:
        return self._ours.waited


def in_our_time(work: Coroutine[Any, Any, Result]) -> Result:
    with asyncio.Runner(loop_factory=OurTime) as runner:
        return runner.run(work)


@dataclass
class Provider:
    """A participant whose provider decides by itself what becomes of a request."""

    becomes: Callable[["Provider"], Failure | None]
    takes: Callable[["Provider"], float] = lambda _: TAKES
    address: str = "anthropic:halcyon-2"
    facts: Mapping[str, str] = field(default_factory=dict)
    takes_temperature: bool = False
    takes_tools: bool = False
    came: int = 0
    served: int = 0  # at this moment
    refused: int = 0

    def written(self, request: Request) -> Written:
        raise NotImplementedError  # nothing is

    async def reply(self, request: Request, *, on_text: Callable[[str], None]) -> Attempt:
        del request
        self.came += 1
        failure = self.becomes(self)
        if failure is None:
            self.served += 1
            await asyncio.sleep(self.takes(self))
            self.served -= 1
            on_text("so")
        else:
            self.refused += 1
            await asyncio.sleep(REFUSES)
        return Attempt(started_at=BEGAN, ended_at=BEGAN, raw=b"", failure=failure)

    async def close(self) -> None:
        pass


class Quiet:
    """Who is told of all and notes how long it waited for others."""

    async def starting(self) -> None:
        pass

    def hears(self, text: str) -> None:
        pass

    def failed(self, attempt: Attempt) -> None:
        pass

    def waiting(self, wait: Wait) -> None:
        pass


async def asked_for(
    provider: Provider, *, seconds: float, seed: int
) -> tuple[int, list[int], list[float]]:
    """Ask as 20 sessions do, without a pause.

    Returns:
        How many replies came, how many might go at once at each, and how long each was sought.
    """
    loop = asyncio.get_running_loop()
    limiter = Limiter(provider.address, clock=loop.time)
    chance, at_once, sought = drawing(seed), list[int](), list[float]()

    async def one() -> None:
        while (began := loop.time()) < seconds:
            await ask(provider, REQUEST, witness=Quiet(), limiter=limiter, draw=chance.random)
            at_once.append(limiter.pace.at_once)
            sought.append(loop.time() - began)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(one())
    return len(at_once), at_once, sought


def drawing(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # the same draws each time are what is wanted


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("part", [0.01, 0.03, 0.044])
def test_a_few_refusals_in_a_hundred_do_not_slow_it_down(part: float, seed: int) -> None:
    """What is lost is what the refused ones wait, which is at most a second at the first try."""
    chance = drawing(100 + seed)
    busy = Failure(cause=Cause.OVERLOADED, message="")
    provider = Provider(lambda _: busy if chance.random() < part else None)

    replies, at_once, _ = in_our_time(asked_for(provider, seconds=60, seed=seed))

    assert replies >= 0.7 * 60 * AT_ONCE / TAKES
    assert sum(at_once) / len(at_once) >= 0.7 * AT_ONCE


@pytest.mark.parametrize("room", [1, 2, 5, 10, 15])
def test_a_provider_that_takes_no_more_at_once_is_kept_busy_and_nobody_is_given_up(
    room: int,
) -> None:
    """Twenty ask at once, which is more than it has room for; a refusal costs it nothing."""
    limited = Failure(cause=Cause.RATE_LIMITED, message="")
    provider = Provider(lambda it: limited if it.served >= room else None)

    replies, at_once, _ = in_our_time(asked_for(provider, seconds=120, seed=room))

    assert replies >= 0.9 * 120 * room / TAKES
    assert provider.refused <= 0.4 * provider.came
    assert max(at_once[len(at_once) // 2 :]) <= room + 2


def test_after_an_outage_it_is_as_fast_as_before_within_half_a_minute() -> None:
    busy = Failure(cause=Cause.OVERLOADED, message="")

    def becomes(_: Provider) -> Failure | None:
        return busy if 10 <= asyncio.get_running_loop().time() < 20 else None

    _, at_once, sought = in_our_time(asked_for(Provider(becomes), seconds=60, seed=1))

    assert min(at_once) < AT_ONCE / 2
    assert at_once[-1] == AT_ONCE
    assert max(sought) < 60


def test_a_request_that_hangs_keeps_nobody_else_waiting_for_long() -> None:
    """After an outage few may go at once; the first that goes then says nothing for two minutes."""
    busy, hung = Failure(cause=Cause.OVERLOADED, message=""), list[float]()

    def becomes(_: Provider) -> Failure | None:
        return busy if 2 <= asyncio.get_running_loop().time() < 12 else None

    def takes(_: Provider) -> float:
        time = asyncio.get_running_loop().time()
        if time < 12 or hung:
            return TAKES
        hung.append(time)
        return 120.0

    _, at_once, sought = in_our_time(asked_for(Provider(becomes, takes), seconds=60, seed=2))

    *others, longest = sorted(sought)
    assert min(at_once) <= 3
    assert longest >= 120
    assert max(others) < 60
