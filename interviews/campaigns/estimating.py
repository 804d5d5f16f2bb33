"""What a campaign will take: calls, tokens, cost and time, as ranges, before it begins.

Pure. The low end asks no probe, takes each script's shortest way and the shortest replies; the
high end asks all that may be asked and lets every reply reach its limit, or the 90th percentile
of earlier ones. Tries that fail come on top of both. Groups are looked at one by one, so that a
million sessions take no more memory than one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from interviews.campaigns.prices import Cost, Price, Tokens, cost_of, most_for, shown_money
from interviews.protocols.script import Ask

LONG_TOKEN, SHORT_TOKEN = 5, 2
"""Bytes of UTF-8 in a token of prose: at the low end of an estimate, and at its high end."""

LEAST = 2
"""Earlier replies from which percentiles are taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From the least to the most that is reckoned with; `high` None: unknown."""

    low: float
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Sessions of one condition."""

    sessions: int
    asks: Sequence[Ask]
    system: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """A model that writes or judges probes."""

    address: str
    price: Price | None
    tries: int  # calls for one probe, at most
    max_tokens: int  # of one of its replies
    prompt: int = 0  # bytes of its instructions


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentiles:
    """The 10th and the 90th of what was measured."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Figures of earlier sessions of this protocol with this model."""

    replies: int  # how many they were taken from
    tokens: Percentiles  # of a reply
    seconds: Percentiles  # of a call


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast calls can be made; None: no limit is known."""

    concurrency: int = 1
    calls_a_minute: int | None = None
    input_tokens_a_minute: int | None = None
    output_tokens_a_minute: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one of those who speak is going to take, from the least to the most."""

    address: str
    price: Price | None
    calls: tuple[int, int]
    low: Tokens  # with prompt caching: what stands in the cache is read from it
    high: Tokens  # without: all is sent anew
    cached: Tokens  # the high end, with prompt caching

    @property
    def cost(self) -> tuple[Cost, Cost]:
        """The least, and the most: all that is sent at its dearest."""
        return cost_of(self.low, self.price), most_for(self.high, self.price)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What is going to be taken, and how that was reckoned."""

    sessions: int
    conditions: int
    parts: tuple[Part, ...]  # the participant's, then those of the followers
    seconds: Range | None  # None: unknown
    how: tuple[str, ...] = field(default=())

    @property
    def calls(self) -> tuple[int, int]:
        """Of all of them."""
        return sum(part.calls[0] for part in self.parts), sum(part.calls[1] for part in self.parts)

    @property
    def cost(self) -> tuple[Decimal, Decimal, str] | None:
        """From the least to the most, and the currency; None: unknown, or in more than one."""
        low, high, currencies = Decimal(0), Decimal(0), set[str]()
        for part in self.parts:
            least, most = part.cost
            if least.amount is None or most.amount is None:
                return None
            low, high = low + least.amount, high + most.amount
            currencies |= {cost.currency for cost in part.cost if cost.currency is not None}
        return (low, high, currencies.pop()) if len(currencies) == 1 else None


def measured(replies: Sequence[tuple[int, float]]) -> Measured | None:
    """Return the figures of earlier replies: tokens and seconds of each; None: too few."""
    if len(replies) < LEAST:
        return None
    tokens, seconds = zip(*replies, strict=True)
    return Measured(
        replies=len(replies), tokens=_percentiles(tokens), seconds=_percentiles(seconds)
    )


def estimate(
    groups: Iterable[Group],
    *,
    address: str,
    max_tokens: int,
    price: Price | None = None,
    earlier: Measured | None = None,
    followers: Sequence[Follower] = (),
    pace: Pace | None = None,
) -> Estimate:
    """Return what sessions are going to take.

    Args:
        groups: The sessions, by condition; more than one group may be of one condition.
        address: The participant's.
        max_tokens: Of one of its replies.
        price: What it charges; None: unknown.
        earlier: Figures of earlier sessions; None: there are none.
        followers: Who writes and judges probes; none: none is asked.
        pace: How fast calls can be made.
    """
    shortest, longest = 1, max_tokens
    if earlier is not None:
        shortest = max(1, min(max_tokens, round(earlier.tokens.low)))
        longest = max(shortest, min(max_tokens, round(earlier.tokens.high)))
    sessions = conditions = 0
    least_calls, most_calls = 0, 0
    low = high = cached = Tokens()
    follow_calls, follow_sent = 0, 0
    longest_session = [0, 0]
    for group in groups:
        sessions, conditions = sessions + group.sessions, conditions + 1
        few, many = shortest_way(group.asks), _all_asked(group.asks, probed=bool(followers))
        one_low = _conversation(few, group.system, bytes_a_token=LONG_TOKEN, reply=shortest)
        one_high = _conversation(many, group.system, bytes_a_token=SHORT_TOKEN, reply=longest)
        low, cached = low + one_low.times(group.sessions), cached + one_high.times(group.sessions)
        high += Tokens(input=one_high.read, output=one_high.output).times(group.sessions)
        least_calls += len(few) * group.sessions
        most_calls += len(many) * group.sessions
        longest_session = [max(longest_session[0], len(few)), max(longest_session[1], len(many))]
        probes = len(many) - len(group.asks)
        follow_calls += probes * group.sessions
        follow_sent += probes * group.sessions * _whole(one_high)
    participant = Part(
        address=address,
        price=price,
        calls=(least_calls, most_calls),
        low=low,
        high=high,
        cached=cached,
    )
    parts = (
        participant,
        *(_followed(one, follow_calls, follow_sent) for one in followers),
    )
    seconds = _seconds(parts, earlier, pace or Pace(), sessions, longest_session)
    return Estimate(
        sessions=sessions,
        conditions=conditions,
        parts=parts,
        seconds=seconds,
        how=_how(parts, earlier, max_tokens, seconds),
    )


def shortest_way(asks: Sequence[Ask]) -> list[Ask]:
    """Return the fewest core questions that a script can come to its end with."""
    ways: list[list[Ask]] = [[]]  # from the end to each ask, backwards
    for place in range(len(asks) - 1, -1, -1):
        targets = {place + 1, *(_target(asks, jump.go) for jump in asks[place].jumps)}
        onward = min((ways[len(asks) - target] for target in targets), key=len)
        ways.append([*onward, asks[place]])
    return ways[-1][::-1]


def estimate_document(estimated: Estimate) -> dict[str, Any]:
    """Return an estimate as JSON has it; null: unknown."""
    cost = estimated.cost
    return {
        "sessions": estimated.sessions,
        "conditions": estimated.conditions,
        "calls": list(estimated.calls),
        "cost": None
        if cost is None
        else {"low": f"{cost[0]:f}", "high": f"{cost[1]:f}", "currency": cost[2]},
        "seconds": None if estimated.seconds is None else asdict(estimated.seconds),
        "participants": [
            {
                "address": part.address,
                "calls": list(part.calls),
                "input": [part.low.read, part.high.read],
                "output": [part.low.output, part.high.output],
                "cache_read": [part.low.cache_read, part.cached.cache_read],
                "cost": [None if one.amount is None else f"{one.amount:f}" for one in part.cost],
                "price_date": None if part.price is None else part.price.date,
            }
            for part in estimated.parts
        ],
        "how": list(estimated.how),
    }


def estimate_text(estimated: Estimate) -> str:
    """Return an estimate as a small table, and how each figure was reckoned."""
    rows = [
        ("sessions", f"{estimated.sessions:,} in {_conditions(estimated.conditions)}"),
        ("calls", _span(*estimated.calls)),
    ]
    for part in estimated.parts:
        whose = "" if len(estimated.parts) == 1 else f"  {part.address}"
        share = _share(part)
        rows += [
            (
                "tokens in",
                f"{_span(part.low.read, part.high.read)}{share}{whose}",
            ),
            ("tokens out", f"{_span(part.low.output, part.high.output)}{whose}"),
            ("cost", f"{_money(part)}{whose}"),
        ]
    rows.append(("time", _time(estimated.seconds)))
    table = "\n".join(f"{name:<11} {value}" for name, value in rows)
    return table + "\n\n" + "\n".join(estimated.how)


def rounded(number: float) -> int:
    """Return a number to two figures that count: an estimate is no better."""
    whole = round(number)
    digits = len(str(abs(whole)))
    return round(whole, min(0, 2 - digits))


def _conversation(
    asks: Sequence[Ask | None], system: str | None, *, bytes_a_token: int, reply: int
) -> Tokens:
    """Return what one session sends and hears; None stands for a probe.

    Each call sends all that was said before: with prompt caching, what the call before sent is
    read from the cache, and what came since is written to it.
    """
    before, written, read = 0, 0, 0
    new = _tokens(system or "", bytes_a_token)
    for ask in asks:
        new += _PROBE // bytes_a_token if ask is None else _tokens(ask.text, bytes_a_token)
        read, written = read + before, written + new
        before, new = before + new, reply
    return Tokens(cache_read=read, cache_write=written, output=reply * len(asks))


_PROBE = 300  # bytes: a probe is one sentence


def _tokens(text: str, bytes_a_token: int) -> int:
    return -(-len(text.encode(errors="replace")) // bytes_a_token)


def _all_asked(asks: Sequence[Ask], *, probed: bool) -> list[Ask | None]:
    every: list[Ask | None] = []
    for ask in asks:
        every.append(ask)
        if probed and ask.probing is not None:
            every += [None] * ask.probing.most
    return every


def _whole(conversation: Tokens) -> int:
    """Return how many tokens a conversation has at its end."""
    return conversation.cache_write + conversation.output


def _followed(follower: Follower, probes: int, sent: int) -> Part:
    calls = follower.tries * probes
    prompt = -(-follower.prompt // SHORT_TOKEN)
    most = Tokens(input=follower.tries * sent + calls * prompt, output=calls * follower.max_tokens)
    return Part(
        address=follower.address,
        price=follower.price,
        calls=(0, calls),
        low=Tokens(),
        high=most,
        cached=most,
    )


def _seconds(
    parts: Sequence[Part],
    earlier: Measured | None,
    pace: Pace,
    sessions: int,
    longest_session: Sequence[int],
) -> Range | None:
    """Return how long it takes: as fast as replies come, and no faster than the limits allow."""
    limited = [
        max(
            60 * taken / limit
            for taken, limit in (
                (sum(part.calls[end] for part in parts), pace.calls_a_minute),
                (sum(part.low.read if end == 0 else part.high.read for part in parts), pace.input_tokens_a_minute),
                (sum(part.low.output if end == 0 else part.high.output for part in parts), pace.output_tokens_a_minute),
                (0, 1),
            )
            if limit is not None
        )
        for end in (0, 1)
    ]  # fmt: skip
    if earlier is None:
        return Range(low=limited[0], high=None) if limited[0] else None
    at_once = max(1, min(pace.concurrency, sessions))
    calls = [sum(part.calls[end] for part in parts) for end in (0, 1)]
    each = (earlier.seconds.low, earlier.seconds.high)
    low, high = (
        max(limited[end], calls[end] / at_once * each[end], longest_session[end] * each[end])
        for end in (0, 1)
    )
    return Range(low=low, high=high)


def _how(
    parts: Sequence[Part], earlier: Measured | None, max_tokens: int, seconds: Range | None
) -> tuple[str, ...]:
    replies = (
        f"Replies: from one token to the limit of {max_tokens:,}; none was measured yet."
        if earlier is None
        else f"Replies: the 10th to the 90th percentile of {earlier.replies:,} earlier ones,"
        f" {earlier.tokens.low:,.0f} to {earlier.tokens.high:,.0f} tokens,"
        f" at most {max_tokens:,}."
    )
    lines = [
        (
            "Calls: the shortest way through each script without probes, to all that may be asked."
            " Tries that fail, sessions that decline and those begun anew are not in it."
        ),
        (
            f"Tokens in: each call sends the whole conversation again; a token is {LONG_TOKEN} to"
            f" {SHORT_TOKEN} bytes of text."
        ),
        replies,
    ]
    for part in parts:
        if part.price is None:
            lines.append(f"Cost: unknown; prices.toml has no prices of {part.address}.")
        elif part.price.missing:
            missing = ", ".join(part.price.missing)
            lines.append(f"Cost: unknown; prices.toml lacks {missing} of {part.address}.")
        else:
            lines.append(
                f"Cost: from the least with prompt caching to the most without, all that is sent"
                f" at its dearest; prices of {part.address} of {part.price.date}"
                f" ({part.price.source})."
            )
    if seconds is None:
        lines.append("Time: unknown; no call was measured yet, and no limit is known.")
    elif seconds.high is None:
        lines.append("Time: no faster than the known limits allow; no call was measured yet.")
    else:
        lines.append(
            "Time: the 10th to the 90th percentile of a call's seconds, as many at once as are"
            " asked for, and no faster than the known limits allow."
        )
    return tuple(lines)


def _share(part: Part) -> str:
    if not part.cached.cache_read:
        return ""
    low = part.low.cache_read / part.low.read if part.low.read else 0.0
    shares = sorted((round(100 * low), round(100 * part.cached.cache_read / part.cached.read)))
    span = f"{shares[0]} %" if shares[0] == shares[1] else f"{shares[0]} to {shares[1]} %"
    return f", {span} of it from the prompt cache where there is one"


def _money(part: Part) -> str:
    least, most = part.cost
    if least.amount is None or most.amount is None:
        return "unknown"
    low, high = _two_figures(least.amount), _two_figures(most.amount)
    return f"{shown_money(low, None)} to {shown_money(high, most.currency)}"


def _conditions(number: int) -> str:
    return "1 condition" if number == 1 else f"{number:,} conditions"


def _two_figures(amount: Decimal) -> Decimal:
    return round(amount, 1 - amount.adjusted()) if amount else amount


def _time(seconds: Range | None) -> str:
    if seconds is None:
        return "unknown"
    if seconds.high is None:
        return f"at least {_duration(seconds.low)}"
    return f"{_duration(seconds.low)} to {_duration(seconds.high)}"


def _duration(seconds: float) -> str:
    for unit, length in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{rounded(seconds / length):,} {unit}"
    return f"{rounded(seconds):,} s"


def _span(low: int, high: int) -> str:
    if low == high:
        return f"{low:,}"
    return f"{rounded(low):,} to {rounded(high):,}"


def _target(asks: Sequence[Ask], go: str) -> int:
    return next(place for place, ask in enumerate(asks) if go in {ask.id, ask.section})


def _percentiles(values: Sequence[float]) -> Percentiles:
    """Return the 10th and the 90th percentile by nearest rank."""
    ordered = sorted(values)
    low, high = (-(-len(ordered) * part // 10) - 1 for part in (1, 9))
    return Percentiles(low=ordered[low], high=ordered[high])
