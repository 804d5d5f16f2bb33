"""Asking until a reply comes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import FaultError, ServiceError
from interviews.participants.asking import LIMITS, Limits, Wait, ask, next_wait
from interviews.participants.endpoint import Endpoint, EndpointParticipant
from interviews.participants.limiter import Limiter
from interviews.participants.seam import Attempt, Cause, Failure, Message, Request, Sampling
from tests.support.messages_server import MessagesServer, Script, Step, serving

REQUEST = Request(
    messages=[Message(role="user", blocks=[{"type": "text", "text": "Who are you?"}])],
    sampling=Sampling(max_tokens=64),
)
CAUSES = st.sampled_from(Cause)
FAILURES = st.builds(
    Failure,
    cause=CAUSES,
    message=st.just(""),
    retry_after=st.none() | st.floats(0, 100_000),
)


@dataclass
class Story:
    """A witness that notes what it is told, in order."""

    told: list[str] = field(default_factory=list)
    failures: list[Attempt] = field(default_factory=list)
    calls_allowed: int = 100

    async def starting(self) -> None:
        if self.told.count("starting") == self.calls_allowed:
            raise FaultError("the calls are spent", at="--max-calls", mend="Go on later.")
        self.told.append("starting")

    def hears(self, text: str) -> None:
        self.told.append(f"heard {text}")

    def failed(self, attempt: Attempt) -> None:
        self.told.append("failed")
        self.failures.append(attempt)

    def waiting(self, wait: Wait) -> None:
        self.told.append(str(wait))


def asked(url: str, story: Story, *, limits: Limits = LIMITS) -> tuple[Attempt, list[float]]:
    """Ask the server at `url`; return the reply and the pauses, which are not slept."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    limiter = Limiter("anthropic:halcyon-2", clock=lambda: sum(slept), sleep=sleep)

    async def seek() -> Attempt:
        endpoint = Endpoint(url=url, key="k", model="halcyon-2", idle_seconds=5)
        participant = EndpointParticipant(
            "anthropic:halcyon-2", endpoint, takes_temperature=False, facts={}
        )
        try:
            return await ask(
                participant,
                REQUEST,
                witness=story,
                limits=limits,
                sleep=sleep,
                draw=lambda: 0.5,
                limiter=limiter,
            )
        finally:
            await participant.close()

    return asyncio.run(seek()), slept


def refused(script: Script, story: Story, *, limits: Limits = LIMITS) -> tuple[str, MessagesServer]:
    """Return what is said when no reply comes."""
    with serving(script) as server:
        with pytest.raises(ServiceError) as caught:
            asked(server.url, story, limits=limits)
        return str(caught.value).replace(server.url, "URL"), server


def test_a_provider_that_recovers_is_asked_until_it_answers() -> None:
    story = Story()
    script = [Step(status=529), Step(status=529), Step(text="Here I am.", piece=99)]
    with serving(script) as server:
        attempt, slept = asked(server.url, story)

    assert (attempt.text, slept) == ("Here I am.", [0.5, 1.0])
    assert story.told == [
        "starting",
        "failed",
        "waiting 1 s, try 2 of 8, 529",
        "starting",
        "failed",
        "waiting 1 s, try 3 of 8, 529",
        "starting",
        "heard Here I am.",
    ]
    assert [failed.status for failed in story.failures] == [529, 529]


