"""Asking the interviewing model for a probe: the request, and how its reply is read.

Nothing is sent from here. The conversation is one message with a block for each exchange, so that
what was sent before is the beginning of what is sent next: a provider's prompt cache finds it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from interviews.interviewer.checking import LONGEST
from interviews.interviewer.languages import name_of
from interviews.interviewer.prompts import filled, lines
from interviews.participants.seam import Message, Request, Sampling
from interviews.protocols import probes
from interviews.protocols.probes import ProbeKind
from interviews.protocols.protocol import same_words

NO_PROBE = "NO PROBE"
"""What the interviewing model answers, alone, if no probe is called for."""

_KIND = re.compile(
    rf"^\s*(?:\[\s*({'|'.join(ProbeKind)})\s*\]\s*:?|({'|'.join(ProbeKind)})\s*:)\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What was asked, and what the participant answered."""

    asked: str
    answered: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A probe that was written for the last answer before, and not sent."""

    probe: str
    reasons: Sequence[str]  # what is wrong with it, as the model is told; at least one


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenProbe:
    """A probe as the interviewing model wrote it."""

    kind: ProbeKind | None  # None: it named none
    text: str


def instructions(goals: Sequence[str], kinds: Sequence[ProbeKind], language: str) -> str:
    """Return what the interviewing model is told of its part: its system prompt.

    Args:
        goals: The protocol's.
        kinds: Those that the protocol allows here; at least one.
        language: The interview's, as a BCP 47 tag.
    """
    return filled(
        "probe.asking",
        goals=goals,
        kinds=[kind.value for kind in kinds],
        meanings=probes.MEANINGS,
        language=name_of(language),
        longest=LONGEST,
        no_probe=NO_PROBE,
    )


def probe_request(
    conversation: Sequence[Exchange],
    *,
    system: str,
    sampling: Sampling,
    refused: Sequence[Refused] = (),
) -> Request:
    """Return the request by which the interviewing model writes a probe.

    Args:
        conversation: From the opening to the last answer; at least one exchange.
        system: Its `instructions`.
        sampling: How the probe is drawn.
        refused: The probes that were written for this place and not sent, in their order.
    """
    exchanges = (
        filled("probe.exchange", asked=lines(one.asked), answered=lines(one.answered))
        for one in conversation
    )
    refusals = (
        filled(
            "probe.refused",
            probe=lines(one.probe),
            reasons=one.reasons,
        )
        for one in refused
    )
    blocks = [{"type": "text", "text": f"{text}\n\n"} for text in (*exchanges, *refusals)]
    return Request(messages=[Message(role="user", blocks=blocks)], system=system, sampling=sampling)


def read_probe(reply: str) -> WrittenProbe | None:
    """Return the probe that stands in the interviewing model's reply, or None: it asks none.

    The kind is taken off its front, and the `>` behind which it is shown what others say. All
    else is the probe, as it is: what does not belong in it, the check finds.
    """
    if same_words(reply, NO_PROBE):
        return None
    match = _KIND.match(reply)
    kind = None if match is None else ProbeKind((match[1] or match[2]).lower())
    text = reply if match is None else reply[match.end() :]
    return WrittenProbe(kind=kind, text=text.strip().removeprefix(">").lstrip())
