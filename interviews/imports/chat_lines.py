"""Chats as JSON lines, in the forms of OpenAI's and of the Messages API.

Either a line is a conversation, `{"messages": […]}` with a `system` beside them or not, or it is
one message with the id of its conversation: `{"conversation_id": …, "role": …, "content": …}`.
A file may be longer than memory: of messages only their places are kept until they are read.
"""

from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from interviews.imports.bounded import LARGEST, UnreadableError, parse
from interviews.imports.conversations import (
    Conversation,
    Unread,
    facts,
    plain,
    sampling_of,
)
from interviews.imports.messages import turns_of

CONVERSATION_IDS = ("conversation_id", "conversation", "thread_id", "session_id")
_MEND = "Mend the line, or take it out; the others come in."
_OURS = "tag:emeritus.invalid,"  # what each line of our own export names as its schema
_EXPORTED = (
    "Its sessions are on record where it was exported. To bring them in elsewhere, export them"
    " there with `interview export --format inspect`, and import that."
)


def read_lines(path: Path) -> Iterator[Conversation | Unread]:
    """Yield the conversations of a file."""
    starts: dict[str, array[int]] = {}

    def unread(place: str, error: UnreadableError) -> Unread:
        return Unread(file=plain(path.name), place=place, what=str(error), mend=_MEND)

    with path.open("rb") as file:
        for number, start, line in _lines(file):
            place = f"line {number}"
            try:
                document = _document(line)
                if document is None:
                    continue
                if str(document.get("$schema", "")).startswith(_OURS):
                    yield Unread(
                        file=plain(path.name),
                        place=place,
                        what="is an export of Emeritus, which is not imported",
                        mend=_EXPORTED,
                    )
                    return
                if (named := _conversation_id(document)) is not None:
                    starts.setdefault(named, array("Q")).append(start)
                else:
                    yield _conversation(document, place)
            except UnreadableError as error:
                yield unread(place, error)
        for named, places in starts.items():
            place = f"conversation {named}"
            try:
                yield _gathered(file, places, place)
            except UnreadableError as error:
                yield unread(place, error)


def _lines(file: BinaryIO) -> Iterator[tuple[int, int, bytes | None]]:
    """Yield each line's number from 1, where it starts, and the line; None: it is too long."""
    number = start = 0
    while line := file.readline(LARGEST + 1):
        number += 1
        if len(line) > LARGEST:
            yield number, start, None
            while not line.endswith(b"\n") and (line := file.readline(1 << 20)):
                pass
        else:
            yield number, start, line
        start = file.tell()


def _document(line: bytes | None) -> dict[str, Any] | None:
    if line is None:
        raise UnreadableError(f"is longer than {LARGEST:,} bytes")
    if not line.strip():
        return None
    document = parse(line)
    if not isinstance(document, dict):
        raise UnreadableError("is no object")
    return document


def _conversation_id(document: dict[str, Any]) -> str | None:
    """Return of which conversation a line is one message; None: it is a whole one."""
    if "messages" in document:
        return None
    for name in CONVERSATION_IDS:
        if isinstance(named := document.get(name), str | int):
            return plain(str(named))[:200]
    if "role" in document:
        raise UnreadableError(f"is one message, and has no {CONVERSATION_IDS[0]}")
    raise UnreadableError("has neither messages nor a role")


def _conversation(document: dict[str, Any], place: str) -> Conversation:
    messages = document["messages"]
    if not isinstance(messages, list) or not messages:
        raise UnreadableError("messages: is no list, or an empty one")
    if (system := document.get("system")) is not None:  # of the Messages API
        messages = [{"role": "system", "content": system}, *messages]
    if "content" in document and (document.get("role") == "assistant" or _is_reply(document)):
        messages = [*messages, {"role": "assistant", "content": document["content"]}]
    rest = {
        name: value
        for name, value in document.items()
        if name not in {"messages", "system", "content", "role", "max_tokens", "temperature"}
    }
    return _said(place, messages, document, facts(**{f"line_{k}": v for k, v in rest.items()}))


def _is_reply(document: dict[str, Any]) -> bool:
    return document.get("type") == "message" and isinstance(document.get("content"), list)


def _gathered(file: BinaryIO, starts: "array[int]", place: str) -> Conversation:
    messages = []
    for start in starts:
        file.seek(start)
        message = _document(file.readline(LARGEST + 1)) or {}
        messages.append(
            {name: value for name, value in message.items() if name not in CONVERSATION_IDS}
        )
    return _said(place, messages, {}, {})


def _said(
    place: str, messages: list[Any], document: dict[str, Any], said_of_itself: dict[str, str]
) -> Conversation:
    return Conversation(
        place=place,
        turns=turns_of(messages),
        sampling=sampling_of(document),
        said_of_itself=said_of_itself,
    )
