"""A list of sessions as a text to read on a terminal: `interview list`.

Pure. The first line of each fits 80 columns and holds what is looked for; what it was lies below.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archive.rendering.terminal import for_terminal
from archive.rendering.wrapping import wrapped
from interviews.sessions.header import describe
from interviews.sessions.imported import words

INDENT = "  "

NONE_YET = "No interview has been held yet."
NONE_SUCH = "No session is so."


def listing(rows: Sequence[Mapping[str, Any]], *, width: int, filtered: bool) -> str:
    """Return a list of sessions as a text; `filtered`: there may be others."""
    if not rows:
        return NONE_SUCH if filtered else NONE_YET
    head = f"{'session':<36}  {'state':<11}  {'begun':<10}  {'turns':>5}  validity"
    return "\n".join([head, *(line for row in rows for line in _lines(row, width))])


def _lines(row: Mapping[str, Any], width: int) -> Iterator[str]:
    yield (
        f"{row['id']}  {row['state']:<11}  {row['started_at'][:10]}  {row['length']:>5}"
        f"  {row['validity']}"
    )
    for line in wrapped(for_terminal(_told(row)), width - len(INDENT)):
        yield f"{INDENT}{line}"
    if "origin" in row:
        yield f"{INDENT}{for_terminal(words(row['origin']))}"  # one line: it holds a digest
    if row["deleted"] is not None:
        yield f"{INDENT}{for_terminal(row['deleted']['words'])}"


def _told(row: Mapping[str, Any]) -> str:
    if "origin" in row:
        return str(row["model"])
    said = f"{row['model']}: {describe(row['condition'])}, {row['replicate']}"
    if "checks" in row:
        said = f"{row['model']}: member check of {len(row['checks'])} interviews"
    if "branch_of" in row:
        said = f"{row['model']}: replay {row['replicate']} of {row['branch_of']}"
    marks = (
        f"campaign {row['campaign']}" if row["campaign"] is not None else None,
        "a pilot" if row["pilot"] else None,
        f"excluded: {row['exclusion_rule']}" if row["exclusion_rule"] is not None else None,
    )
    return "; ".join([said, *(mark for mark in marks if mark is not None)])
