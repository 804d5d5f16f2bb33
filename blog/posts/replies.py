"""What a short reply means: yes, no, or unclear.

Pure. A no is heard sooner than a yes: what a model does not want published is not, on a doubt.
The words themselves are kept and shown, so that anybody can judge.
"""

import re
from enum import StrEnum

_MARKS = r"[\W\d_]*"
_NO_OBJECTION = r"no\s+(?:problem|objections?|worries|doubt)\b"
_NO = re.compile(rf"^{_MARKS}(?:answer\s*:{_MARKS})?no(?:pe)?\b", re.IGNORECASE)
_YES = re.compile(rf"^{_MARKS}(?:answer\s*:{_MARKS})?yes\b(?!\W+(?:and\s+)?no\b)", re.IGNORECASE)
_OBJECTIONLESS = re.compile(rf"^{_MARKS}{_NO_OBJECTION}", re.IGNORECASE)


class Meaning(StrEnum):
    """What was made of an answer."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


def agreement(said: str) -> Meaning:
    """Return whether a reply begins with a yes or a no, in English, as it was asked to."""
    if _OBJECTIONLESS.match(said):
        return Meaning.UNCLEAR
    if _NO.match(said):
        return Meaning.NO
    return Meaning.YES if _YES.match(said) else Meaning.UNCLEAR
