"""Asking a model about what it wrote: which draft, may it be published, how is it named.

Each is a question after the asking for the post and the draft, as a conversation has them; what
the model was shown before is not put before it again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from archive.errors import FaultError
from archive.log import entries
from archive.records.models import load_model, participant_of
from archive.times import from_text, long_date, now, to_text
from archive.workspace.locks import only_runner
from archive.workspace.workspace import Workspace
from blog.posts import answers, prompts
from blog.posts.answers import Answer, Asking
from blog.posts.desk import Desk, request_of
from blog.posts.naming import naming
from blog.posts.posts import Draft, History, State, load_history
from blog.posts.selection import Selection
from blog.posts.titles import title
from interviews.participants.addresses import open_participant
from interviews.participants.seam import Participant, Sampling
from interviews.sessions.budgets import BudgetError, Purse
from interviews.sessions.header import sampling_words

TOKENS = {Asking.CHOICE: 32, Asking.PUBLICATION: 32, Asking.NAMING: 160, Asking.STANDING: 96}
"""The longest reply; what goes beyond is cut off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that a model is to be asked about a draft."""

    asking: Asking
    draft: Draft


def due(history: History) -> Question | None:
    """Return what the model is to be asked next about a post that is not published; None: nothing.

    A text that it does not want published needs no summary.
    """
    draft = history.draft
    if draft is None or history.state in {State.DECLINED, State.DELETED, State.PUBLISHED}:
        return None
    if history.is_open:
        return Question(asking=Asking.CHOICE, draft=draft)
    any_may_be_taken = history.post.selection == Selection.REVIEWER
    for one in history.written if any_may_be_taken else [draft]:
        if history.answer(one, Asking.PUBLICATION) is None:
            return Question(asking=Asking.PUBLICATION, draft=one)
        if not history.refuses(one) and history.answer(one, Asking.NAMING) is None:
            return Question(asking=Asking.NAMING, draft=one)
    return None


async def ask_again(
    workspace: Workspace, post: str, *, tell: Callable[[str], None], purse: Purse
) -> list[str]:
    """Ask the model of a post what it was not asked yet, or if it stands by what is published.

    Returns the ids of its answers.

    Raises:
        BudgetError: The next attempt may take more than is left.
        InputError: There is no such post, or its model cannot be reached as recorded.
        FaultError: There is no text to ask about, or nothing to ask.
        ServiceError: No answer came, or somebody asks about it now.
    """
    with workspace.database.reading() as session:
        history = load_history(session, post)
        address = participant_of(load_model(session, history.post.model))
    _check(history)
    workspace.check_log()
    participant = await open_participant(address)
    try:
        with only_runner(workspace.lock(post), what=f"post {post}"):
            purse.open([participant.address])
            desk = Desk(workspace, post, tell=tell, purse=purse)
            if history.state is not State.PUBLISHED:
                return await ask_rest(workspace, desk, participant)
            draft = _taken(history)
            return [await _ask(desk, participant, Asking.STANDING, history, draft)]
    finally:
        await participant.close()


async def ask_rest(workspace: Workspace, desk: Desk, participant: Participant) -> list[str]:
    """Ask a model all that is due about what it wrote; return the ids of its answers."""
    made: list[str] = []
    while True:
        with workspace.database.reading() as session:
            history = load_history(session, desk.post)
        if (question := due(history)) is None:
            return made
        made.append(await _ask(desk, participant, question.asking, history, question.draft))


async def _ask(
    desk: Desk,
    participant: Participant,
    asking: Asking,
    history: History,
    draft: Draft,
) -> str:
    text = _numbered(history) if asking is Asking.CHOICE else draft.source.decode()
    written = from_text(draft.written_at, at=draft.id)
    prompt = prompts.about(
        asking,
        drafts=len(history.written),
        wants_title=title(text) is None,
        written=long_date(written),
        today=long_date(now()),
    )
    sampling = _sampling(history, participant, TOKENS[asking])
    request = request_of([history.post.prompt, text, prompt], sampling)
    try:
        attempt = await desk.asks_briefly(
            participant, request, position=draft.number, about=asking.value
        )
    except BudgetError as error:
        mend = f"What came is kept. Raise the budget; then: emeritus post ask {desk.post}"
        raise BudgetError(error.what, budget=error.budget, name=error.name, mend=mend) from error
    made_of_it = answers.meaning(
        asking, attempt.text, numbers=[one.number for one in history.written]
    )
    if asking is Asking.CHOICE:
        draft = next((one for one in history.written if str(one.number) == made_of_it), draft)
    answer = Answer(
        post=desk.post,
        draft=draft.id,
        asking=asking,
        prompt=prompt,
        sampling=sampling_words(sampling, takes_temperature=participant.takes_temperature),
        said=attempt.text.encode(),
        meaning=made_of_it,
        attempt=desk.attempt,
        at=to_text(attempt.ended_at),
    )
    identifier = answer.id
    with desk.keeping(attempt, logged=True) as session:
        session.add(answer)
        session.flush()
        if asking is Asking.NAMING:
            named = naming(attempt.text)
            row = session.get_one(Draft, draft.id)
            row.title = row.title or named.title
            row.summary, row.tags = named.summary, named.tag_items
            session.add(row)
        entries.append(session, answers.KIND, answer.id, answers.statement(answer))
    desk.tell(f"asked {prompts.SHORTLY[asking]}: {made_of_it}")
    return identifier


def _numbered(history: History) -> str:
    """Return the drafts that the model is to choose from."""
    return "\n\n".join(f"Post {one.number}:\n\n{one.source.decode()}" for one in history.written)


def _sampling(history: History, participant: Participant, max_tokens: int) -> Sampling:
    """Return how the answer is drawn: as the draft was, where that can be asked for."""
    drawn = history.post.sampling.get("temperature", "")
    is_number = drawn.replace(".", "", 1).isdigit()
    temperature = drawn if is_number and participant.takes_temperature else None
    return Sampling(max_tokens=max_tokens, temperature=temperature)


def _check(history: History) -> None:
    place = f"post {history.post.id}"
    if history.draft is None or history.state in {State.DECLINED, State.DELETED}:
        raise FaultError(
            f"there is no text to ask about: {history.state}",
            at=place,
            mend=f"Ask for one with `emeritus post write {history.post.model}`.",
        )
    if history.state is not State.PUBLISHED and due(history) is None:
        raise FaultError(
            "it has answered all that it is asked before a text is published",
            at=place,
            mend="Once it is published, this asks whether it stands by it.",
        )


def _taken(history: History) -> Draft:
    """Return the draft that is published."""
    published = history.publication
    return next(row for row in history.drafts if published and row.id == published.draft)
