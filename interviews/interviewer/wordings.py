"""What the rules know of one language: the wordings by which a probe shows a fault.

Pure. Patterns are read in one levelled sentence, whose quotations of the participant are blanked;
it begins at `^` and closes with its mark.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from interviews.interviewer.faults import FaultKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordings:
    """The wordings of one language."""

    signs: Mapping[FaultKind, re.Pattern[str]]  # each shows its fault wherever it stands
    labels: Mapping[FaultKind, re.Pattern[str]]  # names and remarks before a line, as in a play
    feelings: re.Pattern[str]  # feelings and preferences ascribed; the named group is the word
    charged: re.Pattern[str]  # words that judge or feel, which a question takes for granted
    acknowledges: re.Pattern[str]  # a whole sentence that only says that the answer was heard
    supposes: re.Pattern[str]  # a premise for the question, at `^`
    hedges: re.Pattern[str]  # with these, nothing is taken for granted
    reports: re.Pattern[str]  # with these, a sentence tells what the participant has said
    advice: re.Pattern[str]  # and demands, where they are no part of a question
    process: re.Pattern[str]  # the interviewer's own doings, that it may speak of
    negations: re.Pattern[str]
    asks: re.Pattern[str]  # the word that opens a question, at `^`
    requests: re.Pattern[str]  # what asks without a question mark, at `^`
    barrels: re.Pattern[str]  # the joint before a second question
    addresses: re.Pattern[str]  # words for the participant


def any_of(*patterns: str) -> re.Pattern[str]:
    """Return one pattern that matches where any of `patterns` does, whatever the case."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def per_line(*patterns: str) -> re.Pattern[str]:
    """Return one pattern that matches at the beginning of a line, whatever the case."""
    return re.compile("|".join(f"^{pattern}" for pattern in patterns), re.IGNORECASE | re.MULTILINE)
