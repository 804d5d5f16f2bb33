"""An export as one HTML file that needs nothing beside it: no network, no script, no font.

What was said passes through `archive.rendering.markdown.render`, as on the site.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from archive.rendering import markdown
from archive.rendering.pages import environment
from archive.rendering.resources import style_sheet_without_fonts
from interviews.exports.exported import FOR_WHOM, NOT_PUBLIC, ExportedSession, ExportedTurn
from interviews.exports.selection import Selection, coverage_lines, flow_lines
from interviews.sessions.imported import words

_OF_THIS_PAGE = """
.turn { content-visibility: auto; contain-intrinsic-size: auto 12rem; }
@media print { .turn { content-visibility: visible; } }
"""
"""A browser lays out what is on the screen: two thousand turns open as fast as ten."""

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # as far as BCP 47 is needed here


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """A turn as the page shows it."""

    index: int
    speaker: str
    who: str
    html: Markup | None  # None: withheld
    digest: str
    remarks: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Session:
    """A session as the page shows it."""

    number: int  # from 1, on this page
    title: str
    origin: str | None
    facts: list[tuple[str, str]]
    language: str | None
    turns: Iterator[_Turn]


def write(sessions: Selection, to: Path) -> None:
    """Write the sessions, piece by piece."""
    style = style_sheet_without_fonts().decode() + _OF_THIS_PAGE
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = environment("export").get_template("interviews.html")
    pieces = page.generate(
        style=Markup(style),  # noqa: S704  # our own
        style_digest=Markup(f"sha256-{digest}"),  # noqa: S704  # of our own
        for_whom=FOR_WHOM,
        count=sessions.count,
        deleted=sessions.deleted,
        unfinished=sessions.unfinished,
        tables=[
            ("What became of all that were ever begun", flow_lines(sessions.flow)),
            ("What became of each question", coverage_lines(sessions.flow, sessions.coverage)),
        ],
        sessions=(_session(number, one) for number, one in enumerate(sessions, start=1)),
    )
    with to.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(pieces)


def _session(number: int, session: ExportedSession) -> _Session:
    record, origin = session.record, session.origin
    language = record["condition"].get("language", "")
    return _Session(
        number=number,
        title=f"{record['model']}, {session.asked}",
        origin=None if origin is None else f"This session was {words(origin)}.",
        facts=_facts(session),
        language=language if _TAG.fullmatch(language) else None,
        turns=(_turn(number, turn) for turn in session.turns),
    )


def _facts(session: ExportedSession) -> list[tuple[str, str]]:
    record = session.record
    rule = f", {record['exclusion_rule']}" if record["exclusion_rule"] else ""
    facts = [
        ("Session", session.id),
        *((name.replace("_", " ").capitalize(), one) for name, one in record["condition"].items()),
        ("Replicate", str(record["replicate"])),
        ("Campaign", record.get("campaign") or ""),
        ("Pilot", "yes" if record.get("pilot") else ""),
        ("State", record["state"]),
        ("Validity", f"{record['validity']}{rule}"),
        ("Begun", record["started_at"]),
        ("Ended", record["ended_at"] or "not yet"),
        ("Turns", str(record["length"])),
        ("Last link", record["head"]),
    ]
    return [(name, value) for name, value in facts if value]


def _turn(number: int, turn: ExportedTurn) -> _Turn:
    content, remarks = turn.content, list[str]()
    html = None
    if content is not None:
        rendered = markdown.render(content.text, prefix=f"s{number}t{turn.index}-", top=4)
        said = rendered.html if content.text.strip() else "<p>Nothing was said.</p>"
        html = Markup(said)  # noqa: S704  # sanitised there
        remarks += rendered.remarks
        if content.probe is not None:
            remarks.append(f"A probe: {content.probe}.")
        if content.declined is not None:
            remarks.append(f"Declined: {content.declined}.")
        if content.stop_reason == "max_tokens":
            remarks.append("Cut off at the limit.")
        if turn.internal:
            remarks.append(f"{NOT_PUBLIC}.")
        if apart := turn.kept_apart:
            remarks.append(f"Kept in the record, and not shown here: {', '.join(apart)}.")
    return _Turn(
        index=turn.index,
        speaker=turn.speaker,
        who=turn.speaker.capitalize(),
        html=html,
        digest=turn.content_digest,
        remarks=remarks,
    )
