"""Replaying: a question of a session on record is asked anew, after all that was said before it.

Each draw is a session of its own, with one exchange. It names the turn that it replays by its
link; the words before that turn are sent again byte for byte, and stay where they are.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection
from sqlmodel import Session, func, select

from archive.canonical import SALT_BYTES
from archive.errors import InputError
from archive.identifiers import new_id
from archive.records.models import load_model, participant_of
from archive.times import now, to_text
from archive.workspace.workspace import Workspace
from interviews.campaigns.prices import Tokens
from interviews.participants import asking
from interviews.participants.seam import Message, Request, Sampling
from interviews.sessions.beginning import software
from interviews.sessions.content import most_sent
from interviews.sessions.header import Addresses, Header, digest, sampling_words
from interviews.sessions.prefixes import Prefix, prefix_of
from interviews.sessions.reading import check_not_deleted
from interviews.sessions.recording import Recording, check_participant
from interviews.sessions.records import InterviewSession
from interviews.sessions.running import Held, Run, hold_all, stopping
from interviews.sessions.voices import Voices, opened


def to_replay(
    workspace: Workspace, identifier: str, *, turn: int, times: int, temperature: str | None
) -> tuple[Prefix, Sampling]:
    """Return what is asked anew, and how replies to it are drawn.

    Raises:
        InputError: There is no such session or turn, its model is reached otherwise by now, or
            the draws would be one.
        FaultError: The session does not verify, or what was said in it is gone.
    """
    with workspace.database.reading() as session:
        prefix = prefix_of(session, identifier, turn)
        model = load_model(session, prefix.header.model)
        check_participant(prefix.header, participant_of(model))
    sampling = prefix.header.sampling
    if temperature is not None:
        sampling = replace(sampling, temperature=temperature)
    if times > 1 and asking.always_the_same(sampling, prefix.header.participant):
        raise InputError(
            f"{times} replays at temperature 0 are one draw, counted {times} times",
            at=prefix.header.participant,
            mend="Give a --temperature, or ask for --times 1.",
        )
    return prefix, sampling


def first_call(prefix: Prefix, sampling: Sampling) -> Tokens:
    """Return what one replay can take at most."""
    said = (*prefix.before, prefix.question)
    messages = [Message(role="user", blocks=content.blocks) for content in said]
    request = Request(messages=messages, sampling=sampling, system=prefix.header.system)
    return Tokens(input=most_sent(request), output=sampling.max_tokens)


async def replay(run: Run, prefix: Prefix, sampling: Sampling, *, times: int) -> Held:
    """Ask the question of `prefix` anew, `times` times, each in a session of its own.

    Raises:
        InputError: The participant cannot be opened or takes no temperature, or the log's key is
            missing.
        FaultError: The log disagrees with itself.
    """
    held = Held()
    run.workspace.check_log()
    addresses = Addresses(participant=prefix.header.participant)
    run.progress.expects(times)
    with stopping(run, held):
        async with opened(run.workspace, addresses, concurrency=run.concurrency) as voices:
            asking.check_sampling(sampling, voices.participant)
            begun = partial(_begin, run.workspace, voices, prefix, sampling)
            openings = ((new_id(), begun) for _ in range(times))
            await hold_all(run, voices, openings, held)
    return held


async def _begin(
    workspace: Workspace, voices: Voices, prefix: Prefix, sampling: Sampling, identifier: str
) -> Recording:
    def work(connection: Connection) -> Header:
        with Session(connection) as session:
            check_not_deleted(session, [prefix.branch.session])
            header = _header(session, voices, prefix, sampling, identifier)
            encoded = header.encoded()
            session.add(
                InterviewSession(
                    id=identifier,
                    model=header.model,
                    protocol=header.protocol.digest,
                    condition=dict(header.condition),
                    replicate=header.replicate,
                    header=encoded,
                    header_digest=digest(encoded),
                    started_at=header.started_at,
                    pilot=header.pilot,
                    branch_of=prefix.branch.session,
                )
            )
            session.flush()
            return header

    header = await voices.committer.commit(work)
    return Recording(
        workspace, header, [], digest=digest(header.encoded()), tries={}, prefix=prefix
    )


def _header(
    session: Session, voices: Voices, prefix: Prefix, sampling: Sampling, identifier: str
) -> Header:
    """Return the header of a replay: its parent's, but for what is asked and how it is drawn."""
    parent, asked = prefix.header, prefix.question.question
    ask = next(ask for ask in parent.asks if ask.id == asked)
    drawn: Mapping[str, str] = {
        **parent.condition,
        **sampling_words(sampling, takes_temperature=voices.participant.takes_temperature),
    }
    earlier = select(func.count()).where(InterviewSession.branch_of == prefix.branch.session)
    return replace(
        parent,
        session=identifier,
        salt=secrets.token_hex(SALT_BYTES),
        started_at=to_text(now()),
        condition=drawn,
        replicate=1 + session.exec(earlier).one(),
        engine=voices.participant.facts,
        sampling=sampling,
        asks=(replace(ask, probing=None, jumps=()),),
        software=software(),
        place=None,
        interviewer=None,
        unrecorded=(),
        member_check=None,
        branch=prefix.branch,
    )
