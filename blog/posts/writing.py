"""Writing: a model is asked for a post, and what it answers is kept as it came.

The post, its rule, its context and its prompt are on the disk before the first attempt; each
attempt before it is sent; the draft in one transaction with the attempt that brought it. A post
that was left without a text stands as interrupted and is not taken up again: a later `post write`
begins another. What the model was not asked about its text then, `post ask` asks.
"""

from collections.abc import Callable
from dataclasses import dataclass

from archive.canonical import sha256
from archive.errors import InputError
from archive.records.models import Model, participant_of
from archive.rendering import markdown
from archive.rendering.reading_text import reading_digest
from archive.times import now, to_text
from archive.workspace.locks import only_runner
from archive.workspace.workspace import Workspace
from blog.posts import prompts
from blog.posts.asking import ask_rest
from blog.posts.contexts import BYTES_PER_TOKEN, Context, TopicFrom, Wanted, room, words_of
from blog.posts.desk import Desk, most_of, request_of
from blog.posts.gathering import gather
from blog.posts.posts import Draft, Post
from blog.posts.selection import Selection
from blog.posts.titles import title
from interviews.participants.addresses import open_participant
from interviews.participants.asking import always_the_same, check_sampling
from interviews.participants.seam import Attempt, Participant, Request, Sampling
from interviews.sessions.beginning import software
from interviews.sessions.budgets import BudgetError, Purse
from interviews.sessions.header import sampling_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the operator asks of a model."""

    model: Model
    wanted: Wanted
    sampling: Sampling
    topic: str | None = None  # None: whatever the model likes
    topic_from: TopicFrom = TopicFrom.MODEL
    selection: Selection = Selection.FIRST
    drafts: int = 1


async def write(
    workspace: Workspace, wish: Wish, *, tell: Callable[[str], None], purse: Purse
) -> str:
    """Ask a model for a post; return the post's id.

    Args:
        workspace: Where the post is kept.
        wish: What is asked of whom.
        tell: Given a line whenever something happens.
        purse: What may be spent.

    Raises:
        BudgetError: The next attempt may take more than is left. Before the first nothing is kept;
            later the post stands as far as it came.
        InputError: The participant cannot be opened or does not take the sampling, or there is
            nothing to show of what was wished. Nothing is kept.
        FaultError: What was to be shown was deleted just now. Nothing is kept.
        ServiceError: No answer came. Without a text the post stands as interrupted.
    """
    participant = await open_participant(participant_of(wish.model))
    try:
        check_sampling(wish.sampling, participant)
        _check_choosing(wish, participant)
        workspace.check_log()
        free = room(_window(wish.model, participant), wish.sampling.max_tokens)
        context = gather(workspace, wish.model.slug, wish.wanted, room=free)
        shown = prompts.shown(context)
        post = _begun(wish, participant, context, shown)
        with only_runner(workspace.lock(post.id), what=f"post {post.id}"):
            desk = Desk(workspace, post.id, tell=tell, purse=purse)
            text = "\n\n".join(part for part in (shown, post.prompt) if part)
            request = request_of([text], wish.sampling)
            try:
                purse.open([participant.address])
                purse.check_first(participant.address, most_of(request))
                desk.begun(post)
                tell(f"{wish.model.name} is asked for a post; context: {_words(context)}")
                await _drafts(desk, participant, request, wish.drafts)
            except BudgetError as error:
                raise error.anew() from error
            await ask_rest(workspace, desk, participant)
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
        corrects=wish.wanted.corrects,
        topic_from=wish.topic_from,
        prompt=prompts.asking(context, max_tokens=wish.sampling.max_tokens, topic=wish.topic),
        sampling=sampling_words(wish.sampling, takes_temperature=participant.takes_temperature),
        participant=participant.address,
        engine=dict(participant.facts),
        software=dict(software()),
        selection_rule=wish.selection.words(wish.drafts),
        selection=wish.selection,
        drafts_wished=wish.drafts,
        begun_at=to_text(now()),
    )


def _words(context: Context) -> str:
    kinds = {item["kind"] for item in context.items}
    return words_of(context.source, kinds, corrects=context.corrected is not None)


def _window(model: Model, participant: Participant) -> int | None:
    """Return how many tokens the model takes: as recorded, or as its engine is set."""
    engine = participant.facts.get("context")
    windows = (model.context_window, None if engine is None else int(engine))
    return min((tokens for tokens in windows if tokens is not None), default=None)


async def _drafts(desk: Desk, participant: Participant, request: Request, wished: int) -> None:
    """Ask for so many drafts with the same words; a model that would rather not is asked no more."""
    for number in range(1, wished + 1):
        if number > 1:
            desk.tell(f"draft {number} of {wished}")
        attempt = await desk.asks(participant, request, position=number)
        draft = _draft(desk, attempt, number)
        declined = draft.declined
        with desk.keeping(attempt) as session:
            session.add(draft)
        if declined:
            return


def _check_choosing(wish: Wish, participant: Participant) -> None:
    """Refuse drafts that would be one and the same, or that the model could not be shown at once."""
    if wish.drafts > 1 and always_the_same(wish.sampling, participant.address):
        raise InputError(
            f"would be written {wish.drafts} times with the same words",
            at="--drafts",
            mend="Leave out --temperature, or give one above 0.",
        )
    free = room(_window(wish.model, participant), wish.sampling.max_tokens) // BYTES_PER_TOKEN
    longest = wish.drafts * wish.sampling.max_tokens
    if wish.selection is Selection.MODEL and longest > free:
        raise InputError(
            f"may be too long to be chosen from: {longest} tokens, and there is room for {free}",
            at="--drafts",
            mend="Allow shorter replies with --limit-answer, or record the model's context window.",
        )


def _draft(desk: Desk, attempt: Attempt, number: int) -> Draft:
    """Return what the model answered, as it came."""
    source = attempt.text.encode()
    return Draft(
        post=desk.post,
        number=number,
        source=source,
        source_digest=sha256(source),
        reading_digest=reading_digest(markdown.render(attempt.text).html),
        title=title(attempt.text),
        declined=prompts.declines(attempt.text),
        stop_reason=attempt.stop_reason,
        provider_model=attempt.provider_model,
        attempt=desk.attempt,
        written_at=to_text(attempt.ended_at),
    )
