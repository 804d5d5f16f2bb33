"""Sessions as documents: for `interview show`, for the archive, and for the public.

The public form takes only what is named here. A turn whose content holds more than what was said
(thinking, blocks of other kinds) is published as its text without the salt: its digest stands,
and cannot be recomputed from what is published.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from archive.release.releases import Audience, Release, is_public
from interviews.attempts import AttemptRecord, attempt_document
from interviews.protocols.ways_out import reasons
from interviews.sessions import chain
from interviews.sessions.content import BY_TOOL, Content, decoded
from interviews.sessions.header import Header
from interviews.sessions.internal_facts import tells_internal_fact
from interviews.sessions.records import InterviewSession, Probe, Turn

PUBLIC_SCHEMA = "tag:emeritus.invalid,2026:schema/transcript/1"

PUBLIC_ENGINE = ("api", "context", "engine", "file", "sdk", "slots", "threads")
"""What is published of the participant's engine: not where it runs."""

NOT_WHOLE = "the content holds more than what was said: its text is published, its digest stands"
WITHHELD = "withheld; its digest stands"


def session_record(
    row: InterviewSession,
    turns: Sequence[Turn],
    attempts: Iterable[AttemptRecord],
    probes: Iterable[Probe] = (),
    words_deleted_with: Sequence[str] = (),  # deleted sessions whose words it held
) -> dict[str, Any]:
    """Return what is on record of a session besides its turns: the archive's form."""
    header = None if row.origin is not None else Header.decoded(row.header)
    answered = {turn.index for turn in turns}
    return {
        "id": row.id,
        "model": row.model,
        "protocol": None if header is None else _protocol(header),
        "condition": row.condition,
        "replicate": row.replicate,
        "state": row.state,
        "reason": row.reason,
        "validity": row.validity,
        "exclusion_rule": row.exclusion_rule,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "header": json.loads(row.header),
        "header_digest": row.header_digest,
        "length": len(turns),
        "head": chain.head(row.header_digest, turns),
        "unanswered": [
            {
                "question": attempt.question or _question(header, attempt.position),
                **attempt_document(attempt),
            }
            for attempt in attempts
            if header is not None and attempt.position not in answered  # an import has none
        ],
        **_later(row, probes),
        **({"words_deleted_with": [*words_deleted_with]} if words_deleted_with else {}),
    }


def _later(row: InterviewSession, probes: Iterable[Probe]) -> dict[str, Any]:
    """Return what records of earlier versions have not, where there is something to say."""
    later = {
        "pilot": row.pilot or None,
        "campaign": row.campaign,
        "slot": row.slot,
        "again": row.again,
        "branch_of": row.branch_of,
        "checks": row.checks,
        "origin": row.origin,
        "probes": [probe.model_dump(exclude={"session"}) for probe in probes] or None,
    }
    return {name: value for name, value in later.items() if value is not None}


def turn_record(turn: Turn) -> dict[str, Any]:
    """Return a turn as the archive keeps it: from it all its digests can be recomputed."""
    return _linked(turn) | {
        "content": None if turn.content is None else json.loads(turn.content),
        "salt": None if turn.salt is None else turn.salt.hex(),
    }


def turn_document(turn: Turn, attempts: Iterable[AttemptRecord], *, pilot: bool) -> dict[str, Any]:
    """Return a turn for those who hold the record: what was said, how it came, its digests.

    Args:
        turn: The turn.
        attempts: Those that were made for it.
        pilot: Whether its session is one: a turn that is taken out of it says so too.
    """
    content = None if turn.content is None else decoded(turn.content)
    known = {} if content is None else _known(content)
    return _linked(turn) | {
        "salt": None if turn.salt is None else turn.salt.hex(),
        "text": None,
        "blocks": None,
        "question": None,
        "declined": None,
        "declined_in": None,
        "probe": None,
        "stop_reason": None,
        "usage": None,
        "provider_model": None,
        "request_id": None,
        **known,
        "pilot": pilot,
        "attempts": list(map(attempt_document, attempts)),
    }


