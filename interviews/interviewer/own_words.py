"""A text as rules read it: levelled, without what it quotes, cut into sentences.

Pure. What is levelled is as long as what it was made from, so that a place in the one is a place
in the other.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from archive.normal_forms import normal_form

_FORMS = {
    "'": "\u2018\u2019\u02bc\u2032`",
    '"': "\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f\uff02",
    "?": "\uff1f\u061f",
    "!": "\uff01",
    ".": "\u3002\uff0e\u2026",
    ",": "\uff0c\u3001\u060c",
    ":": "\uff1a",
    "-": "\u2013\u2014",
    " ": "*_~\u00a0\u202f\t",
    "\n": "\r\u2028\u2029",
}
"""What is read as the same mark: typographic and full-width forms; Markdown's marks are blanks."""

_LEVEL = str.maketrans({form: mark for mark, forms in _FORMS.items() for form in forms})
_QUOTED = re.compile(r'"[^"\n]{1,400}"')
_END = re.compile(r"[.!?]+(?=[\s\"')\]]|$)|(?<=[^\x00-\x7f])[.!?]+|\n+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of a levelled text, with its closing mark, and where it stands."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def asks(self) -> bool:
        """Whether it closes with a question mark."""
        return "?" in self.text[-3:]


def levelled(text: str) -> str:
    """Return `text` with one form for each mark, and no Markdown; as long as it was."""
    return text.translate(_LEVEL)


def words(text: str) -> list[str]:
    """Return the words of `text`, folded: letters, digits and apostrophes between them."""
    return _WORD.findall(normal_form("NFKC", text).translate(_LEVEL).casefold())


def sentences(level: str) -> list[Sentence]:
    """Return the sentences of a levelled text that hold a word, each with its closing mark."""
    found = []
    start = 0
    for end in [*(match.end() for match in _END.finditer(level)), len(level)]:
        text = level[start:end].strip()
        if any(char.isalnum() for char in text):
            found.append(Sentence(text=text, start=level.index(text, start)))
        start = end
    return found


def without_quotations(level: str, quoted: Callable[[str], bool]) -> str:
    """Return a levelled text with blanks for each quotation that `quoted` takes for one.

    A text that stands in quotation marks as a whole quotes nothing: a model has wrapped it.
    """
    stripped = level.strip()
    if len(stripped) > 1 and stripped[0] == stripped[-1] == '"' and stripped.count('"') == 2:
        return level.replace('"', " ")
    return _QUOTED.sub(
        lambda match: '"' + "_" * (len(match[0]) - 2) + '"' if quoted(match[0][1:-1]) else match[0],
        level,
    )
