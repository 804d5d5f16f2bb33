"""The chain over a session's turns: what ties each turn to all before it.

Pure. A link covers who spoke, when, and the salted digest of what was said, but not the words:
a turn whose content is withheld or deleted still holds its place, and the chain still verifies.
That the chain agrees with itself does not show that a provider returned this text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from archive.canonical import as_kept, canonical_bytes, salted_digest, sha256


class Linked(Protocol):
    """A turn as it is kept."""

    session: str
    index: int
    speaker: str
    at: str
    content: bytes | None
    salt: bytes | None
    content_digest: str
    previous: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The first turn at which a chain fails, and how."""

    index: int
    what: str


def link(
    *, session: str, index: int, speaker: str, at: str, content_digest: str, previous: str
) -> str:
    """Return the digest that ties one turn to the link before it, hex.

    The `previous` of the first turn is the digest of the session's header.
    """
    return sha256(
        canonical_bytes(
            {
                "session": session,
                "index": index,
                "speaker": speaker,
                "at": at,
                "content_digest": content_digest,
                "previous": previous,
            }
        )
    )


def head(header_digest: str, turns: Sequence[Linked]) -> str:
    """Return the last link; with no turn, the header's digest."""
    return turns[-1].link if turns else header_digest


def first_fault(session: str, header_digest: str, turns: Sequence[Linked]) -> Fault | None:
    """Return the first fault in a session's turns, given in their order, or None."""
    previous = header_digest
    for index, turn in enumerate(turns):
        if (what := _fault(session, index, previous, turn)) is not None:
            return Fault(index=index, what=what)
        previous = turn.link
    return None


def _fault(session: str, index: int, previous: str, turn: Linked) -> str | None:
    if (turn.session, turn.index) != (session, index):
        return f"missing: turn {turn.index} stands in its place"
    if (turn.content is None) != (turn.salt is None):
        return "its content and its salt are not both there"
    if (
        turn.content is not None
        and turn.salt is not None
        and salted_digest(as_kept(turn.salt), as_kept(turn.content)) != turn.content_digest
    ):
        return "its content is not what was recorded"
    if turn.previous != previous:
        return "it does not follow on what stands before it"
    recomputed = link(
        session=turn.session,
        index=turn.index,
        speaker=turn.speaker,
        at=turn.at,
        content_digest=turn.content_digest,
        previous=turn.previous,
    )
    return None if recomputed == turn.link else "its link is not the digest of its fields"
