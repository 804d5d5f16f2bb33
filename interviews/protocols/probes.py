"""The kinds of probes: what a follow-up question may ask for, so that it asks for nothing else.

Pure. Source of the kinds: the literature on probing in qualitative interviews distinguishes
clarification, elaboration, example, reason and contrast.
"""

from enum import StrEnum


class ProbeKind(StrEnum):
    """What a probe asks for."""

    CLARIFY = "clarify"  # what was meant by a word or a phrase of the answer
    ELABORATE = "elaborate"  # more of what the answer touched
    EXAMPLE = "example"  # a case of what the answer says in general
    REASON = "reason"  # what the answer rests on
    CONTRAST = "contrast"  # how two things that the answer names differ
