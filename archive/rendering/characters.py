"""Characters that a page or a feed cannot hold, or that would act beyond their place.

Pure. Held to what both XML 1.0 and HTML allow. The characters that open an embedding or an
isolate stay in running text, which ends them with its block; overrides, which make a text look
like another, are shown by their numbers.
"""

import re
from collections import Counter

from archive.canonical import without_lone_surrogates
from archive.rendering.changes import Change

_LAST_OF_EACH_PLANE = "".join(
    chr(plane + end) for plane in range(0x10000, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)
)
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff" + _LAST_OF_EACH_PLANE + "]"
)
_OVERRIDE = re.compile("[\u202d\u202e]")
_ODD = re.compile(f"{_CONTROL.pattern[:-1]}\u202d\u202e\ud800-\udfff]")
_ODD_OF_ASCII = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_STEERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_REPLACEMENT = "\ufffd"


def holds(text: str) -> bool:
    """Whether a page or a feed can hold every character of `text` as it is."""
    return (_ODD_OF_ASCII if text.isascii() else _ODD).search(text) is None


def plain(text: str) -> str:
    """Return a text that is no Markdown as one that any page or feed can hold."""
    if holds(text):
        return text
    changes: Counter[Change] = Counter()
    return shown(without_controls(text, changes), changes)


def one_line(text: str) -> str:
    """Return a title or a name as one line that any page or feed can hold.

    The characters that steer the direction of writing are dropped, since a line stands among
    words that are not its own.
    """
    plainly = text if text.isascii() else _STEERING.sub("", text)
    return " ".join(plain(plainly).split())


def without_controls(text: str, changes: Counter[Change]) -> str:
    """Return `text` with each character that no page can hold as U+FFFD, each one counted."""
    if holds(text):
        return text
    whole = without_lone_surrogates(text)
    changes[Change.SURROGATE] += whole.count(_REPLACEMENT) - text.count(_REPLACEMENT)
    clean, replaced = _CONTROL.subn(_REPLACEMENT, whole)
    changes[Change.CONTROL] += replaced
    return clean


def shown(text: str, changes: Counter[Change]) -> str:
    """Return decoded text as it is shown: what Markdown wrote as `&#1;` is a character by now."""
    if holds(text):
        return text
    clean, replaced = _CONTROL.subn(_REPLACEMENT, text)
    numbered, overrides = _OVERRIDE.subn(lambda found: f"[U+{ord(found[0]):04X}]", clean)
    changes[Change.CONTROL] += replaced
    changes[Change.DIRECTION] += overrides
    return numbered
