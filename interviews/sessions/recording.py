"""Recording a session: all that was said is on the disk before the next question is sent.

A question and its reply are committed together, once the whole reply is there; a question
without a reply is no turn. The commit waits for the next attempt and takes its beginning into
the same transaction, so that an exchange costs one fsync. Each turn is inserted only if the
chain on the disk ends where this recording believes that it ends.
"""

import asyncio
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import JSON, Connection, bindparam, text
from sqlmodel import Session, SQLModel, col, func, select

from archive.canonical import SALT_BYTES, Canonical, salted_digest, sha256
from archive.errors import FaultError, InputError, ServiceError
from archive.identifiers import new_id
from archive.log import entries
from archive.times import now, to_text
from archive.workspace.workspace import Workspace
from interviews.attempts import AttemptRecord, Role, ending
from interviews.interviewer.declining import DeclinedInWords
from interviews.participants.seam import Attempt, Cause, Failure, Message, Participant, Request
from interviews.protocols.protocol import Declined
from interviews.protocols.script import Answer, Ask, next_ask, to_follow_up
from interviews.sessions import chain
from interviews.sessions.budgets import counted
from interviews.sessions.committing import Committer
from interviews.sessions.content import (
    Content,
    Speaker,
    decoded,
    message_bytes,
    most_sent,
    replied,
    request_digest,
)
from interviews.sessions.exclusion import excluded_by
from interviews.sessions.header import Header, sampling_document
from interviews.sessions.prefixes import Prefix, prefix_of_branch
from interviews.sessions.reading import load_session, probes_at, turns_of
from interviews.sessions.records import InterviewSession, Probe, State, Turn, Validity

