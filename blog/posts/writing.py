"""Writing: a model is asked for a post, and what it answers is kept as it came.

The post, its rule, its context and its prompt are on the disk before the first attempt; each
attempt before it is sent; the draft in one transaction with the attempt that brought it. A post
that was left in between stands as interrupted and is not taken up again: a later `post write`
begins another.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from archive.canonical import sha256
from archive.errors import FaultError
from archive.records.models import Model, participant_of
from archive.rendering import markdown
from archive.rendering.reading_text import reading_digest
from archive.store.deletions import deleted
from archive.times import now, to_text
from archive.workspace.locks import only_runner
from archive.workspace.workspace import Workspace
from blog.posts import prompts
from blog.posts.contexts import Context, TopicFrom, Wanted, room, words_of
from blog.posts.gathering import gather
from blog.posts.posts import Draft, Post
from blog.posts.titles import title
from interviews.attempts import AttemptRecord, ending
from interviews.participants.addresses import open_participant
from interviews.participants.asking import Wait, ask, check_sampling
from interviews.participants.seam import Attempt, Message, Participant, Request, Sampling
from interviews.sessions.beginning import software
from interviews.sessions.content import message_bytes, most_sent, request_digest
from interviews.sessions.header import sampling_document, sampling_words

SELECTION_RULE = "the first draft: one is asked for, and there is none to choose from"
DRAFT = 1
"""The number of the draft that the rule takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the operator asks of a model."""

    model: Model
    wanted: Wanted
    sampling: Sampling
    topic: str | None = None  # None: whatever the model likes
    topic_from: TopicFrom = TopicFrom.MODEL


async def write(workspace: Workspace, wish: Wish, *, tell: Callable[[str], None]) -> str:
    """Ask a model for a post; return the post's id.

    Args:
        workspace: Where the post is kept.
        wish: What is asked of whom.
        tell: Given a line whenever something happens.

    Raises:
        InputError: The participant cannot be opened or does not take the sampling, or there is
            nothing to show of what was wished. Nothing is kept.
        FaultError: What was to be shown was deleted just now. Nothing is kept.
        ServiceError: No answer came. The post stands as interrupted.
    """
    participant = await open_participant(participant_of(wish.model))
    try:
        check_sampling(wish.sampling, participant)
        free = room(_window(wish.model, participant), wish.sampling.max_tokens)
        context = gather(workspace, wish.model.slug, wish.wanted, room=free)
        shown = prompts.shown(context)
        post = _begun(wish, participant, context, shown)
        with only_runner(workspace.lock(post.id), what=f"post {post.id}"):
            request = _request(shown, post.prompt, wish.sampling)
            desk = _Desk(workspace, post.id, _of_each_try(post, request), tell)
            desk.begun(post)
            tell(f"{wish.model.name} is asked for a post; context: {_words(context)}")
            desk.answered(await ask(participant, request, witness=desk))
            return desk.post
    finally:
        await participant.close()


def _begun(wish: Wish, participant: Participant, context: Context, shown: str) -> Post:
    """Return the post as it stands before anything is asked; it is not on the disk yet.

    What may not be kept never reaches the disk: only its digest does.
    """
    return Post(
        model=wish.model.slug,
        context=context.source,
        form=context.form,
        items=context.items,
        left_out=context.cut,
        shown=shown if context.kept else "",
        context_digest=sha256(shown.encode()) if shown else None,
        letter=None if context.printed is None else context.printed.encode(),
        topic_from=wish.topic_from,
        prompt=prompts.asking(context, max_tokens=wish.sampling.max_tokens, topic=wish.topic),
        sampling=sampling_words(wish.sampling, takes_temperature=participant.takes_temperature),
        participant=participant.address,
        engine=dict(participant.facts),
        software=dict(software()),
        selection_rule=SELECTION_RULE,
        begun_at=to_text(now()),
    )


def _words(context: Context) -> str:
    return words_of(context.source, {item["kind"] for item in context.items})


def _request(shown: str, prompt: str, sampling: Sampling) -> Request:
    """Return what is sent: what the model is given to read, then the asking."""
    text = "\n\n".join(part for part in (shown, prompt) if part)
    message = Message(role="user", blocks=[{"type": "text", "text": text}])
    return Request(messages=[message], sampling=sampling)


def _of_each_try(post: Post, request: Request) -> dict[str, Any]:
    """Return the columns that each attempt at a request begins with."""
    messages = (message_bytes(message) for message in request.messages)
    return {
        "request_digest": request_digest(messages, sampling_document(request.sampling)),
        "address": post.participant,
        "reserved_input_tokens": most_sent(request),
        "reserved_output_tokens": request.sampling.max_tokens,
    }


def _window(model: Model, participant: Participant) -> int | None:
    """Return how many tokens the model takes: as recorded, or as its engine is set."""
    engine = participant.facts.get("context")
    windows = (model.context_window, None if engine is None else int(engine))
    return min((tokens for tokens in windows if tokens is not None), default=None)


class _Desk:
    """A post as it is being written: each attempt is on the disk before it is sent."""

    def __init__(
        self,
        workspace: Workspace,
        post: str,
        of_each_try: Mapping[str, Any],
        tell: Callable[[str], None],
    ) -> None:
        self.post = post  # its id
        self._workspace = workspace
        self._of_each_try = of_each_try
        self._tell = tell
        self._attempt = ""  # the id of the one in flight
        self._tries = 0

    def begun(self, post: Post) -> None:
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

    async def starting(self) -> None:
        self._tries += 1
        attempt = AttemptRecord(
            subject=self.post,
            position=DRAFT,
            number=self._tries,
            started_at=to_text(now()),
            **self._of_each_try,
        )
        self._attempt = attempt.id
        with self._workspace.database.writing() as session:
            session.add(attempt)

    def hears(self, text: str) -> None:
        """Nothing is shown before it is whole: until then it was not written."""

    def failed(self, attempt: Attempt) -> None:
        with self._workspace.database.writing() as session:
            self._end(session, attempt)

    def waiting(self, wait: Wait) -> None:
        self._tell(str(wait))

    def answered(self, attempt: Attempt) -> None:
        """Put on the disk what the model answered, with the attempt that brought it."""
        source = attempt.text.encode()
        with self._workspace.database.writing() as session:
            self._end(session, attempt)
            session.add(
                Draft(
                    post=self.post,
                    number=DRAFT,
                    source=source,
                    source_digest=sha256(source),
                    reading_digest=reading_digest(markdown.render(attempt.text).html),
                    title=title(attempt.text),
                    declined=prompts.declines(attempt.text),
                    stop_reason=attempt.stop_reason,
                    provider_model=attempt.provider_model,
                    attempt=self._attempt,
                    written_at=to_text(attempt.ended_at),
                )
            )

    def _end(self, session: Session, attempt: Attempt) -> None:
        row = session.get_one(AttemptRecord, self._attempt)
        session.add(row.sqlmodel_update(ending(attempt)))
        session.flush()
