"""Holding interviews: several at once, each asked one question after the other.

All that was said is on the disk before the next question goes out (`recording`), so a run can be
killed at any time; what was left is held on with by `resume`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from archive.errors import EmeritusError, FaultError, InputError, ServiceError
from archive.identifiers import new_id
from archive.workspace.locks import only_runner
from archive.workspace.workspace import Workspace
from interviews.attempts import Role
from interviews.campaigns.prices import Tokens, cost_of
from interviews.interviewer.declining import DeclinedInWords, declined_in_words
from interviews.participants import asking
from interviews.participants.asking import LIMITS, Limits, Wait
from interviews.participants.seam import (
    Attempt,
    Cause,
    Participant,
    Request,
)
from interviews.protocols.protocol import OPENING, Declined, declined
from interviews.protocols.ways_out import declined_by_tool
from interviews.sessions.beginning import Plan, begin
from interviews.sessions.budgets import BudgetError, Purse, Scope, counted
from interviews.sessions.committing import Committer
from interviews.sessions.content import BY_TOOL, Content, spoken
from interviews.sessions.header import Addresses, Header, describe
from interviews.sessions.probing import Asking, follow_up
from interviews.sessions.progress import Progress
from interviews.sessions.recording import Call, Recording, reopen
from interviews.sessions.records import State
from interviews.sessions.spending import campaigns_of
from interviews.sessions.stopping import Stop, StoppedError, stopped
from interviews.sessions.voices import Voices, opened

OF_ONE_QUESTION = frozenset({Cause.BAD_REQUEST, Cause.EMPTY})
"""Failures that may lie in what was asked and said in one session."""

FOR_GOOD = frozenset({Cause.NOT_FOUND, Cause.BAD_REQUEST, Cause.EMPTY})
"""Failures that the same question would meet again."""

Opening: TypeAlias = tuple[str, Callable[[str], Awaitable[Recording]]]
"""A session's id, and how to begin the session of that id or take it up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the sessions of one run share."""

    workspace: Workspace
    progress: Progress
    purse: Purse = field(default_factory=Purse)  # what it may spend
    concurrency: int = 1
    limits: Limits = LIMITS  # how long one reply is sought
    stop: Stop = field(default_factory=Stop)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a run came to."""

    sessions: list[str] = field(default_factory=list)  # the ids of those that it held
    errors: list[EmeritusError | OSError] = field(default_factory=list)  # what cut some short


def stop(run: Run) -> None:
    """Send nothing more; what is in flight is waited for."""
    run.stop.wish()
    run.progress.says(
        f"Stopping. {run.progress.in_flight} in flight, to be finished and kept."
        " Ctrl-C again: stop at once, and what is in flight is lost."
    )


async def hold(run: Run, addresses: Addresses, plans: Sequence[Plan]) -> Held:
    """Hold a new session for each plan.

    Raises:
        InputError: The participant cannot be opened, a plan demands what it does not take, or
            the log's key is missing: no session could end.
        FaultError: The log disagrees with itself; likewise.
    """
    held = Held()
    run.workspace.check_log()
    with stopping(run, held):
        run.progress.expects(len(plans))
        async with opened(run.workspace, addresses, concurrency=run.concurrency) as voices:
            for plan in plans:
                asking.check_sampling(plan.sampling, voices.participant)
            begun = partial(begin, run.workspace, voices)
            openings = ((new_id(), partial(begun, plan)) for plan in plans)
            await hold_all(run, voices, openings, held)
    return held


async def hold_on(run: Run, left: Mapping[Addresses, Sequence[str]]) -> Held:
    """Go on with sessions that were left, by the addresses of those who speak in them.

    Raises:
        InputError: A participant cannot be opened, or the log's key is missing.
        FaultError: The log disagrees with itself.
    """
    held = Held()
    run.workspace.check_log()
    run.progress.expects(sum(map(len, left.values())))
    with stopping(run, held):
        for addresses, sessions in left.items():
            if run.stop.wished:
                break
            async with opened(run.workspace, addresses, concurrency=run.concurrency) as voices:
                reopened = partial(taken_up, run.workspace, voices.participant)
                with run.workspace.database.reading() as session:
                    campaigns = campaigns_of(session, sessions)
                openings = (
                    (one, reopened) for one in sessions if not run.purse.is_met(campaigns.get(one))
                )
                await hold_all(run, voices, openings, held)
    return held


async def taken_up(workspace: Workspace, participant: Participant, identifier: str) -> Recording:
    """Take up a session that was left, as `reopen` does."""
    return reopen(workspace, participant, identifier)


@contextmanager
def stopping(run: Run, held: Held) -> Iterator[None]:
    """Turn a run that somebody stops into one that says what it keeps."""
    cancelled = False
    try:
        yield
    except asyncio.CancelledError:
        cancelled = True
    if cancelled or run.stop.wished:
        held.errors[:] = [one for one in held.errors if not isinstance(one, StoppedError)]
        held.errors.append(stopped("What was said is kept."))


async def hold_all(run: Run, voices: Voices, openings: Iterable[Opening], held: Held) -> None:
    """Hold sessions, as many at once as the run may; each is opened when its turn has come."""
    waiting = _Waiting(iter(openings))

    async def hold_one_after_the_other() -> None:
        for opening in waiting:
            if run.stop.wished:
                break
            await _hold_one(run, voices, opening, held, waiting)

    async with asyncio.TaskGroup() as group:
        for _ in range(run.concurrency):
            group.create_task(hold_one_after_the_other())


class _Waiting:
    """The sessions that are still to be opened; none once it is closed."""

    def __init__(self, openings: Iterator[Opening]) -> None:
        self._openings = openings
        self._closed = False

    def close(self) -> None:
        self._closed = True

    def __iter__(self) -> Iterator[Opening]:
        while not self._closed and (opening := next(self._openings, None)) is not None:
            yield opening


async def _hold_one(
    run: Run, voices: Voices, opening: Opening, held: Held, waiting: _Waiting
) -> None:
    identifier, opened_by = opening
    recording: Recording | None = None
    try:
        with only_runner(run.workspace.lock(identifier), what=f"session {identifier}"):
            recording = await opened_by(identifier)
            held.sessions.append(identifier)
            await _ask_all(run, voices, recording)
    except (EmeritusError, OSError) as error:
        held.errors.append(error)
        if recording is not None and not _concerns_it_alone(recording, error):
            waiting.close()
    finally:
        run.purse.leave(identifier)


def _concerns_it_alone(recording: Recording, error: EmeritusError | OSError) -> bool:
    """Whether what cut a session short need not meet those that are still to begin."""
    if isinstance(error, BudgetError):  # no more of a campaign is opened once its budget is met
        return error.scope in {Scope.SESSION, Scope.CAMPAIGN}
    failure = recording.failure
    one_question = failure is not None and failure.cause in OF_ONE_QUESTION
    return one_question and bool(recording.contents)


async def _ask_all(run: Run, voices: Voices, recording: Recording) -> None:
    """Ask what is still to be asked, and record how it ended.

    Raises:
        BudgetError: What was allowed is spent; the session can be taken up again.
        InputError: The log's key is missing: the session cannot end, and can be taken up again.
        FaultError: The log disagrees with itself; likewise.
        ServiceError: No reply came, or the record could not be written.
    """
    header, how = recording.header, "stopped"
    drawn = header.condition
    label = f"{describe(drawn)}, {header.replicate}"
    answered = len(recording.contents) // 2
    run.progress.begins(recording.id, label, answered=answered, asks=len(header.asks))
    try:
        how = await _converse(run, voices, recording)
    except asyncio.CancelledError:
        _interrupt(run, recording, "stopped by the operator")
        raise
    except (InputError, FaultError, StoppedError) as error:  # a budget, the log, or a wish to stop
        how = error.what
        _interrupt(run, recording, how)
        raise
    except ServiceError as error:
        how = "no reply came"  # the error itself is shown when all have stopped
        onward = await _leave(voices, recording, error.what)
        raise ServiceError(error.what, at=error.at, mend=f"{error.mend} {onward}") from error
    finally:
        run.stop.goes_on()
        run.progress.ends(recording.id, how, over=recording.over)


def _interrupt(run: Run, recording: Recording, reason: str) -> None:
    recording.interrupt(reason)
    run.progress.stands(recording.id, answered=len(recording.contents) // 2)


async def _converse(run: Run, voices: Voices, recording: Recording) -> str:
    async def speak(asked: Participant, request: Request, role: Role) -> Attempt:
        run.stop.check()
        call = recording.call(asked.address, request, role)
        witness = _Witness(run=run, recording=recording, call=call, committer=voices.committer)
        return await _call(run, asked, request, witness)

    while (question := await _next(voices, recording, speak)) is not None:
        attempt = await speak(voices.participant, recording.request(question), Role.PARTICIPANT)
        recording.answered(question, attempt, _declined(attempt, question, recording.header))
    if recording.ended_by_participant:
        state, reason = State.DECLINED, "the participant ended it"
    else:
        state, reason = State.COMPLETE, None
    await recording.end(state, voices.committer, reason)
    run.progress.answers(recording.id)
    return reason or state


async def _next(voices: Voices, recording: Recording, speak: Asking) -> Content | None:
    """Return what is said next: a probe, where one is written and passes, else the script's."""
    if recording.asked_anew is not None:
        return recording.asked_anew
    if voices.prober is not None:
        probe = await follow_up(voices.prober, recording, speak)
        if probe is not None:
            return probe
    ask = recording.ask
    return None if ask is None else spoken(ask.text, question=ask.id)


