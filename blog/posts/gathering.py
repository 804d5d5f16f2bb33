"""Gathering a context: from the record, or from a file that the operator names."""

from collections.abc import Sequence
from pathlib import Path

from sqlmodel import Session, col, select

from archive.canonical import as_kept, sha256
from archive.errors import InputError
from archive.workspace.workspace import Workspace
from blog.posts.contexts import Context, Exchange, Source, Text, fitting
from blog.posts.posts import histories_of
from interviews.sessions.content import Content, Speaker, decoded
from interviews.sessions.header import Header
from interviews.sessions.internal_facts import tells_internal_fact
from interviews.sessions.records import INTERVIEWS_ONLY, InterviewSession, State, Turn, Validity


def gather(
    workspace: Workspace, model: str, source: Source, *, file: Path | None, room: int
) -> Context:
    """Return what a model is shown, as far as it fits.

    Args:
        workspace: Where the record is kept.
        model: Its slug.
        source: Where the context comes from.
        file: Of Source.FILE.
        room: In bytes of UTF-8.

    Raises:
        InputError: There is nothing of what was wished, or none of it fits.
    """
    if source is Source.NONE:
        return Context(source=source)
    parts = _read(file) if file is not None else on_record(workspace, model, source)
    context = fitting(source, parts, room)
    if context.parts:
        return context
    place = str(file or f"--context {source}")
    if parts:
        raise InputError(
            f"does not fit: {parts[-1].size} bytes, and there is room for {room}",
            at=place,
            mend="Allow a shorter reply with --limit-answer, or record the model's context window.",
        )
    raise InputError(
        f"{model} has none yet",
        at=place,
        mend="Hold an interview or publish a post first, or write with --context none.",
    )


def _read(path: Path) -> list[Text]:
    try:
        content = path.read_bytes()
        text = content.decode()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise InputError(
            f"cannot be read: {reason}",
            at=str(path),
            mend="Name a text file, or one of: none, interviews, posts.",
        ) from error
    return [Text(item={"kind": "file", "name": path.name, "sha256": sha256(content)}, text=text)]


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
    """Return the model's published posts in the order in which they were published."""
    published = [
        (history.publication.at, history.post.id, history.draft.source)
        for history in histories_of(session, model)
        if history.publication is not None and history.draft is not None
    ]
    return [
        Text(item={"kind": "post", "id": post}, text=source.decode())
        for _, post, source in sorted(published)
    ]
