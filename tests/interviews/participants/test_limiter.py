"""The limiter at work: real requests to a real server, several at once."""

import asyncio
import threading
import time
from collections.abc import Callable

import pytest

from archive.errors import ServiceError
from interviews.participants.asking import Limits, Wait, ask
from interviews.participants.endpoint import Endpoint, EndpointParticipant
from interviews.participants.limiter import Limiter, TooLongError
from interviews.participants.seam import Attempt, Cause, Failure, Message, Request, Sampling
from tests.support.messages_server import Received, Step, serving

REQUEST = Request(
    messages=[Message(role="user", blocks=[{"type": "text", "text": "Who are you?"}])],
    sampling=Sampling(max_tokens=64),
)


class Quiet:
    """A witness that notes the pauses."""

    def __init__(self) -> None:
        self.pauses: list[Wait] = []

    async def starting(self) -> None:
        pass

    def hears(self, text: str) -> None:
        pass

    def failed(self, attempt: Attempt) -> None:
        pass

    def waiting(self, wait: Wait) -> None:
        self.pauses.append(wait)


def all_asked(
    script: Callable[[Received], Step | None],
    *,
    at_once: int,
    limits: Limits,
    doubts: list[str] | None = None,
    rounds: int = 1,
) -> tuple[list[Attempt | ServiceError], list[Quiet], Limiter]:
    """Ask a server so many times at once, and each so often, with one limiter."""
    witnesses = [Quiet() for _ in range(at_once)]
    said = doubts if doubts is not None else list[str]()

    async def ask_all(url: str) -> tuple[list[Attempt | ServiceError], list[Quiet], Limiter]:
        limiter = Limiter("anthropic:halcyon-2", doubt=said.append)
        endpoint = Endpoint(url=url, key="k", model="halcyon-2", idle_seconds=5)
        participant = EndpointParticipant(
            "anthropic:halcyon-2", endpoint, takes_temperature=False, facts={}
        )

        async def asking(witness: Quiet) -> Attempt:
            return await ask(participant, REQUEST, witness=witness, limits=limits, limiter=limiter)

        async def one(witness: Quiet) -> Attempt | ServiceError:
            try:
                for _ in range(rounds - 1):
                    await asking(witness)
                return await asking(witness)
            except ServiceError as error:
                return error

        try:
            return await asyncio.gather(*map(one, witnesses)), witnesses, limiter
        finally:
            await participant.close()

    with serving(script) as server:
        return asyncio.run(ask_all(server.url))


QUICK = Limits(first_wait=0.01, longest_wait=0.02)


def test_a_named_time_is_kept_by_all_and_not_only_by_the_one_that_was_refused() -> None:
    came: list[float] = []
    lock = threading.Lock()

    def script(received: Received) -> Step | None:
        with lock:
            came.append(time.monotonic())
        if received.number == 1:
            return Step(status=429, headers={"retry-after": "0.4"})
        # the others' first requests had left before the refusal came: they are refused too
        return Step(status=429) if time.monotonic() - came[0] < 0.2 else None

    attempts, _, _ = all_asked(script, at_once=6, limits=QUICK)

    assert all(isinstance(one, Attempt) for one in attempts)
    late = [at - came[0] for at in came if at - came[0] > 0.2]
    assert min(late) >= 0.4
    assert len(late) == 6


def test_nobody_waits_for_a_time_that_is_too_long() -> None:
    """Those that were not refused say so too, and have sent nothing in vain."""

    far = Step(status=429, headers={"retry-after": "3600"})

    outcomes, _, limiter = all_asked(lambda _: far, at_once=1, limits=QUICK)
    again = asyncio.run(_admitted(limiter))

    assert isinstance(outcomes[0], ServiceError)
    assert "3600 s" in outcomes[0].mend
    assert again == "rate limited: the provider asks all to wait"


async def _admitted(limiter: Limiter) -> str:
    with pytest.raises(TooLongError) as caught:
        await limiter.admits(longest=60, tell=lambda _: None)
    return caught.value.pause.because


def test_absurd_headers_delay_nobody_and_are_told_once() -> None:
    absurd = {
        "retry-after": "31536000",
        "anthropic-ratelimit-requests-limit": "5",
        "anthropic-ratelimit-requests-remaining": "-1",
        "anthropic-ratelimit-requests-reset": "1970-01-01T00:00:00Z",
    }
    doubts: list[str] = []
    began = time.monotonic()

    attempts, _, _ = all_asked(
        lambda received: Step(status=529 if received.number % 3 == 1 else 200, headers=absurd),
        at_once=12,
        limits=QUICK,
        doubts=doubts,
    )

    assert all(isinstance(one, Attempt) for one in attempts)
    assert time.monotonic() - began < 5
    assert doubts == [
        "anthropic:halcyon-2: not believed, and said once: rate limit of requests: '-1' is no count",
        "anthropic:halcyon-2: not believed, and said once: retry-after: '31536000'",
    ]


def test_what_is_left_is_spread_before_anything_is_refused() -> None:
    """Twenty in a second are allowed, and forty are asked by ten at once: none is refused."""
    lock, began, refused = threading.Lock(), [0.0], [0]
    counts: dict[int, int] = {}

    def script(_: Received) -> Step | None:
        with lock:
            began[0] = began[0] or time.monotonic()
            window, passed = divmod(time.monotonic() - began[0], 1.0)
            counts[int(window)] = counts.get(int(window), 0) + 1
            left = 20 - counts[int(window)]
        if left < 0:
            refused[0] += 1
            return Step(status=429)
        return Step(
            headers={
                "x-ratelimit-limit-requests": "20",
                "x-ratelimit-remaining-requests": str(left),
                "x-ratelimit-reset-requests": f"{1.02 - passed:.3f}s",
            }
        )

    attempts, witnesses, _ = all_asked(script, at_once=10, limits=QUICK, rounds=4)

    assert all(isinstance(one, Attempt) for one in attempts)
    assert refused == [0]
    assert any("requests left" in str(wait) for one in witnesses for wait in one.pauses)


def test_a_clock_that_stands_still_lets_nobody_spin() -> None:
    """Sleep is what passes time; a wall clock that goes backwards is never asked."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) > 1000:
            raise AssertionError("spinning")

    async def held() -> None:
        limiter = Limiter("a", clock=lambda: 0.0, sleep=sleep)
        refusal = Failure(cause=Cause.RATE_LIMITED, message="", retry_after=3.0)
        limiter.pace.fails(limiter.pace.sends(0.0), refusal, 0.0)
        with pytest.raises(TooLongError):
            await limiter.admits(longest=60, tell=lambda _: None)

    asyncio.run(held())

    assert len(slept) <= 20
