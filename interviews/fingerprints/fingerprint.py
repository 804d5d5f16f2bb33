"""Fingerprints as they are kept: what was asked and how, and what was replied.

All of one is one document in canonical bytes, which its digest covers and the log holds. One that
was not taken to its end has no digest: it is told, and not compared.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Field, Session, SQLModel, col, select

from archive.canonical import Canonical, as_kept, sha256
from archive.errors import FaultError, InputError
from archive.log import entries
from archive.log.entries import LogEntry
from archive.records.models import load_model
from interviews.fingerprints.comparing import Reply
from interviews.participants.seam import Token, Written

LAST = "last"
NOT_APPLICABLE, NOT_MEASURED = "not applicable", "not measured"


class Fingerprint(SQLModel, table=True):
    """One taking of a fingerprint."""

    id: str = Field(primary_key=True)
    model: str = Field(foreign_key="model.slug", index=True)
    begun_at: str
    ended_at: str | None = None  # None: it goes on, or never came to its end
    reason: str | None = None  # why it did not
    content: bytes  # canonical bytes: all that was fixed before it, and at its end the replies
    digest: str | None = None  # sha256 of the content, once it has ended

    @property
    def document(self) -> dict[str, Any]:
        """What the content says."""
        document: dict[str, Any] = json.loads(as_kept(self.content))
        return document


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A fingerprint that was taken to its end, and is what the log has of it."""

    document: dict[str, Any]
    digest: str

    @property
    def replies(self) -> Sequence[Reply]:
        """What was replied, in the order in which it was asked."""
        return [_reply(reply) for reply in self.document["replies"]]


def settings_of(written: Written) -> dict[str, str]:
    """Return the settings that a request was sent with, in words; two must agree to be compared."""
    body = written.body
    temperature, alternatives = body.get("temperature"), body.get("top_logprobs")
    return {
        "max_tokens": str(body["max_tokens"]),
        "temperature": NOT_APPLICABLE if temperature is None else f"{temperature:g}",
        "seed": str(body.get("seed", NOT_APPLICABLE)),
        "prompt_cache": "off" if body.get("cache_prompt") is False else "not asked for",
        "logprobs": NOT_MEASURED if alternatives is None else f"{alternatives} a token",
    }


def reply_document(reply: Reply) -> dict[str, Canonical]:
    """Return a reply as it is kept; what is absent is left out."""
    document: dict[str, Canonical] = {
        "prompt": reply.prompt,
        "text": reply.text,
        "digest": sha256(reply.text.encode()),
    }
    if reply.stop_reason is not None:
        document["stop_reason"] = reply.stop_reason
    if reply.provider_model is not None:
        document["provider_model"] = reply.provider_model
    if reply.logprobs is not None:
        document["logprobs"] = [
            {"token": token.text, "logprob": token.logprob, "top": token.top}
            for token in reply.logprobs
        ]
    return document


def check_comparable(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> None:
    """Refuse to compare documents of fingerprints that were not taken alike.

    Raises:
        InputError: They differ in their prompts or their settings.
    """
    told = []
    if earlier["prompts"]["digest"] != later["prompts"]["digest"]:
        versions = " and ".join(str(each["prompts"]["version"]) for each in (earlier, later))
        told.append(f"the prompts are not the same set (versions {versions})")
    for name in sorted(earlier["settings"].keys() | later["settings"].keys()):
        before, after = (each["settings"].get(name, "not stated") for each in (earlier, later))
        if before != after:
            told.append(f"{name} was {before} and is {after}")
    if told:
        raise InputError(
            f"not comparable: {'; '.join(told)}",
            at=f"fingerprint {earlier['id']}",
            mend="Compare fingerprints of one set of prompts, taken through one kind of participant.",
        )


def fingerprints_of(session: Session, slug: str | None) -> Sequence[Fingerprint]:
    """Return the fingerprints of a model, or all, the oldest first."""
    rows = select(Fingerprint).order_by(col(Fingerprint.begun_at), col(Fingerprint.id))
    if slug is not None:
        rows = rows.where(Fingerprint.model == load_model(session, slug).slug)
    return session.exec(rows).all()


def last_taken(session: Session, slug: str) -> Taken:
    """Return the last fingerprint of a model that was taken to its end.

    Raises:
        InputError: There is none.
        FaultError: It is not what the log has of it.
    """
    ended = [row for row in fingerprints_of(session, slug) if row.digest is not None]
    if not ended:
        raise InputError(
            "no fingerprint of it was taken to its end",
            at=slug,
            mend=f"Take one: emeritus weights fingerprint {slug}",
        )
    return load_taken(session, ended[-1].id)


def load_taken(session: Session, identifier: str) -> Taken:
    """Return the fingerprint `identifier`, which was taken to its end.

    Raises:
        InputError: There is none such, or it was not taken to its end.
        FaultError: It is not what the log has of it.
    """
    row = session.get(Fingerprint, identifier)
    if row is None:
        raise InputError(
            "no such fingerprint",
            at=identifier,
            mend="See which there are: emeritus weights fingerprint --list",
        )
    if row.digest is None:
        raise InputError(
            f"unfinished{'' if row.reason is None else f': {row.reason}'}",
            at=f"fingerprint {identifier}",
            mend=f"It is not compared. Take another: emeritus weights fingerprint {row.model}",
        )
    if (fault := _fault(session, row)) is not None:
        raise FaultError(
            fault,
            at=f"fingerprint {identifier}",
            mend="It is not compared. See `emeritus log verify`, and what a backup has.",
        )
    return Taken(document=row.document, digest=row.digest)


def _fault(session: Session, row: Fingerprint) -> str | None:
    if sha256(as_kept(row.content)) != row.digest:
        return "its content is not what was recorded"
    of_it = select(LogEntry).where(LogEntry.kind == "fingerprint", LogEntry.subject == row.id)
    return entries.disagreement(session.exec(of_it).first(), {"digest": row.digest})


def _reply(document: Mapping[str, Any]) -> Reply:
    logprobs = document.get("logprobs")
    return Reply(
        prompt=document["prompt"],
        text=document["text"],
        stop_reason=document.get("stop_reason"),
        provider_model=document.get("provider_model"),
        logprobs=None
        if logprobs is None
        else [Token(text=t["token"], logprob=t["logprob"], top=t["top"]) for t in logprobs],
    )
