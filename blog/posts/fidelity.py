"""Fidelity: whether a text is still the one that the model gave.

A digest that agrees shows that the record agrees with itself: not that the provider's
answer reached it unchanged, nor that the model meant it.
"""

import zlib
from collections.abc import Sequence

from archive.canonical import sha256
from archive.errors import FaultError
from blog.posts.answers import Answer, Asking, meaning
from blog.posts.naming import Naming, naming
from blog.posts.posts import Draft
from blog.posts.titles import title
from interviews.attempts import AttemptRecord
from interviews.participants.messages import Reply
from interviews.participants.stream import UnreadableError, folded

MEND = "It is not published. Bring the database back from a backup: no text is mended here."


def check(
    draft: Draft, *, recorded: str, attempt: AttemptRecord, named: Answer | None = None
) -> None:
    """Check a draft's text against its digest and against the answer that it was taken from.

    Args:
        draft: The draft as it is now.
        recorded: The digest that the text must have.
        attempt: The one that brought it.
        named: What the model answered when it was asked for a summary and tags.

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
    _check_names(draft, named, place=place)
    reply = _reply(attempt)
    said = sha256(_words(reply))
    if said != recorded:
        raise FaultError(
            f"the text, sha256 {recorded}, is not the model's own, sha256 {said}",
            at=place,
            mend=MEND,
        )
    if (draft.stop_reason, draft.provider_model) != (reply.stop_reason, reply.provider_model):
        raise FaultError("how its answer ended, or who gave it, has changed", at=place, mend=MEND)


def check_answer(answer: Answer, *, attempt: AttemptRecord, written: Sequence[Draft]) -> None:
    """Check what a model answered about its drafts against the bytes of its reply.

    Raises:
        FaultError: It is not the model's own, or is not what is made of it.
    """
    place = f"post {answer.post}"
    if answer.said != _words(_reply(attempt)):
        raise FaultError(f"its answer on {answer.asking} is not its own", at=place, mend=MEND)
    numbers = [draft.number for draft in written]
    made = meaning(Asking(answer.asking), answer.said.decode(), numbers=numbers)
    leads_to = next((one.id for one in written if str(one.number) == made), written[0].id)
    by_choice = answer.asking == Asking.CHOICE
    if answer.meaning != made or (by_choice and answer.draft != leads_to):
        raise FaultError(
            f"its answer on {answer.asking} means {made}, and not what is recorded",
            at=place,
            mend=MEND,
        )


def _check_names(draft: Draft, named: Answer | None, *, place: str) -> None:
    given = Naming() if named is None else naming(named.said.decode())
    expected = {
        "title": title(draft.source.decode()) or given.title,
        "summary": given.summary,
        "tags": given.tag_items,
    }
    for name, value in expected.items():
        if (found := getattr(draft, name)) != value:
            raise FaultError(
                f"the {name} {found!r} is not the one that the model gave", at=place, mend=MEND
            )


def _words(reply: Reply) -> bytes:
    texts = (str(one["text"]) for one in reply.blocks if one["type"] == "text")
    return "".join(texts).encode()


def _reply(attempt: AttemptRecord) -> Reply:
    """Return what a model said in an attempt's response; nothing, if it is no whole reply."""
    reply = Reply()
    try:
        for _ in reply.read(folded(attempt.response_body)):
            pass
    except (UnreadableError, zlib.error):
        return Reply()
    return reply
