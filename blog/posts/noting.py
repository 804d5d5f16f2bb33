"""Noting: an operator says something beside a post; it is logged, and shown with the text."""

from archive.errors import FaultError, InputError
from archive.log import entries
from archive.times import now, to_text
from archive.workspace.people import Person
from archive.workspace.workspace import Workspace
from blog.posts.notes import OperatorNote, Side, shown_notes
from blog.posts.posts import State, load_history

LONGEST_NOTE = 20_000  # characters


def add_note(
    workspace: Workspace,
    post: str,
    text: str,
    *,
    side: Side,
    by: Person,
    instead_of: str | None = None,
) -> OperatorNote:
    """Put a note beside a post, or in the place of one that is there.

    Raises:
        InputError: There is no such post or note, or the note is empty or too long.
        FaultError: The post was deleted.
    """
    if not text.strip():
        raise InputError("empty", at="the note", mend="Say in a sentence what readers should know.")
    if len(text) > LONGEST_NOTE:
        raise InputError(
            f"longer than {LONGEST_NOTE:,} characters",
            at="the note",
            mend="Put a longer one into pages/, and link to it.",
        )
    with workspace.deciding() as session:
        history = load_history(session, post)
        if history.state is State.DELETED:
            raise FaultError("it was deleted", at=f"post {post}", mend="Nothing was recorded.")
        there = [note.id for note in shown_notes(history.notes)]
        if instead_of is not None and instead_of not in there:
            raise InputError(
                f"no such note is shown: {instead_of!r}",
                at="--instead-of",
                mend=f"Those that are: {', '.join(there) or 'none'}.",
            )
        note = OperatorNote(
            post=history.post.id,
            text=text.replace("\0", "\ufffd"),
            side=side,
            instead_of=instead_of,
            by=by.id,
            at=to_text(now()),
        )
        entries.record(session, "note", note)
    return note
