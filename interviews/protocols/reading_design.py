"""The design in a protocol's file: own facts, characters, order, how often, exclusion rules."""

import re
from collections.abc import Collection, Mapping

from archive.identifiers import check_slug
from interviews.protocols.design import (
    AskingAgain,
    Character,
    CharacterKind,
    Exclusion,
    ExclusionRule,
    OrderVariation,
    Replicates,
    Varied,
)
from interviews.protocols.protocol import FACTS, RULE_WORDS
from interviews.protocols.reading_texts import read_said
from interviews.protocols.yaml_tree import Entry

_FACT = re.compile("[a-z][a-z0-9_-]*")
_COUNTED = frozenset({ExclusionRule.CUT, ExclusionRule.LANGUAGE})


def read_facts(whole: Mapping[str, Entry]) -> dict[str, str]:
    """Return the facts that the workspace has to supply, and what each says."""
    if "facts" not in whole:
        return {}
    return {
        check_fact(name, says): says.phrase() for name, says in whole["facts"].entries().items()
    }


def check_fact(name: str, entry: Entry) -> str:
    """Return `name` if a fact of the workspace's own can have it; errors are about `entry`."""
    if name in FACTS or name in RULE_WORDS:
        raise entry.error(
            f"{name!r} is taken", mend="The archive's record or the rules fill it. Choose another."
        )
    if not _FACT.fullmatch(name):
        raise entry.error(
            f"no name of a fact: {name!r}",
            mend="Begin with a small letter; then small letters, digits, - and _.",
        )
    return name


def read_characters(whole: Mapping[str, Entry], facts: Collection[str]) -> dict[str, Character]:
    """Return the characters that can be interviewed, by id."""
    if "characters" not in whole:
        return {}
    return {
        check_slug(name, at=str(entry.place)): _character(entry, facts)
        for name, entry in whole["characters"].entries().items()
    }


def read_order(whole: Mapping[str, Entry]) -> OrderVariation | None:
    """Return whether the order of questions varies; None: the file does not say."""
    if "order" not in whole:
        return None
    parts = whole["order"].fields(("vary", "because"))
    return OrderVariation(varied=parts["vary"].choice(Varied), because=parts["because"].phrase())


def read_replicates(whole: Mapping[str, Entry]) -> Replicates | None:
    """Return how many sessions each condition has; None: the file does not say."""
    if "replicates" not in whole:
        return None
    parts = whole["replicates"].fields(("each", "because"))
    return Replicates(each=parts["each"].number(), because=parts["because"].phrase())


def read_asking_again(whole: Mapping[str, Entry]) -> AskingAgain | None:
    """Return how often is asked again after a decline; None: the file does not say."""
    if "asking_again" not in whole:
        return None
    parts = whole["asking_again"].fields(("most", "because"))
    return AskingAgain(most=parts["most"].count(), because=parts["because"].phrase())


def read_exclusions(whole: Mapping[str, Entry]) -> tuple[Exclusion, ...]:
    """Return the rules by which sessions are left out of count, each once."""
    if "exclusions" not in whole:
        return ()
    found: dict[ExclusionRule, Exclusion] = {}
    for entry in whole["exclusions"].items():
        exclusion = _exclusion(entry)
        if exclusion.rule in found:
            raise entry.error(f"{exclusion.rule!s} stands twice", mend="Take one of the two out.")
        found[exclusion.rule] = exclusion
    return tuple(found.values())


def _character(entry: Entry, facts: Collection[str]) -> Character:
    parts = entry.fields(("kind", "means"), optional=("system",))
    kind = parts["kind"].choice(CharacterKind)
    own = kind is CharacterKind.OWN
    if own and "system" not in parts:
        raise entry.error("no system prompt", mend="Write it under system, or choose another kind.")
    if not own and "system" in parts:
        raise parts["system"].error(
            f"a system prompt for the kind {kind!s}", mend="Take it out, or write kind: own."
        )
    return Character(
        kind=kind,
        means=parts["means"].phrase(),
        system=read_said(parts["system"], facts) if own else None,
    )


def _exclusion(entry: Entry) -> Exclusion:
    parts = entry.fields(("rule",), optional=("more_than",))
    rule = parts["rule"].choice(ExclusionRule)
    if "more_than" not in parts:
        return Exclusion(rule=rule)
    if rule not in _COUNTED:
        raise parts["more_than"].error(f"{rule!s} counts no replies", mend="Take this field out.")
    return Exclusion(rule=rule, more_than=parts["more_than"].count())
