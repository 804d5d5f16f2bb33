"""The rule by which one of a post's drafts is taken, recorded before the first is asked for.

Pure.
"""

import re
from collections.abc import Collection
from enum import StrEnum

MOST_DRAFTS = 9  # of one post

_BEGINS = re.compile(r"^[\W_]*(?:(?:post|number|no)\W*)?(\d+)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])\d+\b")


class Selection(StrEnum):
    """Who takes one of the drafts, or how."""

    FIRST = "first"
    MODEL = "model"
    REVIEWER = "reviewer"

    def words(self, drafts: int) -> str:
        """Return the rule in words for a page, where so many drafts are to be asked for."""
        return {
            Selection.FIRST: "the first draft: one is asked for, and there is none to choose from",
            Selection.MODEL: f"{drafts} drafts are asked for, and the model chooses one of them; "
            "the first, if its answer names none",
            Selection.REVIEWER: f"{drafts} drafts are asked for, and the reviewer chooses one of "
            "them whole",
        }[self]


def chosen(said: str, numbers: Collection[int]) -> int | None:
    """Return which draft a reply names: it begins with its number, or holds no other.

    Args:
        said: The model's words.
        numbers: Of the drafts that it was shown.
    """
    if (begun := _BEGINS.match(said[:100])) is not None:
        return int(begun[1]) if int(begun[1]) in numbers else None
    named = {int(found) for found in _NUMBER.findall(said[:1000]) if len(found) < 3}
    (only, *others) = [*named, None]
    return only if only in numbers and others == [None] else None
