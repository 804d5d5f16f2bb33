"""The tools by which a participant may decline a question or end an interview, and their words.

Pure. They stand beside the words of a protocol's rules, where the protocol offers them. Their own
words are kept in the session's header, as they were offered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from interviews.participants.seam import Block, Tool
from interviews.participants.tools import calls_of
from interviews.protocols.protocol import Declined

DECLINE = "decline_question"
END = "end_interview"
REASON = "reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    decline: str
    end: str
    reason: str
    declined: str  # what comes back for a call
    ended: str


_ENGLISH = _Words(
    decline="Decline the question that was just asked. It is not asked again. No reason is needed.",
    end="End the interview. It stops at once. No reason is needed.",
    reason="A reason, if you want to give one. It is recorded.",
    declined="The question is declined. It is not asked again.",
    ended="The interview has ended.",
)

_WORDS: Mapping[str, _Words] = MappingProxyType(
    {
        "en": _ENGLISH,
        "de": _Words(
            decline="Lehnt die Frage ab, die gerade gestellt wurde. Sie wird nicht noch einmal"
            " gestellt. Ein Grund ist nicht nötig.",
            end="Beendet das Interview. Es hört sofort auf. Ein Grund ist nicht nötig.",
            reason="Ein Grund, falls Sie einen nennen möchten. Er wird aufgezeichnet.",
            declined="Die Frage ist abgelehnt. Sie wird nicht noch einmal gestellt.",
            ended="Das Interview ist beendet.",
        ),
    }
)


def ways_out(language: str) -> tuple[Tool, ...]:
    """Return the two tools, in German for a German interview, else in English."""
    words = _WORDS.get(language.partition("-")[0], _ENGLISH)
    return (
        Tool(name=DECLINE, says=words.decline, takes={REASON: words.reason}, result=words.declined),
        Tool(name=END, says=words.end, takes={REASON: words.reason}, result=words.ended),
    )


def declined_by_tool(blocks: Sequence[Block], tools: Sequence[Tool]) -> Declined | None:
    """Return what a reply declines by a call of one of `tools`; to end goes before to decline."""
    offered = {tool.name for tool in tools}
    called = {call.name for call in calls_of(blocks)} & offered
    if END in called:
        return Declined.INTERVIEW
    return Declined.QUESTION if DECLINE in called else None


def reasons(blocks: Sequence[Block]) -> list[str]:
    """Return the reasons that were given with calls of the two tools."""
    given = [call.given.get(REASON) for call in calls_of(blocks) if call.name in {DECLINE, END}]
    return [reason for reason in given if isinstance(reason, str) and reason.strip()]
