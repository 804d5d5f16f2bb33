"""What a published text shows otherwise than it was written, counted and said in words.

Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Change(StrEnum):
    """A way in which what is shown differs from what was written."""

    RAW_HTML = "raw HTML"
    IMAGE = "image"
    LINK_DISABLED = "link disabled"
    LINK_MARKED = "link marked"
    CONTROL = "control character"
    SURROGATE = "lone surrogate"
    DIRECTION = "direction override"
    LAYOUT = "layout"


# singular, plural
_SENTENCES = {
    Change.RAW_HTML: (
        "1 piece of HTML is shown as text.",
        "{} pieces of HTML are shown as text.",
    ),
    Change.IMAGE: (
        "1 image is shown as its description and not loaded.",
        "{} images are shown as their descriptions and not loaded.",
    ),
    Change.LINK_DISABLED: (
        "1 link is shown without its address, which is neither a web nor a mail address.",
        "{} links are shown without their addresses, which are neither web nor mail addresses.",
    ),
    Change.LINK_MARKED: (
        "1 link carries a mark that asks search engines not to follow it.",
        "{} links carry a mark that asks search engines not to follow them.",
    ),
    Change.CONTROL: (
        "1 control character, which no page can hold, is shown as U+FFFD.",
        "{} control characters, which no page can hold, are shown as U+FFFD.",
    ),
    Change.SURROGATE: (
        "1 half of a character is shown as U+FFFD.",
        "{} halves of characters are shown as U+FFFD.",
    ),
    Change.DIRECTION: (
        "1 character that would reverse the reading direction is shown by its number.",
        "{} characters that would reverse the reading direction are shown by their numbers.",
    ),
    Change.LAYOUT: (
        "The text is shown as it was written: it is too long or too intricate to be laid out.",
    )
    * 2,
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as HTML, and how often it was changed in which way."""

    html: str
    changes: Mapping[Change, int]

    @property
    def remarks(self) -> list[str]:
        """The changes as sentences for a reader, in a fixed order."""
        return [
            _SENTENCES[change][self.changes[change] != 1].format(self.changes[change])
            for change in Change
            if self.changes.get(change)
        ]
