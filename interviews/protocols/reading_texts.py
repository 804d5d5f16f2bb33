"""The texts of a protocol's file: what the interviewer says, and the names that vary it."""

import re
from collections.abc import Collection, Mapping

from archive.identifiers import check_slug
from interviews.protocols.protocol import (
    RULE_WORDS,
    Closing,
    Opening,
    Rules,
    has_words,
    placeholders,
    same_words,
    without_placeholders,
)
from interviews.protocols.yaml_tree import Entry

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def read_slug(entry: Entry) -> str:
    """Return a slug."""
    return check_slug(entry.phrase(), at=str(entry.place))


def read_language(entry: Entry) -> str:
    """Return a language's code."""
    return check_language(entry.phrase(), entry)


def check_language(language: str, entry: Entry) -> str:
    """Return `language` if it is the code of one; errors are about `entry`."""
    if not _LANGUAGE.fullmatch(language):
        raise entry.error(f"no language: {language!r}", mend="Write a code: en, pt-BR.")
    return language


def read_named(entry: Entry) -> dict[str, str]:
    """Return what each name means, by slug."""
    return {
        check_slug(name, at=str(meaning.place)): meaning.phrase()
        for name, meaning in entry.entries().items()
    }


def read_rules(entry: Entry, *, translated: bool = False) -> Rules:
    """Return the words that get a participant out: two that a reply can tell apart.

    Args:
        entry: Where they stand.
        translated: Whether in a translation: whether tools are offered, the protocol says once.
    """
    parts = dict(entry.fields(("decline", "end"), optional=() if translated else ("tools",)))
    tools = parts.pop("tools", None)
    words = {name: _way_out(word) for name, word in parts.items()}
    if same_words(words["decline"], words["end"]):
        raise entry.error("decline and end are the same words", mend="Choose two.")
    offered = tools is not None and tools.truth()
    return Rules(decline=words["decline"], end=words["end"], tools=offered)


def read_opening(
    entry: Entry,
    *,
    stances: Collection[str],
    informations: Collection[str],
    facts: Collection[str],
) -> Opening:
    """Return the opening: its terms say how to decline and how to end."""
    parts = entry.fields(("told", "information", "terms", "question"), optional=("lead_in",))
    terms = read_said(parts["terms"], facts)
    for rule, what in (("decline", "decline a question"), ("end", "end the interview")):
        if rule not in placeholders(terms):
            raise parts["terms"].error(
                f"does not say how to {what}", mend=f"Say which words do it: {{{rule}}}."
            )
    return Opening(
        lead_in=read_lead_in(parts, stances, facts),
        told=read_said(parts["told"], facts),
        information=read_varied(parts["information"], informations, facts),
        terms=terms,
        question=read_said(parts["question"], facts),
    )


def read_closing(entry: Entry, *, stances: Collection[str], facts: Collection[str]) -> Closing:
    """Return the closing."""
    parts = entry.fields(("question",), optional=("lead_in",))
    return Closing(
        lead_in=read_lead_in(parts, stances, facts), question=read_said(parts["question"], facts)
    )


def read_lead_in(
    parts: Mapping[str, Entry], stances: Collection[str], facts: Collection[str]
) -> dict[str, str]:
    """Return what stands before a question, by stance; nothing where it is left out."""
    return read_varied(parts["lead_in"], stances, facts) if "lead_in" in parts else {}


def read_varied(entry: Entry, names: Collection[str], facts: Collection[str]) -> dict[str, str]:
    """Return a text for each of `names`, and for nothing else."""
    return {name: read_said(text, facts) for name, text in entry.fields(names).items()}


def read_said(entry: Entry, facts: Collection[str]) -> str:
    """Return a text that the interviewer says: its placeholders are known, its braces theirs.

    Args:
        entry: Where it stands.
        facts: The names of all facts that a text of this protocol can hold.
    """
    text = entry.text()
    for name in sorted(placeholders(text) - set(facts) - RULE_WORDS):
        raise entry.error(
            f"unknown placeholder {{{name}}}",
            line=entry.line_of(f"{{{name}}}"),
            mend=f"Placeholders: {', '.join(sorted({*facts, *RULE_WORDS}))}."
            " One of your own is named under facts.",
        )
    if brace := re.search(r"[{}]", without_placeholders(text)):
        raise entry.error(
            f"a lone {brace[0]}", mend="Braces are for placeholders only, as in {model}."
        )
    return text


def _way_out(entry: Entry) -> str:
    words = entry.phrase()
    if not has_words(words):
        raise entry.error("no word in it", mend="Write letters: DECLINE QUESTION.")
    return words
