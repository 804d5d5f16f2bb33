"""A model as judge of a probe: what it is asked, and how strictly its answer is read.

The judge comes after the rules, and can only reject what they let pass. Nothing is sent from here.
How often a judge is right, `bench/probe_check.py` measures; docs/detectors.md has the figures.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from interviews.interviewer.faults import MEANINGS, FaultKind
from interviews.interviewer.languages import name_of
from interviews.interviewer.prompts import filled, lines
from interviews.participants.seam import Message, Request, Sampling

NONE = "none"
"""What the judge answers of a probe without a fault."""

JUDGED = tuple(kind for kind in FaultKind if kind not in {FaultKind.TOO_LONG, FaultKind.EMPTY})
"""The kinds that a judge is asked about: length needs none."""

LONGEST_VERDICT = 1000  # characters; what is longer is no list of a few names

_FENCE = re.compile(r"\A```(?:json)?\s*\n(.*)\n```\s*\Z", re.DOTALL)
_BULLET = re.compile(r"^\s*(?:[-*]\s+)?")


def instructions(language: str) -> str:
    """Return what a judge is told of its part, in an interview in `language`: its system prompt."""
    return filled(
        "probe.judging",
        kinds=JUDGED,
        meanings=MEANINGS,
        language=name_of(language),
        no_fault=NONE,
    )


def judge_request(
    probe: str, *, earlier: Sequence[str], reply: str, system: str, sampling: Sampling
) -> Request:
    """Return the request by which a model is asked what is wrong with a probe.

    Args:
        probe: As the interviewing model wrote it, without its kind.
        earlier: The core questions and probes that were asked before.
        reply: What the participant said last.
        system: Its `instructions`.
        sampling: How the verdict is drawn; a few names are all that is wanted.
    """
    asked = filled(
        "probe.judged",
        earlier=[line for question in earlier for line in lines(question)],
        answered=lines(reply),
        probe=lines(probe),
    )
    message = Message(role="user", blocks=[{"type": "text", "text": asked}])
    return Request(messages=[message], system=system, sampling=sampling)


def read_verdict(answer: str) -> frozenset[FaultKind] | None:
    """Return the kinds that a judge names, empty if it says that there are none.

    None is no verdict: the answer is not, as a whole, a list of known names in lines or in JSON
    (`["leads"]` or `{"faults": ["leads"]}`), or `none`. No verdict is never taken for a clean one.
    """
    text = answer.strip()
    if not text or len(text) > LONGEST_VERDICT:
        return None
    fenced = _FENCE.match(text)
    body = fenced[1].strip() if fenced else text
    names = _names_in_json(body) if body[:1] in {"[", "{"} else _names_in_lines(body)
    return None if names is None else _kinds(names)


def _names_in_lines(body: str) -> list[str] | None:
    """Return the names of a list in lines; `none` alone is an empty one."""
    names = [
        _BULLET.sub("", line).strip(" .`*\"'").casefold()
        for line in body.splitlines()
        if line.strip()
    ]
    return [] if names == [NONE] else names


def _names_in_json(body: str) -> list[str] | None:
    try:
        document = json.loads(body, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None
    if isinstance(document, dict):
        if set(document) != {"faults"}:
            return None
        document = document["faults"]
    if not isinstance(document, list) or not all(isinstance(name, str) for name in document):
        return None
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose names are all different: with two of one, nothing is said."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _kinds(names: Sequence[str]) -> frozenset[FaultKind] | None:
    try:
        kinds = frozenset(map(FaultKind, names))
    except ValueError:
        return None
    return kinds if kinds <= set(JUDGED) else None