def test_a_provider_that_names_a_time_is_not_asked_before() -> None:
    with serving([Step(status=429, headers={"retry-after": "31"})]) as server:
        _, slept = asked(server.url, Story())

    assert slept == [31.5]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        pytest.param(
            Step(status=401, message="invalid x-api-key"),
            "anthropic:halcyon-2: 401: invalid x-api-key\n"
            "  Check the key in ANTHROPIC_API_KEY: whose it is, and what it may use.",
            id="a key that is refused",
        ),
        pytest.param(
            Step(status=404, message="model: halcyon-2"),
            "anthropic:halcyon-2: 404: model: halcyon-2\n"
            "  Check the model's name, and whether the provider still serves it.",
            id="a model that is not there",
        ),
        pytest.param(
            Step(status=400, message="prompt is too long"),
            "anthropic:halcyon-2: 400: prompt is too long\n"
            "  The provider will not take this request: asking again does not help.",
            id="a request that is refused",
        ),
        pytest.param(
            Step(error_type="permission_error", message="not for you"),
            "anthropic:halcyon-2: key refused: not for you\n"
            "  Check the key in ANTHROPIC_API_KEY: whose it is, and what it may use.",
            id="a key that is refused in mid-stream",
        ),
        pytest.param(
            Step(status=429, message="Slow down", headers={"retry-after": "3600"}),
            "anthropic:halcyon-2: 429: Slow down\n"
            "  Try again later, or with fewer sessions at once (--concurrency)."
            " It asks to wait 3600 s.",
            id="a wait that is too long",
        ),
    ],
)
def test_what_cannot_pass_is_asked_once(step: Step, said: str) -> None:
    story = Story()

    message, server = refused([step], story)

    assert message == said
    assert len(server.requests) == len(story.failures) == 1


def test_a_provider_that_does_not_recover_is_given_up() -> None:
    story = Story()

    message, server = refused(lambda _: Step(status=529, message="Overloaded"), story)

    assert message == "anthropic:halcyon-2: 529: Overloaded (8 tries)\n  Try again later."
    assert len(server.requests) == len(story.failures) == 8


def test_answers_that_hold_nothing_are_paid_for_three_times_at_most() -> None:
    message, server = refused([Step(text=""), Step(raw="?"), Step(text="")], Story())

    assert len(server.requests) == 3
    assert message.startswith("anthropic:halcyon-2: empty: the reply holds no text")


def test_a_server_that_is_not_there_is_named_with_the_mend() -> None:
    with serving() as server:
        gone = server.url
    with pytest.raises(ServiceError) as caught:
        asked(gone, Story(), limits=Limits(tries=2))

    assert str(caught.value) == (
        f"anthropic:halcyon-2: unreachable: cannot reach {gone}: Connection refused (2 tries)\n"
        "  See that the server is up, and that ANTHROPIC_BASE_URL is its address."
    )


def test_a_budget_stops_before_anything_is_sent() -> None:
    story = Story(calls_allowed=1)
    with serving([Step(status=500)]) as server, pytest.raises(FaultError, match="spent"):
        asked(server.url, story)

    assert len(server.requests) == len(story.failures) == 1


@given(st.lists(FAILURES, min_size=1, max_size=12), st.floats(0, 2000), st.floats(0, 0.999))
def test_the_rule_of_waiting_keeps_its_limits(
    failures: Sequence[Failure], waited: float, draw: float
) -> None:
    seconds = next_wait(failures, waited=waited, draw=draw)

    if seconds is not None:
        asked_for = failures[-1].retry_after or 0
        assert failures[-1].may_pass
        assert len(failures) < LIMITS.tries
        assert asked_for <= seconds <= asked_for + LIMITS.longest_wait
        assert waited + seconds <= LIMITS.total_wait


@given(st.integers(1, 7), st.floats(0, 0.999), st.floats(0, 0.999))
def test_waits_grow_with_failures_and_with_the_draw(
    count: int, draw: float, other_draw: float
) -> None:
    down = [Failure(cause=Cause.OVERLOADED, message="")] * 8
    low, high = sorted((draw, other_draw))

    def wait(tries: int, draw: float) -> float:
        return next_wait(down[:tries], waited=0, draw=draw) or 0.0

    assert wait(count, low) <= wait(count, high)
    assert wait(count, low) <= (wait(count + 1, low) if count < 7 else LIMITS.longest_wait)


@given(st.lists(st.tuples(FAILURES, st.floats(0, 0.999)), min_size=8, max_size=8))
def test_asking_ends_in_time_whatever_the_provider_does(
    script: list[tuple[Failure, float]],
) -> None:
    failures: list[Failure] = []
    waited = 0.0
    for failure, draw in script:
        failures.append(failure)
        seconds = next_wait(failures, waited=waited, draw=draw)
        if seconds is None:
            break
        waited += seconds
    else:
        pytest.fail("still asking after as many tries as there may be")
    assert waited <= LIMITS.total_wait
