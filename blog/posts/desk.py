"""The desk: a post as its model is asked, each attempt on the disk before it is sent.

What an answer brings is kept in one transaction with the end of the attempt that brought it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlmodel import Session, col, func, select

from archive.errors import FaultError, ServiceError
from archive.store.deletions import deleted
from archive.times import now, to_text
from archive.workspace.workspace import Workspace
from blog.posts.posts import Post
from interviews.attempts import AttemptRecord, ending
from interviews.campaigns.prices import Tokens
from interviews.participants.asking import Wait, ask
from interviews.participants.seam import Attempt, Cause, Message, Participant, Request, Sampling
from interviews.sessions.budgets import Purse
from interviews.sessions.content import message_bytes, most_sent, request_digest
from interviews.sessions.header import sampling_document


class Desk:
    """Who records and tells what happens while the model of a post is asked."""

    def __init__(
        self, workspace: Workspace, post: str, *, tell: Callable[[str], None], purse: Purse
    ) -> None:
        self.post = post  # its id
        self.attempt = ""  # the id of the last attempt
        self.tell = tell
        self._workspace = workspace
        self._purse = purse
        self._most = Tokens()
        self._columns: dict[str, Any] = {}  # that each attempt at what is asked begins with
        self._failed: Attempt | None = None  # the last attempt, if it did

    def begun(self, post: Post) -> None:
        """Put a post on the disk before anything is asked.

        Raises:
            FaultError: What was to be shown was deleted just now.
        """
        with self._workspace.database.writing() as session:
            gone = deleted(session)
            for item in post.items:
                if (item["kind"], item.get("id")) in gone:  # while the context was gathered
                    raise FaultError(
                        "was deleted just now",
                        at=f"{item['kind']} {item['id']}",
                        mend="Nothing was asked. Type the same command again.",
                    )
            session.add(post)

    async def asks(
        self, participant: Participant, request: Request, *, position: int, about: str | None = None
    ) -> Attempt:
        """Return the attempt that brought an answer; it is not on record as ended yet.

        Args:
            participant: Who is asked.
            request: What.
            position: The number of the draft that is asked for, or that it is about.
            about: What is asked of that draft; None: the draft itself.

        Raises:
            BudgetError: It may take more than is left.
            ServiceError: No answer came.
        """
        messages = (message_bytes(message) for message in request.messages)
        self._most = most = most_of(request)
        self._columns = {
            "position": position,
            "question": about,
            "request_digest": request_digest(messages, sampling_document(request.sampling)),
            "address": participant.address,
            "reserved_input_tokens": most.input,
            "reserved_output_tokens": most.output,
        }
        self._failed = None
        return await ask(participant, request, witness=self)

    async def asks_briefly(
        self, participant: Participant, request: Request, *, position: int, about: str
    ) -> Attempt:
        """Return as `asks`, but to say nothing is an answer too: it is asked no other way."""
        try:
            return await self.asks(participant, request, position=position, about=about)
        except ServiceError:
            failed = self._failed
            if failed is None or failed.failure is None or failed.failure.cause != Cause.EMPTY:
                raise
            return failed

    @contextmanager
    def keeping(self, attempt: Attempt, *, logged: bool = False) -> Iterator[Session]:
        """One transaction that ends an attempt and keeps what it brought."""
        transaction = self._workspace.deciding if logged else self._workspace.database.writing
        with transaction() as session:
            self._end(session, attempt)
            yield session
        self._purse.settle(self.post, attempt)

    async def starting(self) -> None:
        self._purse.reserve(self.post, str(self._columns["address"]), self._most)
        with self._workspace.database.writing() as session:
            of_post = AttemptRecord.subject == self.post
            last: int | None = session.exec(
                select(func.max(col(AttemptRecord.number))).where(of_post)
            ).one()
            attempt = AttemptRecord(
                subject=self.post,
                number=(last or 0) + 1,
                started_at=to_text(now()),
                **self._columns,
            )
            self.attempt = attempt.id
            session.add(attempt)

    def hears(self, text: str) -> None:
        """Nothing is shown before it is whole: until then it was not written."""

    def failed(self, attempt: Attempt) -> None:
        self._failed = attempt
        with self._workspace.database.writing() as session:
            self._end(session, attempt)
        self._purse.settle(self.post, attempt)

    def waiting(self, wait: Wait) -> None:
        self.tell(str(wait))

    def _end(self, session: Session, attempt: Attempt) -> None:
        row = session.get_one(AttemptRecord, self.attempt)
        session.add(row.sqlmodel_update(ending(attempt)))
        session.flush()


def most_of(request: Request) -> Tokens:
    """Return what one attempt can take at most."""
    return Tokens(input=most_sent(request), output=request.sampling.max_tokens)


def request_of(said: Sequence[str], sampling: Sampling) -> Request:
    """Return the request that puts messages to a model: the first is ours, the next its own."""
    messages = [
        Message(role="assistant" if number % 2 else "user", blocks=[{"type": "text", "text": text}])
        for number, text in enumerate(said)
    ]
    return Request(messages=messages, sampling=sampling)
