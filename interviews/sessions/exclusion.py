"""Which sessions are not counted in an analysis: by the rules that were named beforehand.

Pure. A rule's name is kept with the session, which stays on record and counts as missing. Only a
complete session is held against them: one that the participant ended, or that failed, has a fate of
its own, and what it answered before stands in the coverage.
"""

from collections.abc import Sequence

from interviews.interviewer.languages import is_in
from interviews.protocols.design import Exclusion, ExclusionRule
from interviews.protocols.protocol import OPENING
from interviews.sessions.content import NO_QUESTION, Content, nothing_said
from interviews.sessions.header import Header

CUT_OFF = "max_tokens"
"""The stop reason of a reply that was cut off at the longest length."""


def excluded_by(header: Header, replies: Sequence[Content]) -> ExclusionRule | None:
    """Return the first rule that excludes a complete session; None: it is usable.

    A session in which nothing was said is never usable, whatever its protocol names.

    Args:
        header: Of the session: its rules and its language.
        replies: What the participant said, in order.
    """
    # a replay is one question: where that is the opening, its answer is what was asked for
    opening = OPENING if header.branch is None else NO_QUESTION
    if nothing_said(replies, opening=opening):
        return ExclusionRule.NOTHING_SAID
    for one in header.exclusions:
        if _breaks(one, header, replies):
            return one.rule
    return None


def _breaks(one: Exclusion, header: Header, replies: Sequence[Content]) -> bool:
    match one.rule:
        case ExclusionRule.NOTHING_SAID:
            return False  # it was looked at before
        case ExclusionRule.NOT_REACHED:
            return False  # a session that is complete reached all that no branch left out
        case ExclusionRule.CUT:
            return sum(reply.stop_reason == CUT_OFF for reply in replies) > one.more_than
        case ExclusionRule.LANGUAGE:
            language = header.condition["language"]
            others = (is_in(reply.text, language) is False for reply in replies)
            return sum(others) > one.more_than
