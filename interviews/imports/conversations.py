"""What a file that is imported holds: conversations, and places that cannot be read.

Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from archive.canonical import without_lone_surrogates
from interviews.imports.messages import to_json
from interviews.sessions.content import Content, Speaker

UNKNOWN = "unknown"
"""Of a condition: the source does not say it."""

LONGEST_WORD = 16_384  # characters of what a source says of itself, each
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One conversation of a file."""

    place: str  # in the file: samples[3], line 12
    turns: Sequence[tuple[Speaker, Content]]
    replicate: int = 1
    sampling: Mapping[str, str] = field(default_factory=dict)  # as far as its source says
    reason: str | None = None  # why it stopped where it did, as its source says
    said_of_itself: Mapping[str, str] = field(default_factory=dict)

    @property
    def condition(self) -> dict[str, str]:
        """Under which condition it was held, as far as its source says."""
        return {
            "stance": UNKNOWN,
            "information": UNKNOWN,
            "language": UNKNOWN,
            "max_tokens": UNKNOWN,
            "temperature": UNKNOWN,
            **self.sampling,
        }

    @property
    def answered(self) -> bool:
        """Whether the participant said anything."""
        return any(
            speaker is Speaker.PARTICIPANT and content.text.strip()
            for speaker, content in self.turns
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A place in a file that cannot be read; the rest of it comes in."""

    file: str
    place: str
    what: str
    mend: str


def facts(**said: object) -> dict[str, str]:
    """Return what a source says of itself as texts; what it does not say is absent."""
    found = {}
    for name, value in said.items():
        if value is None or value in ("", [], {}):
            continue
        text = plain(value if isinstance(value, str) else to_json(value))
        left_out = f"left out: {len(text)} characters"
        found[name] = text if len(text) <= LONGEST_WORD else left_out
    return found


def sampling_of(config: Mapping[str, object]) -> dict[str, str]:
    """Return how replies were drawn, of what a source says of it."""
    said = {name: config.get(name) for name in ("max_tokens", "temperature")}
    return {name: str(value) for name, value in said.items() if isinstance(value, int | float)}


def plain(text: str) -> str:
    """Return a text that any database and any page can hold."""
    return without_lone_surrogates(text).replace("\x00", _REPLACEMENT)
