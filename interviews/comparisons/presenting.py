"""A comparison of sessions as a document, and as a text for a terminal.

Pure. Side by side where the lines are wide enough, else below one another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from rich.cells import cell_len

from archive.rendering.terminal import for_terminal
from archive.rendering.wrapping import wrapped
from interviews.comparisons.aligning import Document, Found, Place, Row, aligned
from interviews.comparisons.wording import Piece, differences
from interviews.sessions.header import describe

NARROWEST = 42
"""Columns that a session needs to stand beside another."""

BETWEEN = "   "

Pieces = tuple[list[Piece], list[Piece]] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Sessions, aligned; the differences only where there are two."""

    documents: Sequence[Document]
    rows: Sequence[tuple[Row, Pieces]]


def compared(documents: Sequence[Document]) -> Compared:
    """Return the comparison of two sessions or more."""
    rows = aligned(documents)
    return Compared(documents=documents, rows=[(row, _differences(row)) for row in rows])


def comparison_document(found: Compared) -> dict[str, Any]:
    """Return a comparison for programs."""
    named = ("id", "model", "protocol", "condition", "replicate", "state", "validity")
    return {
        "sessions": [{name: one[name] for name in named} for one in found.documents],
        "questions": [_row_document(row, pieces) for row, pieces in found.rows],
    }


def comparison_text(found: Compared, *, width: int) -> str:
    """Return a comparison for a terminal."""
    lines = [*_heading(found, width)]
    for row, pieces in found.rows:
        lines += ["", *wrapped(for_terminal(_question(row)), width)]
        cells = [_cell(place, _marked(pieces, side)) for side, place in enumerate(row.places)]
        lines += _laid_out(cells, width, indent="   " if row.follow_up else "")
    return "\n".join(lines)


def label(place: int) -> str:
    """Return what a session is called in a comparison: A, B, and so on."""
    return chr(ord("A") + place) if place < 26 else f"session {place + 1}"


def _differences(row: Row) -> Pieces:
    texts = [place.text for place in row.places]
    if len(texts) != 2 or texts[0] is None or texts[1] is None or texts[0] == texts[1]:
        return None
    return differences(texts[0], texts[1])


def _row_document(row: Row, pieces: Pieces) -> dict[str, Any]:
    return {
        "question": row.question,
        "follow_up": row.follow_up,
        "words": row.words,
        "answers": [
            {
                "found": str(place.found),
                "turn": place.turn,
                "asked": place.asked,
                "text": place.text,
                "declined_in": place.declined_in,
                "cut": place.cut,
            }
            for place in row.places
        ],
        "differences": None
        if pieces is None
        else [[{"text": one.text, "shared": one.shared} for one in side] for side in pieces],
    }


def _heading(found: Compared, width: int) -> Iterator[str]:
    for place, one in enumerate(found.documents):
        drawn = f"{describe(one['condition'])}, replicate {one['replicate']}"
        protocol = f"{one['protocol']['slug']} version {one['protocol']['version']}"
        said = f"{label(place)}: {one['id']}, {one['model']}: {protocol}, {drawn}; {one['state']}"
        yield from wrapped(for_terminal(said), width)
    if len(found.documents) == 2:
        yield "[-only in A-] {+only in B+}"


def _question(row: Row) -> str:
    if row.follow_up:
        return f"   {row.question}, follow-up {row.follow_up}"
    return f"{row.question}: {row.words}"


def _cell(place: Place, text: str | None) -> str:
    """Return what stands in a session's column: marks of the program in square brackets."""
    said = [] if place.asked is None else [f"[asked: {place.asked}]"]
    if place.found is Found.DECLINED:
        heard = "" if place.declined_in is None else f", heard in: {place.declined_in}"
        said.append(f"[declined{heard}]")
    elif place.turn is None:
        said.append(f"[{place.found}]")
    if place.turn is not None:
        said.append("[not kept]" if place.text is None else text or place.text or "[nothing said]")
    if place.cut:
        said.append("[cut off at the limit]")
    return "\n".join(said)


def _marked(pieces: Pieces, side: int) -> str | None:
    if pieces is None:
        return None
    begin, end = (("[-", "-]"), ("{+", "+}"))[side]
    return "".join(
        piece.text
        if piece.shared
        else f"{begin}{piece.text.rstrip()}{end}{piece.text[len(piece.text.rstrip()) :]}"
        for piece in pieces[side]
    )


def _laid_out(cells: Sequence[str], width: int, *, indent: str) -> Iterator[str]:
    inside = width - len(indent)
    column = (inside - len(BETWEEN) * (len(cells) - 1)) // len(cells)
    if column < NARROWEST:
        for place, cell in enumerate(cells):
            lines = wrapped(for_terminal(cell), inside - 3)
            yield from (
                f"{indent}{label(place) if number == 0 else ' ':<3}{line}".rstrip()
                for number, line in enumerate(lines)
            )
        return
    columns = [wrapped(for_terminal(cell), column) for cell in cells]
    for parts in zip_longest(*columns, fillvalue=""):
        padded = (part + " " * (column - cell_len(part)) for part in parts)
        yield f"{indent}{BETWEEN.join(padded)}".rstrip()
