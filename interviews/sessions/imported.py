"""What is fixed of a session that was held elsewhere, when it is imported: its header, its origin.

Pure. Its chain begins with the import: it shows that nothing has changed since, and nothing of
what was before. All that the source says of itself is the source's word.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from archive.canonical import canonical_bytes, sha256

ENTRY = "import"
"""The kind of the log's entry: for an import it is what the session's end is for others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a session was imported from."""

    file: str  # its name, without folders
    sha256: str  # of the whole file
    place: str  # in the file: samples[3], line 12
    format: str  # inspect, jsonl, text

    def document(self) -> dict[str, str]:
        """Return it as a session's row and its record have it."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "place": self.place,
            "format": self.format,
        }


def source_key(origin: Mapping[str, str]) -> str:
    """Return what two imports of the same place of the same file have in common, hex."""
    return sha256(canonical_bytes({"sha256": origin["sha256"], "place": origin["place"]}))


def words(origin: Mapping[str, str]) -> str:
    """Return the mark that every view of an imported session carries."""
    where = f"imported from {origin['file']}, {origin['place']}"
    return f"{where}, sha256 {origin['sha256']}, not recorded here"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedHeader:
    """What a session was imported with."""

    session: str
    salt: str  # 16 random bytes, hex
    started_at: str  # when it was imported
    model: str  # slug
    condition: Mapping[str, str]
    replicate: int
    origin: Mapping[str, str]
    said_of_itself: Mapping[str, str] = field(default_factory=dict)  # by the source
    software: Mapping[str, str]  # that imported it

    def encoded(self) -> bytes:
        """Return the canonical bytes."""
        return canonical_bytes(
            {
                "session": self.session,
                "salt": self.salt,
                "started_at": self.started_at,
                "model": self.model,
                "condition": self.condition,
                "replicate": self.replicate,
                "origin": self.origin,
                "said_of_itself": self.said_of_itself,
                "software": self.software,
            }
        )

    @classmethod
    def decoded(cls, content: bytes) -> Self:
        """Return the header that `encoded` gave."""
        return cls(**json.loads(content))
