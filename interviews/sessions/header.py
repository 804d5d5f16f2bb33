"""A session's header: everything that was fixed before the first question was asked.

Pure. Its digest is the first link of the session's chain. It holds a salt, so that the digest
gives nothing away of what the public form leaves out; and it holds the prompts as they are asked,
so that a session goes on as it began, whatever has become of the protocol's file.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from archive.canonical import Canonical, canonical_bytes, sha256
from interviews.participants.seam import Sampling
from interviews.protocols.protocol import Rules
from interviews.protocols.script import Ask

NOT_APPLICABLE = "not applicable"
"""The sampling of a participant that takes none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolRef:
    """The version of a protocol that a session runs on, and who approved it by then."""

    slug: str
    version: int
    digest: str
    approved_by: str | None = None  # a person's id; None: nobody had
    approved_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a session was begun with."""

    session: str
    salt: str  # 16 random bytes, hex
    started_at: str
    model: str  # slug
    protocol: ProtocolRef
    condition: Mapping[str, str]  # stance, information, language, sampling
    replicate: int
    participant: str  # address
    engine: Mapping[str, str]  # what the participant says of itself: versions, settings
    sampling: Sampling  # as it is sent
    facts: Mapping[str, str]  # what the participant is told of its deployment
    asks: tuple[Ask, ...]
    rules: Rules
    software: Mapping[str, str]  # names and versions

    def encoded(self) -> bytes:
        """Return the canonical bytes, with absent keys left out."""
        return canonical_bytes(
            {
                "session": self.session,
                "salt": self.salt,
                "started_at": self.started_at,
                "model": self.model,
                "protocol": _present(
                    slug=self.protocol.slug,
                    version=self.protocol.version,
                    digest=self.protocol.digest,
                    approved_by=self.protocol.approved_by,
                    approved_at=self.protocol.approved_at,
                ),
                "condition": self.condition,
                "replicate": self.replicate,
                "participant": {"address": self.participant, "engine": self.engine},
                "sampling": sampling_document(self.sampling),
                "facts": self.facts,
                "prompts": {
                    "asks": [
                        _present(
                            id=ask.id,
                            section=ask.section,
                            before=ask.before,
                            question=ask.question,
                        )
                        for ask in self.asks
                    ],
                    "rules": {"decline": self.rules.decline, "end": self.rules.end},
                },
                "software": self.software,
            }
        )

    @classmethod
    def decoded(cls, content: bytes) -> Self:
        """Return the header that `encoded` gave."""
        document: dict[str, Any] = json.loads(content)
        prompts, participant = document.pop("prompts"), document.pop("participant")
        return cls(
            protocol=ProtocolRef(**document.pop("protocol")),
            participant=participant["address"],
            engine=participant["engine"],
            sampling=Sampling(**document.pop("sampling")),
            asks=tuple(Ask(**{"section": None, **ask}) for ask in prompts["asks"]),
            rules=Rules(**prompts["rules"]),
            **document,
        )


def digest(encoded: bytes) -> str:
    """Return the digest of a header's bytes: the `previous` of the session's first turn."""
    return sha256(encoded)


def sampling_document(sampling: Sampling) -> dict[str, Canonical]:
    """Return `sampling` as it is recorded, with absent keys left out."""
    return _present(max_tokens=sampling.max_tokens, temperature=sampling.temperature)


def condition(
    *, stance: str, information: str, language: str, sampling: Sampling, takes_temperature: bool
) -> dict[str, str]:
    """Return the condition that a session draws from."""
    return {
        "stance": stance,
        "information": information,
        "language": language,
        **sampling_words(sampling, takes_temperature=takes_temperature),
    }


def sampling_words(sampling: Sampling, *, takes_temperature: bool) -> dict[str, str]:
    """Return how replies are drawn, in words; what was left open says so."""
    unset = "left to the engine" if takes_temperature else NOT_APPLICABLE
    return {
        "max_tokens": str(sampling.max_tokens),
        "temperature": sampling.temperature or unset,
    }


def _present(**fields: str | int | None) -> dict[str, Canonical]:
    return {name: value for name, value in fields.items() if value is not None}
