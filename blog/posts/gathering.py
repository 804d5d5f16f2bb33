"""Gathering a context: from the record, and from what the operator gives."""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session, col, select

from archive.canonical import as_kept
from archive.errors import InputError
from archive.times import from_text
from archive.workspace.workspace import Workspace
from blog.posts.contexts import Context, Corrected, Exchange, Source, Text, Wanted, fitting
from blog.posts.posts import State as PostState
from blog.posts.posts import histories_of, load_history
from interviews.sessions.content import Content, Speaker, decoded
from interviews.sessions.header import Header
from interviews.sessions.internal_facts import tells_internal_fact
from interviews.sessions.records import INTERVIEWS_ONLY, InterviewSession, State, Turn, Validity


def gather(workspace: Workspace, model: str, wanted: Wanted, *, room: int) -> Context:
    """Return what a model is shown, as far as it fits; news and what the operator gave fit whole.

    Args:
        workspace: Where the record is kept.
        model: Its slug.
        wanted: What it is to be shown.
        room: In bytes of UTF-8.

    Raises:
        InputError: There is nothing of what was wished, or it does not fit.
    """
    source, place = wanted.source, f"--context {wanted.source}"
    if wanted.news is not None:
        _check_fits(wanted.news, room, place="--news")
        room -= wanted.news.size
    corrected = None if wanted.corrects is None else _corrected(workspace, model, wanted.corrects)
    if corrected is not None:
        _check_fits(corrected, room, place="--corrects")
        room -= corrected.size
    if source is Source.NONE:
        context = Context(source=source)
    else:
        given = wanted.text
        parts = on_record(workspace, model, source) if given is None else [given]
        if not parts:
            raise InputError(
                f"{model} has none yet",
                at=place,
                mend="Hold an interview or publish a post first, or write with --context none.",
            )
        _check_fits(parts[-1], room, place=place)
        context = fitting(source, parts, room)
    return replace(context, news=wanted.news, day=wanted.day, corrected=corrected)


def _check_fits(part: Exchange | Text | Corrected, room: int, *, place: str) -> None:
    if part.size > room:
        raise InputError(
            f"does not fit: {part.size} bytes, and there is room for {room}",
            at=part.item.get("name", place),
            mend="Allow a shorter reply with --limit-answer, or record the model's context window.",
        )


def _corrected(workspace: Workspace, model: str, post: str) -> Corrected:
    """Return a published post of the model's own.

    Raises:
        InputError: There is none with that id.
    """
    with workspace.database.reading() as session:
        history = load_history(session, post)
        published, draft = history.publication, history.draft
    is_published = history.state is PostState.PUBLISHED
    if history.post.model != model or published is None or draft is None or not is_published:
        raise InputError(
            f"no post that {model} has published",
            at=f"--corrects {post}",
            mend="`emeritus post list` shows the state of each post.",
        )
    return Corrected(
        id=post, text=draft.source.decode(), published=from_text(published.at, at=post).date()
    )


def on_record(workspace: Workspace, model: str, source: Source) -> Sequence[Exchange | Text]:
    """Return all that a model could be shown of its interviews or posts, oldest first."""
    with workspace.database.reading() as session:
        if source is Source.INTERVIEWS:
            return _exchanges(session, model)
        return _earlier_posts(session, model)


def _exchanges(session: Session, model: str) -> list[Exchange]:
    """Return every exchange of the model's complete and usable interviews, oldest first.

    One that tells a fact that is to stay internal is left out: what is written is for everyone.
    """
    meant = (
        col(InterviewSession.model) == model,
        col(InterviewSession.state) == State.COMPLETE,
        col(InterviewSession.validity) == Validity.USABLE,
        *INTERVIEWS_ONLY,
        col(InterviewSession.origin).is_(None),  # of an import nobody here heard the words
    )
    headers = {
        identifier: Header.decoded(as_kept(header))
        for identifier, header in session.exec(
            select(InterviewSession.id, InterviewSession.header).where(*meant)
        )
    }
    turns = (
        select(Turn)
        .join(InterviewSession)
        .where(*meant)
        .order_by(col(InterviewSession.started_at), col(Turn.session), col(Turn.index))
    )
    exchanges: list[Exchange] = []
    asked: Content | None = None
    for turn in session.exec(turns):
        said = None if turn.content is None else decoded(as_kept(turn.content))
        if turn.speaker == Speaker.INTERVIEWER:
            asked = said
        elif asked is not None and said is not None:
            header = headers[turn.session]
            if not any(tells_internal_fact(one, header) for one in (asked, said)):
                exchanges.append(
                    Exchange(session=turn.session, question=asked.text, answer=said.text)
                )
    return exchanges


def _earlier_posts(session: Session, model: str) -> list[Text]:
    """Return the model's posts that are published now, in the order in which they were."""
    published = [
        (history.publication.at, history.post.id, history.draft.source)
        for history in histories_of(session, model)
        if history.state is PostState.PUBLISHED and history.publication and history.draft
    ]
    return [
        Text(item={"kind": "post", "id": post}, text=source.decode())
        for _, post, source in sorted(published)
    ]
