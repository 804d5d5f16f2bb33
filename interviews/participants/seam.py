"""The one seam to a model: a request, one attempt at it, and who answers.

Pure. One call of `Participant.reply` is one HTTP attempt. Retries, limits and budgets stand
above it, in `interviews.participants.asking`; what is stored of an attempt stands in
`interviews.attempts`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol, TypeAlias

from archive.canonical import Canonical

Block: TypeAlias = Mapping[str, Canonical]
"""A content block as the Messages API writes it: `{"type": "text", "text": …}`,
`{"type": "thinking", "thinking": …, "signature": …}`, `{"type": "redacted_thinking", "data": …}`.
A block of another kind is `{"type": …, "json": its JSON text}`: kept, never shown as speech.
U+FFFD stands for lone surrogates: an attempt's raw bytes have what came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a request."""

    role: Literal["user", "assistant"]
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How replies are drawn; None leaves it to the provider."""

    max_tokens: int
    temperature: str | None = None  # decimal text, so that it has one canonical form


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """Something that a participant may do besides speaking; nothing is run for it."""

    name: str
    says: str  # what it does, as the participant is told
    takes: Mapping[str, str]  # texts that may be given to it, by name, and what each says
    result: str  # what comes back for a call, with the next question


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of a participant once."""

    messages: Sequence[Message]
    sampling: Sampling
    system: str | None = None
    tools: Sequence[Tool] = ()  # only for a participant that takes them
    repeatable: "Repeatable | None" = None  # None: asked for what it says, at the least cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatable:
    """The wish that the same request brings the same reply: no prompt cache, and what is given.

    A participant is sent what it takes of it; `Participant.written` says what that is.
    """

    seed: int
    top_logprobs: int  # how many alternatives are wanted with each token


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A request as it goes over the wire, less what only the connection adds."""

    path: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token of a reply, and what else could have stood in its place."""

    text: str  # bytes that are no UTF-8 as \xNN, a backslash as two
    logprob: int  # millionths of a nat, rounded; never below -LARGEST_LOGPROB
    top: Mapping[str, int]  # the likeliest tokens here, by their text


LARGEST_LOGPROB = 10**9


class Cause(StrEnum):
    """Why an attempt brought no reply."""

    KEY_REFUSED = "key refused"  # 401, 402, 403
    NOT_FOUND = "not found"  # 404
    BAD_REQUEST = "bad request"  # 400, 413, 422, a redirection and what else is ours to mend
    RATE_LIMITED = "rate limited"  # 429
    OVERLOADED = "overloaded"  # 529
    SERVER_ERROR = "server error"  # other 5xx, 408, 409
    UNREACHABLE = "unreachable"  # refused, no such host, time-out before an answer
    BROKEN_OFF = "broken off"  # the stream ended, stalled or was reset before its end
    UNREADABLE = "unreadable"  # an answer in no form that is known
    EMPTY = "empty"  # a whole answer without text, and no refusal
    LOST = "lost"  # this program died before it knew how the attempt ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How an attempt failed."""

    cause: Cause
    message: str  # the provider's own words, or the operating system's; one line
    retry_after: float | None = None  # seconds, as the provider asked
    stop_reason: str | None = None  # of an answer without text, in the Messages API's words

    @property
    def may_pass(self) -> bool:
        """Whether asking again later can help."""
        return self.cause not in {Cause.KEY_REFUSED, Cause.NOT_FOUND, Cause.BAD_REQUEST}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One HTTP try, whatever came of it."""

    started_at: datetime
    ended_at: datetime
    raw: bytes  # the response body as it came, whole or as far as it came
    failure: Failure | None = None  # None: a whole reply came; else `blocks` is empty
    status: int | None = None  # HTTP; None: no response
    request_id: str | None = None
    blocks: Sequence[Block] = ()
    stop_reason: str | None = None
    usage: Mapping[str, int] = field(default_factory=dict)
    provider_model: str | None = None  # the provider's own name for the model that answered
    logprobs: Sequence[Token] | None = None  # None: not given
    headers: Mapping[str, str] = field(default_factory=dict)  # of the response: those that are kept
    answered_after: float = 0.0  # seconds from sending to the head of the response

    @property
    def text(self) -> str:
        """What was said: the text blocks, joined; thinking is never part of it."""
        return "".join(str(block["text"]) for block in self.blocks if block["type"] == "text")


OnText: TypeAlias = Callable[[str], None]


class Participant(Protocol):
    """Somebody who can be asked: a model behind an endpoint, or a person."""

    @property
    def address(self) -> str:
        """How it is reached, as the model's record gives it: `anthropic:MODEL`, `embedded`."""
        ...

    @property
    def takes_temperature(self) -> bool:
        """Whether a temperature can be sent; else it is *not applicable*."""
        ...

    @property
    def takes_tools(self) -> bool:
        """Whether it can be offered tools."""
        ...

    @property
    def facts(self) -> Mapping[str, str]:
        """What is known of the engine that answers: versions, settings; for the record."""
        ...

    def written(self, request: Request) -> Written:
        """Return what `reply` sends for `request`."""
        ...

    async def reply(self, request: Request, *, on_text: OnText) -> Attempt:
        """Ask once. `on_text` is given each piece of text as it streams in.

        A refusal, a fault and a broken stream are attempts that failed, not exceptions.
        """
        ...

    async def close(self) -> None:
        """Let go of connections and of a server started for it."""
        ...
