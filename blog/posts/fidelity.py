"""Fidelity: whether a text is still the one that the model gave.

A digest that agrees shows that the record agrees with itself: not that the provider's
answer reached it unchanged, nor that the model meant it.
"""

import zlib

from archive.canonical import sha256
from archive.errors import FaultError
from blog.posts.posts import Draft
from blog.posts.titles import title
from interviews.attempts import AttemptRecord
from interviews.participants.messages import Reply
from interviews.participants.stream import UnreadableError, folded

MEND = "It is not published. Bring the database back from a backup: no text is mended here."


def check(draft: Draft, *, recorded: str, attempt: AttemptRecord) -> None:
    """Check a draft's text against its digest and against the answer that it was taken from.

    Args:
        draft: The draft as it is now.
        recorded: The digest that the text must have.
        attempt: The one that brought it.

    Raises:
        FaultError: The text is not the one that was recorded, or not the model's own.
    """
    found = sha256(draft.source)
    place = f"post {draft.post}"
    if {found, draft.source_digest} != {recorded}:
        raise FaultError(
            f"the text has changed: its sha256 is {found}, and {recorded} was recorded",
            at=place,
            mend=MEND,
        )
    if draft.title != title(draft.source.decode()):
        raise FaultError(
            f"the title {draft.title!r} is not the one that the text begins with",
            at=place,
            mend=MEND,
        )
    reply = _reply(attempt)
    words = "".join(str(one["text"]) for one in reply.blocks if one["type"] == "text")
    said = sha256(words.encode())
    if said != recorded:
        raise FaultError(
            f"the text, sha256 {recorded}, is not the model's own, sha256 {said}",
            at=place,
            mend=MEND,
        )
    if (draft.stop_reason, draft.provider_model) != (reply.stop_reason, reply.provider_model):
        raise FaultError("how its answer ended, or who gave it, has changed", at=place, mend=MEND)


def _reply(attempt: AttemptRecord) -> Reply:
    """Return what a model said in an attempt's response; nothing, if it is no whole reply."""
    reply = Reply()
    try:
        for _ in reply.read(folded(attempt.response_body)):
            pass
    except (UnreadableError, zlib.error):
        return Reply()
    return reply
