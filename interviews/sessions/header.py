"""A session's header: everything that was fixed before the first question was asked.

Pure. Its digest is the first link of the session's chain. It holds a salt, so that the digest
gives nothing away of what the public form leaves out; and it holds the prompts as they are asked,
so that a session goes on as it began, whatever has become of the protocol's file.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from archive.canonical import Canonical, canonical_bytes, sha256
from interviews.participants.seam import Sampling, Tool
from interviews.protocols.design import Exclusion, ExclusionRule
from interviews.protocols.probes import ProbeKind
from interviews.protocols.protocol import Rules
from interviews.protocols.script import Ask
from interviews.sessions.content import tool_document
from interviews.sessions.scripts import ask_document, ask_of

NOT_APPLICABLE = "not applicable"
"""The sampling of a participant that takes none."""

OFFERED = "offered"
"""What a header says of the rules of a protocol that offers tools beside its words."""

PILOT = "pilot"
"""How a session is held that tries a protocol out, approved or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolRef:
    """The version of a protocol that a session runs on, and who approved it by then."""

    slug: str
    version: int
    digest: str
    approved_by: str | None = None  # a person's id; None: nobody had
    approved_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a session stands in the campaign that it is of."""

    campaign: str  # its name
    plan: str  # sha256 of the plan that was logged before the first question
    slot: int  # of the plan's sessions, from 0
    again: int = 0  # how often this slot was begun before: the participant had declined


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """How those who speak in a session are reached; None: there is none such."""

    participant: str
    interviewer: str | None = None
    judge: str | None = None

    @property
    def all(self) -> tuple[str, ...]:
        """Everybody who is asked."""
        everybody = (self.participant, self.interviewer, self.judge)
        return tuple(address for address in everybody if address is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """A model that judges the probes that the rules let pass."""

    engine: Mapping[str, str]  # what it says of itself
    sampling: Sampling
    instructions: str  # its system prompt
    templates: Mapping[str, str]  # what its messages are made by, by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Interviewer:
    """A model that asks the probes between the core questions."""

    address: str
    engine: Mapping[str, str]  # what it says of itself
    sampling: Sampling
    goals: tuple[str, ...]  # the protocol's, as it is told them
    prompt: str  # sha256 of the template of its instructions
    family: str  # "same" as the participant's, "other", or "unknown"
    judge: str | None = None  # address of the model that judges its probes; None: rules alone do
    # headers of earlier versions have none of these
    instructions: Mapping[str, str] = field(default_factory=dict)  # system prompt, by `kinds_word`
    templates: Mapping[str, str] = field(default_factory=dict)  # of its messages, by name
    judging: Judge | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """The turn of another session after which this one goes on by itself."""

    session: str
    index: int  # of the last turn that both share
    link: str  # of that turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Words of a participant that it is shown, as they stand in its turn."""

    session: str
    turn: int
    link: str  # of that turn
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCheck:
    """What a participant is shown of what will be said of it; the text stands in the facts."""

    summary: str  # sha256 of the operator's file
    sessions: tuple[str, ...]  # that it is about
    quotations: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Where a fact that a participant is told comes from."""

    source: str
    date: str  # of the fact, or of when it was looked up
    basis: str  # how it is known
    visibility: str  # "public": may be read where the turn is released; "internal": may not


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
    pilot: bool = False  # held to try a protocol out
    place: Place | None = None  # None: it is of no campaign
    interviewer: Interviewer | None = None  # None: only the script asks
    system: str | None = None  # the system prompt: which character is interviewed
    told: Mapping[str, Told] = field(default_factory=dict)  # of `facts`, by name
    unrecorded: tuple[str, ...] = ()  # facts that jumps look at and nobody had put on record
    exclusions: tuple[Exclusion, ...] = ()
    branch: Branch | None = None
    tools: tuple[Tool, ...] = ()  # that the participant is offered
    member_check: MemberCheck | None = None

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
                    "asks": [ask_document(ask) for ask in self.asks],
                    "rules": _rules(self.rules),
                },
                "software": self.software,
                **self._later(),
            }
        )

    def _later(self) -> dict[str, Canonical]:
        """Return what headers of earlier versions have not, where there is something to say."""
        place, branch, interviewer = self.place, self.branch, self.interviewer
        later: dict[str, Canonical | None] = {
            "held_as": PILOT if self.pilot else None,
            "system": self.system,
            "told": {name: asdict(told) for name, told in self.told.items()},
            "unrecorded": list(self.unrecorded),
            "exclusions": [
                {"rule": str(one.rule), "more_than": one.more_than} for one in self.exclusions
            ],
            "place": None if place is None else asdict(place),
            "branch": None if branch is None else asdict(branch),
            "tools": [tool_document(tool) for tool in self.tools],
            "member_check": None if self.member_check is None else _checked(self.member_check),
            "interviewer": None if interviewer is None else _interviewer(interviewer),
        }
        return {name: value for name, value in later.items() if value is not None and value}

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
            asks=tuple(map(ask_of, prompts["asks"])),
            rules=_rules_of(prompts["rules"]),
            pilot=document.pop("held_as", None) == PILOT,
            told={name: Told(**told) for name, told in document.pop("told", {}).items()},
            unrecorded=tuple(document.pop("unrecorded", ())),
            exclusions=tuple(
                Exclusion(rule=ExclusionRule(one["rule"]), more_than=one["more_than"])
                for one in document.pop("exclusions", ())
            ),
            place=Place(**place) if (place := document.pop("place", None)) else None,
            member_check=None
            if (shown := document.pop("member_check", None)) is None
            else MemberCheck(
                summary=shown["summary"],
                sessions=tuple(shown["sessions"]),
                quotations=tuple(Quotation(**one) for one in shown["quotations"]),
            ),
            tools=tuple(Tool(**tool) for tool in document.pop("tools", ())),
            branch=Branch(**branch) if (branch := document.pop("branch", None)) else None,
            interviewer=None
            if (asks := document.pop("interviewer", None)) is None
            else _interviewer_of(asks),
            **document,
        )


def digest(encoded: bytes) -> str:
    """Return the digest of a header's bytes: the `previous` of the session's first turn."""
    return sha256(encoded)


def sampling_document(sampling: Sampling) -> dict[str, Canonical]:
    """Return `sampling` as it is recorded, with absent keys left out."""
    return _present(max_tokens=sampling.max_tokens, temperature=sampling.temperature)


def condition(
    *,
    stance: str,
    information: str,
    language: str,
    sampling: Sampling,
    takes_temperature: bool,
    character: str | None = None,
) -> dict[str, str]:
    """Return the condition that a session draws from; `character` where the protocol has any."""
    return {
        "stance": stance,
        "information": information,
        "language": language,
        **({} if character is None else {"character": character}),
        **sampling_words(sampling, takes_temperature=takes_temperature),
    }


def sampling_words(sampling: Sampling, *, takes_temperature: bool) -> dict[str, str]:
    """Return how replies are drawn, in words; what was left open says so."""
    unset = "left to the engine" if takes_temperature else NOT_APPLICABLE
    return {
        "max_tokens": str(sampling.max_tokens),
        "temperature": sampling.temperature or unset,
    }


def _checked(check: MemberCheck) -> dict[str, Canonical]:
    return {
        "summary": check.summary,
        "sessions": list(check.sessions),
        "quotations": [asdict(one) for one in check.quotations],
    }


def _rules(rules: Rules) -> dict[str, Canonical]:
    offered = OFFERED if rules.tools else None
    return _present(decline=rules.decline, end=rules.end, tools=offered)


def _rules_of(document: Mapping[str, str]) -> Rules:
    tools = document.get("tools") == OFFERED
    return Rules(decline=document["decline"], end=document["end"], tools=tools)


def describe(condition: Mapping[str, str]) -> str:
    """Return a condition in few words."""
    named = (condition.get(name) for name in ("stance", "information", "character", "language"))
    return ", ".join(name for name in named if name is not None)


def kinds_word(kinds: Iterable[ProbeKind]) -> str:
    """Return the kinds of probes that are allowed at a question, as instructions are named by."""
    return ", ".join(kind.value for kind in kinds)


def _interviewer(interviewer: Interviewer) -> dict[str, Canonical]:
    document = asdict(interviewer) | {"sampling": sampling_document(interviewer.sampling)}
    if interviewer.judging is not None:
        document["judging"]["sampling"] = sampling_document(interviewer.judging.sampling)
    later = ("judge", "instructions", "templates", "judging")
    return {name: value for name, value in document.items() if value or name not in later}


def _interviewer_of(document: Mapping[str, Any]) -> Interviewer:
    judging = document.get("judging")
    return Interviewer(
        **{
            **document,
            "sampling": Sampling(**document["sampling"]),
            "goals": tuple(document["goals"]),
            "judging": None
            if judging is None
            else Judge(**{**judging, "sampling": Sampling(**judging["sampling"])}),
        }
    )


def _present(**fields: str | int | None) -> dict[str, Canonical]:
    return {name: value for name, value in fields.items() if value is not None}
