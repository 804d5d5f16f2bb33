"""An export as Markdown: what was said stands in quotations, as it was written.

It reads nothing but the sessions. Nothing that somebody said can be read as a heading, a link or
an end of its quotation: whatever Markdown would act on is escaped.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.rendering.characters import one_line, plain
from interviews.exports.exported import (
    FOR_WHOM,
    NOT_PUBLIC,
    WITHHELD,
    ExportedSession,
    ExportedTurn,
)
from interviews.exports.selection import Selection, coverage_lines, flow_lines
from interviews.sessions.imported import words

_ACTING = re.compile(r"[\\`*_{}\[\]<>#|~&!$@]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_BEGINNING = re.compile(r"^(\d{1,9})([.)])|^([-+=])")
_ENDS = re.compile(r"\r\n|\r|\n")
_INDENT = re.compile(r"^[ \t]+")


def write(sessions: Selection, to: Path) -> None:
    """Write the sessions."""
    with to.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in _lines(sessions))


def quoted(text: str) -> str:
    """Return a text as a quotation that shows it letter by letter."""
    lines = [_literal(line) for line in _ENDS.split(plain(text))]
    # a backslash at the end of a line keeps the next one on its own
    pairs = zip(lines, [*lines[1:], ""], strict=True)
    return "\n".join(f"> {line}\\" if line and after else f"> {line}" for line, after in pairs)


def _literal(line: str) -> str:
    indent = _INDENT.match(line)
    blanks = "" if indent is None else "&nbsp;" * len(indent[0].expandtabs(4))
    rest = line[len(indent[0]) :] if indent is not None else line
    if not rest:
        return ""
    escaped = _ACTING.sub(lambda found: f"\\{found[0]}", rest.rstrip())
    if not blanks:
        escaped = _BEGINNING.sub(
            lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", escaped
        )
    return blanks + escaped


def _lines(sessions: Selection) -> Iterator[str]:
    yield "# Interviews with language models"
    yield ""
    yield FOR_WHOM
    yield f"{sessions.count} sessions. Left out: {sessions.deleted} deleted, {sessions.unfinished} unfinished."
    yield "What was said stands in quotations, word for word, as text: no mark in it is obeyed."
    yield from _table("What became of all that were ever begun", flow_lines(sessions.flow))
    covered = coverage_lines(sessions.flow, sessions.coverage)
    yield from _table("What became of each question", covered)
    for session in sessions:
        yield ""
        yield from _session(session)


def _table(title: str, lines: Sequence[tuple[str, str]]) -> Iterator[str]:
    if lines:
        yield ""
        yield f"{title}:"
        yield ""
        for name, value in lines:
            yield f"- {_inline(name)}: {value}"


def _session(session: ExportedSession) -> Iterator[str]:
    record = session.record
    yield f"## {_inline(record['model'])}, {session.id}"
    yield ""
    if session.origin is not None:
        yield f"- {_inline(words(session.origin))}"
    yield f"- protocol: {_inline(session.asked)}"
    for name, value in record["condition"].items():
        yield f"- {_inline(name)}: {_inline(value)}"
    yield f"- replicate: {record['replicate']}"
    if record.get("campaign"):
        yield f"- campaign: {_inline(record['campaign'])}"
    if record.get("pilot"):
        yield "- pilot: yes"
    excluded = f", {_inline(record['exclusion_rule'])}" if record["exclusion_rule"] else ""
    yield f"- state: {record['state']}; validity: {record['validity']}{excluded}"
    yield f"- begun: {record['started_at']}; ended: {record['ended_at'] or 'not yet'}"
    yield f"- turns: {record['length']}; last link: {record['head']}"
    for turn in session.turns:
        yield ""
        yield from _turn(turn)


def _turn(turn: ExportedTurn) -> Iterator[str]:
    about = [turn.speaker]
    if turn.content is not None:
        question, probe, declined = (
            turn.content.question,
            turn.content.probe,
            turn.content.declined,
        )
        about += [f"question {_inline(question)}"] if question else []
        about += [f"probe: {_inline(probe)}"] if probe else []
        about += [f"declined: {_inline(declined)}"] if declined else []
    yield f"### {turn.index}. {', '.join(about)}"
    yield ""
    if turn.text is None:
        yield f"{WITHHELD}: {turn.content_digest}"
    else:
        yield quoted(turn.text) if turn.text.strip() else "Nothing was said."
    if turn.internal:
        yield ""
        yield f"{NOT_PUBLIC}."
    if apart := turn.kept_apart:
        yield ""
        yield f"Kept in the record, and not shown here: {', '.join(map(_inline, apart))}."


def _inline(text: str) -> str:
    return _literal(one_line(text))
