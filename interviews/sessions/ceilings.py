"""Ceilings: how many calls and tokens one run may spend.

Pure. They are looked at before each attempt is sent: what is in flight then may still run past
the ceiling on tokens.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from archive.errors import FaultError

COUNTED = (
    "input_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    "output_tokens",
)


class CeilingError(FaultError):
    """A run has spent what it was allowed."""


@dataclass(slots=True, kw_only=True)
class Ceilings:
    """What a run may spend, None for no limit, and what it has spent."""

    max_calls: int | None = None
    max_tokens: int | None = None
    calls: int = 0
    tokens: int = 0

    def call(self) -> None:
        """Count a call that is about to be made.

        Raises:
            CeilingError: It would be one too many, or the tokens are spent.
        """
        if self.max_calls is not None and self.calls >= self.max_calls:
            raise _reached(f"{self.calls} calls", "--max-calls")
        if self.max_tokens is not None and self.tokens >= self.max_tokens:
            raise _reached(f"{self.tokens} tokens", "--max-tokens")
        self.calls += 1

    def spend(self, usage: Mapping[str, int]) -> int:
        """Count the tokens that a provider reported, in and out, cached or not; return them."""
        tokens = sum(usage.get(name, 0) for name in COUNTED)
        self.tokens += tokens
        return tokens


def _reached(spent: str, option: str) -> CeilingError:
    return CeilingError(
        f"this run has made its {spent}",
        at=option,
        mend="What was said is kept. Go on with `emeritus interview resume`.",
    )
