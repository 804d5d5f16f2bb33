"""Chat completions as llama.cpp's server has them: what is to be repeatable is asked in them.

Pure. A reply comes in one piece. No text with a lone surrogate is sent or leaves this module.

Source: the documents of llama.cpp's server; OpenAI's reference of chat completions (logprobs).
"""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from archive.canonical import without_lone_surrogates
from interviews.participants.failures import one_line
from interviews.participants.seam import (
    LARGEST_LOGPROB,
    Block,
    Cause,
    Failure,
    Message,
    Repeatable,
    Request,
    Token,
)
from interviews.participants.stream import counts_of, expect

PATH = "/v1/chat/completions"

_STOPS = {"stop": "end_turn", "length": "max_tokens"}
"""Stop reasons in the words of the Messages API, so that records have one set of them."""


def body_of(request: Request, repeatable: Repeatable, model: str) -> dict[str, Any]:
    """Return the request as the API takes it, its prompt read anew."""
    system = [] if request.system is None else [{"role": "system", "content": request.system}]
    body: dict[str, Any] = {
        "model": model,
        "max_tokens": request.sampling.max_tokens,
        "messages": [*system, *map(message_of, request.messages)],
        "stream": False,
        "seed": repeatable.seed,
        "cache_prompt": False,
        "logprobs": True,
        "top_logprobs": repeatable.top_logprobs,
    }
    if request.sampling.temperature is not None:
        body["temperature"] = float(request.sampling.temperature)
    return body


class Reply:
    """What is known of a reply: nothing, until its body has ended."""

    over = False  # only its end tells that a body is whole

    def __init__(self) -> None:
        self.blocks: tuple[Block, ...] = ()
        self.stop_reason: str | None = None
        self.usage: dict[str, int] = {}
        self.provider_model: str | None = None
        self.logprobs: tuple[Token, ...] | None = None
        self._pieces: list[bytes] = []

    def read(self, piece: bytes) -> Iterator[str]:
        """Take the next piece of the body; it brings no text before the end."""
        self._pieces.append(piece)
        return iter(())

    def failure(self) -> Failure | None:
        """Read the body, now that nothing more comes; return why it is no reply, None: it is."""
        body = b"".join(self._pieces)
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            return Failure(cause=Cause.UNREADABLE, message=f"no JSON: {body[:80]!r}")
        try:
            self._take(expect(document, dict))
        except (ArithmeticError, ValueError, KeyError, IndexError, TypeError):
            return Failure(cause=Cause.UNREADABLE, message=f"no chat completion: {body[:80]!r}")
        if not any(str(block["text"]).strip() for block in self.blocks):
            message = f"the reply holds no text (stop reason: {self.stop_reason or 'none given'})"
            return Failure(cause=Cause.EMPTY, message=message, stop_reason=self.stop_reason)
        return None

    def _take(self, document: Mapping[str, Any]) -> None:
        choice = expect(document["choices"][0], dict)
        text = without_lone_surrogates(expect(choice["message"]["content"] or "", str))
        stop = one_line(expect(choice["finish_reason"], str))
        given = choice.get("logprobs")
        if given is not None:
            self.logprobs = tuple(map(token_of, expect(given["content"], list)))
        self.stop_reason = _STOPS.get(stop, stop)
        self.usage = counts_of(document.get("usage"))
        self.provider_model = one_line(expect(document.get("model", ""), str)) or None
        self.blocks = ({"type": "text", "text": text},)


def message_of(message: Message) -> dict[str, Any]:
    """Return a message as the API takes it: what was said, and no thinking."""
    said = (str(block["text"]) for block in message.blocks if block["type"] == "text")
    return {"role": message.role, "content": without_lone_surrogates("".join(said))}


def token_of(given: Mapping[str, Any]) -> Token:
    """Return a token that the API gave.

    Raises:
        ArithmeticError, ValueError, KeyError, TypeError: It is none.
    """
    top: dict[str, int] = {}
    for one in expect(expect(given, dict).get("top_logprobs", []), list):
        top.setdefault(_text(one), _logprob(one))  # two tokens may have the same bytes
    return Token(text=_text(given), logprob=_logprob(given), top=top)


def _text(given: Mapping[str, Any]) -> str:
    numbers = expect(given, dict).get("bytes")
    if numbers is None:
        encoded = without_lone_surrogates(expect(given["token"], str)).encode()
    else:
        encoded = bytes(expect(numbers, list))
    return encoded.replace(b"\\", b"\\\\").decode(errors="backslashreplace")


def _logprob(given: Mapping[str, Any]) -> int:
    value = float(given["logprob"])
    if math.isnan(value):
        raise ValueError("a log-probability that is no number")
    return round(max(-LARGEST_LOGPROB, min(0.0, value * 1e6)))
