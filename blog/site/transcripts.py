"""An interview as its page shows it: sections, turns, and the list of questions.

Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.rendering import markdown
from archive.rendering.reading_text import reading_text
from blog.site.texts import first_words
from blog.site.views import Missing, Model, Speaker, Transcript, Turn

QUESTION = 24  # words of a question in the list of questions


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTurn:
    """One turn on the page."""

    index: int
    speaker: Speaker
    who: str
    follow_up: bool  # a probe, or the answer to one
    html: Markup
    withheld: str | None  # a sentence in the text's place
    digest: str
    remark: str | None
    remarks: Sequence[str]  # what is shown otherwise than it was written


@dataclass(frozen=True, slots=True)
class Section:
    """The turns of one section of the protocol."""

    name: str
    turns: list[ShownTurn]


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the list of questions."""

    index: int  # of its turn
    words: str


def sections(model: Model, transcript: Transcript) -> list[Section]:
    """Return the turns under the sections that the protocol gives them."""
    found: list[Section] = []
    for turn in transcript.turns:
        if turn.section is not None or not found:
            found.append(Section(turn.section or "The interview", []))
        found[-1].turns.append(_shown(model, turn))
    return found


def questions(shown: Iterable[Section]) -> list[Question]:
    """Return what the interviewer asked and is not withheld, each cut to one line or two."""
    return [
        Question(turn.index, first_words(reading_text(turn.html), QUESTION))
        for section in shown
        for turn in section.turns
        if turn.speaker is Speaker.INTERVIEWER and turn.withheld is None and not turn.follow_up
    ]


def _who(model: Model, turn: Turn) -> str:
    if turn.speaker is Speaker.PARTICIPANT:
        return model.name
    if turn.follow_up is None:
        return "Interviewer"
    by = "" if turn.by is None else f" by the model {turn.by}"
    return f"Follow-up question{by} ({turn.follow_up})"


def _shown(model: Model, turn: Turn) -> ShownTurn:
    html, remarks, withheld = Markup(), [], None
    if isinstance(turn.text, Missing):
        reason = "." if turn.withheld is None else f": {turn.withheld}."
        withheld = f"{turn.text.capitalize()}{reason}"
    else:
        rendered = markdown.render(turn.text, prefix=f"t{turn.index}-", top=4)
        html, remarks = Markup(rendered.html), rendered.remarks  # noqa: S704  # sanitised
    return ShownTurn(
        index=turn.index,
        speaker=turn.speaker,
        who=_who(model, turn),
        follow_up=turn.follow_up is not None,
        html=html,
        withheld=withheld,
        digest=turn.content_digest,
        remark=turn.remark,
        remarks=remarks,
    )
