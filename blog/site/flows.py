"""The flow table: what became of everything that was ever started, in words and numbers.

Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from blog.site.views import DraftFlow, InterviewFlow


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers that answer one question."""

    name: str
    rows: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Flow:
    """One column of the flow: interviews, or drafts."""

    name: str
    started: int
    groups: Sequence[Group]


def flows(interviews: InterviewFlow, drafts: DraftFlow) -> list[Flow]:
    """Return both flows; zeros are shown, since nothing is as much a fact as something."""
    ends = [
        ("complete", interviews.complete),
        ("declined", interviews.declined),
        ("failed", interviews.failed),
        ("interrupted", interviews.interrupted),
        ("under way", interviews.running),
    ]
    public = [
        ("published", interviews.published),
        ("unreleased", interviews.unreleased),
        ("withdrawn", interviews.withdrawn),
    ]
    became = [
        ("published", drafts.published),
        ("unreleased", drafts.unreleased),
        ("vetoed", drafts.vetoed),
        ("passed over for another", drafts.passed_over),
        ("waiting for review", drafts.waiting),
        ("declined", drafts.declined),
        ("not to be published, the model said", drafts.unwilling),
        ("failed", drafts.failed),
        ("withdrawn", drafts.withdrawn),
    ]
    return [
        Flow(
            "Interviews",
            interviews.started,
            [
                Group("How they ended", ends),
                Group("Complete, and set aside by a rule", [("excluded", interviews.excluded)]),
                Group("What is public", public),
            ],
        ),
        Flow(
            "Drafts",
            drafts.started,
            [
                Group("For how many posts", [("posts that it was asked for", drafts.posts)]),
                Group("What became of them", became),
                *([Group("Vetoed for", drafts.vetoes)] if drafts.vetoes else []),
                *([Group("Withdrawn for", drafts.withdrawals)] if drafts.withdrawals else []),
            ],
        ),
    ]
