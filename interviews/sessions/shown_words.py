"""What a member check has shown of other sessions: which words those are, and a record without them.

Pure. A replay of a member check holds them too: its header is its parent's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interviews.sessions.content import Content
from interviews.sessions.header import Header, MemberCheck
from interviews.sessions.internal_facts import tells

SUMMARY = "summary"
"""The fact that holds what will be said of the participant."""

QUOTATIONS = "quotations"
"""The fact that lists its words that will be quoted."""

NONE_QUOTED = "none"
"""What that fact says where nothing is quoted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownWords:
    """What a session holds of what a member check showed."""

    facts: Mapping[str, str]  # of its header, by name: none is empty
    quotations: tuple[str, ...] = ()  # those that are looked for one by one

    @property
    def gone(self) -> bool:
        """Whether nothing of it is held any more."""
        return not self.facts and not self.quotations

    def told_in(self, content: Content) -> bool:
        """Return whether a turn holds some of it, whoever says it; words are compared."""
        return tells(content, [*self.facts.values(), *self.quotations])


def shown_words(header: Header, check: MemberCheck, *, of: str | None = None) -> ShownWords:
    """Return what is shown.

    Args:
        header: Of the member check, or of a replay of it.
        check: What the header of the member check itself says.
        of: The session that is quoted; None: whichever. The facts tell of all.
    """
    facts = {name: header.facts.get(name, "") for name in (SUMMARY, QUOTATIONS)}
    return ShownWords(
        facts={name: text for name, text in facts.items() if text not in {"", NONE_QUOTED}},
        quotations=tuple(
            one.text for one in check.quotations if one.text and of in {None, one.session}
        ),
    )


def without_words(
    header: Mapping[str, Any], words: ShownWords, *, of: str | None = None
) -> dict[str, Any]:
    """Return a header's document without those words, and without the salt: its digest stands.

    Args:
        header: As the session keeps it.
        words: What `shown_words` gave of it.
        of: The session whose quotations go; None: all.
    """
    texts, prompts = list(words.facts.values()), header["prompts"]
    left: dict[str, Any] = {
        **header,
        "salt": "",
        "facts": header["facts"] | dict.fromkeys(words.facts, ""),
        "prompts": prompts | {"asks": [_without(ask, texts) for ask in prompts["asks"]]},
    }
    if "system" in header:
        left["system"] = _blank(header["system"], texts)
    if "member_check" in header:
        check = header["member_check"]
        quoted = [
            one | {"text": ""} if of in {None, one["session"]} else one
            for one in check["quotations"]
        ]
        left["member_check"] = check | {"quotations": quoted}
    return left


def _without(ask: Mapping[str, Any], texts: list[str]) -> dict[str, Any]:
    return {**ask, **{name: _blank(ask[name], texts) for name in ("before", "question")}}


def _blank(said: str, texts: list[str]) -> str:
    return "" if any(text in said for text in texts) else said
