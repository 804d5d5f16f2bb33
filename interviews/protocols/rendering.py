"""A protocol with its facts put in: the words of each exchange, as they are sent.

Pure: the caller builds the facts from the archive's records.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from archive.errors import InputError, Place
from interviews.protocols.protocol import FACTS, Protocol, fill, placeholders
from interviews.protocols.script import Ask


def render(
    protocol: Protocol,
    *,
    stance: str,
    information: str,
    facts: Mapping[str, str],
    seed: str = "",
    draw: int = 0,
) -> tuple[Ask, ...]:
    """Return what the interviewer says under a condition, in order.

    Args:
        protocol: What to ask.
        stance: One of its stances.
        information: One of its information conditions.
        facts: Values for `FACTS`; what is not recorded is to say so. Those that this condition
            does not use are not needed, and are not told.
        seed: Of the order, where that varies.
        draw: Which of the orders, from 0.

    Raises:
        InputError: There is no such condition, or a fact that it uses has no value.
    """
    asks = protocol.asks(stance=stance, information=information, seed=seed, draw=draw)
    values = _values(protocol, facts)
    _check(protocol, frozenset().union(*(placeholders(ask.text) for ask in asks)), values)
    return tuple(
        replace(ask, before=fill(ask.before, values), question=fill(ask.question, values))
        for ask in asks
    )


def render_system(protocol: Protocol, character: str, *, facts: Mapping[str, str]) -> str:
    """Return the system prompt of one of the interview's own characters.

    Raises:
        InputError: A fact that it uses has no value.
    """
    system, values = protocol.characters[character].system or "", _values(protocol, facts)
    _check(protocol, placeholders(system), values)
    return fill(system, values)


def _values(protocol: Protocol, facts: Mapping[str, str]) -> dict[str, str]:
    return {**facts, "decline": protocol.rules.decline, "end": protocol.rules.end}


def _check(protocol: Protocol, used: AbstractSet[str], values: Mapping[str, str]) -> None:
    says = {**FACTS, **protocol.facts}
    if missing := [name for name in sorted(used) if not values.get(name, "").strip()]:
        raise InputError(
            f"no value for {', '.join(f'{{{name}}}' for name in missing)}",
            at=Place(f"protocol {protocol.slug}", field="facts"),
            mend="\n  ".join(f"{name}: say {says[name]}." for name in missing),
        )