def public_document(
    row: InterviewSession,
    turns: Sequence[Turn],
    public_turns: Collection[int],
    *,
    probes_rejected: int = 0,
) -> dict[str, Any]:
    """Return a session as anyone may have it, with the turns at `public_turns` in it.

    Of the probes that their check rejected it has the number alone.

    No prompt, no person and nothing of the machine is in it but in the words of those turns; a
    turn that tells a fact that is to stay internal is withheld, whatever `public_turns` says.
    """
    header = Header.decoded(row.header)
    public_turns = set(public_turns) - internal_turns(row, turns)
    return {
        "$schema": PUBLIC_SCHEMA,
        "id": row.id,
        "model": row.model,
        "protocol": _protocol(header),
        "condition": row.condition,
        "replicate": row.replicate,
        "state": row.state,
        "validity": row.validity,
        "exclusion_rule": row.exclusion_rule,
        "pilot": row.pilot,
        "probes_rejected": probes_rejected,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "participant": public_address(header.participant),
        "engine": {name: header.engine[name] for name in PUBLIC_ENGINE if name in header.engine},
        "software": header.software,
        "header_digest": row.header_digest,
        "length": len(turns),
        "head": chain.head(row.header_digest, turns),
        "turns": [public_turn(turn, shown=turn.index in public_turns) for turn in turns],
    }


def internal_turns(row: InterviewSession, turns: Iterable[Turn]) -> frozenset[int]:
    """Return which turns hold the words of a fact that is to stay internal."""
    header = Header.decoded(row.header)
    return frozenset(
        turn.index
        for turn in turns
        if turn.content is not None and tells_internal_fact(decoded(turn.content), header)
    )


def public_turn(turn: Turn, *, shown: bool) -> dict[str, Any]:
    """Return a turn as anyone may have it; one that is not shown keeps its place and digests."""
    if not shown or turn.content is None or turn.salt is None:
        return _linked(turn) | {"text": None, "note": WITHHELD}
    content = decoded(turn.content)
    said = _linked(turn) | {"question": content.question, "text": content.text}
    if any(block["type"] != "text" for block in content.blocks):
        return said | {"note": NOT_WHOLE}
    return said | {"content": json.loads(turn.content), "salt": turn.salt.hex()}


def public_address(address: str) -> str:
    """Return how a participant is reached, without the paths and the hosts of this place."""
    scheme, _, rest = address.partition(":")
    if scheme == "openai":
        return f"openai:#{rest.rpartition('#')[2]}"
    return scheme if scheme == "gguf" else address


def release_word(releases: Sequence[Release], as_of: datetime) -> str:
    """Return "internal", "embargoed" or "public" for a subject's releases, the oldest first."""
    if is_public(releases, as_of):
        return Audience.PUBLIC
    embargoed = releases and releases[-1].audience == Audience.EMBARGOED
    return Audience.EMBARGOED if embargoed else Audience.INTERNAL


def names_of_model(contents: Iterable[Content]) -> list[str]:
    """Return what the provider itself called the model, each name once, in order.

    More than one: it changed the name between turns, and may have changed the model.
    """
    names = (content.provider_model for content in contents)
    return list(dict.fromkeys(name for name in names if name is not None))


def how_declined(content: Content) -> str:
    """Return how something was declined, where the words of the rules did not do it."""
    heard = content.declined_in
    if heard is None:
        return ""
    if heard == BY_TOOL:
        return f" by a tool{''.join(f': {reason}' for reason in reasons(content.blocks))}"
    return f", heard in its own words: “{heard}”"


def _linked(turn: Turn) -> dict[str, Any]:
    # named one by one: a row's own order of fields is another in each process
    fields = ("index", "speaker", "at", "content_digest", "previous", "link")
    return {field: getattr(turn, field) for field in fields}


def _known(content: Content) -> dict[str, Any]:
    return {
        "text": content.text,
        "blocks": content.blocks,
        "question": content.question or None,
        "declined": content.declined,
        "declined_in": content.declined_in,
        "probe": content.probe,
        "stop_reason": content.stop_reason,
        "usage": content.usage or None,
        "provider_model": content.provider_model,
        "request_id": content.request_id,
    }


def _protocol(header: Header) -> dict[str, Any]:
    protocol = header.protocol
    return {"slug": protocol.slug, "version": protocol.version, "digest": protocol.digest}


def _question(header: Header, position: int) -> str:
    return header.asks[position // 2].id
