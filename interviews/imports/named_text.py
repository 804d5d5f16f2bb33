"""Plain text of one conversation: `Name: what was said`, over as many lines as it takes.

Pure. Who is who is told by the usual words for the two sides; else the first name asks, and the
name that comes most often beside it answers. Other names stay in the text as they stand.
"""

import re
from collections import Counter
from collections.abc import Sequence

from interviews.imports.bounded import UnreadableError
from interviews.imports.conversations import Conversation, facts, plain
from interviews.sessions.content import NO_QUESTION, Content, Speaker

WHOLE = "whole file"
_NAMED = re.compile(r"\*{0,2}([^\W\d_][\w .'’-]{0,39}?)\*{0,2}[ \t]*[:：]\*{0,2}(?:[ \t]|$)")  # noqa: RUF001  # names and colons as people write them
_USUAL = {
    **dict.fromkeys(("interviewer", "user", "human", "q", "question"), Speaker.INTERVIEWER),
    **dict.fromkeys(
        ("assistant", "model", "participant", "ai", "a", "answer", "bot"), Speaker.PARTICIPANT
    ),
    "system": Speaker.SYSTEM,
}


def read_text(content: bytes) -> Conversation:
    """Return the conversation of a text.

    Raises:
        UnreadableError: It is not UTF-8, or nobody in it is named who answers; the words say which.
    """
    try:
        lines = plain(content.decode("utf-8-sig")).splitlines()
    except UnicodeDecodeError as error:
        raise UnreadableError(f"byte {error.start} is not UTF-8") from error
    speakers = speakers_of(lines)
    said: list[tuple[Speaker, list[str]]] = []
    before: list[str] = []
    for line in lines:
        found = _NAMED.match(line)
        if found is not None and (speaker := speakers.get(found[1])) is not None:
            said.append((speaker, [line[found.end() :]]))
        elif said:
            said[-1][1].append(line)
        elif line.strip():
            before.append(line)
    if not any(speaker is Speaker.PARTICIPANT for speaker, _ in said):
        raise UnreadableError("has no line such as `Assistant: …`: nobody in it answers")
    turns = [(speaker, _spoken("\n".join(text).strip())) for speaker, text in said]
    named = {name: str(speaker) for name, speaker in speakers.items()}
    head = facts(before_the_first_name="\n".join(before) or None, speakers=named)
    return Conversation(place=WHOLE, turns=turns, said_of_itself=head)


def speakers_of(lines: Sequence[str]) -> dict[str, Speaker]:
    """Return who the names at the beginning of lines are."""
    names = Counter(found[1] for line in lines if (found := _NAMED.match(line)))
    speakers = {name: _USUAL[name.lower()] for name in names if name.lower() in _USUAL}
    for side in (Speaker.INTERVIEWER, Speaker.PARTICIPANT):
        others = [name for name in names if name not in speakers]
        if side in speakers.values() or not others:
            continue
        first = side is Speaker.INTERVIEWER and Speaker.PARTICIPANT not in speakers.values()
        speakers[others[0] if first else max(others, key=names.__getitem__)] = side
    return speakers


def _spoken(text: str) -> Content:
    return Content(question=NO_QUESTION, blocks=[{"type": "text", "text": text}])
