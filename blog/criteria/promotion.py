"""Names of the operator and of its products in a text.

Pure. That a text names them is all that is found; whether it praises or offers them, a person
has to read.
"""

import re
from collections.abc import Sequence

from blog.criteria.findings import Finding

DETECTOR = "names of the operator, rules 1"

_ARTICLE = re.compile(r"(?:the|der|die|das|le|la|el)\s+", re.IGNORECASE)
_BETWEEN = r"[\s*_~]{1,4}"  # blanks, a line's end, marks of Markdown


def find(text: str, names: Sequence[str]) -> list[Finding]:
    """Return every place at which one of `names` stands, whatever its case, in order."""
    patterns = [pattern for name in names if (pattern := _pattern(name)) is not None]
    if not patterns:
        return []
    either = re.compile("|".join(patterns), re.IGNORECASE)
    return [
        Finding(what="names the operator or its products", start=match.start(), end=match.end())
        for match in either.finditer(text)
    ]


def _pattern(name: str) -> str | None:
    """Return the pattern of a name as it may stand in a text, without its article."""
    words = _ARTICLE.sub("", name, count=1) if _ARTICLE.match(name) else name
    parts = [re.escape(part) for part in words.split()]
    if not any(char.isalnum() for char in words):
        return None
    return rf"(?<![^\W_]){_BETWEEN.join(parts)}(?![^\W_])"
