"""What was said in a turn, and what is known of how it came: the bytes that a turn's digest covers.

Pure.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from archive.canonical import Canonical, canonical_bytes, sha256
from archive.errors import FaultError
from interviews.participants.seam import Attempt, Block, Message, Request, Tool

BY_TOOL = "tool"
"""What stands in the place of free words where a tool was called."""

NO_QUESTION = ""
"""The question of a turn that is of no protocol: it was imported."""


class Speaker(StrEnum):
    """Who speaks in a turn; the last two only in what was imported."""

    INTERVIEWER = "interviewer"
    PARTICIPANT = "participant"
    SYSTEM = "system"
    TOOL = "tool"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One utterance; what does not apply to it, or was not given, is absent."""

    question: str  # the protocol's id of the question that is asked or answered
    blocks: Sequence[Block]
    stop_reason: str | None = None
    usage: Mapping[str, int] = field(default_factory=dict)  # tokens, as the provider counted
    provider_model: str | None = None
    request_id: str | None = None
    raw_digest: str | None = None  # sha256 of the response body, which is kept apart
    declined: str | None = None  # "question" or "interview"
    declined_in: str | None = None  # the free words by which, or BY_TOOL; None: by the rules' words
    probe: str | None = None  # the kind of the probe that is asked or answered; None: the question

    @property
    def text(self) -> str:
        """What was said: the text blocks, joined; thinking is never part of it."""
        return "".join(str(block["text"]) for block in self.blocks if block["type"] == "text")

    def encoded(self) -> bytes:
        """Return the canonical bytes, with absent keys left out."""
        present: dict[str, Canonical] = {"blocks": self.blocks, "question": self.question}
        optional = {
            "stop_reason": self.stop_reason,
            "usage": self.usage or None,
            "provider_model": self.provider_model,
            "request_id": self.request_id,
            "raw_digest": self.raw_digest,
            "declined": self.declined,
            "declined_in": self.declined_in,
            "probe": self.probe,
        }
        present |= {name: value for name, value in optional.items() if value is not None}
        return canonical_bytes(present)


def message_bytes(message: Message) -> bytes:
    """Return the canonical bytes of one message of a request."""
    return canonical_bytes({"role": message.role, "blocks": message.blocks})


def most_sent(request: Request) -> int:
    """Return how many tokens a request can hold at most, before anybody counted: its bytes."""
    messages = sum(len(message_bytes(message)) for message in request.messages)
    return messages + len((request.system or "").encode()) + len(tools_bytes(request.tools))


def tools_bytes(tools: Sequence[Tool]) -> bytes:
    """Return the canonical bytes of the tools that are offered; none where none are."""
    return canonical_bytes([tool_document(tool) for tool in tools]) if tools else b""


def tool_document(tool: Tool) -> dict[str, Canonical]:
    """Return a tool as it is recorded."""
    return {"name": tool.name, "says": tool.says, "takes": tool.takes, "result": tool.result}


def request_digest(
    messages: Iterable[bytes],
    sampling: Mapping[str, Canonical],
    *,
    system: str | None = None,
    tools: Sequence[Tool] = (),
) -> str:
    """Return the digest of a request's canonical bytes, given those of its messages.

    So the messages of a long interview are not written out again with each question.
    """
    said = b"" if system is None else b',"system":%b' % canonical_bytes(system)
    offered = b',"tools":%b' % tools_bytes(tools) if tools else b""
    body = b'{"messages":[%b],"sampling":%b%b%b}' % (
        b",".join(messages),
        canonical_bytes(sampling),
        said,
        offered,
    )
    return sha256(body)


def spoken(text: str, *, question: str, probe: str | None = None) -> Content:
    """Return the content of a plain utterance."""
    return Content(question=question, blocks=({"type": "text", "text": text},), probe=probe)


def replied(attempt: Attempt, *, question: str, probe: str | None = None) -> Content:
    """Return the content of what an attempt brought."""
    return Content(
        question=question,
        blocks=attempt.blocks,
        stop_reason=attempt.stop_reason,
        usage=attempt.usage,
        provider_model=attempt.provider_model,
        request_id=attempt.request_id,
        raw_digest=sha256(attempt.raw),
        probe=probe,
    )


def decoded(content: bytes) -> Content:
    """Return the content that `Content.encoded` gave.

    Raises:
        FaultError: It is something else by now.
    """
    try:
        document: dict[str, Any] = json.loads(content)
        return Content(**document)
    except (ValueError, TypeError) as error:
        raise FaultError(
            "its content is not what was recorded",
            at="a turn",
            mend="`emeritus interview verify` names it.",
        ) from error


def nothing_said(replies: Iterable[Content], *, opening: str) -> bool:
    """Whether no question was answered: to agree to the interview, or to decline, is no answer."""
    return not any(
        reply.text.strip() and reply.declined is None and reply.question != opening
        for reply in replies
    )
