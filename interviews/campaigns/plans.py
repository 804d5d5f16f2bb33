"""The plan of a campaign: which sessions it has, in which order, and what is counted.

Pure. The plan is fixed, and its digest logged, before the first question; what each of its
sessions is follows from it alone. Its order is made of blocks: each has every condition once,
shuffled by the plan's seed, so that whatever cuts a campaign short leaves it balanced within one
session a condition (a randomised complete block design).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from archive.canonical import Canonical, canonical_bytes, sha256
from interviews.participants.seam import Sampling
from interviews.protocols.design import Cell, Exclusion, ExclusionRule, shuffled
from interviews.sessions.header import PILOT, Addresses, sampling_document


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPlan:
    """All that is fixed of a campaign before its first question."""

    campaign: str
    model: str
    participant: str  # address
    protocol: str  # digest of the version
    conditions: tuple[Cell, ...]
    each: int  # sessions in each condition
    seed: str  # of the order
    sampling: Sampling
    asking_again: int  # how often a slot is begun anew where the participant declined
    exclusions: tuple[Exclusion, ...]
    pilot: bool = False
    interviewer: str | None = None  # address of the model that asks probes
    judge: str | None = None  # address of the model that judges them

    @property
    def sessions(self) -> int:
        """How many sessions it has, not counting those that are begun anew."""
        return len(self.conditions) * self.each

    @property
    def addresses(self) -> Addresses:
        """How those who speak in it are reached."""
        return Addresses(
            participant=self.participant, interviewer=self.interviewer, judge=self.judge
        )

    def condition_of(self, slot: int) -> Cell:
        """Return the condition of a slot, from 0."""
        block, place = divmod(slot, len(self.conditions))
        return shuffled(self.conditions, seed=f"{self.seed}:{block}")[place]

    def replicate_of(self, slot: int) -> int:
        """Return which draw of its condition a slot is, from 1."""
        return slot // len(self.conditions) + 1

    def encoded(self) -> bytes:
        """Return the canonical bytes, with absent keys left out."""
        document: dict[str, Canonical] = {
            "campaign": self.campaign,
            "model": self.model,
            "participant": self.participant,
            "protocol": self.protocol,
            "conditions": [_present(asdict(cell)) for cell in self.conditions],
            "each": self.each,
            "seed": self.seed,
            "sampling": sampling_document(self.sampling),
            "asking_again": self.asking_again,
            "exclusions": [
                {"rule": str(one.rule), "more_than": one.more_than} for one in self.exclusions
            ],
            **_present(
                {
                    "held_as": PILOT if self.pilot else None,
                    "interviewer": self.interviewer,
                    "judge": self.judge,
                }
            ),
        }
        return canonical_bytes(document)

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes, hex: what is logged, and what its sessions name."""
        return sha256(self.encoded())

    @classmethod
    def decoded(cls, content: bytes) -> Self:
        """Return the plan that `encoded` gave."""
        document: dict[str, Any] = json.loads(content)
        return cls(
            conditions=tuple(Cell(**cell) for cell in document.pop("conditions")),
            sampling=Sampling(**document.pop("sampling")),
            exclusions=tuple(
                Exclusion(rule=ExclusionRule(one["rule"]), more_than=one["more_than"])
                for one in document.pop("exclusions")
            ),
            pilot=document.pop("held_as", None) == PILOT,
            **document,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What became of a slot so far: the last session that was begun for it."""

    session: str
    again: int
    ended: bool
    declined: bool  # the participant ended it


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A session that is to be begun, or gone on with."""

    slot: int
    again: int
    session: str | None  # None: it is to be begun


def due(plan: CampaignPlan, held: Mapping[int, Held]) -> Iterable[Due]:
    """Yield what is still to be held of a plan, in its order."""
    for slot in range(plan.sessions):
        last = held.get(slot)
        if last is None:
            yield Due(slot=slot, again=0, session=None)
        elif not last.ended:
            yield Due(slot=slot, again=last.again, session=last.session)
        elif last.declined and last.again < plan.asking_again:
            yield Due(slot=slot, again=last.again + 1, session=None)


def _present(fields: Mapping[str, str | None]) -> dict[str, Canonical]:
    return {name: value for name, value in fields.items() if value is not None}
