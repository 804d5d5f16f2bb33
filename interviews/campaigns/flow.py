"""The flow of sessions: what became of all that were ever begun, each counted once.

After the flow diagrams of CONSORT and STROBE: nothing that was begun is left out of the
denominators.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from interviews.sessions.records import State, Validity


class SessionFate(StrEnum):
    """What became of a session. The first that holds, in this order, is its fate."""

    DELETED = "deleted"  # under authority
    PILOT = "pilot"  # held to try the protocol out, however it ended
    UNFINISHED = "unfinished"  # it goes on, or can be gone on with
    FAILED = "failed"
    DECLINED = "declined"  # the participant ended it
    EXCLUDED = "excluded"  # by a rule that was named beforehand
    WITHHELD = "withheld"  # complete, and a person decided that not everyone may read it
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One session, as the flow looks at it."""

    state: State
    validity: str
    exclusion_rule: str | None
    pilot: bool
    deleted: bool
    withheld: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The fates of the sessions of a campaign or a model; they add up to `begun`."""

    planned: int | None  # None: they were not planned
    fates: Mapping[SessionFate, int]
    rules: Mapping[str, int]  # of those that are excluded, by the rule's name

    @property
    def begun(self) -> int:
        """How many were ever begun."""
        return sum(self.fates.values())

    @property
    def ended(self) -> int:
        """How many of them have ended."""
        return self.begun - self.fates[SessionFate.UNFINISHED]


def fate(session: Ended) -> SessionFate:
    """Return what became of one session."""
    held = {
        SessionFate.DELETED: session.deleted,
        SessionFate.PILOT: session.pilot,
        SessionFate.UNFINISHED: not session.state.ended,
        SessionFate.FAILED: session.state == State.FAILED,
        SessionFate.DECLINED: session.state == State.DECLINED,
        SessionFate.EXCLUDED: session.validity == Validity.EXCLUDED,
        SessionFate.WITHHELD: session.withheld,
        SessionFate.COMPLETE: True,
    }
    return next(one for one, holds in held.items() if holds)


def flow(sessions: Iterable[Ended], *, planned: int | None = None) -> Flow:
    """Return what became of all sessions."""
    fates: Counter[SessionFate] = Counter()
    rules: Counter[str] = Counter()
    for session in sessions:
        one = fate(session)
        fates[one] += 1
        if one == SessionFate.EXCLUDED:
            rules[session.exclusion_rule or "by name"] += 1
    return Flow(planned=planned, fates={one: fates[one] for one in SessionFate}, rules=dict(rules))
