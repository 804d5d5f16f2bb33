"""A session as a text to read on a terminal: `interview show`.

Pure. Whatever a model or a file said is made safe and wrapped to the width; what the program says
of it stands in square brackets.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archive.rendering.terminal import for_terminal
from archive.rendering.wrapping import wrapped
from interviews.protocols.ways_out import reasons
from interviews.sessions.content import BY_TOOL
from interviews.sessions.header import describe
from interviews.sessions.imported import words

INDENT = "   "
CUT_OFF = "max_tokens"

_DECLINED = {"question": "declined this question", "interview": "ended the interview here"}


def transcript(document: Mapping[str, Any], *, width: int, thinking: bool = False) -> str:
    """Return the document of `interview show` as a text.

    Args:
        document: As `session_document` gives it.
        width: Of a line, in columns.
        thinking: Whether what the model thought before it spoke is shown.
    """
    lines = [*_heading(document, width)]
    if document["deleted"] is not None:
        return "\n".join([*lines, document["deleted"]["words"]])
    for turn in document["turns"]:
        lines += _rejected_at(document, turn["index"], width)
        lines += _turn(document, turn, width, thinking=thinking)
    lines += _rejected_at(document, document["length"], width)
    return "\n".join(lines)


def speaker_of(document: Mapping[str, Any], turn: Mapping[str, Any]) -> str:
    """Return who speaks in a turn, as a label."""
    if turn["probe"] is not None and turn["speaker"] == "interviewer":
        interviewer = document["header"].get("interviewer")
        by = "" if interviewer is None else f" by {interviewer['address']}"
        return f"FOLLOW-UP{by} ({turn['probe']})"
    return str(turn["speaker"]).upper()


def _heading(document: Mapping[str, Any], width: int) -> Iterator[str]:
    drawn = f"{describe(document['condition'])}, replicate {document['replicate']}"
    if "origin" in document:
        yield f"{document['model']}: {words(document['origin'])}"  # one line: it holds a digest
    else:
        protocol = document["protocol"]
        named = f"{document['model']}: {protocol['slug']} version {protocol['version']}, {drawn}"
        yield from wrapped(named, width)
    begun = f"{'imported' if 'origin' in document else 'begun'} {document['started_at']}"
    stands = f"{document['state']}, {document['validity']}, {document['release']}; {begun}"
    for line in (stands, *_remarks(document), *_relations(document)):
        yield from wrapped(line, width)


def _remarks(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is to be known before the first word is read."""
    header = document["header"]
    if document["reason"]:
        yield document["reason"]
    if document["exclusion_rule"] is not None:
        yield f"Excluded by rule: {document['exclusion_rule']}."
    if document.get("pilot"):
        yield "A pilot: it was held to try the protocol out."
    if "campaign" in document:
        again = f", begun anew {document['again']} times" if document.get("again") else ""
        yield f"Campaign {document['campaign']}, slot {document['slot']}{again}."
    if (interviewer := header.get("interviewer")) is not None:
        yield f"Follow-ups by {interviewer['address']}; its family: {interviewer['family']}."
    if "character" in document["condition"]:
        prompt = "with a system prompt" if header.get("system") else "without a system prompt"
        yield f"Character: {document['condition']['character']}, {prompt}."
    if len(names := document["provider_models"]) > 1:
        yield f"The provider changed its name for the model: {', then '.join(names)}."


def _relations(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield which other sessions this one replays or is about, and which are about it."""
    if document["replays"] is not None:
        yield _replays(document["replays"])
    for one in document["replayed_by"]:
        yield f"Replayed by {one}."
    for one in document.get("checks", ()):
        yield f"Member check of {one}."
    for one in document["member_checks"]:
        yield f"Member check: {one}."
    for one in document.get("words_deleted_with", ()):
        yield f"{one} was deleted, and with it all that this one held of its words."


def _turn(
    document: Mapping[str, Any], turn: Mapping[str, Any], width: int, *, thinking: bool
) -> Iterator[str]:
    indent = 2 * INDENT if turn["probe"] is not None else INDENT
    inside = _Margin(indent, width)
    yield ""
    yield from _Margin(indent[len(INDENT) :], width).lines(
        f"{turn['index']}. {speaker_of(document, turn)}"
    )
    if thinking:
        yield from inside.lines(*_thoughts(turn))
    text = "[not kept]" if turn["text"] is None else turn["text"].strip("\n") or "[nothing said]"
    yield from inside.lines(text, *_marks(turn))


def _thoughts(turn: Mapping[str, Any]) -> Iterator[str]:
    for block in turn["blocks"] or ():
        if "thinking" in block["type"]:
            thought = block.get("thinking") or "redacted by the provider"
            yield f"[thought, not said: {thought}]"


def _marks(turn: Mapping[str, Any]) -> Iterator[str]:
    if turn["declined"] is not None:
        yield f"[{_DECLINED[turn['declined']]}{_how_declined(turn)}]"
    if turn["stop_reason"] == CUT_OFF:
        yield "[cut off at the limit]"


def _how_declined(turn: Mapping[str, Any]) -> str:
    heard = turn["declined_in"]
    if heard is None:
        return ""
    if heard == BY_TOOL:
        return " by a tool" + "".join(f": {reason}" for reason in reasons(turn["blocks"]))
    return f", heard in its own words: {heard}"


def _replays(replayed: Mapping[str, Any]) -> str:
    """Return what a replay replays, with the question."""
    where = f"Replays turn {replayed['turn']} of {replayed['session']}, after all that was said"
    if replayed["deleted"] is not None:
        return f"{where}; that session was {replayed['deleted']['words']}"
    if replayed["question"] is None:
        return f"{where}; the question there is not kept"
    return f"{where}; the question there:\n{for_terminal(replayed['question'])}"


def _rejected_at(document: Mapping[str, Any], position: int, width: int) -> Iterator[str]:
    """Yield the probes that were written for this place and not sent, with their faults."""
    inside = _Margin(2 * INDENT, width)
    for probe in document.get("probes", ()):
        # without a fault, the interviewing model itself wrote that none was called for
        if probe["position"] == position and probe["faults"] and not probe["sent"]:
            yield ""
            text = "[deleted]" if probe["text"] is None else probe["text"]
            yield from inside.lines(f"[not sent, try {probe['number']}] {text}")
            yield from inside.lines(f"[faults: {faults_in_words(probe['faults'])}]")


def faults_in_words(faults: Sequence[Mapping[str, str]]) -> str:
    """Return the faults of a probe, each with the words in which it was found."""
    told = (
        f"{fault['kind']} ({fault['words']})" if fault.get("words") else fault["kind"]
        for fault in faults
    )
    return "; ".join(told) or "none on record"


class _Margin:
    """Lines that are set in by an indent."""

    def __init__(self, indent: str, width: int) -> None:
        self._indent, self._width = indent, width

    def lines(self, *texts: str) -> Iterator[str]:
        """Yield each text, wrapped."""
        for text in texts:
            for line in wrapped(for_terminal(text), self._width - len(self._indent)):
                yield f"{self._indent}{line}".rstrip()
