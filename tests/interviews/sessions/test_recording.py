"""Recording: what is on the disk before a question goes out, and who may add to a session."""

import asyncio
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import ClassVar

import pytest

from archive.errors import ServiceError
from archive.identifiers import new_id
from archive.log.entries import LogEntry
from archive.workspace.workspace import Workspace
from interviews.attempts import Role
from interviews.participants.seam import Attempt, OnText, Request, Sampling, Written
from interviews.protocols.design import Cell
from interviews.protocols.reading import read_protocol
from interviews.sessions.beginning import begin, plans_for
from interviews.sessions.committing import Committer
from interviews.sessions.content import Content, spoken
from interviews.sessions.reading import attempts_of, session_document, turns_of
from interviews.sessions.recording import Recording, reopen
from interviews.sessions.records import State
from interviews.sessions.voices import Voices
from tests.support.protocols import FACTS, FILE, SMALL, facts

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Nobody:
    """A participant that is on record and is not asked here."""

    address: str = "anthropic:halcyon-2"
    takes_temperature: bool = True
    takes_tools: bool = False
    facts: ClassVar = MappingProxyType({"engine": "none"})

    def written(self, request: Request) -> Written:
        raise NotImplementedError

    async def reply(self, request: Request, *, on_text: OnText) -> Attempt:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError


def begun(workspace: Workspace) -> Recording:
    (plan,) = plans_for(
        "halcyon-2",
        read_protocol(SMALL.encode(), name=FILE),
        cells={Cell(stance="plain", information="told", language="en"): None},
        replicates=1,
        sampling=Sampling(max_tokens=64),
        facts=facts(**FACTS, maker="not told here"),
    )
    with closing(Committer(workspace)) as committer:
        voices = Voices(participant=Nobody(), committer=committer)
        return asyncio.run(begin(workspace, voices, plan, new_id()))


def asked(recording: Recording) -> Content:
    ask = recording.ask
    assert ask is not None
    question = spoken(ask.text, question=ask.id)
    request = recording.request(question)
    call = recording.call("anthropic:halcyon-2", request, Role.PARTICIPANT)
    with closing(Committer(recording._workspace)) as committer:
        asyncio.run(recording.starting(call, committer))
    return question


def exchange(recording: Recording, text: str) -> None:
    question = asked(recording)
    said = ({"type": "text", "text": text},)
    attempt = Attempt(started_at=NOON, ended_at=NOON, raw=text.encode(), blocks=said)
    recording.answered(question, attempt, None)


def test_an_exchange_is_on_the_disk_once_the_next_attempt_is(opened: Workspace) -> None:
    recording = begun(opened)
    exchange(recording, "First.")
    before = session_document(opened, recording.id)["turns"]
    exchange(recording, "Second.")

    after = session_document(opened, recording.id)["turns"]
    assert (len(before), [turn["text"] for turn in after[1::2]]) == (0, ["First."])


def test_an_attempt_is_on_the_disk_before_it_is_sent(opened: Workspace) -> None:
    recording = begun(opened)
    asked(recording)

    (attempt,) = session_document(opened, recording.id)["unanswered"]
    assert (attempt["number"], attempt["ended_at"], attempt["failure"]) == (1, None, None)


def test_whoever_wrote_second_is_refused_and_overwrites_nothing(opened: Workspace) -> None:
    first = begun(opened)
    second = reopen(opened, Nobody(), first.id)
    exchange(first, "Mine.")
    exchange(second, "Also mine.")
    first.interrupt("done for now")

    with pytest.raises(ServiceError, match="somebody else has written to this session"):
        second.interrupt("done for now")

    turns = session_document(opened, first.id)["turns"]
    assert [turn["text"] for turn in turns[1::2]] == ["Mine."]


def test_what_was_in_flight_is_lost_once_the_session_is_taken_up_again(opened: Workspace) -> None:
    recording = begun(opened)
    asked(recording)

    exchange(reopen(opened, Nobody(), recording.id), "At last.")

    with opened.database.reading() as session:
        tries = [(one.number, one.failure) for one in attempts_of(session, recording.id)]
    assert tries == [(1, "lost"), (2, None)]


def test_the_end_is_logged_with_the_length_and_the_head(opened: Workspace) -> None:
    recording = begun(opened)
    exchange(recording, "All of it.")
    with closing(Committer(opened)) as committer:
        asyncio.run(recording.end(State.COMPLETE, committer))

    with opened.database.reading() as session:
        entry = session.get_one(LogEntry, 0)
        head = turns_of(session, recording.id)[-1].link
    assert (entry.kind, entry.subject) == ("session end", recording.id)
    assert entry.content == (b'{"head":"%b","length":2,"state":"complete"}' % head.encode())


def test_a_session_that_nobody_runs_any_more_shows_as_interrupted(opened: Workspace) -> None:
    recording = begun(opened)

    assert session_document(opened, recording.id)["state"] == State.INTERRUPTED


def test_the_facts_on_record_are_those_that_the_protocol_tells(opened: Workspace) -> None:
    assert begun(opened).header.facts == FACTS


def test_each_session_of_a_condition_is_a_replicate_of_its_own(opened: Workspace) -> None:
    headers = [begun(opened).header for _ in range(3)]

    assert [header.replicate for header in headers] == [1, 2, 3]