_SESSIONS = SQLModel.metadata.tables["session"]
_ATTEMPTS = SQLModel.metadata.tables["attempt"]
_ADD_TURN = text(
    'INSERT INTO turn (session, "index", speaker, at, content, salt, content_digest, previous, link)'
    " SELECT CAST(:session AS VARCHAR), :index, :speaker, :at, :content, :salt, :content_digest,"
    " CAST(:previous AS VARCHAR), :link WHERE CAST(:previous AS VARCHAR) = coalesce("
    "(SELECT link FROM turn WHERE session = CAST(:session AS VARCHAR)"
    ' ORDER BY "index" DESC LIMIT 1),'
    " (SELECT header_digest FROM session WHERE id = CAST(:session AS VARCHAR)))"
)
_START_ATTEMPT = _ATTEMPTS.insert()
_ADD_PROBE = SQLModel.metadata.tables["probe"].insert()
_END_ATTEMPT = text(
    "UPDATE attempt SET ended_at = :ended_at, failure = :failure, message = :message,"
    " retry_after = :retry_after, status = :status, request_id = :request_id,"
    " raw_digest = :raw_digest, raw = :raw, input_tokens = :input_tokens,"
    " output_tokens = :output_tokens, cache_read_tokens = :cache_read_tokens,"
    " cache_write_tokens = :cache_write_tokens, headers = :headers WHERE id = :id"
).bindparams(bindparam("headers", type_=JSON(none_as_null=True)))
_LOSE_ATTEMPTS = text(
    "UPDATE attempt SET failure = :failure, message = :message"
    " WHERE subject = :session AND ended_at IS NULL AND failure IS NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What one attempt is made for, and what it may take at most."""

    role: Role
    address: str  # who is asked
    question: str  # the protocol's id
    input_tokens: int  # at most
    output_tokens: int  # at most
    request_digest: str  # sha256 of the request's canonical bytes


class Recording:
    """One session as it is being held: what was said, and how much of it is on the disk."""

    def __init__(
        self,
        workspace: Workspace,
        header: Header,
        turns: list[Turn],
        *,
        digest: str,
        tries: dict[int, int],
        prefix: Prefix | None = None,  # of a replay
    ) -> None:
        self.header = header
        self.contents: list[Content] = []
        self.answers: list[Answer] = []
        self.head = chain.head(digest, turns)
        self.failure: Failure | None = None  # of the last attempt, where it brought no reply
        self.over = False  # it is on the disk that nothing more will be asked
        self._workspace = workspace
        self._messages: list[Message] = []
        self._message_bytes: list[bytes] = []  # so that they are not written out at each question
        self._request_digest = self._question = ""
        self._pending: list[dict[str, Any]] = []  # turns that are not on the disk yet
        self._answered: list[tuple[str | None, Attempt]] = []  # those that brought the turns
        self._attempt: str | None = None  # the id of the one in flight
        self._tries = tries  # made for each position that has no turn yet, in earlier runs too
        self._asked_anew = None if prefix is None else prefix.question
        for content in () if prefix is None else prefix.before:
            self._sent_again(content)
        for turn in turns:
            self._hear(decoded(turn.content or b""))

    @property
    def id(self) -> str:
        """The session's id."""
        return self.header.session

    @property
    def ask(self) -> Ask | None:
        """The core question to be asked next; None: all were, or the participant ended it."""
        return None if self.ended_by_participant else self._coming()

    @property
    def asked_anew(self) -> Content | None:
        """The question that a replay asks, if it is still to be asked."""
        return None if self.contents else self._asked_anew

    @property
    def to_follow_up(self) -> Ask | None:
        """The core question whose answer may be followed up by a probe now."""
        if self.header.interviewer is None or self.ended_by_participant:
            return None
        return to_follow_up(self.header.asks, self.answers)

    @property
    def ended_by_participant(self) -> bool:
        """Whether the participant has ended the interview."""
        return bool(self.contents) and self.contents[-1].declined == Declined.INTERVIEW

    def request(self, question: Content) -> Request:
        """Return what puts `question` after all that was said; thinking goes back unchanged."""
        messages = [*self._messages, _message(len(self._messages), question)]
        sampling, system, tools = self.header.sampling, self.header.system, self.header.tools
        self._question = question.question
        self._request_digest = request_digest(
            [*self._message_bytes, message_bytes(messages[-1])],
            sampling_document(sampling),
            system=system,
            tools=tools,
        )
        return Request(messages=messages, sampling=sampling, system=system, tools=tools)

    def call(self, address: str, request: Request, role: Role) -> "Call":
        """Return what one attempt at `request` is made for, and what it may take at most."""
        return Call(
            role=role,
            address=address,
            question=self._question if role == Role.PARTICIPANT else self.contents[-1].question,
            input_tokens=self._bound(request, role),
            output_tokens=request.sampling.max_tokens,
            request_digest=self._request_digest
            if role == Role.PARTICIPANT
            else request_digest(
                map(message_bytes, request.messages),
                sampling_document(request.sampling),
                system=request.system,
            ),
        )

    def _bound(self, request: Request, role: Role) -> int:
        """Return how many tokens a request can hold at most.

        What the provider counted last, and of what came since no more tokens than bytes.
        """
        if role == Role.PARTICIPANT and self.contents:
            last = counted(self.contents[-1].usage)
            if last is not None and last.total:
                called = sum(len(tool.result) for tool in request.tools)  # comes back for a call
                return last.total + len(message_bytes(request.messages[-1])) + called
        return most_sent(request)

    async def starting(self, call: "Call", committer: Committer) -> bool:
        """Put on the disk all that was said, and that an attempt is about to be made.

        Returns:
            Whether that was an exchange: none was waiting at the first question and at a retry.

        Raises:
            ServiceError: The database or the disk refused, or somebody else wrote to the session.
        """
        self.failure = None
        position = len(self.contents) + (call.role == Role.PARTICIPANT)
        tries = self._tries.get(position, 0) + 1
        attempt: dict[str, Any] = {
            "id": new_id(),
            "subject": self.id,
            "position": position,
            "number": tries,
            "request_digest": call.request_digest,
            "started_at": to_text(now()),
            "role": call.role,
            "address": call.address,
            "question": call.question,
            "reserved_input_tokens": call.input_tokens,
            "reserved_output_tokens": call.output_tokens,
        }

        def work(connection: Connection) -> None:
            self._write(connection)
            connection.execute(_START_ATTEMPT, attempt)

        exchange = bool(self._pending)
        await self._committed(committer.commit(work))
        self._attempt, self._tries[position] = attempt["id"], tries
        return exchange

    def ended(self, attempt: Attempt) -> None:
        """Put on the disk how an attempt ended that brings no turn by itself.

        It failed, and what was heard of it was not said; or its words are to be checked.

        Raises:
            ServiceError: The database or the disk refused.
        """
        with self._workspace.database.transaction() as connection:
            connection.execute(_END_ATTEMPT, self._end_of(attempt))
        self._attempt, self.failure = None, attempt.failure

    def answered(
        self, question: Content, attempt: Attempt, declined: DeclinedInWords | None
    ) -> Content:
        """Take in a question and its whole reply; the next commit puts both on the disk."""
        reply = replied(attempt, question=question.question, probe=question.probe)
        if declined is not None:
            reply = replace(reply, declined=declined.what, declined_in=declined.words or None)
        self._answered.append((self._attempt, attempt))
        self._add(Speaker.INTERVIEWER, question, to_text(attempt.started_at))
        self._add(Speaker.PARTICIPANT, reply, to_text(attempt.ended_at))
        self._attempt, self._tries = None, {}
        return reply

    def probed(self, attempt: Attempt, probe: Probe) -> None:
        """Put on the disk a probe, what its check found, and the attempt that came last for it.

        Raises:
            ServiceError: The database or the disk refused.
        """
        with self._workspace.database.transaction() as connection:
            connection.execute(_END_ATTEMPT, self._end_of(attempt))
            connection.execute(_ADD_PROBE, probe.model_dump())
        self._attempt = None

    def probes(self) -> list[Probe]:
        """Return the probes that were written for the turn that comes next, in order.

        Raises:
            ServiceError: The database refused.
        """
        with self._workspace.database.reading() as session:
            return probes_at(session, self.id, len(self.contents))

    def interrupt(self, reason: str) -> None:
        """Put on the disk all that was said, and that nobody asks on for now.

        Raises:
            ServiceError: The database or the disk refused.
        """
        with self._workspace.database.transaction() as connection:
            self._write(connection)
            connection.execute(_LOSE_ATTEMPTS, _lost(self.id, reason))
            connection.execute(
                _SESSIONS.update().where(_SESSIONS.c.id == self.id),
                {"state": State.INTERRUPTED, "reason": reason},
            )
        self._written()

    async def end(self, state: State, committer: Committer, reason: str | None = None) -> None:
        """Put on the disk all that was said and that no more will be, and log the chain's head.

        Raises:
            ServiceError: The database or the disk refused.
            FaultError: The log disagrees with itself.
        """
        complete = state is State.COMPLETE
        broken = excluded_by(self.header, self.contents[1::2]) if complete else None
        ended_at = to_text(now())

        def work(session: Session) -> None:
            self._write(session.connection())
            row = session.get_one(InterviewSession, self.id)
            row.state, row.reason, row.ended_at = state, reason, ended_at
            row.validity = Validity.USABLE if broken is None else Validity.EXCLUDED
            row.exclusion_rule = broken
            session.add(row)
            end: Canonical = {"state": state, "length": len(self.contents), "head": self.head}
            entries.append(session, "session end", self.id, end)

        await self._committed(committer.decide(work))
        self.over = True

    async def _committed(self, committing: Awaitable[None]) -> None:
        """Wait until what was said is on the disk; who is cancelled knows that it is."""
        try:
            await committing
        except asyncio.CancelledError:
            self._written()
            raise
        self._written()

    def _coming(self) -> Ask | None:
        if self.header.branch is not None:
            return None  # a replay follows no script: it asks one question
        return next_ask(
            self.header.asks, self.answers, unrecorded=frozenset(self.header.unrecorded)
        )

    def _add(self, speaker: Speaker, content: Content, at: str) -> None:
        body, salt = content.encoded(), secrets.token_bytes(SALT_BYTES)
        index, previous, digest = len(self.contents), self.head, salted_digest(salt, body)
        self.head = chain.link(
            session=self.id,
            index=index,
            speaker=speaker,
            at=at,
            content_digest=digest,
            previous=previous,
        )
        self._pending.append(
            {
                "session": self.id,
                "index": index,
                "speaker": speaker,
                "at": at,
                "content": body,
                "salt": salt,
                "content_digest": digest,
                "previous": previous,
                "link": self.head,
            }
        )
        self._hear(content)

    def _hear(self, content: Content) -> None:
        self._sent_again(content)
        if len(self.contents) % 2:
            self.answers.append(
                Answer(
                    question=content.question,
                    text=content.text,
                    declined=content.declined is not None,
                    probe=content.probe is not None,
                )
            )
        self.contents.append(content)

    def _sent_again(self, content: Content) -> None:
        """Take what was said into every later request."""
        message = _message(len(self._messages), content)
        self._messages.append(message)
        self._message_bytes.append(message_bytes(message))

    def _write(self, connection: Connection) -> None:
        if not self._pending:
            return
        if connection.execute(_ADD_TURN, self._pending).rowcount != len(self._pending):
            raise ServiceError(
                "somebody else has written to this session",
                at=self.id,
                mend="Nothing was overwritten. See what stands with `emeritus interview show`.",
            )
        # the bytes are deflated here, where the sessions need not wait for it
        connection.execute(
            _END_ATTEMPT, [{"id": one, **ending(attempt)} for one, attempt in self._answered]
        )

    def _written(self) -> None:
        self._pending, self._answered = [], []

    def _end_of(self, attempt: Attempt) -> dict[str, Any]:
        return {"id": self._attempt, **ending(attempt)}


def reopen(workspace: Workspace, participant: Participant, identifier: str) -> Recording:
    """Take up a session that was left: what was in flight then is marked as lost.

    Raises:
        InputError: It was begun with another participant.
        FaultError: Its chain does not verify, so nothing may be added to it; or it is a replay,
            and the session that it replays is not what it was.
    """
    with workspace.database.writing() as session:
        row = load_session(session, identifier)
        header = Header.decoded(row.header)
        check_participant(header, participant.address)
        turns = turns_of(session, identifier)
        if (fault := chain.first_fault(identifier, sha256(row.header), turns)) is not None:
            raise FaultError(
                fault.what,
                at=f"{identifier}: turn {fault.index}",
                mend="Nothing was asked. See `emeritus interview verify`.",
            )
        session.connection().execute(
            _LOSE_ATTEMPTS, _lost(identifier, "this program died while it waited for the reply")
        )
        row.state, row.reason = State.RUNNING, None
        session.add(row)
        tries = select(AttemptRecord.position, func.count()).where(
            AttemptRecord.subject == identifier, AttemptRecord.position >= len(turns)
        )
        return Recording(
            workspace,
            header,
            turns,
            digest=row.header_digest,
            tries=dict(session.exec(tries.group_by(col(AttemptRecord.position))).all()),
            prefix=None
            if header.branch is None or turns
            else prefix_of_branch(session, header.branch),
        )


def check_participant(header: Header, address: str) -> None:
    """Raise an InputError if a session's model is by now reached at another address."""
    if header.participant != address:
        raise InputError(
            f"begun with {header.participant}, and the model is now {address}",
            at=f"session {header.session}",
            mend=f"Ask the same one on: emeritus model edit {header.model} "
            f"--participant {header.participant}",
        )


def _message(index: int, content: Content) -> Message:
    return Message(role="assistant" if index % 2 else "user", blocks=content.blocks)


def _lost(session: str, message: str) -> dict[str, str]:
    return {"session": session, "failure": Cause.LOST, "message": message}
