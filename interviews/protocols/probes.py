"""The kinds of probes: what a follow-up question may ask for, so that it asks for nothing else.

Pure. Source of the kinds: the literature on probing in qualitative interviews distinguishes
clarification, elaboration, example, reason and contrast.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class ProbeKind(StrEnum):
    """What a probe asks for."""

    CLARIFY = "clarify"
    ELABORATE = "elaborate"
    EXAMPLE = "example"
    REASON = "reason"
    CONTRAST = "contrast"


MEANINGS: Mapping[ProbeKind, str] = MappingProxyType(
    {
        ProbeKind.CLARIFY: "asks what was meant by a word or a phrase of the answer",
        ProbeKind.ELABORATE: "asks for more of what the answer touched",
        ProbeKind.EXAMPLE: "asks for a case of what the answer says in general",
        ProbeKind.REASON: "asks what the answer rests on",
        ProbeKind.CONTRAST: "asks how two things that the answer names differ",
    }
)
"""What each kind asks for: for the interviewer, and for whoever approves a protocol."""
