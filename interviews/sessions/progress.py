"""Showing a run while it goes on: a row for each session on a terminal, plain lines elsewhere.

What a model says is shown only as it streams in, cut to one line, and made safe. Only sessions
that go on are held: those that are to begin are a number.
"""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import TracebackType
from typing import Self

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text
from typing_extensions import override

from archive.commands import is_terminal, say
from archive.rendering.terminal import for_terminal
from interviews.campaigns.prices import Cost, shown_money
from interviews.participants.asking import Wait
from interviews.sessions.outlook import in_words, seconds_left

TAIL = 200
"""How many of the last characters that streamed in are held to be shown."""

WORTH_A_LINE = 5.0
"""Seconds; where a shorter pause is only the pace, a log has no line for it."""


@dataclass(slots=True, kw_only=True)
class Row:
    """One session that goes on."""

    label: str  # its condition, in few words
    answered: int
    asks: int
    tokens: int = 0  # of this run
    cost: dict[str, Decimal] = field(default_factory=dict)  # of this run, by currency
    wait: Wait | None = None  # why nothing streams in just now
    waits_until: float = 0.0
    heard: str = ""  # the end of what was said last
    silent: bool = True  # since it was asked


class Progress:
    """How the sessions of a run go on, by their ids; shown to nobody."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.rows: dict[str, Row] = {}
        self.expected = 0  # sessions
        self.over = 0  # sessions that ended
        self.stopped = 0  # sessions that can be gone on with
        self.answered = 0  # in this run, as are these
        self.tokens = 0
        self.cost: dict[str, Decimal] = {}  # by currency; none: no price is known
        self._asks = 0  # of all sessions that have begun
        self._clock = clock
        self._began = clock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass

    def expects(self, sessions: int) -> None:
        """So many more sessions are to be held."""
        self.expected += sessions

    def begins(self, session: str, label: str, *, answered: int, asks: int) -> None:
        """A session begins, or goes on after so many answers."""
        self.rows[session] = Row(label=label, answered=answered, asks=asks)
        self._asks += asks

    def asks(self, session: str) -> None:
        """The next question is sent, or the same one again."""
        row = self.rows[session]
        row.wait, row.silent = None, True

    def hears(self, session: str, text: str) -> None:
        """A piece of the reply has streamed in."""
        row = self.rows[session]
        before = "" if row.silent else row.heard
        row.heard, row.silent = (before + text[-TAIL:])[-TAIL:], False

    def waits(self, session: str, wait: Wait) -> None:
        """Nothing is sent for a while; what was heard of a reply that failed was not said."""
        row = self.rows[session]
        row.wait, row.waits_until, row.heard = wait, self._clock() + wait.seconds, ""

    def answers(self, session: str) -> None:
        """A question and its whole reply are on the disk."""
        self.rows[session].answered += 1
        self.answered += 1

    def takes(self, session: str, tokens: int, cost: Cost) -> None:
        """A call took so many tokens, as the provider counts, and cost so much, if that is known."""
        self.rows[session].tokens += tokens
        self.tokens += tokens
        if cost.amount is not None and cost.currency is not None:
            for spent in (self.rows[session].cost, self.cost):
                spent[cost.currency] = spent.get(cost.currency, Decimal(0)) + cost.amount

    def stands(self, session: str, *, answered: int) -> None:
        """So many answers of a session are on the disk."""
        row = self.rows[session]
        self.answered, row.answered = self.answered + answered - row.answered, answered

    def ends(self, session: str, how: str, *, over: bool) -> None:  # noqa: ARG002  # for who shows it
        """Nothing more is asked in this run; `over`: nor in any other."""
        del self.rows[session]
        self.over, self.stopped = self.over + over, self.stopped + (not over)

    def says(self, text: str) -> None:
        """Something concerns the whole run."""

    @property
    def in_flight(self) -> int:
        """How many sessions wait for a reply that they have asked for."""
        return sum(row.wait is None for row in list(self.rows.values()))

    @property
    def to_begin(self) -> int:
        """How many sessions have not begun."""
        return max(0, self.expected - self._begun)

    @property
    def _begun(self) -> int:
        return len(self.rows) + self.over + self.stopped

    def left(self) -> float | None:
        """Return how many seconds the run may still take; None: nothing tells yet."""
        begun = self._begun
        questions = sum(max(0, row.asks - row.answered) for row in list(self.rows.values()))
        questions += round(self.to_begin * self._asks / begun) if begun else 0
        elapsed = self._clock() - self._began
        return seconds_left(answered=self.answered, elapsed=elapsed, left=questions)

    def totals(self) -> str:
        """Return how far the run is, in one line."""
        costs = [shown_money(amount, currency) for currency, amount in list(self.cost.items())]
        spent = f"; cost {' + '.join(costs)}" if costs else ""
        stopped = f" {self.stopped} stopped," if self.stopped else ""
        return (
            f"{self.over} of {self.expected} ended,{stopped} {len(self.rows)} going on;"
            f" time left: {in_words(self.left())}; {self.answered} answers,"
            f" {self.tokens} tokens{spent}"
        )


class Lines(Progress):
    """Plain lines on stderr: for logs and pipes."""

    @override
    def begins(self, session: str, label: str, *, answered: int, asks: int) -> None:
        super().begins(session, label, answered=answered, asks=asks)
        say(f"{label}: session {session}, {answered} of {asks} answered")

    @override
    def waits(self, session: str, wait: Wait) -> None:
        super().waits(session, wait)
        if wait.next_try > 1 or WORTH_A_LINE <= wait.seconds < math.inf:
            say(f"{self.rows[session].label}: {for_terminal(str(wait))}")

    @override
    def answers(self, session: str) -> None:
        super().answers(session)
        row = self.rows[session]
        say(f"{row.label}: {row.answered} of {row.asks} answered, {row.tokens} tokens so far")

    @override
    def ends(self, session: str, how: str, *, over: bool) -> None:
        say(f"{self.rows[session].label}: {for_terminal(how)}")
        super().ends(session, how, over=over)
        if self.expected > 1:
            say(self.totals())

    @override
    def says(self, text: str) -> None:
        say(text)


class Drawing(Progress):
    """One row for each session that goes on, drawn over as it changes; a line when it ends."""

    def __init__(self, console: Console, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(clock=clock)
        self._console = console
        self._live = Live(
            console=console, get_renderable=self._drawn, refresh_per_second=8, transient=True
        )

    @override
    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    @override
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._live.__exit__(kind, error, traceback)

    @override
    def ends(self, session: str, how: str, *, over: bool) -> None:
        row = self.rows[session]
        line = f"{row.label}: {row.answered} of {row.asks} answered; {for_terminal(how)}"
        super().ends(session, how, over=over)
        self._console.print(Text(line))

    @override
    def says(self, text: str) -> None:
        self._console.print(Text(text))

    def _drawn(self) -> RenderableType:
        rows = list(self.rows.values())  # another thread draws than the one that asks
        room = max(1, self._console.height - 3)  # for the totals, those left out, and the cursor
        shown = rows
        if len(rows) > room:
            shown = sorted(rows, key=_rank)[:room]
        parts: list[RenderableType] = [self._table(shown)]
        if len(shown) < len(rows):
            parts.append(Text(f"and {len(rows) - len(shown)} more that go on", style="dim"))
        parts.append(Text(self.totals(), no_wrap=True, overflow="ellipsis", style="bold"))
        return Group(*parts)

    def _table(self, rows: list[Row]) -> Table:
        costs = [_money(row.cost, digits=4) for row in rows]
        label = max(
            12, min(self._console.width * 3 // 10, max((len(r.label) for r in rows), default=0))
        )
        widths = [label, 7, 14, *([max(13, *map(len, costs))] if self.cost else [])]
        said = max(8, self._console.width - sum(widths) - 2 * len(widths) - 1)
        table = Table.grid(padding=(0, 2, 0, 0))
        for width in (*widths, said):
            table.add_column(no_wrap=True, overflow="ellipsis", width=width)
        for row, spent in zip(rows, costs, strict=True):
            table.add_row(
                Text(row.label),
                Text(f"{row.answered}/{row.asks}"),
                Text(f"{row.tokens} tokens"),
                *([Text(spent)] if self.cost else []),
                Text(self._last_of(row, said), style="" if row.wait else "dim"),
            )
        return table

    def _last_of(self, row: Row, cells: int) -> str:
        if row.wait is not None:
            return row.wait.still(row.waits_until - self._clock())
        heard = " ".join(for_terminal(row.heard).split())
        return _tail(heard, cells) or "asked"


def _rank(row: Row) -> int:
    """Return where a row stands where not all have room: those that go on before those that wait."""
    return 2 if row.wait is not None else int(row.silent)


def _money(spent: Mapping[str, Decimal], *, digits: int) -> str:
    """Return what was spent in each currency: who asks may be paid in another."""
    return " + ".join(f"{amount:.{digits}f} {currency}" for currency, amount in list(spent.items()))


def _tail(text: str, cells: int) -> str:
    """Return as much of the end of a text as has room."""
    text = text[-cells:]
    while cell_len(text) > cells:
        text = text[1:]
    return text


def watching() -> Progress:
    """Return who shows a run here: rows on a terminal, else plain lines."""
    return Drawing(Console(stderr=True)) if is_terminal() else Lines()
