"""A session's script as its header keeps it.

Pure.
"""

from collections.abc import Mapping
from typing import Any

from archive.canonical import Canonical
from interviews.protocols.probes import ProbeKind
from interviews.protocols.script import (
    AnswerIs,
    AnswerSays,
    Ask,
    FactIs,
    Fate,
    Jump,
    Probing,
    When,
)


def ask_document(ask: Ask) -> dict[str, Canonical]:
    """Return an ask as canonical values, with absent keys left out."""
    document: dict[str, Canonical] = {
        "id": ask.id,
        "before": ask.before,
        "question": ask.question,
    }
    if ask.section is not None:
        document["section"] = ask.section
    if ask.probing is not None:
        document["probes"] = {"most": ask.probing.most, "kinds": list(ask.probing.kinds)}
    if ask.jumps:
        document["then"] = [{"if": _when(jump.when), "go": jump.go} for jump in ask.jumps]
    return document


def ask_of(document: Mapping[str, Any]) -> Ask:
    """Return the ask that `ask_document` gave.

    Raises:
        KeyError, TypeError, ValueError: It is something else.
    """
    probes = document.get("probes")
    return Ask(
        id=document["id"],
        section=document.get("section"),
        before=document["before"],
        question=document["question"],
        probing=None
        if probes is None
        else Probing(most=probes["most"], kinds=tuple(map(ProbeKind, probes["kinds"]))),
        jumps=tuple(
            Jump(when=_when_of(jump["if"]), go=jump["go"]) for jump in document.get("then", ())
        ),
    )


def _when(when: When) -> dict[str, Canonical]:
    match when:
        case AnswerIs():
            return {"question": when.question, "is": str(when.fate)}
        case AnswerSays():
            return {"question": when.question, "says": list(when.words)}
        case FactIs():
            return {"fact": when.fact, "is": "recorded" if when.recorded else "not recorded"}


def _when_of(document: Mapping[str, Any]) -> When:
    if "fact" in document:
        return FactIs(fact=document["fact"], recorded=document["is"] == "recorded")
    if "says" in document:
        return AnswerSays(question=document["question"], words=tuple(document["says"]))
    return AnswerIs(question=document["question"], fate=Fate(document["is"]))
