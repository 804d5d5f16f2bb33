"""A session as every form of an export takes it: what of it may leave, and what is withheld.

Pure. An export is for those who work with the record: it may hold what is not released. What
somebody withheld turn by turn stays here, and its digest goes. A turn that tells a fact that is
not public goes with a mark: the site would withhold it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interviews.sessions.content import Content
from interviews.sessions.internal_facts import REASON

WITHHELD = "withheld; its digest stands"

NOT_PUBLIC = f"Not for the public: {REASON}"
"""What stands with a turn that the site withholds from the public."""

FOR_WHOM = "A copy of the record, for those who work with it: it may hold what is not released."


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedTurn:
    """One turn."""

    index: int
    speaker: str
    at: str
    content: Content | None  # None: withheld
    salt: str | None  # hex; None: withheld
    internal: bool  # it is here, and tells a fact that is not public
    content_digest: str
    previous: str
    link: str

    @property
    def text(self) -> str | None:
        """What was said; None: it is withheld."""
        return None if self.content is None else self.content.text

    @property
    def kept_apart(self) -> list[str]:
        """The kinds of what else the turn holds: thinking, calls of tools, pictures."""
        blocks = () if self.content is None else self.content.blocks
        return [str(block["type"]) for block in blocks if block["type"] != "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """The tokens of a session's attempts, by who was asked, as the providers counted them."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedSession:
    """One session; its turns are those that stand on record, none left out."""

    record: Mapping[str, Any]  # as the archive has it
    turns: Sequence[ExportedTurn]
    spent: Mapping[str, Spent]  # by role and address: "participant anthropic:halcyon-2"

    @property
    def id(self) -> str:
        """The session's id."""
        return str(self.record["id"])

    @property
    def origin(self) -> Mapping[str, str] | None:
        """Where it was imported from; None: it was recorded here."""
        origin: Mapping[str, str] | None = self.record.get("origin")
        return origin

    @property
    def asked(self) -> str:
        """What was asked, in few words."""
        protocol = self.record["protocol"]
        return "no protocol" if protocol is None else f"{protocol['slug']} {protocol['version']}"


def interviewing(header: Mapping[str, Any]) -> dict[str, Any]:
    """Return as a field what a session's header says of the model that asked probes, if one did.

    It holds what that model and its judge were told, and not on which machine they ran.
    """
    asked = header.get("interviewer")
    if asked is None:
        return {}
    told = {name: value for name, value in asked.items() if name != "engine"}
    if "judging" in told:
        told["judging"] = {name: one for name, one in told["judging"].items() if name != "engine"}
    return {"interviewer": told}