def _declined(attempt: Attempt, question: Content, header: Header) -> DeclinedInWords | None:
    """Return what a reply declines: by a tool, by the words of the rules, or else in free words."""
    ask = next(ask for ask in header.asks if ask.id == question.question)
    by_tool = declined_by_tool(attempt.blocks, header.tools)
    by_words = declined(attempt.text, ask, header.rules)
    if by_tool is Declined.QUESTION and ask.id == OPENING:
        by_tool = Declined.INTERVIEW  # to decline the opening is not to begin
    if by_tool is not None and by_words is not Declined.INTERVIEW:
        return DeclinedInWords(what=by_tool, words=BY_TOOL)
    if by_words is not None:
        return DeclinedInWords(what=by_words, words="")
    opening = ask.id == OPENING and question.probe is None
    return declined_in_words(attempt.text, language=header.condition["language"], opening=opening)


async def _call(run: Run, asked: Participant, request: Request, witness: "_Witness") -> Attempt:
    attempt = await asking.ask(asked, request, witness=witness, limits=run.limits)
    _settle(run, witness.recording.id, asked.address, attempt)
    return attempt


def _settle(run: Run, session: str, address: str, attempt: Attempt) -> None:
    run.purse.settle(session, attempt)
    if (reported := counted(attempt.usage)) is not None:
        cost = cost_of(reported, run.purse.prices.get(address))
        run.progress.takes(session, reported.total, cost)


