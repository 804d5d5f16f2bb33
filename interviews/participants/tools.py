"""Calls of tools in a reply: which were made, and what comes back for those that were offered.

Pure. What a model puts into a call is foreign text: whatever its form, it is read or left.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interviews.participants.seam import Block, Tool

KINDS = frozenset({"tool_use", "function"})
"""The kinds of blocks that call a tool: the Messages API's, and that of chat completions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """One call, as a reply has it."""

    id: str  # empty: the server gave none
    name: str
    given: Mapping[str, Any]  # what was given to the tool; empty where it cannot be read


def calls_of(blocks: Sequence[Block]) -> Iterator[ToolCall]:
    """Yield the calls in a reply, in order; a block that is none by its form is passed over."""
    for block in blocks:
        if block["type"] not in KINDS:
            continue
        try:
            written = json.loads(str(block["json"]))
        except (KeyError, ValueError, RecursionError):
            continue
        if isinstance(written, dict) and isinstance(written.get("name"), str):
            call = written.get("id")
            yield ToolCall(
                id=call if isinstance(call, str) else "",
                name=written["name"],
                given=_given(written),
            )


def offered_calls(blocks: Sequence[Block], tools: Sequence[Tool]) -> list[tuple[ToolCall, Tool]]:
    """Return the calls of `tools` in a reply, each with the tool."""
    known = {tool.name: tool for tool in tools}
    return [(call, known[call.name]) for call in calls_of(blocks) if call.name in known]


def calls_one_of(blocks: Sequence[Block], names: Collection[str]) -> bool:
    """Return whether a reply calls one of the tools with these names."""
    return any(call.name in names for call in calls_of(blocks))


def _given(written: Mapping[str, Any]) -> Mapping[str, Any]:
    given = written.get("input", written.get("arguments"))
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            return {}
    return given if isinstance(given, dict) else {}
