"""Quotations that a participant is to be shown: its own words, to the letter, with their turn.

Pure. A list of them is lines of SESSION:TURN:TEXT.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.errors import InputError, Place
from interviews.sessions.content import Content, Speaker

_LINE = re.compile(r"(?P<session>[^:\s]+):(?P<turn>[0-9]{1,6}):(?P<text>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """Words that somebody says stand in a turn."""

    session: str
    turn: int
    text: str
    line: int  # of the list


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said in a turn, and by whom."""

    speaker: str
    content: Content | None  # None: it is not kept
    link: str


def read_quotations(text: str, *, file: str) -> list[Quoted]:
    """Return the quotations in a list; blank lines are passed over.

    Raises:
        InputError: A line is none.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise InputError(
                "no quotation",
                at=Place(file, line=number),
                mend="Write SESSION:TURN:TEXT, with the words as they stand in the turn.",
            )
        found.append(
            Quoted(
                session=match["session"],
                turn=int(match["turn"]),
                text=match["text"].strip(),
                line=number,
            )
        )
    return found


def check_quotations(
    quotations: Sequence[Quoted], said: Mapping[tuple[str, int], Said], *, file: str
) -> None:
    """Hold each quotation against its turn, to the letter.

    Args:
        quotations: What is to be quoted.
        said: What was said in the turns of the sessions concerned, by session and turn.
        file: What errors call the list.

    Raises:
        InputError: One does not stand in its turn, or not in the participant's own.
    """
    for quoted in quotations:
        turn = said.get((quoted.session, quoted.turn))
        if (wrong := _fault(quoted, turn)) is not None:
            raise InputError(
                wrong,
                at=Place(file, line=quoted.line),
                mend="Nothing was asked. Quote what `emeritus interview show` has, to the letter.",
            )


def _fault(quoted: Quoted, turn: Said | None) -> str | None:
    where = f"turn {quoted.turn} of {quoted.session}"
    if turn is None:
        return f"{where} is none of the sessions concerned"
    if turn.speaker != Speaker.PARTICIPANT:
        return f"{where} is not the participant's: the {turn.speaker} speaks there"
    if turn.content is None:
        return f"{where} is not kept"
    return None if quoted.text in turn.content.text else f"not found in {where}"
