"""Asking until a reply comes: who is told, how long to wait, when to give up.

Everything above one attempt. The rule of waiting, `next_wait`, is pure; `ask` draws on a clock
and on chance that can be put in its place.

Waiting is by back-off with full jitter (M. Brooker, "Exponential Backoff and Jitter", 2015) on
top of what the provider asks for.
"""

import asyncio
import math
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeAlias

from typing_extensions import override

from archive.errors import InputError, ServiceError
from interviews.participants.limiter import Limiter, TooLongError, limiter_of
from interviews.participants.pace import REFUSED, Pause, Ticket
from interviews.participants.seam import (
    Attempt,
    Cause,
    Failure,
    Participant,
    Request,
    Sampling,
)

Sleep: TypeAlias = Callable[[float], Awaitable[None]]
Draw: TypeAlias = Callable[[], float]  # from 0 up to 1

DETERMINISTIC = ("embedded", "gguf")
"""Participants that give the same bytes for the same request at temperature 0."""

_FRUITLESS = {Cause.EMPTY, Cause.UNREADABLE}
"""Answers that were given, and paid for, and hold no reply: few of them are enough."""

_MENDS = {
    Cause.KEY_REFUSED: "Check the key in {key}: whose it is, and what it may use.",
    Cause.NOT_FOUND: "Check the model's name, and whether the provider still serves it.",
    Cause.BAD_REQUEST: "The provider will not take this request: asking again does not help.",
    Cause.RATE_LIMITED: "Try again later, or with fewer sessions at once (--concurrency).",
    Cause.OVERLOADED: "Try again later.",
    Cause.SERVER_ERROR: "Try again later.",
    Cause.UNREACHABLE: "See that the server is up, and that {url} is its address.",
    Cause.BROKEN_OFF: "Try again later; if it stays so, look for what stands between.",
    Cause.UNREADABLE: "See that {url} is the address of {api}.",
    Cause.EMPTY: "Try again later, or allow it more tokens.",
    Cause.LOST: "Try again.",
}

_MENDS_OF_EMPTY = {
    "tool_use": "It calls a tool that was not offered, and says nothing: ask it in a way that"
    " brings no tools of its own.",
    "end_turn": "It ends without a word: try again later, or ask it in another way.",
}
"""Where more tokens would not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long one reply is sought."""

    tries: int = 8
    fruitless_tries: int = 3  # that may end with an empty or unreadable answer
    first_wait: float = 1.0  # seconds, at most; doubled with each failure
    longest_wait: float = 60.0  # seconds, beyond what the provider asks for
    total_wait: float = 15 * 60.0  # seconds, in all


LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A pause before the next try."""

    seconds: float  # inf: until a reply to somebody else has come
    next_try: int  # from 1
    tries: int  # at most
    because: str  # "529", or the cause where no status came

    @override
    def __str__(self) -> str:
        return self.still(self.seconds)

    def still(self, seconds: float) -> str:
        """Return it in words, where so many seconds of it are left."""
        if math.isinf(seconds):
            pause = "for a reply"  # to somebody else
        else:
            pause = f"{math.ceil(seconds)} s" if seconds > 0 else "for its turn"
        return f"waiting {pause}, try {self.next_try} of {self.tries}, {self.because}"


class Witness(Protocol):
    """Who records and shows what happens while a reply is sought."""

    async def starting(self) -> None:
        """An attempt is about to be sent: put that on record now.

        What is raised here stops it: nothing is sent.
        """
        ...

    def hears(self, text: str) -> None:
        """A piece of text has streamed in; if the attempt fails, it was not said."""
        ...

    def failed(self, attempt: Attempt) -> None:
        """An attempt has ended without a reply: put it on record now."""
        ...

    def waiting(self, wait: Wait) -> None:
        """A pause begins."""
        ...


async def ask(
    participant: Participant,
    request: Request,
    *,
    witness: Witness,
    limits: Limits = LIMITS,
    sleep: Sleep = asyncio.sleep,
    draw: Draw = random.random,
    limiter: Limiter | None = None,
) -> Attempt:
    """Return the attempt that brought a reply; the witness was given those that failed before.

    Each attempt waits for the limiter that all share who ask this participant. What the provider
    makes all wait for counts as waited; what others take for their turn does not.

    Raises:
        ServiceError: No reply came, and none will by going on.
    """
    failures: list[Failure] = []
    waited = 0.0
    limiter = limiter_of(participant.address) if limiter is None else limiter

    def pauses(pause: Pause) -> None:
        witness.waiting(
            Wait(
                seconds=pause.seconds,
                next_try=len(failures) + 1,
                tries=limits.tries,
                because=pause.because,
            )
        )

    while True:
        try:
            ticket, paused = await limiter.admits(
                longest=limits.total_wait - waited,
                tell=pauses,
                again=bool(failures) and failures[-1].cause in REFUSED,
            )
        except TooLongError as error:
            raise _too_long(participant.address, error.pause) from None
        waited += paused
        try:
            await witness.starting()
            hears = partial(_hears, limiter, ticket, witness)
            attempt = await participant.reply(request, on_text=hears)
            limiter.hears(ticket, attempt)
        finally:
            limiter.leaves(ticket)
        if attempt.failure is None:
            return attempt
        witness.failed(attempt)
        failures.append(attempt.failure)
        because = str(attempt.status) if attempt.status not in {None, 200} else failures[-1].cause
        seconds = next_wait(failures, waited=waited, draw=draw(), limits=limits)
        if seconds is None:
            raise _given_up(participant.address, failures, because)
        witness.waiting(
            Wait(seconds=seconds, next_try=len(failures) + 1, tries=limits.tries, because=because)
        )
        await sleep(seconds)
        waited += seconds


def _hears(limiter: Limiter, ticket: Ticket, witness: Witness, text: str) -> None:
    limiter.hears_text(ticket)
    witness.hears(text)


def check_sampling(sampling: Sampling, participant: Participant) -> None:
    """Raise an InputError if a temperature is demanded of one who takes none."""
    if sampling.temperature is not None and not participant.takes_temperature:
        raise InputError(
            "takes no temperature",
            at=participant.address,
            mend="Leave out --temperature; the record will say: not applicable.",
        )


def always_the_same(sampling: Sampling, address: str) -> bool:
    """Return whether the participant at `address` gives the same reply each time it is asked."""
    drawn = sampling.temperature is None or float(sampling.temperature) > 0
    return not drawn and address.partition(":")[0] in DETERMINISTIC


def next_wait(
    failures: Sequence[Failure], *, waited: float, draw: float, limits: Limits = LIMITS
) -> float | None:
    """Return the seconds to wait before the next try, or None: give up.

    Never less than the provider asks for. Where that is more than is left of `total_wait`, to
    give up now says more than to wait in vain.

    Args:
        failures: Of all tries so far; at least one.
        waited: Seconds, before the earlier tries.
        draw: From 0 up to 1.
        limits: How long one reply is sought.
    """
    last = failures[-1]
    fruitless = sum(failure.cause in _FRUITLESS for failure in failures)
    if not last.may_pass or len(failures) >= limits.tries or fruitless >= limits.fruitless_tries:
        return None
    longest = min(limits.first_wait * 2.0 ** (len(failures) - 1), limits.longest_wait)
    seconds = (last.retry_after or 0.0) + draw * longest
    return seconds if waited + seconds <= limits.total_wait else None


def _mend(cause: Cause, address: str) -> str:
    if address.startswith("openai:"):
        return _MENDS[cause].format(
            key="OPENAI_API_KEY", url="the participant's URL", api="chat completions"
        )
    return _MENDS[cause].format(
        key="ANTHROPIC_API_KEY", url="ANTHROPIC_BASE_URL", api="a Messages API"
    )


def _too_long(address: str, pause: Pause) -> ServiceError:
    wish = f"It would be asked again in {pause.seconds:.0f} s."
    return ServiceError(
        pause.because, at=address, mend=f"{_mend(Cause.RATE_LIMITED, address)} {wish}"
    )


def _given_up(address: str, failures: Sequence[Failure], because: str) -> ServiceError:
    last = failures[-1]
    mend = _MENDS_OF_EMPTY.get(last.stop_reason or "") or _mend(last.cause, address)
    tries = "" if len(failures) == 1 else f" ({len(failures)} tries)"
    wish = "" if last.retry_after is None else f" It asks to wait {last.retry_after:.0f} s."
    return ServiceError(f"{because}: {last.message}{tries}", at=address, mend=f"{mend}{wish}")