async def _leave(voices: Voices, recording: Recording, reason: str) -> str:
    """Record that no reply came: for good where nothing was said or it cannot pass.

    Returns:
        What the operator can do next.
    """
    onward = "What was said is kept: go on with `emeritus interview resume`."
    if recording.failure is None:
        with suppress(ServiceError):  # the record could not be written; perhaps it can by now
            recording.interrupt(reason)
        return onward
    if recording.contents and recording.failure.cause not in FOR_GOOD:
        recording.interrupt(reason)
        return onward
    await recording.end(State.FAILED, voices.committer, reason)
    return "What was said is kept." if recording.contents else "Nothing was said: run it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Witness:
    """Records, counts and shows what happens while one reply is sought."""

    run: Run
    recording: Recording
    call: Call
    committer: Committer

    async def starting(self) -> None:
        self.run.stop.goes_on()
        place = self.recording.header.place
        self.run.purse.reserve(
            self.recording.id,
            self.call.address,
            Tokens(input=self.call.input_tokens, output=self.call.output_tokens),
            campaign=None if place is None else place.campaign,
        )
        if await self.recording.starting(self.call, self.committer):
            self.run.progress.answers(self.recording.id)
        self.run.progress.asks(self.recording.id)

    def hears(self, text: str) -> None:
        self.run.progress.hears(self.recording.id, text)

    def failed(self, attempt: Attempt) -> None:
        self.recording.ended(attempt)
        _settle(self.run, self.recording.id, self.call.address, attempt)

    def waiting(self, wait: Wait) -> None:
        self.run.progress.waits(self.recording.id, wait)
        self.run.stop.waits()
